import { Big } from 'big.js';
import { minorDigitsOf } from '../../../ledger/index.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { Activity } from '../activities/entities.ts';
import type { BoughtItem } from '../activities/rows.ts';
import { Exact } from '../earning/exact.ts';

/** What comes back of an activity: an amount of money, units of its items, or all that is left. */
export type Returned =
  { amount: string } | { items: readonly { line: string; quantity: number }[] } | 'REST';

/** What is taken back for it. */
export interface Share {
  amount: Big;
  points: bigint;
  /** Of those of the partner's own currency. */
  own: bigint;
  /** Of those that count for the member's tier. */
  qualifying: bigint;
  /** The activity's items as they are afterwards. */
  items: BoughtItem[] | null;
  /** Nothing is left of the activity. */
  isLast: boolean;
}

/** What of the amount was not returned yet. */
export function restOf(activity: Activity): Big {
  return paidFor(activity).minus(activity.refundedAmount);
}

/** What was paid: nothing for what has no payment. */
function paidFor({ amount }: Pick<Activity, 'amount'>): Big {
  return new Big(amount ?? 0);
}

/**
 * What a return takes of an activity. Returns add up, so that together they come to the whole: for
 * amounts the floor of the points times what has been returned of the amount over the amount; for units
 * of an item the floor of its own points times the units returned over its units; less what was taken
 * already. With the last of the money goes all that is left, and never more than that. The points of each
 * currency go by themselves.
 *
 * @throws Refusal INVALID a line that it does not have, or more than is left, with the rest as limit
 */
export function shareOf(activity: Activity, returned: Returned): Share {
  const rest = restOf(activity);
  const asked = askedOf(activity, returned, rest);
  if (asked.amount.gt(rest)) throw tooMuch(rest, 'items' in asked ? ['items'] : ['amount']);
  const isLast = returned === 'REST' || (rest.gt(0) && asked.amount.eq(rest));
  const leftForTier = activity.qualifyingPoints - activity.reversedQualifying;
  const back = new Big(activity.refundedAmount).plus(asked.amount);
  const forTier = floorOf(activity.qualifyingPoints, back, paidFor(activity));
  return {
    amount: asked.amount,
    points: isLast ? leftOf(activity, shared) : asked.points,
    own: isLast ? leftOf(activity, own) : asked.own,
    qualifying: isLast ? leftForTier : within(forTier - activity.reversedQualifying, leftForTier),
    items: asked.items ?? activity.items,
    isLast,
  };
}

/** Where an activity, and each of its items, has points of a currency, and what was taken back of them. */
interface Counts {
  earned: 'points' | 'ownPoints';
  reversed: 'reversedPoints' | 'ownReversed';
}

const shared: Counts = { earned: 'points', reversed: 'reversedPoints' };
const own: Counts = { earned: 'ownPoints', reversed: 'ownReversed' };

function leftOf(activity: Activity, { earned, reversed }: Counts): bigint {
  return activity[earned] - activity[reversed];
}

interface Asked {
  amount: Big;
  points: bigint;
  own: bigint;
  items?: BoughtItem[];
}

function askedOf(activity: Activity, returned: Returned, rest: Big): Asked {
  // What is last takes all that is left: its points are not asked for.
  if (returned === 'REST') return { amount: rest, points: 0n, own: 0n };
  if ('items' in returned) return unitsOf(activity, returned.items);
  const amount = new Big(returned.amount);
  if (amount.gte(rest)) return { amount, points: 0n, own: 0n };
  const items = activity.items ?? [];
  // What items have taken is apart: they have other points for their money than the rest has.
  const ofItems = items.reduce((sum, item) => sum.plus(moneyOf(item, activity)), new Big(0));
  const back = new Big(activity.refundedAmount).minus(ofItems).plus(amount);
  const pointsFor = (counts: Counts) => {
    const { earned, reversed } = counts;
    const byItems = items.reduce((sum, item) => sum + BigInt(item[reversed] ?? 0), 0n);
    const taken = activity[reversed] - byItems;
    const due = floorOf(activity[earned], back, paidFor(activity));
    return within(due - taken, leftOf(activity, counts));
  };
  return { amount, points: pointsFor(shared), own: pointsFor(own) };
}

/** What units of items take, and the items afterwards. */
function unitsOf(
  activity: Activity,
  returned: readonly { line: string; quantity: number }[],
): Asked {
  const items = (activity.items ?? []).map((item) => ({ ...item }));
  const taken = { points: 0n, ownPoints: 0n };
  let amount = new Big(0);
  returned.forEach(({ line, quantity }, place) => {
    const item = items.find((each) => each.line === line);
    const path = ['items', String(place)];
    if (!item) {
      const message = 'The activity has no such line.';
      throw new Refusal('INVALID', message, [...path, 'line'], { subject: line });
    }
    const before = item.refundedQuantity ?? 0;
    if (before + quantity > item.quantity) {
      throw tooMuch(new Big(item.quantity - before), [...path, 'quantity']);
    }
    const paid = moneyOf(item, activity);
    item.refundedQuantity = before + quantity;
    amount = amount.plus(moneyOf(item, activity)).minus(paid);
    for (const counts of activity.ownCurrency === null ? [shared] : [shared, own]) {
      const left = leftOf(activity, counts) - taken[counts.earned];
      taken[counts.earned] += takeUnits(item, counts, left);
    }
  });
  return { amount, points: taken.points, own: taken.ownPoints, items };
}

/** Takes the points of the units of an item that came back by now, and notes it. @returns how many more */
function takeUnits(item: BoughtItem, { earned, reversed }: Counts, left: bigint): bigint {
  const before = BigInt(item[reversed] ?? 0);
  const units = new Big(item.refundedQuantity ?? 0);
  const due = floorOf(BigInt(item[earned] ?? 0), units, new Big(item.quantity));
  const taken = within(due - before, left);
  item[reversed] = Number(before + taken);
  return taken;
}

/** What was paid for the units of an item that came back: of some, rounded down; of all, all of it. */
function moneyOf(
  { amount, quantity, refundedQuantity = 0 }: BoughtItem,
  { currency }: Activity,
): Big {
  if (refundedQuantity === quantity) return new Big(amount);
  const decimals = Math.max(
    // What has items has an amount.
    minorDigitsOf(currency!) ?? 0,
    new Big(amount).toFixed().split('.')[1]?.length ?? 0,
  );
  return new Big(amount).times(refundedQuantity).div(quantity).round(decimals, Big.roundDown);
}

/** The floor of points times a part over its whole; none of what is nothing. */
export function floorOf(points: bigint, part: Big, whole: Big): bigint {
  if (whole.eq(0)) return 0n;
  const exact = Exact.of(points).times(Exact.of(part.toFixed()));
  return exact.over(Exact.of(whole.toFixed())).digits;
}

function within(points: bigint, most: bigint): bigint {
  if (points < 0n) return 0n;
  return points < most ? points : most;
}

function tooMuch(rest: Big, path: string[]): Refusal {
  return new Refusal('INVALID', `No more than ${rest.toFixed()} is left to return.`, path, {
    limit: rest.toFixed(),
  });
}
