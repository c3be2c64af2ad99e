import { Big } from 'big.js';
import type { Clock } from '../../platform/clock.ts';
import { type Database, transaction } from '../../platform/database.ts';
import { Refusal, badInput, orRefusal } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { type Recorded, RefusedByLedger, recordAll, referenceOf } from './activity-batches.ts';
import {
  type RecordActivity,
  type Report,
  type Reporter,
  readReport,
  reporterOf,
} from './activity-reports.ts';
import type { Activity } from './entities.ts';

/** How many activities one call records at most. */
export const activitiesMax = 500;

/**
 * Records one activity: a batch of one.
 *
 * @throws Refusal as `recordActivities` gives it back
 */
export async function recordActivity(
  db: Database,
  input: RecordActivity,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Activity> {
  const by = { reporter: reporterOf(viewer), clock };
  const { recorded } = await recordActivities(db, [input], by);
  return activityIn(recorded[0]!);
}

/** @throws Refusal where it was refused */
export function activityIn(recorded: Recorded): Activity {
  if (recorded instanceof Refusal) throw recorded;
  return recorded.activity;
}

/**
 * Records what members did with a partner, and posts the points that it earns, in one transaction:
 * each activity whole or not at all, and what one is refused for costs no other. The same reference
 * again, in the same batch too, gives the first activity and posts nothing, whatever has changed
 * since: consent, rules, the partner's status.
 *
 * What may be refused: INVALID; IDEMPOTENCY_MISMATCH the reference is another activity's, whose id is
 * in the details; PARTNER_INACTIVE; NOT_FOUND no such member for this partner; CONSENT_REQUIRED the
 * member consented to it, but not to EARN; MEMBER_INACTIVE; LIMIT_REACHED the member's balance would
 * be too large, and so what follows in the batch under the same reference; IN_PROGRESS, for all, others
 * hold the same rows for too long.
 *
 * @returns what became of each input, in their order, and how many members were made
 * @throws GraphQLError BAD_USER_INPUT more than 500
 */
export async function recordActivities(
  db: Database,
  inputs: readonly RecordActivity[],
  { reporter, clock }: { reporter: Reporter; clock: Clock },
): Promise<{ recorded: Recorded[]; enrolled: number }> {
  if (inputs.length > activitiesMax) {
    throw badInput(`One call records ${activitiesMax} activities at most.`);
  }
  const reports = inputs.map((input) => orRefusal(() => readReport(input, reporter)));
  const refused = new Map<Report, Refusal>();
  for (;;) {
    const open = reports.filter(
      (report): report is Report => !(report instanceof Refusal) && !refused.has(report),
    );
    try {
      const { answers, enrolled } = await transaction(db, (tx) => recordAll(tx, open, clock));
      const answerTo = (report: Report) => answers.get(report) ?? refused.get(report)!;
      return {
        recorded: reports.map((read) => (read instanceof Refusal ? read : answerTo(read))),
        enrolled,
      };
    } catch (error) {
      if (error instanceof Refusal) for (const report of open) refused.set(report, error);
      else if (error instanceof RefusedByLedger) {
        // Nothing of the batch stands: once more, without what was refused, and without what follows
        // under its reference, which would need a transaction each to be refused in turn.
        for (const [report, refusal] of error.refusals) {
          for (const later of open.slice(open.indexOf(report))) {
            if (referenceOf(later) === referenceOf(report)) refused.set(later, refusal);
          }
        }
      } else throw error;
    }
  }
}

/** What was paid. */
export function amountOf({ amount, currency }: Activity) {
  return moneyOf(new Big(amount), currency);
}

/** What the points cost the partner. */
export function costOf({ points, issuePrice, currency }: Activity) {
  return moneyOf(new Big(issuePrice).times(points.toString()), currency);
}

/** Exact, with two decimals or more. */
function moneyOf(exact: Big, currency: string) {
  const decimals = exact.toFixed().split('.')[1]?.length ?? 0;
  return { amount: exact.toFixed(Math.max(2, decimals)), currency };
}
