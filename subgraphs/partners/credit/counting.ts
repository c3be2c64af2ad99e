/** What counters begin with. */
import { Big } from 'big.js';
import type { Database } from '../../../platform/database.ts';
import type { Activity } from '../activities/entities.ts';
import type { Contract } from '../contracts/entities.ts';
import type { CreditCounter } from './entities.ts';
import type { Issue } from './issues.ts';
import { issuedSince, owedBy, redeemedBy } from './owed.ts';

/** What points cost the partner, with the fee. */
export function costOf(
  { feeRate }: Pick<Contract, 'feeRate'>,
  { issuePrice, points }: Pick<Activity, 'issuePrice' | 'points'>,
): Big {
  return new Big(issuePrice).times(points.toString()).times(new Big(feeRate).plus(1));
}

/** Begins to count for those whose month is limited, where another month has begun. */
export async function countMonth(
  tx: Database,
  issues: readonly Issue[],
  counters: ReadonlyMap<string, CreditCounter>,
  { month, since }: { month: string; since: Date },
): Promise<void> {
  const limited = issues.filter(({ contract }) => contract.monthlyIssueLimit !== null);
  const partnerIds = [...new Set(limited.map(({ activity }) => activity.partnerId))];
  const old = partnerIds.filter((partnerId) => counters.get(partnerId)!.month !== month);
  if (old.length === 0) return;
  const issued = await issuedSince(tx, old, { since, except: idsOf(issues) });
  for (const partnerId of old) {
    Object.assign(counters.get(partnerId)!, { month, issued: issued.get(partnerId) ?? 0n });
  }
}

/**
 * Reads what partners owe whose contracts look at it, where it is not known, or the batch would go beyond
 * what they say: what was refunded or paid meanwhile is in no counter. What was redeemed is read each time:
 * a redemption that is cancelled lets its partner owe more again.
 *
 * @returns what of the counters was redeemed, by partner
 */
export async function countOwed(
  tx: Database,
  issues: readonly Issue[],
  counters: ReadonlyMap<string, CreditCounter>,
): Promise<ReadonlyMap<string, Big>> {
  const looking = issues.filter(({ contract }) => looksAtOwed(contract));
  if (looking.length === 0) return new Map();
  const partnerIds = [...new Set(looking.map(({ activity }) => activity.partnerId))];
  const redeemedNow = await redeemedBy(tx, partnerIds);
  const redeemed = new Map(
    partnerIds.map((partnerId) => {
      const { currency } = counters.get(partnerId)!;
      const own = redeemedNow.find((each) => isOf(each, { partnerId, currency }));
      return [partnerId, own?.redeemed ?? new Big(0)];
    }),
  );
  const added = new Map<string, Big>();
  const wanted = new Map<string, string>();
  for (const { contract, activity } of looking) {
    const { partnerId } = activity;
    const { owed, currency } = counters.get(partnerId)!;
    const sum = (added.get(partnerId) ?? new Big(0)).plus(costOf(contract, activity));
    added.set(partnerId, sum);
    const isKnown = owed !== null && currency === contract.currency;
    if (!isKnown || passes(contract, new Big(owed).minus(redeemed.get(partnerId)!), sum)) {
      wanted.set(partnerId, contract.currency);
    }
  }
  if (wanted.size === 0) return redeemed;
  const found = await owedBy(tx, [...wanted.keys()], idsOf(issues));
  for (const [partnerId, currency] of wanted) {
    const own = found.find((each) => isOf(each, { partnerId, currency }));
    // Of one snapshot, both.
    const { amount, redeemed: back } = own ?? { amount: new Big(0), redeemed: new Big(0) };
    redeemed.set(partnerId, back);
    Object.assign(counters.get(partnerId)!, { currency, owed: amount.plus(back).toFixed() });
  }
  return redeemed;
}

function isOf(
  each: { partnerId: string; currency: string },
  { partnerId, currency }: Pick<CreditCounter, 'partnerId' | 'currency'>,
): boolean {
  return each.partnerId === partnerId && each.currency === currency;
}

function looksAtOwed({ billing, creditLimit, alertAt }: Contract): boolean {
  return billing === 'POSTPAID' && (creditLimit !== null || alertAt !== null);
}

/** Whether so much on top goes beyond the limit, or comes to the alert. */
function passes({ creditLimit, alertAt }: Contract, owed: Big, sum: Big): boolean {
  const after = owed.plus(sum);
  if (creditLimit !== null && after.gt(creditLimit)) return true;
  return alertAt !== null && owed.lt(alertAt) && after.gte(alertAt);
}

function idsOf(issues: readonly Issue[]): string[] {
  return issues.map(({ activity }) => activity.id);
}
