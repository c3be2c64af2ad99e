/**
 * The whole system in one process, or one part of it: what `npm start` runs.
 *
 *   npm start             everything, on an embedded PostgreSQL
 *   npm start database    the embedded PostgreSQL alone, in the foreground
 *   npm start gateway     one part, which meets the others over HTTP; so do members, partners,
 *                         rewards-catalog, community, identity and worker
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
import { type EmbeddedPostgres, startEmbeddedPostgres } from './platform/embedded-postgres.ts';
import { openLog } from './platform/log.ts';
import { serveMetrics } from './platform/metrics.ts';
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

await runProgram(async () => {
  const running = await start(process.argv[2] ?? 'all');
  process.stdout.write(`${running.greeting}\n`);
  try {
    await Promise.race([signal(), ...(running.lost ? [running.lost] : [])]);
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

async function start(command: string): Promise<Running> {
  if (command === 'all') return startAll(readConfig(process.env));
  if (command === 'database') return startDatabase(readConfig(process.env));
  if (command === 'gateway') return startAlone(command, readConfig(process.env, command));
  if ((partNames as readonly string[]).includes(command)) {
    const part = command as PartName;
    return startAlone(part, readConfig(process.env, part));
  }
  throw new ConfigError(
    `There is no part "${command}": all, database, gateway, ${partNames.join(', ')}.`,
  );
}

async function startAll(config: Config): Promise<Running> {
  const postgres = config.embedded ? await startPostgres(config) : null;
  try {
    await migrate(config.databaseUrl, config.rolePasswords);
    if (config.seed === 'demo') await seed(config);
    const platform = openPlatform(config);
    const metrics = await serveMetrics(config, platform.metrics);
    const system = await startSystem(config, platform);
    const url = await system.gateway.listen();
    const worker = await startPart('worker', config, platform);
    return {
      greeting: greetingOf(url, config),
      ...(postgres && { lost: postgres.lost }),
      async stop() {
        await Promise.all([system.drain(), worker.drain()]);
        await metrics?.close();
        await postgres?.stop();
      },
    };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

async function startDatabase(config: Config): Promise<Running> {
  if (!config.embedded) {
    throw new ConfigError('DATABASE_URL names a database: there is none to start.');
  }
  const postgres = await startPostgres(config);
  const greeting = `PostgreSQL is ready at ${config.databaseUrl}`;
  return { greeting, lost: postgres.lost, stop: () => postgres.stop() };
}

function startPostgres({ dataDir, logLevel }: Config): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres(dataDir, { log: openLog(logLevel) });
}

async function startAlone(name: PartName | 'gateway', config: Config): Promise<Running> {
  const platform = openPlatform(config);
  const metrics = await serveMetrics(config, platform.metrics);
  const part =
    name === 'gateway'
      ? await startGateway(config, platform)
      : await startPart(name, config, platform);
  const url = await part.listen();
  return {
    greeting: `${name} is ready at ${url}`,
    async stop() {
      await part.drain();
      await metrics?.close();
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
