import { Counter, Gauge, Histogram } from 'prom-client';
import type { Logger } from 'pino';
import { type Database, rows } from '../platform/database.ts';
import { type Metrics, durationBuckets, measures } from '../platform/metrics.ts';

const workerMetrics = measures((registers) => {
  const backlog: { read: () => Promise<Backlog | null> } = { read: () => Promise.resolve(null) };
  new Gauge({
    name: 'coalition_worker_waiting',
    help: 'What waits for a worker: runs of jobs, and deliveries to webhooks.',
    labelNames: ['of'],
    registers,
    async collect() {
      const read = await backlog.read();
      this.reset();
      if (!read) return;
      this.set({ of: 'jobs' }, read.jobs);
      this.set({ of: 'deliveries' }, read.deliveries);
    },
  });
  new Gauge({
    name: 'coalition_outbox_age_seconds',
    help: 'How long the oldest event waits that was not put before the webhooks; 0 where none waits.',
    // A value for each label: none where the database does not answer.
    labelNames: ['of'],
    registers,
    async collect() {
      const read = await backlog.read();
      this.reset();
      if (read) this.set({ of: 'webhooks' }, read.outboxSeconds);
    },
  });
  return {
    backlog,
    jobs: new Histogram({
      name: 'coalition_worker_job_seconds',
      help: 'Time of runs of jobs, by how they ended: done or failed.',
      labelNames: ['job', 'outcome'],
      buckets: durationBuckets,
      registers,
    }),
    rows: new Counter({
      name: 'coalition_worker_job_rows_total',
      help: 'What runs of jobs made, cleared or changed.',
      labelNames: ['job'],
      registers,
    }),
  };
});

interface Backlog {
  jobs: number;
  deliveries: number;
  outboxSeconds: number;
}

/** How long what was read serves all who ask. */
const freshMs = 1_000;

/** Counts and times runs of jobs. */
export function jobMetrics(metrics: Metrics) {
  const { jobs, rows: counted } = workerMetrics(metrics);
  return {
    done(job: string, ms: number, changed: number): void {
      jobs.observe({ job, outcome: 'done' }, ms / 1_000);
      counted.inc({ job }, changed);
    },
    failed(job: string, ms: number): void {
      jobs.observe({ job, outcome: 'failed' }, ms / 1_000);
    },
  };
}

/** Measures, whenever somebody collects, what waits for workers. */
export function measureBacklog(metrics: Metrics, db: Database, log: Logger): void {
  let readAt = -Infinity;
  let last: Promise<Backlog | null> = Promise.resolve(null);
  workerMetrics(metrics).backlog.read = () => {
    if (performance.now() - readAt > freshMs) {
      readAt = performance.now();
      last = readBacklog(db).catch((err: unknown) => {
        log.warn({ err }, 'what waits cannot be counted');
        return null;
      });
    }
    return last;
  };
}

async function readBacklog(db: Database): Promise<Backlog> {
  const [read] = await rows<Backlog>(
    db,
    `SELECT (SELECT count(*)::integer FROM pgboss.job
             WHERE state < 'active' AND NOT starts_with(name, '__pgboss__')) AS jobs,
       deliveries, outbox_seconds AS "outboxSeconds"
     FROM partners.delivery_backlog()`,
  );
  return read!;
}
