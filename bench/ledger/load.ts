/** What one measurement of a round found. */
export interface Sample {
  /** Commands that were answered. */
  count: number;
  perSecond: number;
  /** Milliseconds from the call to its answer. */
  p50?: number;
  p99?: number;
}

/**
 * Keeps so many calls in flight for a time, each caller making its next call when it has the answer
 * of its last one, and waits for what is in flight at the end.
 */
export async function drive(
  inFlight: number,
  seconds: number,
  call: () => Promise<void>,
): Promise<Sample> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const deadline = startedAt + seconds * 1000;
  const caller = async () => {
    for (let at = performance.now(); at < deadline;) {
      await call();
      const now = performance.now();
      latencies.push(now - at);
      at = now;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return sampleOf(latencies, performance.now() - startedAt);
}

/** The same without a deadline: one caller, so many calls. */
export async function repeat(count: number, call: () => Promise<void>): Promise<Sample> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  for (let at = startedAt; latencies.length < count;) {
    await call();
    const now = performance.now();
    latencies.push(now - at);
    at = now;
  }
  return sampleOf(latencies, performance.now() - startedAt);
}

/** Times work that handles so many rows as a whole. */
export async function timeRows(count: number, work: () => Promise<void>): Promise<Sample> {
  const startedAt = performance.now();
  await work();
  return { count, perSecond: count / ((performance.now() - startedAt) / 1000) };
}

export function sampleOf(latencies: number[], elapsedMs: number): Sample {
  const sorted = Float64Array.from(latencies).sort();
  const quantile = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!;
  const count = latencies.length;
  return { count, perSecond: count / (elapsedMs / 1000), p50: quantile(0.5), p99: quantile(0.99) };
}
