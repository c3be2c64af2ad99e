/**
 * Measures `recordActivity` as partners' tills meet it, over HTTP through the gateway, with a process for each
 * part, and what each call costs each of them: `npm run bench:recording-gateway -- --help` lists the options.
 */
import '../platform/production.ts';
import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { runProgram } from '../scripts/program.ts';
import { enrolProvisional } from '../subgraphs/partners/activities/members.ts';
import { Activity } from '../subgraphs/partners/entities.ts';
import { openTestDatabase } from '../test/support/database.ts';
import { givenPartner } from '../test/support/given-partners.ts';
import { type RunningSystem, startAsProcesses } from '../test/support/system.ts';
import { startServer } from './ledger/ground.ts';

const usage = `npm run bench:recording-gateway -- [options]

  --flight LIST  calls in flight, by commas (1,16,64)
  --partners N   whose tills they come from (5)
  --seconds N    how long each measurement takes (8)
  --rounds N     how often each is made, by turns (3)
`;

/** Of each partner. */
const members = 1_000;
/** Not counted: connections are opened and plans are made. */
const warmUpSeconds = 4;
const ticksPerSecond = 100;
const mutation = `mutation ($input: ActivityInput!) { recordActivity(input: $input) {
  activity { id points status } userErrors { code message } } }`;

/** Who computes for a call, as the table has it. */
const sides = ['tills', 'gateway', 'partners', 'other parts', 'database'] as const;
type Times = Record<(typeof sides)[number], number>;

interface Measured {
  flight: number;
  took: number[];
  seconds: number;
  times: Times;
}

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      flight: { type: 'string', default: '1,16,64' },
      partners: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '8' },
      rounds: { type: 'string', default: '3' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const server = await startServer();
  try {
    const { url } = await server.open('recording');
    const test = await openTestDatabase(url);
    const codes = Array.from({ length: Number(values.partners) }, (_, place) => `TILLS-${place}`);
    for (const code of codes) await makePartner(test, code);
    const system = await startAsProcesses({ url }, { RATE_LIMITS: 'off' });
    try {
      const tokens = await Promise.all(
        codes.map((code) => system.token('partner', code, 'accruals:write')),
      );
      const flights = values.flight.split(',').map(Number);
      const tills = { system, tokens, cluster: basename(server.host) };
      const warm = await measure(tills, Math.max(...flights), warmUpSeconds);
      const all: Measured[] = [];
      for (let round = 1; round <= Number(values.rounds); round++) {
        for (const flight of flights)
          all.push(await measure(tills, flight, Number(values.seconds)));
      }
      report(flights, all);
      const answered = [warm, ...all].reduce((sum, { took }) => sum + took.length, 0);
      const recorded = await test.db('partners').countBy(Activity, { sandbox: false });
      process.stdout.write(
        `\n${answered} answered, ${recorded} recorded; ${cpus().length} cores.\n`,
      );
      return answered === recorded ? 0 : 1;
    } finally {
      await system.stop();
      await test.close();
    }
  } finally {
    await server.close();
  }
});

/** A partner with a rule of a point a unit, and members that it knows by their accounts. */
async function makePartner(test: Parameters<typeof givenPartner>[0], code: string): Promise<void> {
  const partnerId = await givenPartner(test, { code });
  const accounts = Array.from({ length: members }, (_, index) => `c-${index}`);
  const at = { partnerId, sandbox: false, at: new Date() };
  await enrolProvisional(test.db('partners'), accounts, at);
}

interface Tills {
  system: RunningSystem;
  /** Of each partner. */
  tokens: string[];
  /** What the processes of its PostgreSQL are called. */
  cluster: string;
}

/** Keeps calls in flight, and looks what everybody computed meanwhile. */
async function measure({ system, tokens, cluster }: Tills, flight: number, seconds: number) {
  const took: number[] = [];
  const before = await timesOf(cluster);
  const startedAt = performance.now();
  const end = startedAt + seconds * 1_000;
  async function till(): Promise<void> {
    while (performance.now() < end) {
      const token = tokens[Math.floor(Math.random() * tokens.length)]!;
      const sentAt = performance.now();
      const answer = await system.ask(token, mutation, { input: aPurchase() });
      took.push(performance.now() - sentAt);
      requirePosted(answer);
    }
  }
  await Promise.all(Array.from({ length: flight }, till));
  const elapsed = (performance.now() - startedAt) / 1_000;
  const after = await timesOf(cluster);
  const times = Object.fromEntries(
    sides.map((side) => [side, after[side] - before[side]]),
  ) as Times;
  await sleep(500);
  return { flight, took, seconds: elapsed, times };
}

function aPurchase() {
  return {
    member: { partnerAccount: `c-${Math.floor(Math.random() * members)}` },
    kind: 'PURCHASE',
    reference: randomUUID(),
    occurredAt: new Date(),
    amount: { amount: '12.50', currency: 'EUR' },
  };
}

/** @throws Error it was refused, or earned something else */
function requirePosted({ data, errors }: Awaited<ReturnType<RunningSystem['ask']>>): void {
  const payload = data?.['recordActivity'] as
    { activity: { points: number; status: string } | null } | undefined;
  if (payload?.activity?.points === 12 && payload.activity.status === 'POSTED') return;
  throw new Error(`Not recorded: ${JSON.stringify({ data, errors })}`);
}

/** Seconds of processor time by now. Linux tells them of each process. */
async function timesOf(cluster: string): Promise<Times> {
  const { user, system } = process.cpuUsage();
  const times: Times = {
    tills: (user + system) / 1_000_000,
    gateway: 0,
    partners: 0,
    'other parts': 0,
    database: 0,
  };
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // What stands behind the name, which is in brackets: the parent, and the times of it and of children that ended.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const spent = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
    const side = sideOf(command, Number(fields[1]) === process.pid, cluster);
    if (side) times[side] += spent / ticksPerSecond;
  }
  return times;
}

function sideOf(command: string, isOwn: boolean, cluster: string): keyof Times | null {
  if (command.includes(cluster)) return 'database';
  const part = /coalition\.js\0(.+?)\0/.exec(command)?.[1];
  if (!isOwn || !part) return null;
  return part === 'gateway' || part === 'partners' ? part : 'other parts';
}

/** By calls in flight: the middle round, and what a call costs in it. */
function report(flights: number[], all: Measured[]): void {
  const [load] = loadavg();
  process.stdout.write(
    `| in flight | a second | p50 ms | p99 ms | ${sides.map((side) => `${side} ms`).join(' | ')} |\n` +
      `|${' ---: |'.repeat(4 + sides.length)}\n`,
  );
  for (const flight of flights) {
    const rounds = all
      .filter((each) => each.flight === flight)
      .sort((a, b) => perSecond(a) - perSecond(b));
    const middle = rounds[rounds.length >> 1]!;
    const sorted = middle.took.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)]!.toFixed(1);
    const range = `${perSecond(middle)} (${perSecond(rounds[0]!)} to ${perSecond(rounds.at(-1)!)})`;
    const costs = sides.map((side) =>
      ((middle.times[side] * 1_000) / middle.took.length).toFixed(2),
    );
    process.stdout.write(`| ${[flight, range, at(0.5), at(0.99), ...costs].join(' | ')} |\n`);
  }
  process.stdout.write(`\nload ${load!.toFixed(1)}\n`);
}

function perSecond({ took, seconds }: Measured): number {
  return Math.round(took.length / seconds);
}
