import type { FastifyInstance } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config, SubgraphName } from '../platform/config.ts';
import type { Platform } from '../platform/context.ts';
import { createServer, listenOn } from '../platform/http.ts';
import { traceFields } from '../platform/tracing.ts';
import type { Viewer } from '../platform/viewer.ts';
import { openAdmission } from './admission.ts';
import { openAnswerKeeping } from './answers/keeping.ts';
import { callerOfRequest, callerReader } from './callers.ts';
import type { Asking, GatewayContext } from './context.ts';
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
import { type GatewayMetrics, countRequests, gatewayMetrics, timedClients } from './metrics.ts';
import { servePictures } from './pictures.ts';
import { openRateLimits } from './rate-limits.ts';
import { LinesOfRequest } from './request-log.ts';
import { traceRequests } from './spans.ts';
import { serveStatements } from './statements.ts';
import type { SubgraphClient } from './subgraph-client.ts';
import { serveSubscriptions } from './subscriptions/routes.ts';
import { createTokenReader } from './tokens.ts';
import { followSupergraph, readSupergraph } from './supergraph/reload.ts';
import { supergraphOpener } from './supergraph/supergraph.ts';
import { openWarming } from './warming.ts';

/** The ways from the gateway to the other parts. */
export interface GatewayParts {
  subgraphs: Readonly<Record<SubgraphName, SubgraphClient>>;
  identity: IdentityDoor;
  /** Whether they can be of use, for `/health/ready`; true where it is not given. */
  isReady?(): Promise<boolean>;
  /** The composed schema; the file of the configuration where it is not given, which is followed. */
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
  const metrics = gatewayMetrics(platform.metrics);
  const guarded = guardedClients(parts.subgraphs, { log, metrics, limits: config.limits });
  const subgraphs = timedClients(guarded, metrics);
  const answers = openAnswerKeeping(config, log, metrics);
  const open = supergraphOpener({ config, clients: subgraphs, metrics, answers });
  const executor = createExecutor(await open(parts.supergraphSdl ?? readSupergraph(config)));
  const apollo = createGraphQLServer(config, quietLog, executor);
  await apollo.start();

  const contextOf = contextMaker(config, metrics);
  const isReady = async () => (await parts.isReady?.()) ?? true;
  const server = createServer(config, isReady, () => servedBy(executor));
  nameRequests(server);
  countRequests(server, metrics);
  const admission = openAdmission(server, config, metrics);
  traceRequests(server, config);
  serveRoot(server, config);
  const rates = openRateLimits(config, log, (rate) => metrics.rateLimited.inc({ rate }));
  rates.guardTokens(server);
  const readCaller = callerReader(createTokenReader(config, parts.identity.keys), rates, log);
  const callerOf = callerOfRequest(readCaller);
  const contextFor = (viewer: Viewer, asking: Asking) => contextOf(viewer, asking, log);
  const front: FileFront = { config, log, callerOf, contextOf: contextFor };
  const files = openFiles({ config, log, metrics: platform.metrics, executor, open }, parts);
  const { trusted } = files;
  const streams = { ...front, readCaller, executor, trusted, clients: subgraphs, admission };
  const subscriptions = serveSubscriptions(server, streams);
  await serveGraphQL(server, {
    ...front,
    trusted,
    apollo,
    answerKnown: openKnownOperations(executor, config.limits, metrics),
    rates,
    subscriptions,
    contextOf: (viewer, asking, countMutations) =>
      Object.assign(contextFor(viewer, asking), { countMutations }),
  });
  await serveFiles(server, front, subgraphs);
  await parts.identity.mount(server, log);

  return {
    async listen() {
      const url = await listenOn(server, config, 'gateway');
      files.warm();
      return url;
    },
    async execute(request, viewer) {
      const contextValue = contextOf(viewer, { id: randomUUID() }, quietLog);
      const { body } = await apollo.executeOperation(request, { contextValue });
      if (body.kind !== 'single') throw new Error('The gateway answers at once.');
      return body.singleResult;
    },
    async drain() {
      await server.close();
      files.close();
      await apollo.stop();
      answers.close();
      rates.close();
      await Promise.all(Object.values(subgraphs).map((client) => client.close()));
    },
  };
}

/** Makes the contexts of operations. */
function contextMaker({ limits }: Config, metrics: GatewayMetrics) {
  return (viewer: Viewer, { id, span }: Asking, log: Logger): GatewayContext => ({
    viewer,
    requestId: id,
    span,
    log: new LinesOfRequest(log, { requestId: id, ...traceFields(span) }),
    metrics,
    deadline: performance.now() + limits.operationMs,
    countMutations: () => Promise.resolve(),
  });
}

/** Shows a browser GraphiQL, where that is on, and everybody else what there is. */
function serveRoot(server: FastifyInstance, config: Config): void {
  const showPage = config.graphiql ? mountGraphiql(server, config) : () => false;
  server.get('/', (request, reply) => {
    if (showPage(request, reply)) return reply;
    return { graphql: '/graphql', identity: '/identity', health: '/health/ready' };
  });
}

/** What the health check tells of what is served. */
const servedBy = ({ supergraph }: Executor) => ({ supergraph: supergraph.hash });

/**
 * Opens what is read from files, and read again when they change: the documents of frontends, which are
 * prepared in the background each time, and the supergraph, unless it is given.
 */
function openFiles(following: Parameters<typeof followSupergraph>[0], given: GatewayParts) {
  const { config, executor, log } = following;
  const reloads = given.supergraphSdl ? null : followSupergraph(following);
  const trusted = openTrustedDocuments(config, log);
  const warming = openWarming(executor, config.limits, log);
  const warm = () => warming.start(trusted.sources().map((source) => ({ source })));
  trusted.onLoaded(warm);
  executor.onSwitch(warm);
  return {
    trusted,
    warm,
    close() {
      reloads?.close();
      trusted.close();
      warming.stop();
    },
  };
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
  server.addHook('onRequest', (request, reply, next) => {
    reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
    next();
  });
}
