import { Big } from 'big.js';
import {
  type LedgerPolicy,
  breakageOf,
  closedCohortsOf,
  liabilityAt,
  policyOf,
  sharedCurrency,
} from '../../../ledger/index.ts';
import { dayOf } from '../../../platform/calendar.ts';
import { type Database, rows } from '../../../platform/database.ts';
import type { Program } from '../program/entities.ts';
import type { LiabilityReport, Worth } from './rows.ts';

/** What members have of the shared currency at an instant: each part is read when it is asked for. */
export function liabilityOf(db: Database, program: Program, asOf: Date): LiabilityReport {
  const outstanding = once(() => liabilityAt(db, { at: asOf }));
  return {
    asOf,
    outstanding,
    breakage: once(() => breakageAt(db, asOf)),
    worth: once(async () => worthOf(db, program, (await outstanding()).byIssuer)),
  };
}

/**
 * The part of the points that will never be redeemed, to six decimals: by the chain ladder over the
 * months that were over by then, and that the worker has closed.
 */
async function breakageAt(db: Database, asOf: Date): Promise<Big> {
  const policy = (await policyOf(db, sharedCurrency))!;
  const through = monthBefore(dayOf(asOf, policy.timeZone));
  const cohorts = await closedCohortsOf(db, { through });
  return breakageOf(cohorts, maturityOf(policy)).round(6, Big.roundHalfUp);
}

/**
 * The age in months after which no more of a month's points are redeemed: by then all have ended, those
 * too that were issued on its last day. Where age ends none, what three years did not redeem counts as
 * never redeemed.
 */
export function maturityOf(
  policy: Pick<LedgerPolicy, 'expiry' | 'expiryMonths' | 'expiryRounding' | 'expiryMinimumDays'>,
): number {
  const rounding = { DAY: 1, MONTH: 1, QUARTER: 3, HALF_YEAR: 6, YEAR: 12 };
  switch (policy.expiry) {
    case 'LOT_AGE':
      return policy.expiryMonths + rounding[policy.expiryRounding];
    case 'FIXED_DATES':
      return 12 + Math.ceil(policy.expiryMinimumDays / 28);
    default:
      return 36;
  }
}

/** Prices of issue are in the currency of the issuer's contract; the coalition's own are the program's. */
async function worthOf(
  db: Database,
  { moneyCurrency }: Program,
  byIssuer: { issuerId: string | null; outstanding: bigint; value: string }[],
): Promise<Worth> {
  const issuers = byIssuer.flatMap(({ issuerId }) => issuerId ?? []);
  const contracts = await rows<{ partnerId: string; currency: string }>(
    db,
    'SELECT partner_id AS "partnerId", currency FROM partners.contract_currencies($1)',
    [issuers],
  );
  const currencyOf = new Map(contracts.map(({ partnerId, currency }) => [partnerId, currency]));
  return {
    currency: moneyCurrency,
    byIssuer: byIssuer.map(({ issuerId, outstanding, value }) => ({
      issuerId,
      outstanding,
      value: new Big(value),
      currency: (issuerId && currencyOf.get(issuerId)) ?? moneyCurrency,
    })),
  };
}

/** What the points are worth, less those that will never be redeemed, by currency; the program's first. */
export function fairValuesOf({ byIssuer, currency }: Worth, breakage: Big): Map<string, Big> {
  const redeemed = new Big(1).minus(breakage);
  const values = new Map([[currency, new Big(0)]]);
  for (const each of byIssuer) {
    const value = each.value.times(redeemed).plus(values.get(each.currency) ?? 0);
    values.set(each.currency, value);
  }
  return values;
}

/** "2026-06" for each day of July. */
function monthBefore(day: string): string {
  const [year, month] = day.split('-').map(Number) as [number, number];
  return month === 1
    ? `${String(year - 1).padStart(4, '0')}-12`
    : `${day.slice(0, 4)}-${String(month - 1).padStart(2, '0')}`;
}

/** Reads when it is first asked for, and answers the same from then on. */
function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= read());
}
