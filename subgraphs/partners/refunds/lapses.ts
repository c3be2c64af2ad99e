/** What becomes of activities that were not confirmed in time. */
import { IsNull } from 'typeorm';
import { lockAvailable, sharedCurrencyIn } from '../../../ledger/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, columnsOf, rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { Activity } from '../activities/entities.ts';
import { returnToBlocks } from '../credit/returns.ts';
import { giveBack } from '../earning/give-backs.ts';
import { returnToOffers } from '../offers/budgets.ts';
import { Overtaken } from '../overtaken.ts';
import { countedBack, untilStill } from './postings.ts';
import { lockActivity } from './refunds.ts';

interface Settling {
  clock: Clock;
  mayGoOn: () => boolean;
}

/** How many activities are read at a time. */
const readAtOnce = 200;

/**
 * Gives back what activities have taken that were not confirmed in time: to the partner's blocks, to offers, to
 * the member's caps and cards. The points themselves are taken back by the ledger, whoever looks at the
 * account first. The longest due first, each in a transaction of its own, so that a run may end after any.
 * What others are at work on is left to the next run; one that fails holds up no other.
 *
 * @returns how many it settled
 * @throws what the first one failed with, once it has tried all
 */
export async function settleLapsed(db: Database, { clock, mayGoOn }: Settling): Promise<number> {
  const failures: unknown[] = [];
  let settled = 0;
  let found: Activity[] = [];
  do {
    found = await findLapsed(db, { after: found.at(-1) ?? null, at: await clock.now(db) });
    for (const activity of found) {
      if (!mayGoOn()) break;
      const done = await settle(db, activity, clock).catch((error: unknown) => {
        if (!(error instanceof Refusal)) failures.push(error);
        return false;
      });
      if (done) settled++;
    }
  } while (found.length === readAtOnce && mayGoOn());
  if (failures.length > 0) throw failures[0];
  return settled;
}

/** The next activities that are to be settled, after one of them. */
function findLapsed(
  db: Database,
  { after, at }: { after: Activity | null; at: Date },
): Promise<Activity[]> {
  return rows(
    db,
    `SELECT ${columnsOf(db, Activity, 'a')} FROM partners.activity a
     WHERE a.confirm_by <= $1 AND a.confirmed_at IS NULL AND a.lapsed_at IS NULL
       AND a.status <> 'REFUNDED'
       AND ($2::timestamptz IS NULL OR (a.confirm_by, a.id) > ($2, $3::uuid))
     ORDER BY a.confirm_by, a.id LIMIT $4`,
    [at, after?.confirmBy ?? null, after?.id ?? null, readAtOnce],
  );
}

/** @returns whether it was to be settled, and is */
async function settle(db: Database, found: Activity, clock: Clock): Promise<boolean> {
  const { id, memberId } = found;
  // By itself: who draws on blocks has them first, and then the accounts.
  const accounts = accountsOf(found);
  await lockAvailable(db, accounts, await clock.now(db), sharedCurrencyIn(found));
  return untilStill(db, async (tx) => {
    const activity = await lockActivity(tx, { id }, ['id']);
    const { partnerId, points, reversedPoints, confirmedAt, lapsedAt, status } = activity;
    if (confirmedAt || lapsedAt || status === 'REFUNDED') return false;
    // It became another's, whose account is to be looked at first.
    if (activity.memberId !== memberId) return false;

    const taken = await takenBack(tx, activity);
    const lapsed = { lapsedAt: taken.at ?? (await clock.now(tx)), lapsedPoints: taken.points };
    await returnToBlocks(tx, [{ activityId: id, points: taken.points }]);
    const counted = countedBack(activity, {
      reversedPoints: points,
      ownReversed: activity.ownPoints,
      reversedQualifying: activity.qualifyingPoints,
      status: 'REFUNDED',
    });
    if (counted) await giveBack(tx, [{ memberId, partnerId, counted }]);
    // Last, as in refunds; not where it became another member's meanwhile.
    const still = { id, memberId, confirmedAt: IsNull(), lapsedAt: IsNull() };
    const { affected } = await tx.update(Activity, still, lapsed);
    if (affected === 0) throw new Overtaken();
    const reversed = reversedPoints + taken.points;
    await returnToOffers(tx, [{ activityId: id, earned: points, reversed }]);
    return true;
  });
}

/** Where its points may be: a merge moves them, or will move them soon. */
function accountsOf({ memberId, postedTo }: Activity): string[] {
  return postedTo ? [memberId, postedTo] : [memberId];
}

/**
 * What of the shared points the ledger has taken back since it was not confirmed in time. Less than was left, where the member was
 * erased before that: the points are forfeited then, as any others.
 */
async function takenBack(
  tx: Database,
  activity: Activity,
): Promise<{ points: bigint; at: Date | null }> {
  const [found] = await rows<{ points: bigint; at: Date | null }>(
    tx,
    // As of that instant, by which the ledger knows it from refunds.
    `SELECT coalesce(-sum(m.points), 0)::bigint AS points, max(m.posted_at) AS at
     FROM ledger.movement m
     WHERE m.member_id = ANY ($1) AND m.kind = 'REVERSAL' AND m.effective_at = $2 AND m.posted_at >= $2
       AND m.source_kind = 'activity' AND m.source_id = $3 AND m.currency = $4`,
    [accountsOf(activity), activity.confirmBy, activity.id, sharedCurrencyIn(activity)],
  );
  return found!;
}
