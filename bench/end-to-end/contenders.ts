import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { type SubgraphName, subgraphNames } from '../../platform/config.ts';
import { root } from '../../platform/root.ts';
import { viewerOf } from '../../platform/viewer.ts';
import { tokenFor } from '../../scripts/token-command.ts';
import { freePort } from '../../test/support/ports.ts';
import { viewerHeader } from './given.ts';
import type { Ground } from './ground.ts';

/** The stacks, the one first that others are compared with. */
export const contenderNames = ['stock', 'own', 'own in process', 'own unprepared'] as const;
export type ContenderName = (typeof contenderNames)[number] | 'deployed';

/** Who computes for a request besides the database. */
export const sides = ['gateway', 'subgraphs'] as const;
export type Side = (typeof sides)[number];

/** A stack whose processes answer. */
export interface Contender {
  name: ContenderName;
  port: number;
  /** How a request says who asks, where somebody does. */
  headersOf: (asker: string[]) => Promise<Record<string, string>>;
  /** Its processes. */
  pids: readonly number[];
  /** Processor time of a side by now, in ms. */
  cpuMs: (side: Side) => Promise<number>;
  stop: () => Promise<void>;
}

const startMs = 60_000;
const msPerTick = 10;

/** A program of a stack. */
interface Program {
  side: Side;
  port: number;
  /** The file, and what it is told. */
  words: string[];
  environment: Record<string, string>;
}

/** @param nodeOptions of a side's processes */
export async function startContender(
  name: ContenderName,
  { environment }: Ground,
  nodeOptions: (side: Side) => string[] = () => [],
): Promise<Contender> {
  const programs = await programsOf[name](environment);
  const children = programs.map(({ side, words, environment: env }) => ({
    side,
    // A log that is written, and read by nobody.
    child: spawn(process.execPath, [...nodeOptions(side), ...words], {
      env,
      stdio: ['ignore', 'ignore', process.env['BENCH_LOG'] ? 'inherit' : 'ignore'],
    }),
  }));
  const stop = async () => {
    await Promise.all(children.map(({ child }) => end(child)));
  };
  try {
    await Promise.all(programs.map(({ port }, place) => heard(port, children[place]!.child)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name,
    port: programs[0]!.port,
    async headersOf(asker) {
      const token = await tokenFor(asker, { ...environment, ...programs[0]!.environment });
      if (name !== 'stock') return { authorization: `Bearer ${token}` };
      return { [viewerHeader]: JSON.stringify(viewerOf(decodeJwt(token))) };
    },
    pids: children.map(({ child }) => child.pid!),
    async cpuMs(side) {
      const own = children.filter((each) => each.side === side);
      const spent = await Promise.all(own.map(({ child }) => cpuMsOf(child.pid!)));
      return spent.reduce((sum, ms) => sum + ms, 0);
    },
    stop,
  };
}

type Environment = Record<string, string>;

const programsOf: Readonly<
  Record<ContenderName, (environment: Environment) => Promise<Program[]>>
> = {
  async stock(environment) {
    const [gateway, ports] = await portsOf();
    const subgraphs = subgraphNames.map((name) => ({
      side: 'subgraphs' as const,
      port: ports[name],
      words: [here('stock-subgraph'), name],
      environment: {
        ...environment,
        PORT: String(ports[name]),
        PREPARED_STATEMENTS: 'off',
        LOG_LEVEL: 'silent',
      },
    }));
    const words = [here('stock-gateway'), gateway, ...Object.values(ports)].map(String);
    const production = { PATH: environment['PATH']!, NODE_ENV: 'production' };
    return [{ side: 'gateway', port: gateway, words, environment: production }, ...subgraphs];
  },
  own: (environment) => ownPrograms([here('own')], environment),
  async 'own in process'(environment) {
    const port = await freePort();
    const words = [here('own'), 'all'];
    return [{ side: 'gateway', port, words, environment: { ...environment, PORT: String(port) } }];
  },
  'own unprepared': (environment) =>
    ownPrograms([here('own')], { ...environment, PREPARED_STATEMENTS: 'off' }),
  // With the times that each part has in production.
  deployed: (environment) => ownPrograms([join(root, 'dist/coalition.js')], environment),
};

async function ownPrograms(program: string[], environment: Environment): Promise<Program[]> {
  const [gateway, ports] = await portsOf();
  const identity = await freePort();
  const shared: Environment = {
    ...environment,
    ISSUER: `http://localhost:${gateway}/identity`,
    IDENTITY_URL: `http://127.0.0.1:${identity}`,
  };
  for (const name of subgraphNames) {
    shared[`${name.toUpperCase().replace('-', '_')}_URL`] = `http://127.0.0.1:${ports[name]}`;
  }
  const part = (name: string, side: Side, port: number) => ({
    side,
    port,
    words: [...program, name],
    environment: { ...shared, PORT: String(port) },
  });
  return [
    part('gateway', 'gateway', gateway),
    part('identity', 'gateway', identity),
    ...subgraphNames.map((name) => part(name, 'subgraphs', ports[name])),
  ];
}

async function portsOf(): Promise<[gateway: number, ports: Record<SubgraphName, number>]> {
  const ports: Partial<Record<SubgraphName, number>> = {};
  for (const name of subgraphNames) ports[name] = await freePort();
  return [await freePort(), ports as Record<SubgraphName, number>];
}

function here(program: string): string {
  return join(root, 'dist/bench/end-to-end', `${program}.js`);
}

/** Waits until a program answers anything. @throws Error it ends instead, or is too late */
async function heard(port: number, child: ChildProcess): Promise<void> {
  const late = performance.now() + startMs;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    if (answer && answer.status !== 503) return;
    const isGone = child.exitCode !== null || child.signalCode !== null;
    if (isGone || performance.now() > late) {
      throw new Error(`${child.spawnargs.slice(1).join(' ')} does not answer.`);
    }
    await sleep(50);
  }
}

/** Linux tells it of each process. */
async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // What stands behind the name, which is in brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
