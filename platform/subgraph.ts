import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  defaultFieldResolver,
} from 'graphql';
import { unwrapResolverError } from '@apollo/server/errors';
import type { Logger } from 'pino';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { type AccessMap, enforceAccess } from './access.ts';
import { type Batches, openBatches } from './batches.ts';
import { isRevoked } from './clients.ts';
import type { Config, SubgraphName } from './config.ts';
import { Connection, isReachable, isUnavailable, openDatabase } from './connection.ts';
import type { Context, Platform } from './context.ts';
import { Refusal, clientErrorCodes, noAnswer, presentError } from './errors.ts';
import { type Asked, type Execute, openExecution } from './execution/operations.ts';
import type { HopAnswer, HopRequest, HopStream, HopTaker } from './hop.ts';
import { serveHopChannels } from './hop-channels.ts';
import { type Admitted, openHopGate, serveHops } from './hop-route.ts';
import { createServer, listenOn } from './http.ts';
import { consentReader } from './members.ts';
import { measurePool, timedAnswers } from './part-metrics.ts';
import { PreparingConnection } from './prepared.ts';
import { readTogether } from './reads.ts';
import { scalars } from './scalars.ts';
import { readSdl } from './sdl.ts';
import { openEvents } from './streams.ts';
import { type Span, failSpan, inSpan, traceFields } from './tracing.ts';
import { type Watches, openWatches } from './watches.ts';

export type { HopAnswer } from './hop.ts';
export { readSdl } from './sdl.ts';

/** What makes a subgraph out of the platform. */
export interface SubgraphDefinition<Loaders> {
  name: SubgraphName;
  /** `readSdl` of its name where left out. */
  typeDefs?: DocumentNode;
  resolvers: object;
  /** Every table that it owns. */
  entities: EntityTarget<ObjectLiteral>[];
  access: AccessMap;
  /** Batched look-ups, made anew for each request and each mutation of it. */
  createLoaders: (context: Context) => Loaders;
  /** Whether a subscriber may be told of anything still; always where left out. */
  mayGoOn?: (context: Context) => Promise<boolean>;
}

/** A subgraph that runs: over HTTP once it listens, in process by `answer` and `subscribe`. */
export interface Subgraph extends HopTaker {
  name: SubgraphName;
  schema: GraphQLSchema;
  /** Whether its database answers. */
  isReady(): Promise<boolean>;
  /** Opens its HTTP server. @returns the URL */
  listen(): Promise<string>;
  /** Finishes what is in flight and closes the server and the pool. */
  drain(): Promise<void>;
}

/** Starts a subgraph: its schema with access enforced, its database role, its server. */
export async function startSubgraph<Loaders>(
  definition: SubgraphDefinition<Loaders>,
  config: Config,
  platform: Platform,
): Promise<Subgraph> {
  const { name } = definition;
  const schema = openSchema(definition);
  const source = await openPool(definition, config);
  measurePool(platform.metrics, name, source);
  const execute = openExecution(schema, config.limits.compiledBytes);
  const log = platform.log.child({ part: name });
  const { clock } = platform;
  const batches = config.batching
    ? openBatches(source.manager, { clock, log, limits: config.limits })
    : null;
  const watches = openWatches({ db: source.manager, log, limits: config.limits });
  const parts = { config, platform, source, batches, watches };
  const gate = openHopGate(name, config, source.manager);

  const answered = timedAnswers(platform.metrics, name, async (admit: Admit) => {
    const received = await admit();
    if ('status' in received) return received;
    const started = performance.now();
    const context = createContext(definition, parts, received);
    const { errors = [], ...answer } = await executeTraced(execute, received, context);
    logOperation(context, received.operation, started, errors.length);
    return { status: 200, body: { ...presentAll(errors), ...answer } };
  });

  async function subscribe(request: HopRequest): Promise<HopStream> {
    const received = await gate.admit(request);
    if ('status' in received) return received;
    const opened = await openEvents({
      schema,
      request: received.operation,
      createContext: () => createContext(definition, parts, received),
      mayGoOn: (context) => mayGoOn(definition, context),
      present: (error) => {
        noteFault(log.child({ requestId: received.hop.requestId }), error);
        return present(error);
      },
      // What a stream tells later is no part of its beginning.
    }).finally(() => received.span?.end());
    return 'errors' in opened ? { status: 200, body: opened } : { events: opened };
  }

  const taker: HopTaker = {
    answer: (request) => answered(() => gate.admit(request)),
    answerRead: (told, body) => answered(() => gate.admitRead(told, body)),
    subscribe,
  };
  const isReady = () => isReachable(source);
  const server = createServer(config, isReady);
  serveHops(server, taker, config.limits);
  const channels = serveHopChannels(server, gate, taker, config);
  // Behind the server's own: what is asked until others have noticed is answered.
  server.addHook('preClose', async () => watches.close());
  async function drain(): Promise<void> {
    channels.leave();
    await server.close();
    gate.close();
    await batches?.drain();
    await source.destroy();
    await platform.mail.settled();
  }
  let drained: Promise<void> | undefined;
  return {
    name,
    schema,
    ...taker,
    isReady,
    listen: () => listenOn(server, config, name),
    drain: () => (drained ??= drain()),
  };
}

/** Lets a hop in, or gives its answer. */
type Admit = () => Promise<Admitted | HopAnswer>;

/** Executes what a hop asks, as a part of its trace, and logs what goes wrong. */
function executeTraced(execute: Execute, { operation, span }: Admitted, context: Context) {
  return inSpan(span, async () => {
    const executed = await execute(operation, context);
    for (const error of executed.errors ?? []) noteFault(context.log, error, span);
    return executed;
  });
}

async function openPool<Loaders>(
  { name, entities }: SubgraphDefinition<Loaders>,
  { databaseUrls, limits, prepared }: Config,
): Promise<DataSource> {
  const Client = prepared ? PreparingConnection : Connection;
  const source = await openDatabase(databaseUrls[name], entities, limits, name, Client);
  readTogether(source, limits);
  return source;
}

function openSchema<Loaders>(definition: SubgraphDefinition<Loaders>): GraphQLSchema {
  const schema = buildSubgraphSchema({
    typeDefs: definition.typeDefs ?? readSdl(definition.name),
    resolvers: { ...scalars, ...definition.resolvers } as never,
  });
  enforceAccess(schema, definition.access);
  startAfresh(schema, definition);
  return schema;
}

/** Whether who has subscribed may be told of anything still. */
async function mayGoOn<Loaders>(
  definition: SubgraphDefinition<Loaders>,
  context: Context,
): Promise<boolean> {
  if (await isRevoked(context.db, context.viewer)) return false;
  return (await definition.mayGoOn?.(context)) ?? true;
}

function presentAll(errors: readonly GraphQLError[]): { errors?: GraphQLFormattedError[] } {
  return errors.length > 0 ? { errors: errors.map(present) } : {};
}

/** What leaves the subgraph of an error. */
function present(error: GraphQLError): GraphQLFormattedError {
  return presentError(presentCause(error.toJSON(), unwrapResolverError(error)));
}

/** Gives a resolver's error the code that its cause has for a client. */
function presentCause(error: GraphQLFormattedError, cause: unknown): GraphQLFormattedError {
  // A query has no payload for what the rules refuse.
  if (cause instanceof Refusal) return { ...error, extensions: { code: 'BAD_USER_INPUT' } };
  if (!isUnavailable(cause)) return error;
  return { ...error, message: noAnswer, extensions: { code: 'SUBGRAPH_UNAVAILABLE' } };
}

interface Parts {
  config: Config;
  platform: Platform;
  source: DataSource;
  batches: Batches | null;
  watches: Watches;
}

function createContext<Loaders>(
  definition: SubgraphDefinition<Loaders>,
  { config, platform, source, batches, watches }: Parts,
  { hop: { viewer, requestId }, span }: Admitted,
): Context & { loaders: Loaders } {
  const context: Context = {
    db: source.manager,
    batches,
    viewer,
    config,
    clock: platform.clock,
    mail: platform.mail,
    texts: platform.texts,
    may: consentReader(source.manager, viewer),
    follow: watches.follow,
    log: platform.log.child({ part: definition.name, requestId, ...traceFields(span) }),
    requestId,
  };
  return Object.assign(context, { loaders: definition.createLoaders(context) });
}

/**
 * Mutations of one request follow one another: each starts with nothing remembered of what was read
 * before, or an answer would show rows and consents as they were.
 */
function startAfresh<Loaders>(
  schema: GraphQLSchema,
  { createLoaders }: SubgraphDefinition<Loaders>,
): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (row, args, context: Context, info) => {
      context.may = consentReader(context.db, context.viewer);
      Object.assign(context, { loaders: createLoaders(context) });
      return resolve(row, args, context, info);
    };
  }
}

function logOperation(
  { log, viewer: { audience } }: Context,
  { operationName }: Asked,
  started: number,
  errors: number,
): void {
  if (!log.isLevelEnabled('debug')) return;
  const durationMs = Math.round(performance.now() - started);
  log.debug({ operationName, audience, durationMs, errors }, 'operation');
}

/** Logs what went wrong, where that is not the caller's. */
function noteFault(log: Logger, error: GraphQLError, span?: Span): void {
  const cause = unwrapResolverError(error);
  if (cause instanceof Refusal || clientErrorCodes.has(error.extensions['code'])) return;
  failSpan(span, (cause as Error).name);
  log.error({ err: cause, path: error.path }, 'fault');
}
