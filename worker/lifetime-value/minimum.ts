import { setImmediate } from 'node:timers/promises';

/** Where a function is lowest, as far as it was found. */
export interface Minimum {
  point: number[];
  value: number;
  /** Whether the search came to rest, and not to its last step. */
  converged: boolean;
}

/** How far a step goes: to the other side, twice as far, half-way, and towards the best. */
const reflection = -1;
const expansion = -2;
const contraction = 0.5;

/**
 * Looks downhill from a point, by values alone. Others may go on between two steps: a value may take
 * long to reckon.
 *
 * Source: J. A. Nelder and R. Mead, A simplex method for function minimization, 1965.
 *
 * @param step how far from the start the first points are
 * @param tolerance at rest, the simplex's values differ by less, and so do its points
 */
export async function minimise(
  f: (point: readonly number[]) => number,
  start: readonly number[],
  { step = 0.5, tolerance = 1e-7, stepsMax = 2_000 } = {},
): Promise<Minimum> {
  const valued = (point: number[]) => {
    const value = f(point);
    return { point, value: Number.isFinite(value) ? value : Number.MAX_VALUE };
  };
  const simplex = [
    valued([...start]),
    ...start.map((_, axis) => valued(start.map((x, i) => (i === axis ? x + step : x)))),
  ];
  for (let steps = 0; steps < stepsMax; steps++) {
    await setImmediate();
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst] = [simplex[0]!, simplex.at(-1)!];
    const width = Math.max(
      ...simplex.flatMap(({ point }) => point.map((x, i) => Math.abs(x - best.point[i]!))),
    );
    if (worst.value - best.value < tolerance && width < Math.sqrt(tolerance)) {
      return { ...best, converged: true };
    }
    const others = simplex.slice(0, -1);
    const centre = start.map(
      (_, i) => others.reduce((sum, p) => sum + p.point[i]!, 0) / start.length,
    );
    const along = (factor: number) =>
      valued(centre.map((x, i) => x + factor * (worst.point[i]! - x)));
    let next = along(reflection);
    if (next.value < best.value) {
      const further = along(expansion);
      if (further.value < next.value) next = further;
    } else if (next.value >= others.at(-1)!.value) {
      const nearer = along(next.value < worst.value ? -contraction : contraction);
      next = nearer.value < Math.min(next.value, worst.value) ? nearer : next;
    }
    if (next.value < worst.value) {
      simplex[simplex.length - 1] = next;
      continue;
    }
    for (let n = 1; n < simplex.length; n++) {
      const { point } = simplex[n]!;
      simplex[n] = valued(point.map((x, i) => best.point[i]! + contraction * (x - best.point[i]!)));
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return { ...simplex[0]!, converged: false };
}
