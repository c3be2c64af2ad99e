import { Exact, none, one } from './exact.ts';
import type { Facts } from './facts.ts';
import type { EarnBase } from './rows.ts';

/** An exact number that need not end: a numerator over the denominator that all bases of an activity share. */
export interface Bases {
  /** What items are parts of: the amount without its shipping; 1 for an activity without any. */
  readonly over: Exact;
  /** What counts as spend of the whole, of one item, and of what no item is for: numerators. */
  whole(base: EarnBase): Exact;
  item(place: number, base: EarnBase): Exact;
  rest(base: EarnBase): Exact;
}

/**
 * What counts as spend. Tax, discounts and what was paid in points belong to the items in proportion
 * to their amounts; shipping belongs to none. Of a stay it is what the rooms cost, where that is known:
 * without tax and after discounts, whatever a rule says of these.
 */
export function basesOf({ activity, items }: Facts): Bases {
  const { roomRevenue } = activity.stay;
  if (roomRevenue !== null) return basesOfRooms(roomRevenue, activity.pointsPaid);
  const amount = Exact.of(activity.amount);
  const goods = amount.minus(Exact.of(activity.shipping));
  const over = items.length > 0 && goods.sign > 0 ? goods : one;
  const amounts = items.map((item) => (goods.sign > 0 ? Exact.of(item.amount) : none));

  const tax = Exact.of(activity.tax);
  const discount = Exact.of(activity.discount);
  const inPoints = Exact.of(activity.pointsPaid);

  function counted(of: Exact, base: EarnBase): Exact {
    let rest = base.tax ? of : of.minus(tax);
    // Of nothing that was left to pay, a discount is no item's.
    if (base.beforeDiscount && of.sign > 0) rest = rest.plus(discount);
    if (!base.pointsPaid) rest = rest.minus(inPoints);
    return of.sign >= 0 && rest.sign < 0 ? none : rest;
  }
  const whole = (base: EarnBase) => counted(base.shipping ? amount : goods, base).times(over);
  const item = (place: number, base: EarnBase) => amounts[place]!.times(counted(goods, base));
  return {
    over,
    whole,
    item,
    rest: (base) => amounts.reduce((left, _, place) => left.minus(item(place, base)), whole(base)),
  };
}

function basesOfRooms(revenue: string, pointsPaid: string): Bases {
  const whole = ({ pointsPaid: counts }: EarnBase) => {
    const rest = Exact.of(revenue).minus(counts ? none : Exact.of(pointsPaid));
    return rest.sign < 0 ? none : rest;
  };
  return { over: one, whole, item: () => none, rest: whole };
}
