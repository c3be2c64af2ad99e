import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Config } from '../platform/config.ts';
import type { Platform } from '../platform/context.ts';
import { isReachable, openDatabase } from '../platform/connection.ts';
import { createServer, listenOn } from '../platform/http.ts';
import { type Job, type JobSettings, jobs } from './jobs.ts';
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
  const settings = { ...config, mail: platform.mail };
  // One connection runs the jobs, and one is left for health checks.
  const source = await openDatabase(url, [], { ...limits, poolConnections: 2 }, 'worker');
  const queue = await openQueue(url, jobs, {
    limits,
    log,
    run: (job) => run(job, settings, { source, log }),
  }).catch(async (error: unknown) => {
    await source.destroy();
    throw error;
  });
  const server = createServer(config, () => isReachable(source));
  return {
    name: 'worker',
    listen: () => listenOn(server, config, 'worker'),
    async drain() {
      await server.close();
      await queue.stop();
      await source.destroy();
    },
  };
}

/** Runs a job once, and writes a line about it. */
async function run(
  job: Job,
  settings: JobSettings,
  { source, log }: { source: DataSource; log: Logger },
): Promise<void> {
  const startedAt = performance.now();
  const took = () => Math.round(performance.now() - startedAt);
  try {
    const rows = await job.run(source.manager, settings);
    log.info({ job: job.name, rows, ms: took() }, 'job');
  } catch (error) {
    log.error({ job: job.name, err: error, ms: took() }, 'job failed');
    throw error;
  }
}
