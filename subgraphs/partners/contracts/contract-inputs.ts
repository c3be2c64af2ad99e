import { Big } from 'big.js';
import { z } from 'zod';
import { code, decimal, eachOnce, id, money, points } from '../../../platform/input.ts';
import type { Contract } from './entities.ts';

/** One direction of an exchange. */
const conversion = z
  .object({
    fromCurrency: code,
    toCurrency: code,
    fromPoints: points,
    toUnits: points,
    minimumPoints: points,
    bonusEvery: points.nullish(),
    bonusUnits: points.nullish(),
    dailyLimit: points.nullish(),
    yearlyLimit: points.nullish(),
    confirmHours: z.int().min(1, 'must be 1 or more').max(720, 'must be 720 or less').nullish(),
  })
  .refine(({ fromCurrency, toCurrency }) => fromCurrency !== toCurrency, {
    path: ['toCurrency'],
    error: 'is the same currency',
  })
  .refine(({ bonusEvery, bonusUnits }) => (bonusEvery == null) === (bonusUnits == null), {
    path: ['bonusUnits'],
    error: 'goes with bonusEvery',
  });

export type Conversion = z.output<typeof conversion>;

/** The terms of a version. */
export const contractInput = z
  .object({
    partnerId: id,
    validFrom: z.iso
      .date('is no day')
      .refine((day) => day >= '1970-01-01', 'must be in 1970 or later'),
    currency: z.string().regex(/^[A-Z]{3}$/, 'is no ISO 4217 code'),
    issuePrice: decimal,
    redemptionRate: decimal,
    feeRate: decimal
      .refine((rate) => new Big(rate).lte(1), 'must be 1 or less')
      .nullish()
      .transform((rate) => rate ?? '0'),
    billing: z
      .enum(['PREPAID', 'POSTPAID'])
      .nullish()
      .transform((billing) => billing ?? 'POSTPAID'),
    creditLimit: money.nullish(),
    alertAt: money
      .refine(({ amount }) => new Big(amount).gt(0), { path: ['amount'], error: 'must be over 0' })
      .nullish(),
    clawbackRisk: z
      .enum(['PARTNER', 'COALITION'])
      .nullish()
      .transform((bearer) => bearer ?? 'PARTNER'),
    refundOrder: z
      .enum(['PROPORTIONAL', 'MONEY_FIRST', 'POINTS_FIRST'])
      .nullish()
      .transform((order) => order ?? 'PROPORTIONAL'),
    pending: z
      .enum(['AT_ONCE', 'DAYS', 'ON_CONFIRMATION'])
      .nullish()
      .transform((mode) => mode ?? 'AT_ONCE'),
    pendingDays: z.int().min(1, 'must be 1 or more').max(365, 'must be 365 or less').nullish(),
    backdateDays: days(3_650, 180),
    claimWindowDays: days(3_650, 180),
    paymentTermsDays: days(365, 30),
    monthlyIssueLimit: points.nullish(),
    conversions: z
      .array(conversion)
      .max(20, 'must hold 20 or less')
      .superRefine(eachOnce(({ fromCurrency, toCurrency }) => `${fromCurrency} ${toCurrency}`))
      .nullish()
      .transform((conversions) => conversions ?? []),
  })
  .transform((terms, context) => {
    for (const { message, path } of faultsIn(terms)) {
      context.addIssue({ code: 'custom', message, path });
    }
    const { pendingDays, creditLimit, alertAt, monthlyIssueLimit, ...others } = terms;
    return {
      ...others,
      pendingDays: pendingDays ?? null,
      creditLimit: creditLimit?.amount ?? null,
      alertAt: alertAt?.amount ?? null,
      monthlyIssueLimit: monthlyIssueLimit ?? null,
    };
  });

export type SignContract = z.input<typeof contractInput>;

/** A number of days, up to a bound, with what stands where it is left out. */
function days(max: number, otherwise: number) {
  return z
    .int()
    .min(0)
    .max(max)
    .nullish()
    .transform((given) => given ?? otherwise);
}

interface Amounts {
  currency: string;
  billing: Contract['billing'];
  creditLimit?: Money | null | undefined;
  alertAt?: Money | null | undefined;
  pending: Contract['pending'];
  pendingDays?: number | null | undefined;
}
type Money = z.output<typeof money>;

/** What does not fit together. */
function faultsIn(terms: Amounts): { message: string; path: string[] }[] {
  const { billing, creditLimit, alertAt, pending, pendingDays } = terms;
  const faults: { message: string; path: string[] }[] = [];
  if ((pending === 'DAYS') !== (pendingDays != null)) {
    const message = 'is needed for DAYS, and for nothing else';
    faults.push({ message, path: ['pendingDays'] });
  }
  if (billing === 'PREPAID' && creditLimit) {
    faults.push({ message: 'is for POSTPAID', path: ['creditLimit'] });
  }
  for (const [name, given] of Object.entries({ creditLimit, alertAt })) {
    if (given && given.currency !== terms.currency) {
      const message = `is in ${terms.currency}, as the contract is`;
      faults.push({ message, path: [name, 'currency'] });
    }
  }
  if (creditLimit && alertAt && new Big(alertAt.amount).gt(creditLimit.amount)) {
    faults.push({ message: 'is more than the credit limit', path: ['alertAt', 'amount'] });
  }
  return faults;
}
