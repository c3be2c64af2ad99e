import { randomUUID } from 'node:crypto';
import { Big } from 'big.js';
import { In } from 'typeorm';
import { type ReverseAccrual, reverseAll } from '../../../ledger/index.ts';
import { type Database, insertAll, rows, toJson, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { emitAll } from '../../../platform/outbox.ts';
import { inLedger } from '../activities/currencies.ts';
import type { Activity } from '../activities/entities.ts';
import { qualify } from '../activities/members.ts';
import { Partner } from '../brands/entities.ts';
import { Contract } from '../contracts/entities.ts';
import { returnToBlocks } from '../credit/returns.ts';
import { type GiveBack, giveBack } from '../earning/give-backs.ts';
import type { Counted } from '../earning/rows.ts';
import { returnToOffers } from '../offers/budgets.ts';
import { Overtaken } from '../overtaken.ts';
import { type Refund, RefundPart } from './entities.ts';
import { type Share, floorOf } from './shares.ts';

/** What a return takes of an activity. */
interface Taken {
  refund: Refund;
  activity: Activity;
  part: RefundPart;
}

/** How many commands the ledger takes in one list. */
const commandsMax = 500;

const triesMax = 10;

/**
 * Does the work in a transaction, again where others were faster.
 *
 * @throws Refusal IN_PROGRESS they were so time and again
 */
export async function untilStill<Result>(
  db: Database,
  work: (tx: Database) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; tries <= triesMax; tries++) {
    try {
      return await transaction(db, work);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
  throw new Refusal('IN_PROGRESS', 'Another call is at work on the same: ask again.');
}

/**
 * What returns take of activities that are read and locked by `lockEarning`: noted one after the other,
 * each on what those before it have left, and posted together.
 */
export class TakeBack {
  private readonly taken: Taken[] = [];
  /** As they were read. */
  private readonly before = new Map<Activity, Pick<Activity, keyof Left>>();
  private readonly gaveBack: GiveBack[] = [];

  /** Notes what a return takes: the activity is afterwards as the return leaves it. */
  add(
    refund: Refund,
    activity: Activity,
    { amount, points, own, qualifying, items, isLast }: Share,
  ): void {
    if (!this.before.has(activity)) this.before.set(activity, leftOf(activity));
    const after: Left = {
      refundedAmount: new Big(activity.refundedAmount).plus(amount).toFixed(),
      reversedPoints: activity.reversedPoints + points,
      ownReversed: activity.ownReversed + own,
      reversedQualifying: activity.reversedQualifying + qualifying,
      status: isLast ? 'REFUNDED' : 'PARTLY_REFUNDED',
    };
    const { memberId, partnerId } = activity;
    const counted = countedBack(activity, after);
    if (counted) this.gaveBack.push({ memberId, partnerId, counted });
    Object.assign(activity, after, { items });
    const part = Object.assign(new RefundPart(), {
      id: randomUUID(),
      refundId: refund.id,
      activityId: activity.id,
      amount: amount.toFixed(),
      points,
      qualifyingPoints: qualifying,
      ownPoints: own,
    });
    this.taken.push({ refund, activity, part });
  }

  /**
   * Takes back what was noted: it counts for no tier, cap, block or offer any more, points go by the
   * contract, and it is told. The returns' rows are there.
   *
   * @throws Overtaken
   */
  async post(tx: Database): Promise<void> {
    if (this.taken.length === 0) return;
    const parts = this.taken.map(({ part }) => part);
    await insertAll(tx, RefundPart, parts, ['id']);
    // Before the ledger: members' rows are locked first, then their accounts.
    await qualify(tx, this.taken.filter(({ activity }) => countsForTier(activity)).map(creditOf));
    const returned = parts.map(({ activityId, points }) => ({ activityId, points }));
    await returnToBlocks(tx, returned);
    await this.reverse(tx);
    await giveBack(tx, this.gaveBack);
    await this.saveActivities(tx);
    await returnToOffers(tx, [...this.before.keys()].map(takenBack));
    await emitAll(
      tx,
      this.taken.map(({ refund, activity }) => ({
        type: 'activity.refunded',
        memberId: activity.memberId,
        partnerId: activity.partnerId,
        payload: { activityId: activity.id },
        occurredAt: refund.postedAt,
      })),
    );
  }

  private async reverse(tx: Database): Promise<void> {
    const moving = this.taken.filter(({ part }) => part.points + part.ownPoints > 0n);
    if (moving.length === 0) return;
    const termsOf = await readTerms(tx, moving);
    // The order in which all lock accounts; of one account's, the order of the returns stays.
    const inOrder = moving
      .flatMap((taken) => reversalsOf(taken, termsOf(taken.activity)))
      .sort(byAccount);
    for (let start = 0; start < inOrder.length; start += commandsMax) {
      await reverseAll(tx, inOrder.slice(start, start + commandsMax));
    }
  }

  /** Last, as those do it who join memberships: they have the accounts first, and then these rows. */
  private async saveActivities(tx: Database): Promise<void> {
    const changed = [...this.before].map(([activity, before]) => {
      const { id, memberId, items, ...after } = activity;
      return { id, memberId, items, ...leftOf(after), before: before.refundedAmount };
    });
    const saved = await rows<{ id: string }>(
      tx,
      `WITH saved AS (
         UPDATE partners.activity a
         SET refunded_amount = c."refundedAmount", reversed_points = c."reversedPoints",
             own_reversed = c."ownReversed", reversed_qualifying = c."reversedQualifying",
             status = c.status, items = c.items
         FROM jsonb_to_recordset($1) AS c (id uuid, "memberId" uuid, "refundedAmount" numeric,
           "reversedPoints" bigint, "ownReversed" bigint, "reversedQualifying" bigint, status text,
           items jsonb, before numeric)
         WHERE a.id = c.id AND a.member_id = c."memberId" AND a.refunded_amount = c.before
         RETURNING a.id)
       SELECT id FROM saved`,
      [toJson(changed)],
    );
    if (saved.length < changed.length) throw new Overtaken();
  }
}

type Left = Pick<
  Activity,
  'refundedAmount' | 'reversedPoints' | 'ownReversed' | 'reversedQualifying' | 'status'
>;

function leftOf({ refundedAmount, status, ...points }: Left): Left {
  const { reversedPoints, ownReversed, reversedQualifying } = points;
  return { refundedAmount, reversedPoints, ownReversed, reversedQualifying, status };
}

function takenBack({ id, points, reversedPoints }: Activity) {
  return { activityId: id, earned: points, reversed: reversedPoints };
}

/** What is to be confirmed counts from then on. */
function countsForTier({ confirmBy, confirmedAt }: Activity): boolean {
  return confirmBy === null || confirmedAt !== null;
}

function creditOf({ refund, activity, part }: Taken) {
  const { memberId, occurredAt } = activity;
  const { id, qualifyingPoints } = part;
  return { id, memberId, points: -qualifyingPoints, occurredAt, postedAt: refund.postedAt };
}

/**
 * What caps count no more: in proportion to the points that were taken back, rounded down of all
 * together. Stamps come off with the last of it.
 */
export function countedBack(
  activity: Activity,
  after: Omit<Left, 'refundedAmount'>,
): Counted | null {
  const { counted } = activity;
  if (!counted) return null;
  const share = (used: number, back: bigint, of: bigint) =>
    floorOf(BigInt(used), new Big(back.toString()), new Big(of.toString()));
  const back = counted.points.map((each) => {
    const { of, reversed } = kindOf(each);
    const [before, now] = [activity[reversed], after[reversed]];
    const taken = share(each.points, now, activity[of]) - share(each.points, before, activity[of]);
    return { ...each, points: Number(taken) };
  });
  return { points: back, stamps: after.status === 'REFUNDED' ? counted.stamps : [] };
}

/** Which points of an activity a cap has counted. */
function kindOf({ award, currency }: Counted['points'][number]) {
  if (currency !== undefined) return { of: 'ownPoints', reversed: 'ownReversed' } as const;
  return award === 'SPENDABLE'
    ? ({ of: 'points', reversed: 'reversedPoints' } as const)
    : ({ of: 'qualifyingPoints', reversed: 'reversedQualifying' } as const);
}

interface Terms {
  risk: ReverseAccrual['risk'];
  debtLimit: bigint;
  partner: Partner;
}

/** By what points are taken back: the contract of the day, and the program's limit. */
async function readTerms(tx: Database, taken: Taken[]): Promise<(activity: Activity) => Terms> {
  const partnerId = In([...new Set(taken.map(({ activity }) => activity.partnerId))]);
  const version = In([...new Set(taken.map(({ activity }) => activity.contractVersion))]);
  const contracts = await tx.findBy(Contract, { partnerId, version });
  const partners = await tx.findBy(Partner, { id: partnerId });
  const [program] = await rows<{ limit: bigint }>(tx, 'SELECT members.negative_limit() AS limit');
  return (activity) => {
    const contract = contracts.find(
      (each) => each.partnerId === activity.partnerId && each.version === activity.contractVersion,
    )!;
    return {
      risk: contract.clawbackRisk === 'PARTNER' ? 'ISSUER' : 'OPERATOR',
      debtLimit: program!.limit,
      partner: partners.find(({ id }) => id === activity.partnerId)!,
    };
  };
}

/** What a return takes back in the ledger: of each currency by itself. */
function reversalsOf({ refund, activity, part }: Taken, terms: Terms): ReverseAccrual[] {
  const { id, memberId, postedTo } = activity;
  const taken = { points: part.points, ownPoints: part.ownPoints };
  return inLedger(activity, taken, part.id).map(({ currency, key, accrualId, points, isOwn }) => ({
    memberId: postedTo ?? memberId,
    ...(postedTo && { mergedInto: memberId }),
    currency,
    key,
    accrualId,
    points,
    clawback: 'DEBT',
    debtLimit: terms.debtLimit,
    // What is lost of its own points, nobody else has to bear.
    risk: isOwn ? 'ISSUER' : terms.risk,
    source: { kind: 'activity', id },
    description: `Refund at ${terms.partner.name}`,
    effectiveAt: refund.occurredAt,
    at: refund.postedAt,
  }));
}

type Account = Pick<ReverseAccrual, 'memberId' | 'currency'>;

function byAccount(a: Account, b: Account): number {
  const [one, other] = [a, b].map(({ memberId, currency }) => `${memberId} ${currency}`);
  return one! < other! ? -1 : Number(one! > other!);
}
