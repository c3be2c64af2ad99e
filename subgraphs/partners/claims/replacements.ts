/** Purchases that partners report after a claim of them was granted, under a number that nobody knew then. */
import { randomUUID } from 'node:crypto';
import { Big } from 'big.js';
import { type Database, columnsOf, insertAll, rows } from '../../../platform/database.ts';
import { Activity } from '../activities/entities.ts';
import type { Earned, OwnPoints } from '../earning/earning.ts';
import type { EarnLine } from '../earning/rows.ts';
import { Overtaken } from '../overtaken.ts';
import { Refund } from '../refunds/entities.ts';
import { TakeBack } from '../refunds/postings.ts';
import { type Share, shareOf } from '../refunds/shares.ts';

/** Whose claims a report may be about. */
interface Claimant {
  memberId: string;
  partnerId: string;
}

/** What a claim was granted with, for want of a report. */
export interface GrantedPurchase extends Activity {
  claimId: string;
  /** The claim's day: the instant is made up. */
  claimedOn: string;
}

/**
 * Those of these who have claims without a reference that are open, or were granted. Decisions and reports of
 * theirs take turns, by `lockEarning`: else a purchase could be reported while its claim is granted, and neither
 * would see the other. Most members have none.
 */
export function findClaimants(tx: Database, all: readonly Claimant[]): Promise<Claimant[]> {
  if (all.length === 0) return Promise.resolve([]);
  return rows(
    tx,
    `SELECT c.member_id AS "memberId", c.partner_id AS "partnerId"
     FROM (
       SELECT member_id, partner_id FROM partners.claim
       WHERE member_id = ANY ($1) AND status = 'OPEN' AND reference IS NULL
       UNION
       SELECT member_id, partner_id FROM partners.claim
       WHERE member_id = ANY ($1) AND status = 'GRANTED' AND reference IS NULL) c
     WHERE (c.member_id, c.partner_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`,
    [all.map(({ memberId }) => memberId), all.map(({ partnerId }) => partnerId)],
  );
}

/** The purchases by which claims were granted that named none, and that no report has come for. */
export class GrantedPurchases {
  private readonly purchases: GrantedPurchase[];
  /** References that members have claimed by: whose report comes is about that claim. */
  private readonly named: ReadonlySet<string>;

  private constructor(purchases: GrantedPurchase[], named: ReadonlySet<string>) {
    this.purchases = purchases;
    this.named = named;
  }

  /** Reads those of members whose earning is locked. What was not confirmed in time, or came back, is gone. */
  static async read(
    tx: Database,
    claimants: readonly Claimant[],
    at: Date,
  ): Promise<GrantedPurchases> {
    if (claimants.length === 0) return new GrantedPurchases([], new Set());
    const whose = [
      claimants.map(({ memberId }) => memberId),
      claimants.map(({ partnerId }) => partnerId),
    ];
    const purchases = await rows<GrantedPurchase>(
      tx,
      `SELECT ${columnsOf(tx, Activity, 'a')}, c.id AS "claimId", c.occurred_on::text AS "claimedOn"
       FROM partners.claim c
       JOIN partners.activity a ON a.id = c.activity_id AND a.reference = 'CLAIM-' || c.id
       WHERE (c.member_id, c.partner_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
         AND c.status = 'GRANTED' AND c.reference IS NULL AND a.member_id = c.member_id
         AND a.status <> 'REFUNDED'
         AND (a.confirm_by IS NULL OR a.confirmed_at IS NOT NULL OR a.confirm_by > $3)
       ORDER BY c.created_at, c.id`,
      [...whose, at],
    );
    if (purchases.length === 0) return new GrantedPurchases([], new Set());
    const named = await rows<{ name: string }>(
      tx,
      `SELECT concat_ws(' ', member_id, partner_id, reference) AS name FROM partners.claim
       WHERE (member_id, partner_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
         AND reference IS NOT NULL`,
      whose,
    );
    return new GrantedPurchases(purchases, new Set(named.map(({ name }) => name)));
  }

  /**
   * The purchase that a report is of: of the same member, partner and day, and the same amount. No other
   * report of the batch gets it.
   */
  take(
    { memberId, partnerId, day }: Claimant & { day: string },
    { reference, amount }: { reference: string; amount?: Money | null | undefined },
  ): GrantedPurchase | null {
    if (!amount || this.named.has([memberId, partnerId, reference].join(' '))) return null;
    const place = this.purchases.findIndex(
      (each) =>
        each.memberId === memberId &&
        each.partnerId === partnerId &&
        each.claimedOn === day &&
        each.currency === amount.currency &&
        new Big(each.amount!).eq(amount.amount),
    );
    return place < 0 ? null : this.purchases.splice(place, 1)[0]!;
  }
}

interface Money {
  amount: string;
  currency: string;
}

type Own = Pick<OwnPoints, 'currency' | 'points'>;

/** What comes back of a purchase for what its report earns: never more, so that the member keeps what was granted. */
function shareReplaced(
  purchase: GrantedPurchase,
  { points, own, qualifying }: Pick<Earned, 'points' | 'qualifying'> & { own: Own | null },
): Share {
  const rest = shareOf(purchase, 'REST');
  const ofSame = own?.currency === purchase.ownCurrency ? (own?.points ?? 0n) : 0n;
  return {
    ...rest,
    points: rest.points < points ? rest.points : points,
    own: rest.own < ofSame ? rest.own : ofSame,
    qualifying: rest.qualifying < qualifying ? rest.qualifying : qualifying,
  };
}

/** Says what becomes of the purchase that a report takes the place of. In small letters, as no partner's rule. */
export function lineOf(purchase: GrantedPurchase, earned: Earned): EarnLine {
  const { points, own } = shareReplaced(purchase, earned);
  const ofOwn = own > 0n ? `, and ${own} ${purchase.ownCurrency}` : '';
  return {
    rule: 'claim',
    name: 'A claim that was granted before',
    base: null,
    multiplier: null,
    desired: 0,
    points: 0,
    cappedBy: null,
    applied: true,
    reason: `It takes the place of ${purchase.reference}, of which ${points} points${ofOwn} go back.`,
  };
}

/** A report that was recorded, and the purchase whose place it takes. */
export interface Replacement {
  activity: Activity;
  purchase: GrantedPurchase;
}

/**
 * Takes back what claims were granted with whose purchases have been recorded now, as a return of all of it: the
 * member has what the one or the other earned, whichever is more, and figures count the purchase once. The claim
 * is granted with the report from then on. The new points are posted.
 *
 * @throws Overtaken
 */
export async function replaceGranted(tx: Database, all: readonly Replacement[]): Promise<void> {
  if (all.length === 0) return;
  const takeBack = new TakeBack();
  const refunds = all.map(({ activity, purchase }) => {
    const { partnerId, sandbox, inputHash, postedAt, points, qualifyingPoints } = activity;
    const { ownCurrency, ownPoints } = activity;
    const own = ownCurrency === null ? null : { currency: ownCurrency, points: ownPoints };
    const id = randomUUID();
    const of = { id, partnerId, sandbox, reference: id, inputHash };
    const refund = Object.assign(new Refund(), of, { occurredAt: postedAt, postedAt });
    takeBack.add(
      refund,
      purchase,
      shareReplaced(purchase, { points, own, qualifying: qualifyingPoints }),
    );
    return refund;
  });
  await insertAll(tx, Refund, refunds, ['id']);
  await takeBack.post(tx);
  const linked = await rows<unknown>(
    tx,
    `WITH linked AS (
       UPDATE partners.claim c SET activity_id = n.activity_id
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS n (claim_id, purchase_id, activity_id)
       WHERE c.id = n.claim_id AND c.activity_id = n.purchase_id RETURNING 1)
     SELECT FROM linked`,
    [
      all.map(({ purchase }) => purchase.claimId),
      all.map(({ purchase }) => purchase.id),
      all.map(({ activity }) => activity.id),
    ],
  );
  if (linked.length < all.length) throw new Overtaken();
}
