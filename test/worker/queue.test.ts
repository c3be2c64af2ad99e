import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { roleOf } from '../../platform/config.ts';
import { rows } from '../../platform/database.ts';
import { limits as settled } from '../../platform/limits.ts';
import type { Job } from '../../worker/jobs.ts';
import { type Queue, openQueue } from '../../worker/queue.ts';
import { useTestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

const limits = { ...settled, jobPauseMs: 1_000, jobUpkeepMs: 1_000, jobRetryMs: 1_000 };
const log = pino({ level: 'silent' });
/** Due once a year: what runs in a test was put into the queue by it. */
const yearly = (name: string): Job => ({
  name,
  cron: '0 0 1 1 *',
  run: () => Promise.resolve(0),
});

describe('the queue of the worker', () => {
  const test = useTestDatabase();
  const name = 'clear-identity-records';
  const open: Queue[] = [];
  let runs = 0;
  const openWith = async (
    run: () => Promise<void> = () => Promise.resolve(),
    jobs: Job[] = [yearly(name)],
  ) => {
    const counted = () => {
      runs++;
      return run();
    };
    const queue = await openQueue(test.url(roleOf('worker')), jobs, { limits, log, run: counted });
    open.push(queue);
    return queue;
  };
  const states = async () =>
    (
      await rows<{ state: string }>(
        test.owner(),
        'SELECT state::text FROM pgboss.job WHERE name = $1 ORDER BY created_on',
        [name],
      )
    ).map(({ state }) => state);

  beforeEach(async () => {
    runs = 0;
    await rows(test.owner(), 'DELETE FROM pgboss.job');
  });
  afterEach(() => Promise.all(open.splice(0).map((queue) => queue.stop())));

  it('knows when each job is due, and forgets one that is no more', async () => {
    await openWith(undefined, [yearly(name), yearly('clear-verifications')]);
    const schedules = () =>
      rows(test.owner(), 'SELECT name, cron, timezone FROM pgboss.schedule ORDER BY name');
    const due = { cron: '0 0 1 1 *', timezone: 'UTC' };
    expect(await schedules()).toEqual([
      { name, ...due },
      { name: 'clear-verifications', ...due },
    ]);

    await openWith();

    expect(await schedules()).toEqual([{ name, ...due }]);
  });

  it('runs what is due once, however many workers there are', async () => {
    await untilEarlyInTheMinute();
    const everyMinute = [{ ...yearly(name), cron: '* * * * *' }];
    await Promise.all([1, 2, 3].map(() => openWith(undefined, everyMinute)));

    await until(async () => (await states()).includes('completed'));
    // Long enough for the others to look for it as well.
    await sleep(2_500);

    expect(runs).toBe(1);
    expect(await states()).toEqual(['completed']);
  });

  it('runs no job twice at the same time', async () => {
    let atOnce = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++atOnce);
      await sleep(1_500);
      atOnce--;
    };
    await Promise.all([openWith(slow), openWith(slow)]);
    await put();
    await until(async () => (await states()).includes('active'));
    await put();

    await until(async () => (await states()).filter((state) => state === 'completed').length === 2);

    expect({ runs, most }).toEqual({ runs: 2, most: 1 });
  });

  it('runs a job again that failed, up to the limit', async () => {
    await put({ retries: 2 });
    const error = Object.assign(new Error('not today'), {
      detail: 'Key (email)=(ada@example.com)',
    });
    await openWith(() => Promise.reject(error));

    await until(async () => (await states()).includes('failed'));

    expect(runs).toBe(3);
    const kept = await rows<{ output: string }>(
      test.owner(),
      'SELECT output::text FROM pgboss.job',
    );
    expect(kept.map(({ output }) => output).join()).not.toContain('ada');
  });

  it('runs a job again whose worker ended over it', async () => {
    await put({ retries: 2, takenAgo: '1 hour' });

    await openWith();

    await until(async () => (await states()).includes('completed'));
    expect(runs).toBe(1);
  });

  it('stops after the job in hand, and takes no other', async () => {
    let done = false;
    const queue = await openWith(async () => {
      await sleep(1_000);
      done = true;
    });
    await put();
    await until(() => Promise.resolve(runs === 1));

    await queue.stop();

    expect(done).toBe(true);
    expect(await states()).toEqual(['completed']);
    await put();
    await sleep(1_500);
    expect(runs).toBe(1);
  });

  /** Puts a run into the queue, as what is due does; `takenAgo` by a worker that is no more. */
  function put({ retries = 0, takenAgo }: { retries?: number; takenAgo?: string } = {}) {
    return rows(
      test.owner(),
      `INSERT INTO pgboss.job
         (name, policy, retry_limit, retry_delay, expire_in, state, started_on)
       VALUES ($1, 'stately', $2, 0, interval '1 minute', $3::pgboss.job_state,
               now() - $4::interval)`,
      [name, retries, takenAgo ? 'active' : 'created', takenAgo ?? null],
    );
  }
});

/** What is due in this minute is due again in the next: the test keeps within one. */
async function untilEarlyInTheMinute(): Promise<void> {
  while (new Date().getSeconds() >= 48) await sleep(500);
}
