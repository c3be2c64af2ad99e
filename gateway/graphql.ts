import { ApolloServer, type ApolloServerPlugin, type GraphQLRequest } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, OperationTypeNode, type ValidationRule } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../platform/config.ts';
import { httpRefusal, presentError } from '../platform/errors.ts';
import type { GatewayContext } from './context.ts';
import { longOperations } from './deadlines.ts';
import type { Executor } from './executor.ts';
import { traceable } from './errors.ts';
import { introspection, introspectionAlone } from './introspection.ts';
import { sizeLimits } from './limits.ts';
import { logFaults, logOperation } from './operation-log.ts';
import { describeOperation } from './spans.ts';

/** The GraphQL server in front of the executor: reads, checks and answers operations. */
export function createGraphQLServer(
  config: Config,
  log: Logger,
  executor: Pick<Executor, 'gateway' | 'supergraph'>,
): ApolloServer<GatewayContext> {
  return new ApolloServer<GatewayContext>({
    gateway: executor.gateway,
    logger: log,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: config.limits.documentTokens },
    maxRecursiveSelections: true,
    // A suggestion would name what other audiences see.
    hideSchemaDetailsFromClientErrors: true,
    validationRules: [...ownRules],
    // The process has its own order of stopping.
    stopOnTerminationSignals: false,
    formatError: presentError,
    plugins: [
      operations,
      sizeLimits(config.limits),
      longOperations(config.limits),
      introspection(executor),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      // The environment would turn these on.
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}

/** One line for each operation, one for each fault, and the request's id on what is masked. */
const operations: ApolloServerPlugin<GatewayContext> = {
  requestDidStart({ contextValue }) {
    const started = performance.now();
    return Promise.resolve({
      didResolveOperation({ operation }) {
        // The executor would take it for a fault of its own.
        if (!operation) return Promise.reject(unknownOperation());
        describeOperation(contextValue, operation);
        if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
          return Promise.reject(streamed());
        }
        return Promise.resolve();
      },
      didEncounterErrors({ errors }) {
        logFaults(contextValue, errors);
        return Promise.resolve();
      },
      willSendResponse({ operationName, response, request }) {
        // It sets another on what it refuses by itself.
        response.http.headers.set('cache-control', 'no-store');
        const seconds = publicSeconds(contextValue, request);
        if (seconds > 0) {
          response.http.headers.set('cache-control', `public, max-age=${seconds}`);
          response.http.headers.set('vary', 'accept, authorization, graphql-cost, origin');
        }
        const result = response.body.kind === 'single' ? response.body.singleResult : {};
        const isWellFormed = result.errors?.every((each) =>
          ofDocument.has(each.extensions?.['code']),
        );
        if (isWellFormed && wantsPlainJson(request)) response.http.status = 200;
        const errors = result.errors?.map((error) => traceable(error, contextValue.requestId));
        if (errors) Object.assign(result, { errors });
        logOperation(contextValue, operationName, started, errors?.length ?? 0);
        return Promise.resolve();
      },
    });
  },
};

/**
 * For how long browsers and proxies may keep an answer: as long as the gateway does, where it was asked
 * for by GET, which comes without a token.
 */
function publicSeconds({ keptForMs = 0 }: GatewayContext, { http }: GraphQLRequest): number {
  return http?.method === 'GET' ? Math.floor(keptForMs / 1_000) : 0;
}

/** What is wrong with an operation rather than with the request that carries it. */
const ofDocument: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * A client that asks for `application/json` alone tells a GraphQL answer from another server's by
 * its status: 200 also where the operation is refused. Source: GraphQL over HTTP §6.4.1.
 */
function wantsPlainJson({ http }: GraphQLRequest): boolean {
  const accept = http?.headers.get('accept') ?? '';
  return accept.includes('application/json') && !accept.includes('graphql-response');
}

/** graphql-js lets a subscription pass where the schema has none. */
const knownOperationKinds: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    context.reportError(new GraphQLError(`There is no ${node.operation} here.`, { nodes: node }));
  },
});

function streamed(): GraphQLError {
  const message = 'A subscription is answered by text/event-stream, or over WebSocket.';
  return httpRefusal(406, 'BAD_REQUEST', message);
}

/** The project's own rules of validation, beside those of GraphQL. */
export const ownRules: readonly ValidationRule[] = [knownOperationKinds, introspectionAlone];

function unknownOperation(): GraphQLError {
  return new GraphQLError(
    'The document has no operation of this name, or several and no name is given.',
    {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
    },
  );
}
