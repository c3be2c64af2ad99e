import { randomUUID } from 'node:crypto';
import { type ActivatePoints, activateAll } from '../../../ledger/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { key, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { inLedger } from '../activities/currencies.ts';
import { Activity } from '../activities/entities.ts';
import { statusOf } from '../activities/lists.ts';
import { qualify } from '../activities/members.ts';
import { reporterOf } from '../activities/reports.ts';
import { Overtaken } from '../overtaken.ts';
import { untilStill } from './postings.ts';
import { lockActivity } from './refunds.ts';

/**
 * Lets the points of an activity be spent that wait for its partner to confirm it: flown, stayed,
 * delivered. What of it was refunded before stays so; the rest counts for the member's tier from now on. Again:
 * the same answer.
 *
 * @throws Refusal INVALID; NOT_FOUND; CONFLICT its points wait for no confirmation; ALREADY_REVERSED all of
 *   it was refunded; EXPIRED it was not confirmed in time; IN_PROGRESS
 */
export async function confirmActivity(
  db: Database,
  input: { reference: string },
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Activity> {
  const reference = parseInput(key, input.reference, ['reference']);
  const { partnerId, sandbox } = reporterOf(viewer);
  return untilStill(db, async (tx) => {
    const activity = await lockActivity(tx, { partnerId, sandbox, reference }, ['reference']);
    if (activity.confirmedAt) return activity;
    const at = await clock.now(tx);
    requireWaiting(activity, at);

    const { id, memberId, occurredAt } = activity;
    const left = activity.qualifyingPoints - activity.reversedQualifying;
    // Before the ledger: members' rows are locked first, then their accounts.
    await qualify(tx, [{ id, memberId, points: left, occurredAt, postedAt: at }]);
    await activateAll(tx, activationsOf(activity, at)).catch(overtakenByLedger);
    // Last, as in refunds; not where it became another member's meanwhile.
    const { affected } = await tx.update(Activity, { id, memberId }, { confirmedAt: at });
    if (affected === 0) throw new Overtaken();
    return tx.merge(Activity, activity, { confirmedAt: at });
  });
}

/** What of it can be spent from now on, of each currency that something is left of. */
function activationsOf(activity: Activity, at: Date): ActivatePoints[] {
  const { memberId, postedTo } = activity;
  const left = {
    points: activity.points - activity.reversedPoints,
    ownPoints: activity.ownPoints - activity.ownReversed,
  };
  return inLedger(activity, left, randomUUID()).map(({ currency, key, accrualId }) => ({
    memberId: postedTo ?? memberId,
    ...(postedTo && { mergedInto: memberId }),
    currency,
    key,
    accrualId,
    at,
  }));
}

/** @throws Refusal */
function requireWaiting(activity: Activity, at: Date): void {
  if (activity.status === 'REFUNDED') {
    throw new Refusal('ALREADY_REVERSED', 'All of this activity has been refunded.', ['reference']);
  }
  if (!activity.confirmBy) {
    throw new Refusal('CONFLICT', 'Its points wait for no confirmation.', ['reference']);
  }
  if (statusOf(activity, at) === 'REJECTED') throw tooLate();
}

/** In the last moment, the ledger may have taken the points back since the instant was read. */
function overtakenByLedger(error: unknown): never {
  throw error instanceof Refusal && error.code === 'NOT_FOUND' ? tooLate() : error;
}

function tooLate(): Refusal {
  return new Refusal('EXPIRED', 'It was not confirmed in time: its points are gone.', [
    'reference',
  ]);
}
