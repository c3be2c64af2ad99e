/** Whether rates together make points of nothing. Exact: products of whole numbers, never floats. */

/** So many points of one currency become so many of another, at best. */
export interface Exchange {
  from: string;
  to: string;
  cost: bigint;
  gain: bigint;
}

/** What one point of the start has become, as a fraction, and by which currencies. */
interface Reached {
  gain: bigint;
  cost: bigint;
  path: string[];
}

/**
 * The cycle of currencies through an exchange in which points grow; null where there is none. The others
 * are taken to have none among themselves: each was looked at when it was added.
 *
 * @param exchanges the added one too; of a pair that has several, each may be used
 * @returns "A", "B", "A" where A becomes B and more of A again
 */
export function profitableCycle(exchanges: readonly Exchange[], added: Exchange): string[] | null {
  const others = exchanges.filter(({ from, to }) => from !== added.from || to !== added.to);
  const best = new Map<string, Reached>([[added.to, { gain: 1n, cost: 1n, path: [added.to] }]]);
  // The best way visits each currency once at most: a round more for each of them finds it.
  const rounds = new Set(exchanges.flatMap(({ from, to }) => [from, to])).size;
  for (let round = 0, grew = true; grew && round < rounds; round++) {
    grew = false;
    for (const { from, to, gain, cost } of others) {
      const here = best.get(from);
      if (!here || from === added.from) continue;
      const next = { gain: here.gain * gain, cost: here.cost * cost, path: [...here.path, to] };
      const known = best.get(to);
      if (known && next.gain * known.cost <= known.gain * next.cost) continue;
      best.set(to, next);
      grew = true;
    }
  }
  const back = best.get(added.from);
  if (!back || back.gain * added.gain <= back.cost * added.cost) return null;
  return [added.from, ...back.path];
}
