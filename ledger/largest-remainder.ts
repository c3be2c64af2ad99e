/**
 * Splits a total into whole shares by weight, by largest remainder: each share is rounded toward zero,
 * and what is left goes, one by one, to those that lost most; of equals, to the earlier. The shares
 * add up to the total, and those of a negative total are those of the positive one, negated.
 *
 * @param weights not negative, at least one positive, in the order of the ids that they stand for
 * @throws RangeError the weights are not so
 */
export function split(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((added, weight) => added + weight, 0n);
  if (sum <= 0n || weights.some((weight) => weight < 0n)) {
    throw new RangeError('The weights of a split are not negative, and one at least is positive.');
  }
  if (total < 0n) return split(-total, weights).map((share) => -share);
  const shares = weights.map((weight) => (total * weight) / sum);
  const lost = weights.map((weight) => (total * weight) % sum);
  const left = total - shares.reduce((added, share) => added + share, 0n);
  const order = lost
    .map((_, index) => index)
    .sort((a, b) => Number(lost[b]! > lost[a]!) - Number(lost[b]! < lost[a]!));
  for (const index of order.slice(0, Number(left))) shares[index]! += 1n;
  return shares;
}
