import { Big } from 'big.js';
import { z } from 'zod';
import { minorDigitsOf } from '../../../ledger/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { money, parseInput, points } from '../../../platform/input.ts';
import type { Asking } from '../../../platform/members.ts';
import { type Rate, redemptionTermsOf, requireTakingPart } from '../partners.ts';
import type { PaymentQuote } from './rows.ts';

/** An amount that points may cover. */
export const payable = money.refine(({ amount }) => Number(amount) > 0, {
  message: 'must be more than 0',
  path: ['amount'],
});

type Amount = z.output<typeof payable>;

interface Price {
  points: bigint;
  /** In whole units of the rate's currency. */
  worth: string;
}

/** Which points are meant: so many, or as many as cover an amount. */
interface Wanted {
  points?: bigint | null | undefined;
  amount?: Amount | null | undefined;
}

/** What is to be paid with points. @throws Refusal INVALID as `pointsFor` */
export function priceOf({ points: wanted, amount }: Wanted, at: Rate): Price {
  if (wanted != null) return { points: wanted, worth: worthOf(wanted, at) };
  return { points: pointsFor(amount!, at), worth: inUnits(new Big(amount!.amount), at.currency) };
}

/** What points are worth: rounded down, once, to the smallest unit of the currency. */
export function worthOf(held: bigint, { currency, rate }: Rate): string {
  return inUnits(new Big(rate).times(held.toString()), currency);
}

function inUnits(exact: Big, currency: string): string {
  return exact.toFixed(minorDigitsOf(currency) ?? undefined, Big.roundDown);
}

/**
 * The fewest points that cover an amount.
 *
 * @throws Refusal INVALID it is in another currency, or in parts of its smallest unit; or these are
 *   more points than one movement has
 */
function pointsFor({ amount, currency }: Amount, at: Rate): bigint {
  if (currency !== at.currency) {
    throw new Refusal('INVALID', `Amounts are in ${at.currency}.`, ['amount', 'currency']);
  }
  const exact = new Big(amount);
  if (!exact.eq(inUnits(exact, currency))) {
    const message = `The smallest unit of ${currency} is not so small.`;
    throw new Refusal('INVALID', message, ['amount', 'amount']);
  }
  const [due, each] = [unitsOf(exact), unitsOf(new Big(at.rate))];
  return parseInput(points, (due + each - 1n) / each, ['amount']);
}

/** In units of 10^-12, of which amounts and rates are whole multiples: a quotient of them is exact. */
function unitsOf(exact: Big): bigint {
  return BigInt(exact.times(1e12).toFixed(0));
}

const question = z.object({ amount: payable, points: points.nullish() });

/**
 * How many points cover an amount, or what some points leave to pay, at a partner's rate of today.
 *
 * @throws Refusal INVALID; PARTNER_INACTIVE; NOT_ALLOWED its contract lets no points be redeemed
 */
export async function quotePayment(
  db: Database,
  input: z.input<typeof question>,
  { by, clock }: { by: Asking; clock: Clock },
): Promise<PaymentQuote> {
  const { amount, points: offered } = parseInput(question, input);
  const { rate: at } = await requireRedeeming(db, by, await clock.now(db));
  const full = priceOf({ amount }, at);
  const paid = offered != null && offered < full.points ? priceOf({ points: offered }, at) : full;
  const due = new Big(full.worth).minus(paid.worth);
  const inMoney = (value: string) => ({ amount: value, currency: at.currency });
  return {
    points: paid.points,
    worth: inMoney(paid.worth),
    due: inMoney(inUnits(due, at.currency)),
  };
}

/**
 * A partner that takes part, and what a point is worth there today.
 *
 * @throws Refusal PARTNER_INACTIVE; NOT_ALLOWED its contract lets no points be redeemed
 */
export async function requireRedeeming(
  db: Database,
  by: Asking,
  at: Date,
): Promise<{ name: string; rate: Rate }> {
  const { name, status, rate } = await redemptionTermsOf(db, by.partnerId, at);
  requireTakingPart(status, by);
  if (rate) return { name, rate };
  throw new Refusal('NOT_ALLOWED', 'This partner’s contract lets no points be redeemed.');
}
