import { Big } from 'big.js';
import type { BatchRule, Batches } from '../../../platform/batches.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal, badInput, orRefusal } from '../../../platform/errors.ts';
import { askerKey } from '../../../platform/members.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Contract } from '../contracts/entities.ts';
import { moneyOf } from '../money.ts';
import { Overtaken } from '../overtaken.ts';
import { type Recorded, recordAll, referenceOf } from './batches.ts';
import { awardedIn } from './currencies.ts';
import type { Activity } from './entities.ts';
import { statusOf } from './lists.ts';
import { RefusedByLedger } from './posting.ts';
import {
  type RecordActivity,
  type Report,
  type Reporter,
  readReport,
  reporterOf,
} from './reports.ts';

/** How many activities one call records at most. */
export const activitiesMax = 500;

/** How many items one call records at most, and one that goes together with others. */
export const itemsMax = 2_000;
const itemsTogether = 20;

/**
 * Records one activity: together with those that arrive with it, whoever reports them, or as a batch
 * of one.
 *
 * @param batches none, where each goes alone
 * @throws Refusal as `recordActivities` gives it back
 * @throws GraphQLError SUBGRAPH_UNAVAILABLE too many wait: nothing was recorded
 */
export async function recordActivity(
  db: Database,
  input: RecordActivity,
  { viewer, clock, batches }: { viewer: Viewer; clock: Clock; batches?: Batches | null },
): Promise<Activity> {
  const reporter = reporterOf(viewer);
  // What takes long goes alone: nobody else's shall wait for it.
  if (batches && (input.items?.length ?? 0) <= itemsTogether) {
    const report = readReport(input, reporter);
    const { activity } = await batches.add(recordTogether, report, askerKey(reporter));
    return activity;
  }
  const { recorded } = await recordActivities(db, [input], { reporter, clock });
  return activityIn(recorded[0]!);
}

/** Records reports of any partners in one transaction. */
const recordTogether: BatchRule<Report, Exclude<Recorded, Refusal>> = async (
  db,
  reports,
  { clock, lockMs },
) => {
  const { answers } = await recordReports(db, reports, { clock, lockMs });
  const recorded = reports.map((report) => answers.get(report)!);
  // Others hold a row that one of them needs: whoever does not need it shall not be refused for it.
  const held = recorded.find((each) => each instanceof Refusal && each.code === 'IN_PROGRESS');
  if (held && reports.length > 1) throw held as Refusal;
  return recorded;
};

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
 * be too large, or the partner has not bought so many points, or may not issue or owe so much, and so what
 * follows in the batch under the same reference; IN_PROGRESS, for all, others hold the same rows for too
 * long.
 *
 * @returns what became of each input, in their order, and how many members were made
 * @throws GraphQLError BAD_USER_INPUT more than 500, or 2,000 items
 */
export async function recordActivities(
  db: Database,
  inputs: readonly RecordActivity[],
  { reporter, clock }: { reporter: Reporter; clock: Clock },
): Promise<{ recorded: Recorded[]; enrolled: number }> {
  if (inputs.length > activitiesMax) {
    throw badInput(`One call records ${activitiesMax} activities at most.`);
  }
  const items = inputs.reduce((sum, input) => sum + (input.items?.length ?? 0), 0);
  if (items > itemsMax) throw badInput(`One call records ${itemsMax} items at most.`);
  const read = inputs.map((input) => orRefusal(() => readReport(input, reporter)));
  const reports = read.filter((each) => !(each instanceof Refusal)) as Report[];
  const { answers, enrolled } = await recordReports(db, reports, { clock });
  const recorded = read.map((each) => (each instanceof Refusal ? each : answers.get(each)!));
  return { recorded, enrolled };
}

/** Records reports in one transaction. @returns what became of each, and how many members were made */
async function recordReports(
  db: Database,
  reports: Report[],
  { clock, lockMs = null }: { clock: Clock; lockMs?: number | null },
): Promise<{ answers: ReadonlyMap<Report, Recorded>; enrolled: number }> {
  const refused = new Map<Report, Refusal>();
  for (;;) {
    const open = reports.filter((report) => !refused.has(report));
    try {
      const work = (tx: Database) => recordAll(tx, open, clock);
      const { answers, enrolled } = await transaction(db, work, lockMs);
      return { answers: new Map([...refused, ...answers]), enrolled };
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
      } else if (!(error instanceof Overtaken)) throw error;
    }
  }
}

/** What was paid; null where nothing was. */
export function amountOf({ amount, currency }: Activity) {
  return amount === null ? null : moneyOf(new Big(amount), currency!);
}

/** What of it was returned; null for nothing. */
export function refundedAmountOf({ refundedAmount, currency, status }: Activity) {
  return status === 'POSTED' || currency === null
    ? null
    : moneyOf(new Big(refundedAmount), currency);
}

/**
 * What it earned of the shared and of the partner's own currency, and what counts for the tier, at an instant:
 * after refunds, and while it may count.
 */
export function earnedBy(
  activity: Activity,
  at: Date,
): Record<'points' | 'own' | 'qualifying', bigint> {
  if (statusOf(activity, at) === 'REJECTED') return { points: 0n, own: 0n, qualifying: 0n };
  return {
    points: activity.points - activity.reversedPoints,
    own: activity.ownPoints - activity.ownReversed,
    qualifying: activity.qualifyingPoints - activity.reversedQualifying,
  };
}

/** What points of it cost the partner, in the money of its contract: all of them where left out. */
export function costOf(
  { points: earned, issuePrice }: Activity,
  { currency }: Pick<Contract, 'currency'>,
  points = earned,
) {
  return moneyOf(new Big(issuePrice).times(points.toString()), currency);
}

/** What was bought. */
export function itemsOf({ items, currency, status, ownCurrency }: Activity) {
  return (items ?? []).map(({ line, sku, quantity, refundedQuantity, ...item }) => {
    const points = BigInt(item.points);
    const own = ownCurrency && { currency: ownCurrency, points: BigInt(item.ownPoints ?? 0) };
    return {
      line,
      sku,
      quantity,
      refundedQuantity: status === 'REFUNDED' ? quantity : (refundedQuantity ?? 0),
      amount: moneyOf(new Big(item.amount), currency!),
      points,
      awarded: awardedIn({ points, own: own || null }),
    };
  });
}
