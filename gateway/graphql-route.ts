import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../platform/config.ts';
import { httpRefusal } from '../platform/errors.ts';
import { eventStreamType } from '../platform/event-stream.ts';
import { bodyForm } from '../platform/http.ts';
import type { Limits } from '../platform/limits.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Asking, GatewayContext } from './context.ts';
import { admitOrigins } from './cors.ts';
import { refusalOfDocument, refusalOfVariables } from './document-limits.ts';
import { Ending } from './ending.ts';
import type { AnswerKnown } from './known-operations.ts';
import { takeDocument } from './documents/requests.ts';
import type { TrustedDocuments } from './documents/trusted.ts';
import { logFaults } from './operation-log.ts';
import type { RateLimits } from './rate-limits.ts';
import { checkLength, takeJson } from './request-body.ts';
import { refuseConditionalStreams } from './subscriptions/documents.ts';
import { type SubscriptionRoutes, isUpgrade } from './subscriptions/routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, of a request to the graph. */
    viewer: Viewer;
  }
}

interface Front {
  config: Config;
  log: Logger;
  apollo: ApolloServer<GatewayContext>;
  /** Answers what needs no reading any more. */
  answerKnown: AnswerKnown;
  trusted: TrustedDocuments;
  rates: RateLimits;
  /** Reads the token, and counts the request. */
  callerOf: (request: FastifyRequest, reply: FastifyReply) => Promise<Viewer>;
  contextOf: (
    viewer: Viewer,
    asking: Asking,
    countMutations: GatewayContext['countMutations'],
  ) => GatewayContext;
  subscriptions: SubscriptionRoutes;
}

/**
 * Opens `/graphql`. What can be refused by a request's head is, before its body is read; what can be
 * refused by its size is, before it is checked.
 */
export async function serveGraphQL(server: FastifyInstance, front: Front): Promise<void> {
  const { config, log, apollo, answerKnown, callerOf, subscriptions } = front;
  const { limits } = config;
  await server.register((scope, _, done) => {
    scope.decorateRequest('viewer');
    takeJson(scope, limits);
    admitOrigins(scope, '/graphql', config.corsOrigins);
    scope.addHook('onError', async ({ id: requestId }, _reply, error) => {
      const { statusCode = 500, extensions } = error as {
        statusCode?: number;
        extensions?: object;
      };
      if (!extensions && statusCode >= 500) log.error({ requestId, err: error }, 'fault');
    });
    scope.route({
      method: ['GET', 'POST'],
      url: '/graphql',
      exposeHeadRoute: false,
      async onRequest(request, reply) {
        checkForm(request);
        request.viewer = await callerOf(request, reply);
        checkLength(request, limits);
      },
      async handler(request, reply) {
        const search = takeDocument(request, front.trusted);
        if (subscriptions.isFor(request)) return subscriptions.answer(request, reply);
        const contextOf = () => contextOfRequest(request, reply, front);
        if (request.method === 'POST' && (await answerKnown(request, reply, contextOf))) {
          return reply;
        }
        const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
          httpGraphQLRequest: {
            method: request.method,
            headers: headersOf(request),
            search,
            body: request.body,
          },
          // Where it throws, the server answers in its form.
          context: async () => {
            const context = contextOf();
            checkSize(request, limits, (refused) => logFaults(context, [refused]));
            return context;
          },
        });
        if (body.kind !== 'complete') throw new Error('The gateway answers at once.');
        return reply
          .status(status ?? 200)
          .headers(Object.fromEntries(headers))
          .send(body.string);
      },
    });
    done();
  });
}

function contextOfRequest(
  request: FastifyRequest,
  { raw }: FastifyReply,
  { contextOf, rates }: Front,
): GatewayContext {
  const { viewer, headers } = request;
  const context = contextOf(viewer, request, async (mutations) => {
    if (viewer.audience === 'PUBLIC') await rates.countMutations(request.ip, mutations);
  });
  const gone = new Ending();
  raw.on('close', () => {
    if (!raw.writableFinished) gone.abort(new DOMException('The client is gone.', 'AbortError'));
  });
  context.tellsCost = headers['graphql-cost'] !== undefined;
  context.gone = gone;
  return context;
}

/** Refuses what is not a GraphQL request by its headers. */
function checkForm(request: FastifyRequest): void {
  if (isUpgrade(request)) return;
  const { method, headers } = request;
  // A mutation would have run before its answer is found to suit nobody.
  if (!takesAnswer(headers.accept)) {
    throw httpRefusal(406, 'BAD_REQUEST', 'The answer is application/json.');
  }
  // What a browser or a proxy keeps of a GET would be one caller's answer for another.
  if (method === 'GET' && headers.authorization !== undefined) {
    throw httpRefusal(405, 'BAD_REQUEST', 'With a token, operations are sent by POST.', {
      allow: 'POST',
    });
  }
  if (method !== 'POST') return;
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  // A page of another origin can send any other type without asking (CSRF).
  if (
    !/^application\/json\s*(;|$)/i.test(type) ||
    !/^(utf-?8)?$/i.test(/;\s*charset="?([^";\s]*)/i.exec(type)?.[1] ?? '') ||
    encoding.toLowerCase() !== 'identity'
  ) {
    throw httpRefusal(415, 'BAD_REQUEST', bodyForm);
  }
}

function takesAnswer(accept = '*/*'): boolean {
  // As most say it: by one type, without a word more.
  if (answerTypes.has(accept)) return true;
  return accept
    .toLowerCase()
    .split(',')
    .some((range) => {
      const [type, ...parameters] = range.split(';').map((part) => part.trim());
      return answerTypes.has(type!) && !parameters.some((each) => /^q=0(\.0*)?$/.test(each));
    });
}

const answerTypes: ReadonlySet<string> = new Set([
  '*/*',
  'application/*',
  'application/json',
  'application/graphql-response+json',
  // A subscription's; what is answered as JSON alone is refused in it.
  eventStreamType,
]);

function checkSize(
  request: FastifyRequest,
  limits: Limits,
  onRefusal: (refused: GraphQLError) => void,
): void {
  const sent = ((request.method === 'GET' ? request.query : request.body) ?? {}) as {
    query?: unknown;
    variables?: unknown;
  };
  const refused =
    (typeof sent.query === 'string' ? refusalOfDocument(sent.query, limits) : null) ??
    refusalOfVariables(sent.variables, limits);
  if (!refused) return refuseConditionalStreams(sent.query, limits);
  const refusal = httpRefusal(400, 'QUERY_TOO_EXPENSIVE', refused);
  onRefusal(refusal);
  throw refusal;
}

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
