/**
 * Offers the whole system with its demo five times what it can answer:
 * `npm run bench:overload -- --help` lists the options. The system has one core, and whatever else there
 * is, PostgreSQL and the load, the other.
 */
import '../platform/production.ts';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { readConfig } from '../platform/config.ts';
import { runProgram } from '../scripts/program.ts';
import { seed } from '../scripts/seed.ts';
import { tokenFor } from '../scripts/token-command.ts';
import { freePort } from '../test/support/ports.ts';
import { startServer } from './ledger/ground.ts';

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

/** What a member sees first: four subgraphs, some thirty statements. */
const home = `query Home($first: Int = 10) {
  me {
    id displayName memberNumber
    level { name rank }
    balances {
      currency { code name }
      available pending held
      byIssuer { issuer { name logoUrl } points }
    }
    tier { tier { name } qualifyingPoints next { tier { name } remaining percent } }
    stampCards { name current target points partner { name } }
    offers(first: $first) {
      nodes { id title endsAt activated partner { name logoUrl } }
    }
  }
  rewards(first: $first) {
    nodes { id name imageUrl kind prices { points } availability { stock } partner { name } }
  }
  feed(first: $first) { nodes { id kind title createdAt author { displayName } } }
}`;

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
  execFileSync('taskset', ['-cp', otherCore, String(process.pid)]);
  const server = await startServer();
  const dataDir = await mkdtemp(join(tmpdir(), 'coalition-overload-'));
  try {
    const { url } = await server.open('overload');
    const environment = {
      PATH: process.env['PATH']!,
      NODE_ENV: 'production',
      DATA_DIR: dataDir,
      DATABASE_URL: url('postgres'),
      PORT: String(await freePort()),
      LOG_LEVEL: 'error',
      RATE_LIMITS: 'off',
      REQUESTS_IN_FLIGHT: values.room,
    };
    await seed(readConfig(environment));
    const system = await startSystem(environment);
    const pool = new Pool(system.url, { connections });
    const token = await tokenFor(['member', 'ada@example.com'], environment);
    const code = await bench(asker(pool, token), Number(values.times), Number(values.seconds));
    await pool.close();
    await system.stop();
    return code;
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true });
  }
});

async function startSystem(env: NodeJS.ProcessEnv) {
  const program = fileURLToPath(new URL('overload/system.ts', import.meta.url));
  const child = spawn('taskset', ['-c', systemCore, process.execPath, '--import', 'tsx', program], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exit = once(child, 'exit');
  const [url] = (await Promise.race([once(child, 'message'), exit])) as unknown[];
  if (typeof url !== 'string') throw new Error(`The system ended with ${String(url)}.`);
  return {
    url,
    async stop() {
      child.disconnect();
      await exit;
    },
  };
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

function asker(pool: Pool, token: string): Ask {
  const body = JSON.stringify({ query: home });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
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
