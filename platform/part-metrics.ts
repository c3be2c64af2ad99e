import { Gauge, Histogram } from 'prom-client';
import type { DataSource } from 'typeorm';
import { type Metrics, durationBuckets, measures } from './metrics.ts';

/** What pg's pool tells of itself. */
interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** What every part with a database measures. */
const partMetrics = measures((registers) => {
  const pools = new Map<string, Pool>();
  new Gauge({
    name: 'coalition_pool_connections',
    help: 'Connections to the database: busy, idle, and what waits for one.',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of pools) {
        this.set({ pool, state: 'busy' }, totalCount - idleCount);
        this.set({ pool, state: 'idle' }, idleCount);
        this.set({ pool, state: 'waiting' }, waitingCount);
      }
    },
  });
  return { pools };
});

interface Answered {
  status: number;
  body: object;
}

const subgraphMetrics = measures((registers) => ({
  hops: new Histogram({
    name: 'coalition_subgraph_hop_seconds',
    help: 'Time of answers to the gateway, by how they ended: answered, errors in them, refused, or a fault.',
    labelNames: ['subgraph', 'outcome'],
    buckets: durationBuckets,
    registers,
  }),
}));

/** Measures the connections of a pool, under its name. */
export function measurePool(metrics: Metrics, name: string, { driver }: DataSource): void {
  partMetrics(metrics).pools.set(name, (driver as unknown as { master: Pool }).master);
}

/** Times a subgraph's answers. */
export function timedAnswers<Request, Answer extends Answered>(
  metrics: Metrics,
  subgraph: string,
  answer: (request: Request) => Promise<Answer>,
): (request: Request) => Promise<Answer> {
  const { hops } = subgraphMetrics(metrics);
  return async (request) => {
    const started = performance.now();
    let outcome = 'fault';
    try {
      const answered = await answer(request);
      outcome = outcomeOf(answered);
      return answered;
    } finally {
      hops.observe({ subgraph, outcome }, (performance.now() - started) / 1_000);
    }
  };
}

function outcomeOf({ status, body }: Answered): string {
  if (status !== 200) return 'refused';
  return 'errors' in body ? 'errors' : 'answered';
}
