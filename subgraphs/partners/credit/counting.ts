/** What counters begin with. */
import { Big } from 'big.js';
import type { Database } from '../../../platform/database.ts';
import type { Activity } from '../activities/entities.ts';
import type { Contract } from '../contracts/entities.ts';
import type { Issue } from './drawing.ts';
import type { CreditCounter } from './entities.ts';
import { issuedSince, owedBy } from './owed.ts';

/** How old what is owed may be before it is read anew, where a limit would be passed by it. */
const owedMs = 10_000;

/** What points cost the partner, with the fee. */
export function costOf(
  { feeRate }: Pick<Contract, 'feeRate'>,
  { issuePrice, points }: Pick<Activity, 'issuePrice' | 'points'>,
): Big {
  return new Big(issuePrice).times(points.toString()).times(new Big(feeRate).plus(1));
}

/** Begins to count where another month has begun, or nothing was counted yet. */
export async function countMonth(
  tx: Database,
  issues: readonly Issue[],
  counters: readonly CreditCounter[],
  { month, since }: { month: string; since: Date },
): Promise<void> {
  const old = counters.filter((counter) => counter.month !== month);
  if (old.length === 0) return;
  const partnerIds = old.map(({ partnerId }) => partnerId);
  const issued = await issuedSince(tx, partnerIds, { since, except: idsOf(issues) });
  for (const counter of old) {
    Object.assign(counter, { month, issued: issued.get(counter.partnerId) ?? 0n });
  }
}

/** Reads what partners owe whose contracts look at it, unless it is known well enough. */
export async function countOwed(
  tx: Database,
  issues: readonly Issue[],
  counters: ReadonlyMap<string, CreditCounter>,
): Promise<void> {
  const added = new Map<string, Big>();
  const unknown = new Map<string, Issue>();
  for (const issue of issues) {
    const { contract, activity } = issue;
    const { partnerId, postedAt } = activity;
    const { creditLimit, alertAt, billing, currency } = contract;
    if (billing === 'PREPAID' || (creditLimit === null && alertAt === null)) continue;
    const { currency: counted, owed, owedAt } = counters.get(partnerId)!;
    const sum = (added.get(partnerId) ?? new Big(0)).plus(costOf(contract, activity));
    added.set(partnerId, sum);
    if (owed === null || counted !== currency) {
      unknown.set(partnerId, issue);
      continue;
    }
    const after = new Big(owed).plus(sum);
    const passes =
      (creditLimit !== null && after.gt(creditLimit)) ||
      (alertAt !== null && new Big(owed).lt(alertAt) && after.gte(alertAt));
    if (passes && postedAt.getTime() - owedAt!.getTime() >= owedMs) unknown.set(partnerId, issue);
  }
  if (unknown.size === 0) return;
  const found = await owedBy(tx, [...unknown.keys()], idsOf(issues));
  for (const [partnerId, { contract, activity }] of unknown) {
    const { currency } = contract;
    const own = found.find((each) => each.partnerId === partnerId && each.currency === currency);
    const owed = own?.amount.toFixed() ?? '0';
    Object.assign(counters.get(partnerId)!, { currency, owed, owedAt: activity.postedAt });
  }
}

function idsOf(issues: readonly Issue[]): string[] {
  return issues.map(({ activity }) => activity.id);
}
