import pg from 'pg';
import PgBoss from 'pg-boss';
import type { Logger } from 'pino';
import type { Limits } from '../platform/limits.ts';
import type { Job } from './jobs.ts';

/** The queue between the clock and the runs of jobs, as one worker sees it. */
export interface Queue {
  /** Takes no more jobs, waits for the one in hand, and closes its connections. */
  stop(): Promise<void>;
}

const schema = 'pgboss';
/** pg-boss's own queue, through which what is due comes once, however many workers look. */
const dueQueue = '__pgboss__send-it';

/**
 * Brings pg-boss's tables up to date, and makes a queue for each job. A queue is a table: the owner
 * makes it, so that the worker's role needs rights on rows alone.
 *
 * @param client the owner's, outside a transaction
 */
export async function installQueue(client: pg.Client, jobs: readonly Job[]): Promise<void> {
  const db = { executeSql: (sql: string, values: unknown[]) => client.query(sql, values) };
  const boss = await new PgBoss({ db, schema, schedule: false, supervise: false }).start();
  for (const name of [dueQueue, ...jobs.map((job) => job.name)]) {
    // One run at work and one that waits, at the most: a slow run is not joined by the next.
    const policy = name === dueQueue ? 'standard' : 'stately';
    await boss.createQueue(name, { name, policy });
  }
}

/**
 * Starts to run jobs when they are due. Each runs once, whichever worker takes it; one that fails, or
 * whose worker ends, is run again, up to the limit.
 *
 * @param url the worker's database
 * @param run does a job; what it throws counts as a failure
 */
export async function openQueue(
  url: string,
  jobs: readonly Job[],
  { limits, log, run }: { limits: Limits; log: Logger; run: (job: Job) => Promise<void> },
): Promise<Queue> {
  const pool = openPool(url, limits);
  pool.on('error', (err) => log.warn({ err }, 'queue'));
  const pauseSeconds = limits.jobPauseMs / 1_000;
  let started = false;
  const boss = new PgBoss({
    schema,
    migrate: false,
    cronMonitorIntervalSeconds: pauseSeconds,
    cronWorkerIntervalSeconds: pauseSeconds,
    maintenanceIntervalSeconds: limits.jobUpkeepMs / 1_000,
    db: {
      async executeSql(sql, values) {
        try {
          return await pool.query(sql, values);
        } catch (error) {
          if (!started) throw error;
          // pg-boss does not wait for its own note that a job has ended: a rejection would have no
          // one to hear it, and end the process. To "no answer", as from a closed pool, it is used;
          // the job stays in hand until its time is over, and is run again.
          log.warn({ err: error }, 'queue');
          return undefined as never;
        }
      },
    },
  });
  boss.on('error', (err) => log.warn({ err }, 'queue'));
  try {
    await boss.start();
    await schedule(boss, jobs, limits);
    for (const job of jobs) {
      await boss.work(job.name, { pollingIntervalSeconds: pauseSeconds }, async () => {
        // pg-boss would keep what is thrown, with a statement's values and rows in it.
        await run(job).catch(() => {
          throw new Error(`${job.name} failed: the log says why.`);
        });
      });
    }
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    await pool.end();
    throw error;
  }
  started = true;
  const stop = async () => {
    await boss.stop({ timeout: limits.drainMs });
    await pool.end();
  };
  let stopped: Promise<void> | undefined;
  return { stop: () => (stopped ??= stop()) };
}

function openPool(url: string, limits: Limits): pg.Pool {
  return new pg.Pool({
    connectionString: url,
    application_name: 'worker queue',
    max: 2,
    // No client waits for it, and a machine that is busy with the start may take its time.
    connectionTimeoutMillis: limits.drainMs,
    statement_timeout: limits.statementMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionMs,
  });
}

/** Writes down when each job is due. One that the program no longer knows is not due any more. */
async function schedule(boss: PgBoss, jobs: readonly Job[], limits: Limits): Promise<void> {
  const options = {
    retryLimit: limits.jobRetriesMax,
    retryDelay: limits.jobRetryMs / 1_000,
    retryBackoff: true,
    expireInSeconds: limits.jobMs / 1_000,
  };
  for (const { name, cron } of jobs) await boss.schedule(name, cron, undefined, options);
  const known = new Set(jobs.map(({ name }) => name));
  for (const { name } of await boss.getSchedules()) {
    if (!known.has(name)) await boss.unschedule(name);
  }
}
