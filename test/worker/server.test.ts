import { setTimeout as sleep } from 'node:timers/promises';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { roleOf } from '../../platform/config.ts';
import { limits } from '../../platform/limits.ts';
import { rows } from '../../platform/database.ts';
import { root } from '../../platform/root.ts';
import { jobs } from '../../worker/jobs.ts';
import { measureBacklog } from '../../worker/metrics.ts';
import { openPools } from '../../worker/pools.ts';
import { start } from '../../worker/server.ts';
import { openTraces } from '../../platform/trace-export.ts';
import { startCollector } from '../support/collector.ts';
import { useTestDatabase } from '../support/database.ts';
import { freePort } from '../support/ports.ts';
import { configOn, testPlatform } from '../support/subgraph.ts';
import { until } from '../support/until.ts';

describe('the worker', () => {
  const test = useTestDatabase();

  it('runs every job under its own role, each with a line, and drains', async () => {
    const lines: string[] = [];
    const log = pino(new Writable({ write: (line, _, done) => done(void lines.push(`${line}`)) }));
    for (const { name } of jobs) await put(name);
    await rows(
      test.owner(),
      `INSERT INTO identity.oidc_record (model, id, payload, expires_at)
       SELECT 'Session', n, '{}', now() - interval '1 hour' FROM generate_series(1, 3) n`,
    );
    const metrics = new Registry();
    const port = await freePort();
    const config = configOn(test);
    const collector = await startCollector();
    const traces = await openTraces({ ...config, traces: collector.settings }, log, 'worker');
    const worker = await start(
      {
        ...config,
        ports: { ...config.ports, worker: port },
        limits: { ...config.limits, webhookWatchMs: 0, importWatchMs: 0 },
      },
      { ...testPlatform(), log, metrics },
    );
    const url = await worker.listen();

    await until(async () => (await states()).every((state) => state === 'completed'));
    const ready = await fetch(`${url}/health/ready`);
    const measured = await metrics.metrics();
    await worker.drain();
    await traces.close();
    await collector.close();

    expect(ready.status).toBe(200);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
    const told = lines.map(
      (line) => JSON.parse(line) as Record<'job' | 'trace_id', string> & { rows: number },
    );
    // There is nothing to do but for one, and the ledger's first months of both shared currencies, which are
    // over.
    expect(Object.fromEntries(told.map(({ job, rows }) => [job, rows]))).toEqual({
      ...Object.fromEntries(jobs.map(({ name }) => [name, 0])),
      'clear-identity-records': 3,
      'close-ledger-months': 2,
    });
    const { spans } = collector;
    for (const { name } of jobs) {
      const { trace_id } = told.find(({ job }) => job === name)!;
      const [run, ...parts] = spans.filter(({ traceId }) => traceId === trace_id).reverse();
      expect(run!.name).toBe(`job ${name}`);
      expect(parts.every(({ parentSpanId }) => parentSpanId === run!.spanId)).toBe(true);
      expect(measured).toMatch(
        new RegExp(`^coalition_worker_job_seconds_count{job="${name}",outcome="done"} 1$`, 'm'),
      );
    }
    expect(measured).toContain('coalition_worker_job_rows_total{job="clear-identity-records"} 3\n');
    expect(measured).toContain('coalition_worker_waiting{of="jobs"} 0\n');
    expect(measured).toContain('coalition_outbox_age_seconds{of="webhooks"} 0\n');
    expect(measured).toMatch(/^coalition_pool_connections{pool="worker",state="idle"} \d$/m);
  });

  it('has connections for what is quick while long steps have all of theirs', async () => {
    const pools = await openPools(test.url(roleOf('worker')), limits);
    const ends: string[] = [];
    const ended = (name: string) => () => ends.push(name);
    const times = (count: number, call: () => Promise<unknown>) =>
      Array.from({ length: count }, call);

    const long = times(limits.longJobConnections + 1, () =>
      rows(pools.longDb, 'SELECT pg_sleep(0.5)').then(ended('long')),
    );
    await Promise.all([
      ...times(8, () => rows(pools.db, 'SELECT 1').then(ended('quick'))),
      pools.isReachable().then(ended('health')),
    ]);
    await Promise.all(long);

    await pools.close();
    expect(ends.slice(-3)).toEqual(['long', 'long', 'long']);
  });

  it('outlives its database, also where that goes while a job is in hand', async () => {
    await rows(test.owner(), 'DELETE FROM pgboss.job');
    await put('clear-identity-records');
    const port = await freePort();
    const health = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status;
    const database = new URL(test.url('postgres')).pathname.slice(1);
    const worker = [roleOf('worker'), database];
    let child: ChildProcess | undefined;
    await test.owner().transaction(async (tx) => {
      await rows(tx, 'LOCK TABLE identity.oidc_record');
      child = startWorker(port);
      // Asked in the transaction, which may not be idle for long.
      await until(async () => (await states(tx)).includes('active'));
      // The job waits for the lock. Its database goes away, to all but the superuser.
      await rows(test.owner(), `REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC`);
      await rows(
        tx,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE usename = $1 AND datname = $2`,
        worker,
      );
    });
    try {
      await until(async () => (await health()) === 503);
      // What pg-boss could not write must have come back to it by now.
      await sleep(1_000);
      expect(child!.exitCode).toBeNull();

      await rows(test.owner(), `GRANT CONNECT ON DATABASE ${database} TO PUBLIC`);

      await until(async () => (await health()) === 200);
    } finally {
      const exit = new Promise((resolve) => child!.once('exit', resolve));
      child!.kill('SIGTERM');
      expect(await exit).toBe(0);
    }
  });

  it('tells what waits for it, whenever that is collected', async () => {
    await rows(test.owner(), 'DELETE FROM pgboss.job');
    await put(jobs[0]!.name);
    await rows(
      test.owner(),
      `INSERT INTO platform.outbox (id, type, payload, occurred_at)
       SELECT gen_random_uuid(), 'nothing.heard', '{}', now() - n * interval '1 hour'
       FROM generate_series(1, 2) n ORDER BY n DESC`,
    );
    const metrics = new Registry();
    const log = pino({ level: 'silent' });
    measureBacklog(metrics, test.db('worker'), log);

    const waits = await metrics.metrics();
    const unreachable = new Registry();
    const broken = { query: () => Promise.reject(new Error('away')) } as never;
    measureBacklog(unreachable, broken, log);
    const away = await unreachable.metrics();

    expect(waits).toContain('coalition_worker_waiting{of="jobs"} 1\n');
    expect(waits).toContain('coalition_worker_waiting{of="deliveries"} 0\n');
    expect(waits).toMatch(/^coalition_outbox_age_seconds{of="webhooks"} 72\d\d\.?\d*$/m);
    expect(away).not.toMatch(/^coalition_(worker_waiting|outbox_age_seconds){/m);
  });

  function startWorker(port: number): ChildProcess {
    return spawn('node', [join(root, 'dist/coalition.js'), 'worker'], {
      env: {
        PATH: process.env['PATH']!,
        WORKER_DATABASE_URL: test.url(roleOf('worker')),
        DATABASE_URL: test.url('postgres'),
        HOP_KEYS: 'test:0123456789abcdef0123456789abcdef',
        SEAL_KEY: Buffer.alloc(32, 7).toString('base64url'),
        PORT: String(port),
        LOG_LEVEL: 'silent',
      },
      stdio: 'ignore',
    });
  }

  function put(name: string): Promise<unknown> {
    return rows(test.owner(), `INSERT INTO pgboss.job (name, policy) VALUES ($1, 'stately')`, [
      name,
    ]);
  }

  async function states(db = test.owner()): Promise<string[]> {
    const found = await rows<{ state: string }>(
      db,
      `SELECT state::text FROM pgboss.job WHERE name NOT LIKE '\\_\\_%'`,
    );
    return found.map(({ state }) => state);
  }
});
