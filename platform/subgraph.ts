import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { FastifyInstance } from 'fastify';
import {
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  defaultFieldResolver,
} from 'graphql';
import { unwrapResolverError } from '@apollo/server/errors';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { type AccessMap, enforceAccess } from './access.ts';
import { type Batches, openBatches } from './batches.ts';
import { isRevoked } from './clients.ts';
import type { Config, SubgraphName } from './config.ts';
import { isReachable, isUnavailable, openDatabase } from './connection.ts';
import type { Context, Platform } from './context.ts';
import { Refusal, clientErrorCodes, noAnswer, presentError } from './errors.ts';
import { type Hop, type HopRequest, ReplayWindow, verifyHop } from './hop.ts';
import { createServer, listenOn } from './http.ts';
import { consentReader } from './members.ts';
import { scalars } from './scalars.ts';
import { readSdl } from './sdl.ts';

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
}

/** The answer to a hop: the status as over HTTP, and the GraphQL response. */
export interface HopAnswer {
  status: number;
  body: object;
}

/** A subgraph that runs: over HTTP once it listens, in process by `answer`. */
export interface Subgraph {
  name: SubgraphName;
  schema: GraphQLSchema;
  /** Answers a signed hop; 403 where the signature does not hold. */
  answer(request: HopRequest): Promise<HopAnswer>;
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
  const schema = buildSubgraphSchema({
    typeDefs: definition.typeDefs ?? readSdl(name),
    resolvers: { ...scalars, ...definition.resolvers } as never,
  });
  enforceAccess(schema, definition.access);
  startAfresh(schema, definition);
  const url = config.databaseUrls[name];
  const source = await openDatabase(url, definition.entities, config.limits, name);
  const apollo = new ApolloServer<Context & { loaders: Loaders }>({
    schema,
    introspection: false,
    // The process has its own order of stopping.
    stopOnTerminationSignals: false,
    formatError: (formatted, error) =>
      presentError(presentCause(formatted, unwrapResolverError(error))),
    plugins: [operationLog, ApolloServerPluginInlineTraceDisabled()],
  });
  await apollo.start();
  const log = platform.log.child({ part: name });
  const { clock } = platform;
  const batches = config.batching
    ? openBatches(source.manager, { clock, log, limits: config.limits })
    : null;
  const seen = new ReplayWindow(config.limits.hopAgeMs);

  async function answer(request: HopRequest): Promise<HopAnswer> {
    if (gone) return refused(503, 'SUBGRAPH_UNAVAILABLE', 'This subgraph is going away.');
    const hop = verifyHop(config.hopKeys, name, request, config.limits.hopAgeMs);
    const read = hop && readOperation(request.body);
    if (!hop || !read) return refused(403, 'FORBIDDEN', 'The hop is not signed for this subgraph.');
    if (read.isMutation && !seen.admit(hop.nonce)) {
      return refused(403, 'FORBIDDEN', 'This hop was used before.');
    }
    if (await isRevoked(source.manager, hop.viewer)) {
      return refused(200, 'UNAUTHENTICATED', 'This client was revoked.');
    }
    const contextValue = createContext(definition, { config, platform, source, batches, hop });
    const { body } = await apollo.executeOperation(read.request, { contextValue });
    if (body.kind !== 'single') throw new Error('Subgraphs answer at once.');
    return { status: 200, body: body.singleResult };
  }

  const isReady = () => isReachable(source);
  const server = createServer(config, isReady);
  serveHops(server, answer, config.limits.hopBodyBytes);
  let gone = false;
  async function drain(): Promise<void> {
    await server.close();
    gone = true;
    await apollo.stop();
    await batches?.drain();
    await source.destroy();
    await platform.mail.settled();
  }
  let drained: Promise<void> | undefined;
  return {
    name,
    schema,
    answer,
    isReady,
    listen: () => listenOn(server, config, name),
    drain: () => (drained ??= drain()),
  };
}

function serveHops(server: FastifyInstance, answer: Subgraph['answer'], bodyLimit: number): void {
  // The signature is over the body's bytes: it is parsed after they are checked.
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) =>
    done(null, body),
  );
  server.post('/graphql', { bodyLimit }, async (request, reply) => {
    const headers = request.headers as Record<string, string>;
    const { status, body } = await answer({ body: request.body as string, headers });
    return reply.status(status).send(body);
  });
}

interface Operation {
  query: string;
  operationName?: string;
  variables?: Record<string, unknown>;
}

/** The operation of a signed body. The gateway prints one operation a request, named or not. */
function readOperation(body: string): { request: Operation; isMutation: boolean } | null {
  try {
    const request = JSON.parse(body) as Operation;
    // Whatever does not plainly read may write.
    return { request, isMutation: !/^\s*(query\b|\{)/.test(request.query) };
  } catch {
    return null;
  }
}

function refused(status: number, code: string, message: string): HopAnswer {
  return { status, body: { errors: [{ message, extensions: { code } }] } };
}

/** Gives a resolver's error the code that its cause has for a client. */
function presentCause(error: GraphQLFormattedError, cause: unknown): GraphQLFormattedError {
  // A query has no payload for what the rules refuse.
  if (cause instanceof Refusal) return { ...error, extensions: { code: 'BAD_USER_INPUT' } };
  if (!isUnavailable(cause)) return error;
  return { ...error, message: noAnswer, extensions: { code: 'SUBGRAPH_UNAVAILABLE' } };
}

interface RequestParts {
  config: Config;
  platform: Platform;
  source: DataSource;
  batches: Batches | null;
  hop: Hop;
}

function createContext<Loaders>(
  definition: SubgraphDefinition<Loaders>,
  { config, platform, source, batches, hop }: RequestParts,
): Context & { loaders: Loaders } {
  const { viewer, requestId } = hop;
  const context: Context = {
    db: source.manager,
    batches,
    viewer,
    config,
    clock: platform.clock,
    mail: platform.mail,
    texts: platform.texts,
    may: consentReader(source.manager, viewer),
    log: platform.log.child({ part: definition.name, requestId }),
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

/** One line for each operation, and one for each fault, whole. */
const operationLog: ApolloServerPlugin<Context> = {
  requestDidStart({ contextValue: { log, viewer } }) {
    const started = performance.now();
    return Promise.resolve({
      didEncounterErrors({ errors }) {
        for (const error of errors) {
          const cause = unwrapResolverError(error);
          if (cause instanceof Refusal || clientErrorCodes.has(error.extensions['code'])) continue;
          log.error({ err: cause, path: error.path }, 'fault');
        }
        return Promise.resolve();
      },
      willSendResponse({ operationName, errors }) {
        const durationMs = Math.round(performance.now() - started);
        const { audience } = viewer;
        log.debug(
          { operationName, audience, durationMs, errors: errors?.length ?? 0 },
          'operation',
        );
        return Promise.resolve();
      },
    });
  },
};
