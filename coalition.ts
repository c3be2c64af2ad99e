/**
 * The whole system in one process, or one part of it: what `npm start` runs.
 *
 *   npm start             everything, on an embedded PostgreSQL
 *   npm start database    the embedded PostgreSQL alone, in the foreground
 *   npm start gateway     one part, which meets the others over HTTP; so do members, partners,
 *                         rewards-catalog, community, identity and worker
 *
 * With GATEWAY_PROCESSES=4, what answers clients runs in four processes of its own, and this one starts them.
 */
import './platform/production.ts';
import { migrate } from './migrations/index.ts';
import {
  type Config,
  ConfigError,
  type PartName,
  partNames,
  readConfig,
} from './platform/config.ts';
import type { Platform } from './platform/context.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './platform/embedded-postgres.ts';
import { openLog } from './platform/log.ts';
import { serveMetrics } from './platform/metrics.ts';
import { metricsOfAll, tellMetrics } from './platform/process-metrics.ts';
import { isOneOfSeveral, openProcesses } from './platform/processes.ts';
import { openTraces } from './platform/trace-export.ts';
import { runProgram } from './scripts/program.ts';
import { seed } from './scripts/seed.ts';
import { openPlatform, startGateway, startPart, startSystem } from './system.ts';

/** Something that runs until it is told to stop. */
interface Running {
  /** What to tell the person who started it. */
  greeting: string;
  /** Rejects, with the reason, when it cannot run on. */
  lost?: Promise<never>;
  stop(): Promise<void>;
}

/** The process was told to end before it was ready. */
class StoppedEarly extends Error {}

await runProgram(async () => {
  const told = signal();
  let running: Running;
  try {
    running = await start(process.argv[2] ?? 'all', told);
  } catch (error) {
    if (error instanceof StoppedEarly) return;
    throw error;
  }
  // Who started several of them greets.
  if (!isOneOfSeveral) process.stdout.write(`${running.greeting}\n`);
  try {
    await Promise.race([told, ...(running.lost ? [running.lost] : [])]);
  } finally {
    await running.stop();
  }
});

/** Resolves when the process is told to end. */
function signal(): Promise<unknown> {
  // Listened to for good: npm passes on what the terminal has sent already, and the second one must
  // not cut the drain.
  return Promise.race(
    ['SIGINT', 'SIGTERM'].map((name) => new Promise((resolve) => process.on(name, resolve))),
  );
}

/** @throws StoppedEarly where the process is told so before the work is done */
function unless<Done>(told: Promise<unknown>, work: Promise<Done>): Promise<Done> {
  const early = told.then(() => {
    throw new StoppedEarly();
  });
  return Promise.race([work, early]);
}

async function start(command: string, told: Promise<unknown>): Promise<Running> {
  if (command === 'all') {
    const config = readConfig(process.env);
    return isOneOfSeveral ? unless(told, startAlone(command, config)) : startAll(config, told);
  }
  if (command === 'database') return startDatabase(readConfig(process.env));
  if (command === 'gateway' || (partNames as readonly string[]).includes(command)) {
    const part = command as PartName | 'gateway';
    return unless(told, startAlone(part, readConfig(process.env, part)));
  }
  throw new ConfigError(
    `There is no part "${command}": all, database, gateway, ${partNames.join(', ')}.`,
  );
}

async function startAll(config: Config, told: Promise<unknown>): Promise<Running> {
  const postgres = config.embedded ? await startPostgres(config) : null;
  try {
    const system = await unless(told, startOnDatabase(config));
    return {
      ...system,
      ...(postgres && { lost: postgres.lost }),
      async stop() {
        try {
          await system.stop();
        } finally {
          await postgres?.stop();
        }
      },
    };
  } catch (error) {
    // A server of its own outlives the program that does not stop it.
    await postgres?.stop();
    throw error;
  }
}

async function startOnDatabase(config: Config): Promise<Running> {
  await migrate(config.databaseUrl, config.rolePasswords);
  if (config.seed === 'demo') await seed(config);
  const platform = openPlatform(config);
  const traces = await openTraces(config, platform.log, 'coalition');
  const answering = await startAnswering('all', config, platform);
  const worker = await startPart('worker', config, platform);
  return {
    greeting: greetingOf(answering.url, config),
    async stop() {
      await Promise.all([answering.drain(), worker.drain()]);
      await traces.close();
      await answering.close();
    },
  };
}

/** What answers: clients, or the gateway. */
interface Answering {
  url: string;
  drain(): Promise<void>;
  /** What is collected of it can be collected until then. */
  close(): Promise<void>;
}

async function startAnswering(
  name: PartName | 'gateway' | 'all',
  config: Config,
  platform: Platform,
): Promise<Answering> {
  const { metrics } = platform;
  if (isOneOfSeveral) {
    tellMetrics(metrics);
    return { ...(await startHere(name, config, platform)), close: () => Promise.resolve() };
  }
  const isForClients = name === 'gateway' || name === 'all';
  if (!isForClients || config.gatewayProcesses === 1) {
    const server = await serveMetrics(config, metrics);
    const here = await startHere(name, config, platform);
    return { ...here, close: async () => server?.close() };
  }
  if (!config.redisUrl) {
    platform.log.warn('callers are counted by each process alone: REDIS_URL is not set');
  }
  const processes = openProcesses(config.gatewayProcesses, platform.log);
  const server = await serveMetrics(config, metricsOfAll(metrics, processes));
  await processes.start();
  return {
    url: `http://localhost:${config.ports.gateway}`,
    drain: () => processes.stop(),
    close: async () => server?.close(),
  };
}

/** Starts it in this process. */
async function startHere(
  name: PartName | 'gateway' | 'all',
  config: Config,
  platform: Platform,
): Promise<Omit<Answering, 'close'>> {
  if (name === 'all') {
    const system = await startSystem(config, platform);
    return { url: await system.gateway.listen(), drain: () => system.drain() };
  }
  const part =
    name === 'gateway'
      ? await startGateway(config, platform)
      : await startPart(name, config, platform);
  return { url: await part.listen(), drain: () => part.drain() };
}

async function startDatabase(config: Config): Promise<Running> {
  if (!config.embedded) {
    throw new ConfigError('DATABASE_URL names a database: there is none to start.');
  }
  const postgres = await startPostgres(config);
  const greeting = `PostgreSQL is ready at ${config.databaseUrl}`;
  return { greeting, lost: postgres.lost, stop: () => postgres.stop() };
}

function startPostgres({ dataDir, logLevel, gatewayProcesses }: Config): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres(dataDir, { log: openLog(logLevel), processes: gatewayProcesses });
}

async function startAlone(name: PartName | 'gateway' | 'all', config: Config): Promise<Running> {
  const platform = openPlatform(config);
  const called = name === 'all' ? 'coalition' : `coalition-${name}`;
  const traces = await openTraces(config, platform.log, called);
  const answering = await startAnswering(name, config, platform);
  return {
    greeting: `${name} is ready at ${answering.url}`,
    async stop() {
      await answering.drain();
      await traces.close();
      await answering.close();
    },
  };
}

function greetingOf(url: string, config: Config): string {
  // The token command must find the same system: it gets what this one was given.
  const given = ['PORT', 'DATA_DIR'].flatMap((name) =>
    process.env[name] ? `${name}=${process.env[name]} ` : [],
  );
  const holders = [
    ...(config.seed === 'demo' ? ['member ada@example.com', 'partner SHOP'] : []),
    'admin',
  ];
  return [
    `The coalition is ready after ${(performance.now() / 1000).toFixed(1)} s.`,
    `  GraphQL   ${url}/graphql`,
    ...(config.graphiql ? [`  GraphiQL  ${url}/`] : []),
    `  health    ${url}/health/ready`,
    ...(config.smtpUrl ? [] : [`  mail      ${config.dataDir}/mail`]),
    `A token for the header "Authorization: Bearer ...", in another terminal:`,
    ...holders.map((holder) => `  ${given.join('')}npm run -s token -- ${holder}`),
  ].join('\n');
}
