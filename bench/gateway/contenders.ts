import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../platform/root.ts';
import type { Given, SubgraphUrls } from './given.ts';

/** The gateways, the one first that others are compared with. */
export const contenderNames = [
  'stock',
  'hive',
  'own',
  'own in process',
  'own traced 1%',
  'own traced',
] as const;
export type ContenderName = (typeof contenderNames)[number];
/** Those that are measured unless others are named. */
export const usualContenders = contenderNames.slice(0, 4);

/** A gateway's process. */
export interface Contender {
  name: ContenderName;
  port: number;
  /** Its processor time by now, in ms. */
  cpuMs: () => Promise<number>;
  /** The most memory that it had by now, in MB. */
  peakMb: () => Promise<number>;
  stop: () => Promise<void>;
}

/** The gateway's core; everything else has the other. */
const gatewayCore = '0';
const otherCore = '1';

const startMs = 60_000;
const msPerTick = 10;

const programs: Readonly<Record<ContenderName, readonly [string, ...string[]]>> = {
  stock: ['stock'],
  hive: ['hive'],
  own: ['own'],
  'own in process': ['own', 'in-process'],
  'own traced 1%': ['own', 'http', '0.01'],
  'own traced': ['own', 'http', '1'],
};

/** What Node is started with by `npm start`, and each gateway here. */
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: { start: string };
};
const startOptions = scripts.start.match(/--\S+/g) ?? [];

/** Starts a gateway on the core that is theirs. */
export async function startContender(
  name: ContenderName,
  given: Given,
  nodeOptions: readonly string[],
): Promise<Contender> {
  const [program, ...args] = programs[name];
  const options = [...startOptions, ...nodeOptions];
  const child = onCore(gatewayCore, program, [JSON.stringify(given), ...args], options);
  const port = (await messageOf(child)) as number;
  const { pid } = child;
  return {
    name,
    port,
    async cpuMs() {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // What stands behind the name, which is in brackets.
      const [user, system] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13);
      return (Number(user) + Number(system)) * msPerTick;
    },
    async peakMb() {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1_024);
    },
    stop: () => end(child),
  };
}

/** Starts the subgraphs beside the load. */
export async function startSubgraphs(): Promise<{
  urls: SubgraphUrls;
  stop: () => Promise<void>;
}> {
  const child = onCore(otherCore, 'subgraphs', [], []);
  const urls = (await messageOf(child)) as SubgraphUrls;
  return { urls, stop: () => end(child) };
}

function onCore(
  core: string,
  program: string,
  args: readonly string[],
  nodeOptions: readonly string[],
): ChildProcess {
  const file = fileURLToPath(new URL(`${program}.js`, import.meta.url));
  return spawn('taskset', ['-c', core, process.execPath, ...nodeOptions, file, ...args], {
    env: { ...process.env, NODE_ENV: 'production' },
    // A log that is written, and read by nobody.
    stdio: ['ignore', 'ignore', process.env['BENCH_LOG'] ? 'inherit' : 'ignore', 'ipc'],
  });
}

/** The first thing that a process says. @throws Error it ends instead, or is too late */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.at(-1)} ended with ${code}.`);
  });
  const late = AbortSignal.timeout(startMs);
  const [message] = (await Promise.race([once(child, 'message', { signal: late }), ended])) as [
    unknown,
  ];
  ended.catch(() => undefined);
  return message;
}

async function end(child: ChildProcess): Promise<void> {
  if (!child.connected) return;
  child.disconnect();
  await once(child, 'exit');
}

const hivePackages = {
  '@graphql-hive/gateway-runtime': '2.12.1',
  '@graphql-hive/router-runtime': '1.4.23',
  '@graphql-mesh/transport-http': '1.2.1',
  graphql: '16.15.0',
};

/** Installs the Hive gateway in a folder of its own; null where that cannot be done. */
export async function installHive(): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-hive-'));
  const needs = {
    private: true,
    dependencies: hivePackages,
    // Later ones need Node 22.
    overrides: { '@graphql-tools/batch-execute': '10.2.0' },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(needs));
  try {
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: 'ignore',
    });
  } catch {
    await rm(folder, { recursive: true });
    process.stderr.write('Hive Gateway cannot be installed here, and is left out.\n');
    return null;
  }
  return folder;
}
