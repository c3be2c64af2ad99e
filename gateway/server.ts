import type { FastifyInstance } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config, SubgraphName } from '../platform/config.ts';
import type { Platform } from '../platform/context.ts';
import { createServer, listenOn } from '../platform/http.ts';
import { root } from '../platform/root.ts';
import type { Viewer } from '../platform/viewer.ts';
import { audienceGraphs } from './audiences.ts';
import { callerOfRequest, callerReader } from './callers.ts';
import type { GatewayContext } from './context.ts';
import { openHops } from './data-source.ts';
import { openTrustedDocuments } from './documents/trusted.ts';
import { type Executor, createExecutor } from './executor.ts';
import { type FileFront, serveExports } from './exports.ts';
import { mountGraphiql } from './graphiql/routes.ts';
import { createGraphQLServer } from './graphql.ts';
import { serveGraphQL } from './graphql-route.ts';
import { guardedClients } from './guarded-client.ts';
import type { IdentityDoor } from './identity-door.ts';
import { serveImports } from './imports.ts';
import { openKnownOperations } from './known-operations.ts';
import { countRequests, gatewayMetrics, timedClients } from './metrics.ts';
import { servePictures } from './pictures.ts';
import { openRateLimits } from './rate-limits.ts';
import { serveStatements } from './statements.ts';
import type { SubgraphClient } from './subgraph-client.ts';
import { serveSubscriptions } from './subscriptions/routes.ts';
import { createTokenReader } from './tokens.ts';
import { openWarming } from './warming.ts';

/** The ways from the gateway to the other parts. */
export interface GatewayParts {
  subgraphs: Readonly<Record<SubgraphName, SubgraphClient>>;
  identity: IdentityDoor;
  /** Whether they can be of use, for `/health/ready`; true where it is not given. */
  isReady?(): Promise<boolean>;
  /** The composed schema; `schema/supergraph.graphql` where it is not given. */
  supergraphSdl?: string;
}

/** A client's request, in process. */
interface GatewayRequest {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

/** The one door to the graph. */
export interface Gateway {
  /** Opens its HTTP server. @returns the URL */
  listen(): Promise<string>;
  /**
   * Runs an operation in process, as the viewer whom a token would name: the same way as over HTTP
   * from there on. Such operations are not logged one by one, their faults are.
   */
  execute(request: GatewayRequest, viewer: Viewer): Promise<FormattedExecutionResult>;
  /** Finishes what is in flight, and closes the server and the connections to the subgraphs. */
  drain(): Promise<void>;
}

/** Starts the gateway on the supergraph; the subgraphs need not run yet. */
export async function start(
  config: Config,
  platform: Platform,
  parts: GatewayParts,
): Promise<Gateway> {
  const log = platform.log.child({ part: 'gateway' });
  const quietLog = withoutRoutine(log);
  const supergraphSdl = parts.supergraphSdl ?? readSupergraph();
  const metrics = gatewayMetrics(platform.metrics);
  const guarded = guardedClients(parts.subgraphs, { log, metrics, limits: config.limits });
  const subgraphs = timedClients(guarded, metrics);
  const executor = createExecutor(config, quietLog, subgraphs, supergraphSdl, metrics);
  const graphs = audienceGraphs(supergraphSdl);
  const apollo = createGraphQLServer(config, quietLog, executor.gateway, graphs);
  await apollo.start();

  const contextOf = (viewer: Viewer, requestId: string, requestLog: Logger): GatewayContext => ({
    viewer,
    requestId,
    log: requestLog.child({ requestId }),
    metrics,
    deadline: performance.now() + config.limits.operationMs,
    countMutations: () => Promise.resolve(),
  });
  const server = createServer(config, async () => (await parts.isReady?.()) ?? true);
  nameRequests(server);
  countRequests(server, metrics);
  serveRoot(server, config);
  const rates = openRateLimits(config, log, (rate) => metrics.rateLimited.inc({ rate }));
  rates.guardTokens(server);
  const readCaller = callerReader(createTokenReader(config, parts.identity.keys), rates, log);
  const callerOf = callerOfRequest(readCaller);
  const contextFor = (viewer: Viewer, requestId: string) => contextOf(viewer, requestId, log);
  const front: FileFront = { config, log, callerOf, contextOf: contextFor };
  const documents = openDocuments(config, executor, log);
  const { trusted } = documents;
  const streams = { ...front, readCaller, executor, trusted, clients: subgraphs };
  const subscriptions = serveSubscriptions(server, streams);
  await serveGraphQL(server, {
    ...front,
    trusted,
    apollo,
    answerKnown: openKnownOperations(executor, config.limits, metrics),
    rates,
    subscriptions,
    contextOf: (viewer, id, countMutations) => ({ ...contextFor(viewer, id), countMutations }),
  });
  await serveFiles(server, front, subgraphs);
  await parts.identity.mount(server, log);

  return {
    async listen() {
      const url = await listenOn(server, config, 'gateway');
      documents.warm();
      return url;
    },
    async execute(request, viewer) {
      const contextValue = contextOf(viewer, randomUUID(), quietLog);
      const { body } = await apollo.executeOperation(request, { contextValue });
      if (body.kind !== 'single') throw new Error('The gateway answers at once.');
      return body.singleResult;
    },
    async drain() {
      await server.close();
      documents.close();
      await apollo.stop();
      rates.close();
      await Promise.all(Object.values(subgraphs).map((client) => client.close()));
    },
  };
}

/** Shows a browser GraphiQL, where that is on, and everybody else what there is. */
function serveRoot(server: FastifyInstance, config: Config): void {
  const showPage = config.graphiql ? mountGraphiql(server, config) : () => false;
  server.get('/', (request, reply) => {
    if (showPage(request, reply)) return reply;
    return { graphql: '/graphql', identity: '/identity', health: '/health/ready' };
  });
}

/** Opens the documents of frontends, which are prepared in the background each time they are read. */
function openDocuments(config: Config, executor: Executor, log: Logger) {
  const trusted = openTrustedDocuments(config, log);
  const warming = openWarming(executor, config.limits, log);
  const warm = () => warming.start(trusted.sources().map((source) => ({ source })));
  trusted.onLoaded(warm);
  return {
    trusted,
    warm,
    close() {
      trusted.close();
      warming.stop();
    },
  };
}

function readSupergraph(): string {
  return readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8');
}

/** Opens the routes of files: what goes out of subgraphs, and into them, piece by piece. */
async function serveFiles(
  server: FastifyInstance,
  front: FileFront,
  { members, partners }: GatewayParts['subgraphs'],
): Promise<void> {
  const askMembers = openHops('members', members, front.config);
  await serveExports(server, { ...front, askMembers });
  const askPartners = openHops('partners', partners, front.config);
  await serveStatements(server, { ...front, askPartners });
  await serveImports(server, { ...front, askPartners });
  servePictures(server);
}

/** The same log without its lines of routine. */
function withoutRoutine(log: Logger): Logger {
  return log.isLevelEnabled('warn') ? log.child({}, { level: 'warn' }) : log;
}

/** Gives each request its id, a client's own where it is harmless, and keeps answers out of caches. */
function nameRequests(server: FastifyInstance): void {
  server.setGenReqId(({ headers }) => {
    const own = headers['x-request-id'];
    return typeof own === 'string' && /^[\w-]{1,64}$/.test(own) ? own : randomUUID();
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
  });
}
