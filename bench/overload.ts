/**
 * Offers the whole system with its demo five times what it can answer:
 * `npm run bench:overload -- --help` lists the options. The system, each part a process as it is deployed,
 * has one core, and whatever else there is, PostgreSQL and the load, the other.
 */
import '../platform/production.ts';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { runProgram } from '../scripts/program.ts';
import { startContender } from './end-to-end/contenders.ts';
import { openGround } from './end-to-end/ground.ts';
import { questions } from './end-to-end/questions.ts';

const usage = `npm run bench:overload -- [options]

  --room N       REQUESTS_IN_FLIGHT (200)
  --times N      how many times its capacity is offered (5)
  --seconds N    how long that is, and three times as long as the others (60)
`;

const [systemCore, otherCore] = ['0', '1'];
/** Requests at once while the capacity is sought. */
const flight = 16;
/** Not counted: pools are opened, plans and machine code are made. */
const warmUpSeconds = 10;
/** Of the capacity, what leaves the system at ease. */
const easyShare = 0.8;
/** From the end of the flood to when all has to be as before. */
const restSeconds = 5;
/** More than can wait: a request that waits for a connection would be the bench's own fault. */
const connections = 1_000;
const tickMs = 2;
const patientMs = 10_000;

interface Seen {
  status: number;
  ms: number;
}

/** What an answer may be; 0 is a connection that failed, 1 an answer that is not whole. */
const fine: ReadonlySet<number> = new Set([200, 503]);

type Ask = (due: number) => Promise<Seen>;

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      room: { type: 'string', default: '200' },
      times: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '60' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  // PostgreSQL is a child, and goes along.
  pin(otherCore, process.pid);
  const ground = await openGround();
  try {
    const environment = {
      ...ground.environment,
      REQUESTS_IN_FLIGHT: values.room,
      NODE_ENV: 'production',
      LOG_LEVEL: 'error',
    };
    const system = await startContender('deployed', { ...ground, environment });
    try {
      for (const pid of system.pids) pin(systemCore, pid);
      const { query, asker } = questions['home']!;
      const pool = new Pool(`http://127.0.0.1:${system.port}`, { connections });
      const ask = askerOf(pool, query, await system.headersOf(asker!));
      const code = await bench(ask, Number(values.times), Number(values.seconds));
      await pool.close();
      return code;
    } finally {
      await system.stop();
    }
  } finally {
    await ground.close();
  }
});

/** Holds a process, with all of its threads, to a core. */
function pin(core: string, pid: number): void {
  execFileSync('taskset', ['-acp', core, String(pid)]);
}

/** @returns the exit code: 1 where an answer was neither good nor 503 */
async function bench(ask: Ask, times: number, floodSeconds: number): Promise<number> {
  const seconds = floodSeconds / 3;
  await keepUp(ask, warmUpSeconds);
  const full = await keepUp(ask, seconds);
  const capacity = full.length / seconds;
  const ease = await offer(ask, easyShare * capacity, seconds);
  const flood = await offer(ask, times * capacity, floodSeconds);
  await sleep(restSeconds * 1_000);
  const after = await offer(ask, easyShare * capacity, seconds);
  const figures = {
    full: figuresOf(full, seconds),
    ease: figuresOf(ease, seconds),
    flood: figuresOf(flood, floodSeconds),
    after: figuresOf(after, seconds),
  };
  const round = (figure: number) => Number(figure.toFixed(2));
  const ratios = {
    served: round(figures.flood.served / capacity),
    p99OfFull: round(figures.flood.p99Ms / figures.full.p99Ms),
    p99OfEase: round(figures.flood.p99Ms / figures.ease.p99Ms),
  };
  process.stdout.write(`${JSON.stringify({ ...figures, ratios }, null, 2)}\n`);
  return [full, ease, flood, after].flat().every(({ status }) => fine.has(status)) ? 0 : 1;
}

function askerOf(pool: Pool, query: string, caller: Record<string, string>): Ask {
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', ...caller };
  return async (due) => {
    const seen = (status: number) => ({ status, ms: performance.now() - due });
    try {
      const answer = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers,
        body,
        headersTimeout: patientMs,
      });
      const text = await answer.body.text();
      const isWhole = answer.statusCode !== 200 || !text.includes('"errors"');
      return seen(isWhole ? answer.statusCode : 1);
    } catch {
      return seen(0);
    }
  };
}

/** Keeps so many requests in flight. */
async function keepUp(ask: Ask, seconds: number): Promise<Seen[]> {
  const seen: Seen[] = [];
  const end = performance.now() + seconds * 1_000;
  const client = async () => {
    while (performance.now() < end) seen.push(await ask(performance.now()));
  };
  await Promise.all(Array.from({ length: flight }, client));
  return seen;
}

/** Sends so many requests a second, whether or not the earlier ones are answered. */
async function offer(ask: Ask, perSecond: number, seconds: number): Promise<Seen[]> {
  const asked: Promise<Seen>[] = [];
  const start = performance.now();
  const all = Math.round(perSecond * seconds);
  while (asked.length < all) {
    const due = Math.min(all, ((performance.now() - start) / 1_000) * perSecond);
    while (asked.length < due) asked.push(ask(start + (asked.length / perSecond) * 1_000));
    await sleep(tickMs);
  }
  return Promise.all(asked);
}

function figuresOf(seen: Seen[], seconds: number) {
  const times = (wanted: number) =>
    seen
      .filter(({ status }) => status === wanted)
      .map(({ ms }) => ms)
      .sort((a, b) => a - b);
  const [served, refused] = [times(200), times(503)];
  const at = (sorted: number[], share: number) =>
    Number((sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1));
  return {
    offered: Math.round(seen.length / seconds),
    served: Math.round(served.length / seconds),
    p50Ms: at(served, 0.5),
    p99Ms: at(served, 0.99),
    refused: Math.round(refused.length / seconds),
    refusedP50Ms: at(refused, 0.5),
    refusedP99Ms: at(refused, 0.99),
    other: seen.filter(({ status }) => !fine.has(status)).length,
  };
}
