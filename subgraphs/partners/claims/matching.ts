import { Big } from 'big.js';
import { addDays, dayOf, startOfDay } from '../../../platform/calendar.ts';
import { type Database, columnsOf, rows } from '../../../platform/database.ts';
import { emitAll } from '../../../platform/outbox.ts';
import type { Activity } from '../activities/entities.ts';
import { readProgram } from '../program.ts';
import { Claim } from './entities.ts';

/**
 * The activity of the member that a claim is about: that with its reference or, where the claim has
 * none, one of the same day and amount that answers no other claim. @returns its id; null for none
 */
export async function findAnswer(
  db: Database,
  { memberId, partnerId, occurredOn, reference, amount, currency }: Claim,
  timeZone: string,
): Promise<string | null> {
  const [found] =
    reference === null
      ? await rows<{ id: string }>(
          db,
          `SELECT a.id FROM partners.activity a
           WHERE a.member_id = $1 AND a.partner_id = $2 AND NOT a.sandbox
             AND a.occurred_at >= $3 AND a.occurred_at < $4 AND a.amount = $5 AND a.currency = $6
             AND NOT EXISTS (SELECT FROM partners.claim c WHERE c.activity_id = a.id)
             -- What a report has taken the place of.
             AND NOT (a.status = 'REFUNDED' AND a.reference LIKE 'CLAIM-%')
           ORDER BY a.occurred_at, a.id LIMIT 1`,
          [
            memberId,
            partnerId,
            startOfDay(occurredOn, timeZone),
            startOfDay(addDays(occurredOn, 1), timeZone),
            amount,
            currency,
          ],
        )
      : await rows<{ id: string }>(
          db,
          `SELECT id FROM partners.activity
           WHERE partner_id = $1 AND NOT sandbox AND reference = $2 AND member_id = $3`,
          [partnerId, reference, memberId],
        );
  return found?.id ?? null;
}

/**
 * Grants the open claims that activities answer which have just been recorded, each with one of them.
 * Where the members have none it is one look into an index. Who decides a claim at this moment finds it
 * granted, or the activity's reference taken, and looks for it again.
 */
export async function grantMatching(tx: Database, posted: readonly Activity[]): Promise<void> {
  const live = posted.filter(({ sandbox }) => !sandbox);
  if (live.length === 0) return;
  const open = await rows<Claim>(
    tx,
    `SELECT ${columnsOf(tx, Claim, 'c')} FROM partners.claim c
     WHERE c.status = 'OPEN' AND c.member_id = ANY ($1)
     ORDER BY c.created_at, c.id FOR NO KEY UPDATE SKIP LOCKED`,
    [[...new Set(live.map(({ memberId }) => memberId))]],
  );
  if (open.length === 0) return;
  const { timeZone } = await readProgram(tx);
  const granted = new Map<Claim, Activity>();
  const answering = new Set<Activity>();
  // A reference names its activity: no claim that knows but a day and an amount takes it away.
  for (const answers of [isNamed, isLike(timeZone)]) {
    for (const activity of live.filter((each) => !answering.has(each))) {
      const claim = open.find((each) => !granted.has(each) && answers(activity, each));
      if (!claim) continue;
      granted.set(claim, activity);
      answering.add(activity);
    }
  }
  await grantAll(tx, granted);
}

function isOfSame(activity: Activity, claim: Claim): boolean {
  return claim.memberId === activity.memberId && claim.partnerId === activity.partnerId;
}

/** Members remember days and amounts less well than they copy references. */
function isNamed(activity: Activity, claim: Claim): boolean {
  return isOfSame(activity, claim) && claim.reference === activity.reference;
}

function isLike(timeZone: string) {
  return (activity: Activity, claim: Claim): boolean =>
    isOfSame(activity, claim) &&
    claim.reference === null &&
    claim.occurredOn === dayOf(activity.occurredAt, timeZone) &&
    claim.currency === activity.currency &&
    activity.amount !== null &&
    new Big(activity.amount).eq(claim.amount!);
}

async function grantAll(tx: Database, granted: ReadonlyMap<Claim, Activity>): Promise<void> {
  if (granted.size === 0) return;
  const all = [...granted];
  await rows(
    tx,
    `UPDATE partners.claim c SET status = 'GRANTED', decided_at = $3, activity_id = g.activity_id
     FROM unnest($1::uuid[], $2::uuid[]) AS g (claim_id, activity_id) WHERE c.id = g.claim_id`,
    [all.map(([claim]) => claim.id), all.map(([, activity]) => activity.id), all[0]![1].postedAt],
  );
  await emitAll(
    tx,
    all.map(([{ id, memberId, partnerId }, activity]) => ({
      type: 'claim.granted',
      memberId,
      partnerId,
      payload: { claimId: id, activityId: activity.id },
      occurredAt: activity.postedAt,
    })),
  );
}
