/** Writes the figures of a run, for whoever reads the output, as a line of JSON. */
export function report(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** How many there are of each kind. */
export function countsOf(kinds: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** The middle one of some times, and the longest. */
export function spreadOf(timesMs: number[]): { median: number; max: number } {
  const sorted = timesMs.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)]!, max: sorted.at(-1)! };
}
