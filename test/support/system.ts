import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Clock, databaseClock } from '../../platform/clock.ts';
import {
  type Config,
  type SubgraphName,
  readConfig,
  subgraphNames,
} from '../../platform/config.ts';
import { socketFolder } from '../../platform/embedded-postgres.ts';
import { root } from '../../platform/root.ts';
import { tokenFor } from '../../scripts/token-command.ts';
import { type System, openPlatform, startSystem } from '../../system.ts';
import { patient, testConfig } from './config.ts';
import type { TestDatabase } from './database.ts';
import { freePort } from './ports.ts';
import type { GraphQLAnswer } from './subgraph.ts';

/** A system that listens, as its users meet it. */
export interface RunningSystem {
  /** The gateway's URL. */
  url: string;
  /** Calls a subgraph past the gateway, with a token and no signed hop. @returns the HTTP status */
  callDirectly(name: SubgraphName, token: string): Promise<number>;
  /** One GraphQL request over HTTP. */
  ask(token: string | null, query: string, variables?: object): Promise<GraphQLAnswer>;
  /** What `npm run -s token -- …` prints. */
  token(...words: string[]): Promise<string>;
  /** The code of the one mail that goes out. */
  mailedCode(): Promise<string>;
  /** What the pattern finds in a mail to the address, the newest first. */
  mailedTo(address: string, pattern: RegExp): Promise<string>;
  /** Where mail is written. */
  mailFolder: string;
  /** Ends one subgraph, and leaves the others. */
  stopSubgraph(name: SubgraphName): Promise<void>;
  stop(): Promise<void>;
}

/** The longest that a client waits for an answer, and how much of a process's output is kept. */
const answerMaxMs = 30_000;
const saidMax = 10_000;
const probe = JSON.stringify({ query: '{ __typename }' });

type Environment = Record<string, string>;

/**
 * The system in this process, with its gateway on a free port.
 *
 * @param clock what time it is for its rules; tokens go by the real one
 */
export async function startInOneProcess(
  test: TestDatabase,
  more: Environment = {},
  clock: Clock = databaseClock,
): Promise<RunningSystem> {
  return (await startHere(test, more, clock)).running;
}

/** The same, with what it is made of. */
export async function startHere(
  test: TestDatabase,
  more: Environment = {},
  clock: Clock = databaseClock,
): Promise<{ running: RunningSystem; system: System; config: Config }> {
  const environment = { ...(await environmentOn(test)), ...more };
  const production = readConfig(environment);
  const config = { ...production, limits: { ...production.limits, ...patient } };
  const system = await startSystem(config, { ...openPlatform(config), clock });
  const url = await system.gateway.listen();
  const running: RunningSystem = {
    ...usersOf(url, environment),
    async callDirectly(name, token) {
      const headers = { authorization: `Bearer ${token}` };
      return (await system.subgraphs[name].answer({ body: probe, headers })).status;
    },
    stopSubgraph: (name) => system.subgraphs[name].drain(),
    async stop() {
      await system.drain();
      await rm(environment['DATA_DIR']!, { recursive: true });
    },
  };
  return { running, system, config };
}

/** A process for each part, as `npm start <part>` runs it; they meet over HTTP. */
export async function startAsProcesses(
  test: Pick<TestDatabase, 'url'>,
  more: Environment = {},
): Promise<RunningSystem> {
  const environment = { ...(await environmentOn(test)), ...more };
  const parts = [...subgraphNames, 'identity', 'gateway'];
  const ports = new Map<string, string>();
  for (const part of parts) ports.set(part, String(await freePort()));
  ports.set('gateway', environment['PORT']!);
  const urls = Object.fromEntries(
    parts.map((part) => [
      `${part.toUpperCase().replace('-', '_')}_URL`,
      `http://127.0.0.1:${ports.get(part)}`,
    ]),
  );
  const shared = {
    ...environment,
    ...urls,
    ISSUER: `http://localhost:${environment['PORT']}/identity`,
  };
  const processes = new Map<string, ChildProcess>();
  await Promise.all(
    parts.map(async (part) =>
      processes.set(part, await startPart(part, { ...shared, PORT: ports.get(part)! })),
    ),
  );
  return {
    ...usersOf(`http://localhost:${environment['PORT']}`, environment),
    async callDirectly(name, token) {
      const answer = await fetch(`http://127.0.0.1:${ports.get(name)}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: probe,
      });
      return answer.status;
    },
    stopSubgraph: (name) => ended(processes.get(name)!),
    async stop() {
      await Promise.all([...processes.values()].map((child) => ended(child)));
      await rm(environment['DATA_DIR']!, { recursive: true });
    },
  };
}

/** All parts in one process of their own, as `npm start` runs them on a given database. */
export async function startAsOneProcess(
  test: TestDatabase,
): Promise<Pick<RunningSystem, 'url' | 'token' | 'ask' | 'mailedCode' | 'stop'>> {
  const environment = await environmentOn(test);
  const child = await startPart('all', environment);
  return {
    ...usersOf(`http://localhost:${environment['PORT']}`, environment),
    async stop() {
      await ended(child);
      await rm(environment['DATA_DIR']!, { recursive: true });
    },
  };
}

/** One process, as `npm start` and `npm start <part>` run it. */
export interface RunningProcess extends Pick<RunningSystem, 'url' | 'token'> {
  /** What it wrote last. */
  said(): string;
  /** Sends it a signal. @returns the code that it ends with */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** A part, or all of them in one process, without a demo. */
export async function startProcess(
  test: TestDatabase,
  part: 'all' | 'gateway' | SubgraphName,
  more: Environment = {},
): Promise<RunningProcess> {
  const environment = { ...(await environmentOn(test)), ...more };
  let said = '';
  const child = await startPart(part, environment, (text) => {
    said = (said + text).slice(-saidMax);
  });
  return {
    ...usersOf(`http://127.0.0.1:${environment['PORT']}`, environment),
    said: () => said,
    async end(signal) {
      await ended(child, signal);
      await rm(environment['DATA_DIR']!, { recursive: true });
      return child.exitCode;
    },
  };
}

/** What `npm start` gives a newcomer, in a folder of its own. */
export interface DemoSystem extends Pick<RunningSystem, 'url' | 'ask' | 'token'> {
  environment: Environment;
  /** What it said when it was ready. */
  greeting: string;
  /** Folder of its PostgreSQL's socket. */
  socket: string;
  /** What it wrote last. */
  said(): string;
  /** Rejects, with what it wrote last, when its process ends. */
  gone: Promise<never>;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

/** The whole system with its embedded PostgreSQL and the demo, as `npm start` runs it. */
export async function startDemo(dataDir: string, more: Environment = {}): Promise<DemoSystem> {
  const environment = {
    PATH: process.env['PATH']!,
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    ...more,
  };
  let said = '';
  const child = await startPart('all', { LOG_LEVEL: 'error', ...environment }, (text) => {
    said = (said + text).slice(-saidMax);
  });
  const greeting = said;
  const gone = new Promise<never>((_, reject) => {
    child.once('close', (code, signal) =>
      reject(new Error(`The system ended (${signal ?? code}): ${said}`)),
    );
  });
  // Not everyone listens, and in the end it is stopped.
  gone.catch(() => undefined);
  return {
    ...usersOf(`http://localhost:${environment.PORT}`, environment),
    environment,
    greeting,
    socket: socketFolder(dataDir),
    said: () => said,
    gone,
    stop: () => ended(child, 'SIGINT'),
  };
}

async function environmentOn(test: Pick<TestDatabase, 'url'>): Promise<Environment> {
  return {
    PATH: process.env['PATH']!,
    DATA_DIR: await mkdtemp(join(tmpdir(), 'coalition-system-')),
    DATABASE_URL: test.url('postgres'),
    PORT: String(await freePort()),
    LOG_LEVEL: 'error',
    LAME_DUCK_MS: '0',
    REQUESTS_IN_FLIGHT: '10000',
    // Jobs that a test runs itself read what the system has sealed, and find receivers on this machine.
    SEAL_KEY: testConfig().sealKey,
    LOCAL_RECEIVERS: 'on',
  };
}

function usersOf(url: string, environment: Environment) {
  return {
    url,
    async ask(token: string | null, query: string, variables: object = {}) {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(answerMaxMs),
      });
      return (await answer.json()) as GraphQLAnswer;
    },
    // In this process: one of its own for each token would take a tenth of the journeys' time.
    token: (...words: string[]) => tokenFor(words, environment),
    mailFolder: join(environment['DATA_DIR']!, 'mail'),
    async mailedCode() {
      const folder = join(environment['DATA_DIR']!, 'mail');
      // Mail goes out behind the answer.
      for (let tries = 1; ; tries++) {
        const last = (await readdir(folder).catch(() => [] as string[])).sort().at(-1);
        const mail = last ? await readFile(join(folder, last), 'utf8') : '';
        const code = /\b(\d{6,8}) is your code/.exec(mail)?.[1];
        if (code) return code;
        if (tries === 100) throw new Error('No code was mailed.');
        await setTimeout(20);
      }
    },
    async mailedTo(address: string, pattern: RegExp) {
      const folder = join(environment['DATA_DIR']!, 'mail');
      for (let tries = 1; ; tries++) {
        const files = (await readdir(folder).catch(() => [] as string[])).sort().reverse();
        for (const file of files) {
          const mail = await readFile(join(folder, file), 'utf8');
          const found = mail.includes(`To: ${address}`) && pattern.exec(mail);
          if (found) return found[1]!;
        }
        if (tries === 100) throw new Error(`Nothing was mailed to ${address}.`);
        await setTimeout(20);
      }
    },
  };
}

/** Starts a part and waits until it says that it is ready. What it says is heard to its end. */
function startPart(
  part: string,
  env: Environment,
  hear: (text: string) => void = () => undefined,
): Promise<ChildProcess> {
  const child = spawn('node', [join(root, 'dist/coalition.js'), part], { env });
  return new Promise((resolve, reject) => {
    let output = '';
    let isReady = false;
    const read = (bytes: Buffer) => {
      const text = bytes.toString();
      hear(text);
      if (isReady) return;
      output += text;
      isReady = output.includes('is ready');
      if (isReady) resolve(child);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`${part} ended (${code}): ${output}`)));
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}
