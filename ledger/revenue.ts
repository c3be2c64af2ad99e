import { split } from './largest-remainder.ts';

/**
 * Splits what a customer paid between the goods and the points that came with them, by what each
 * would cost alone. All in minor units of one currency.
 *
 * Source: IFRS 15, paragraphs 73 to 80 and B39 to B43: points are a material right.
 *
 * @param alone the points at the price of those that are expected to be redeemed
 */
export function allocatePrice(
  price: bigint,
  alone: { goods: bigint; points: bigint },
): { goods: bigint; points: bigint } {
  const [goods, points] = split(price, [alone.goods, alone.points]);
  return { goods: goods!, points: points! };
}

/** How far the points of a sale, or of many, have been redeemed. */
export interface Progress {
  /** What was allocated to the points, in minor units. */
  allocated: bigint;
  /** Points redeemed since the sale. */
  redeemed: bigint;
  /** Points that are expected to be redeemed in the end, by the estimate of today. */
  expected: bigint;
  /** Revenue of earlier periods, in minor units. */
  released: bigint;
}

/**
 * The revenue of a period, in minor units: what has been earned to date less what was released
 * before. It is negative where a higher estimate makes earlier periods too much. All is earned, and
 * never more, where as many points are redeemed as were expected.
 *
 * Source: IFRS 15, paragraphs B40 and B46, and Example 52.
 */
export function revenueToRelease({ allocated, redeemed, expected, released }: Progress): bigint {
  if (redeemed >= expected) return allocated - released;
  // Rounded to the nearest once, on the sum to date, so that the periods add up.
  return (2n * allocated * redeemed + expected) / (2n * expected) - released;
}
