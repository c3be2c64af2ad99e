import { Big } from 'big.js';
import type { Facts } from './facts.ts';
import type { EarnBase } from './rows.ts';

/** An exact number that need not end: a numerator over the denominator that all bases of an activity share. */
export interface Bases {
  /** What items are parts of: the amount without its shipping; 1 for an activity without any. */
  readonly over: Big;
  /** What counts as spend of the whole, of one item, and of what no item is for: numerators. */
  whole(base: EarnBase): Big;
  item(place: number, base: EarnBase): Big;
  rest(base: EarnBase): Big;
}

/**
 * What counts as spend. Tax, discounts and what was paid in points belong to the items in proportion
 * to their amounts; shipping belongs to none.
 */
export function basesOf({ activity, items }: Facts): Bases {
  const amount = new Big(activity.amount);
  const goods = amount.minus(activity.shipping);
  const over = items.length > 0 && goods.gt(0) ? goods : new Big(1);
  const amounts = items.map((item) => new Big(goods.gt(0) ? item.amount : 0));

  function counted(of: Big, { tax, beforeDiscount, pointsPaid }: EarnBase): Big {
    const rest = of
      .minus(tax ? 0 : activity.tax)
      // Of nothing that was left to pay, a discount is no item's.
      .plus(beforeDiscount && of.gt(0) ? activity.discount : 0)
      .minus(pointsPaid ? 0 : activity.pointsPaid);
    return of.gte(0) && rest.lt(0) ? new Big(0) : rest;
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
