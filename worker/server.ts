import type { Logger } from 'pino';
import type { Config } from '../platform/config.ts';
import type { Platform } from '../platform/context.ts';
import { createServer, listenOn } from '../platform/http.ts';
import type { Metrics } from '../platform/metrics.ts';
import { measurePool } from '../platform/part-metrics.ts';
import { beginTrace, inSpan, traceFields } from '../platform/tracing.ts';
import { importApart } from './import-process.ts';
import { type Job, type JobSettings, jobs } from './jobs.ts';
import { jobMetrics, measureBacklog } from './metrics.ts';
import { type Pools, openPools } from './pools.ts';
import { openQueue } from './queue.ts';

/** The part that does what is due without anybody asking. It answers health checks alone. */
export interface Worker {
  name: 'worker';
  /** Opens its HTTP server. @returns the URL */
  listen(): Promise<string>;
  /** Finishes the job in hand and closes the server and its connections. */
  drain(): Promise<void>;
}

/** Starts the worker: its database role, its schedule, its server. */
export async function start(config: Config, platform: Platform): Promise<Worker> {
  const { limits } = config;
  const log = platform.log.child({ part: 'worker' });
  const url = config.databaseUrls.worker;
  const ending = new AbortController();
  const pools = await openPools(url, limits);
  const { longDb, partnersDb } = pools;
  const { mail, clock } = platform;
  const settings = {
    ...config,
    mail,
    clock,
    longDb,
    partnersDb,
    importWaiting: (ms: number) => importApart({ url, limits, ms }, ending.signal),
    ending: ending.signal,
  };
  const measured = measure(platform.metrics, pools, log);
  const queue = await openQueue(url, jobs, {
    limits,
    log,
    run: (job) => run(job, settings, { pools, log, measured }),
  }).catch(async (error: unknown) => {
    await pools.close();
    throw error;
  });
  const server = createServer(config, () => pools.isReachable());
  return {
    name: 'worker',
    listen: () => listenOn(server, config, 'worker'),
    async drain() {
      ending.abort();
      await server.close();
      await queue.stop();
      await pools.close();
    },
  };
}

/** Measures the worker's connections and what waits for it. @returns what counts runs of jobs */
function measure(metrics: Metrics, pools: Pools, log: Logger): ReturnType<typeof jobMetrics> {
  measurePool(metrics, 'worker', pools.db.connection);
  measurePool(metrics, 'worker long jobs', pools.longDb.connection);
  measurePool(metrics, 'worker uploads', pools.partnersDb.connection);
  measureBacklog(metrics, pools.healthDb, log);
  return jobMetrics(metrics);
}

/** Runs a job once, and writes a line about it. */
async function run(
  job: Job,
  settings: JobSettings,
  { pools, log, measured }: { pools: Pools; log: Logger; measured: ReturnType<typeof jobMetrics> },
): Promise<void> {
  const span = beginTrace(`job ${job.name}`, { attributes: { 'coalition.job': job.name } });
  const startedAt = performance.now();
  const took = () => performance.now() - startedAt;
  try {
    const rows = await inSpan(span, () => job.run(pools.db, settings));
    measured.done(job.name, took(), rows);
    log.info({ job: job.name, rows, ms: Math.round(took()), ...traceFields(span) }, 'job');
  } catch (error) {
    measured.failed(job.name, took());
    const line = { job: job.name, err: error, ms: Math.round(took()), ...traceFields(span) };
    log.error(line, 'job failed');
    throw error;
  }
}
