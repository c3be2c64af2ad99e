import type { FastifyInstance } from 'fastify';
import type { OperationDefinitionNode } from 'graphql';
import type { Config, SubgraphName } from '../platform/config.ts';
import {
  type Span,
  beginSpan,
  beginTrace,
  endSpan,
  linkTo,
  spanKinds,
} from '../platform/tracing.ts';
import type { GatewayContext } from './context.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What is told of the request, where it is traced. */
    span?: Span | undefined;
  }
}

/**
 * Begins a trace with each request that is not about health; here is decided which are collected. A client's own
 * trace is linked to, never gone on with: nobody outside decides what is collected, or what it is a part of.
 */
export function traceRequests(server: FastifyInstance, { traces }: Pick<Config, 'traces'>): void {
  if (!traces) return;
  server.decorateRequest('span', undefined);
  server.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url;
    if (!route?.startsWith('/health/')) {
      const span = beginTrace(request.method, { kind: spanKinds.server });
      if (span) {
        request.span = span;
        describeRequest(span, request.method, route, request.headers['traceparent']);
        reply.raw.once('close', () => endRequest(span, reply.raw));
      }
    }
    done();
  });
}

function describeRequest(
  span: Span,
  method: string,
  route: string | undefined,
  traceparent: string | string[] | undefined,
): void {
  // The path itself can have ids in it, and its search whole operations.
  span.updateName(`${method} ${route ?? 'none'}`).setAttribute('http.request.method', method);
  if (route) span.setAttribute('http.route', route);
  const link = linkTo(String(traceparent));
  if (link) span.addLink(link);
}

function endRequest(span: Span, reply: { statusCode: number; writableFinished: boolean }): void {
  const { statusCode, writableFinished } = reply;
  if (!writableFinished) return endSpan(span, 'left');
  span.setAttribute('http.response.status_code', statusCode);
  endSpan(span, statusCode >= 500 ? String(statusCode) : undefined);
}

/** Says which operation a request is. Its name is the client's: it is not the span's. */
export function describeOperation(
  { span, viewer }: GatewayContext,
  { operation, name }: OperationDefinitionNode,
): void {
  if (!span) return;
  span.updateName(operation).setAttributes({
    'graphql.operation.type': operation,
    'coalition.audience': viewer.audience,
    ...(name && { 'graphql.operation.name': name.value.slice(0, 100) }),
  });
}

/** Begins a call of a subgraph, with so many entities to ask it for. */
export function beginCall(
  { span }: GatewayContext,
  subgraph: SubgraphName,
  entities = 0,
): Span | undefined {
  if (!span) return undefined;
  return beginSpan(span, `fetch ${subgraph}`, {
    kind: spanKinds.client,
    attributes: { 'coalition.subgraph': subgraph, 'coalition.entities': entities },
  });
}

/** Does a part of an operation in a span of its own. */
export async function traced<Result>(
  { span }: GatewayContext,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const part = beginSpan(span, name);
  try {
    const result = await work();
    endSpan(part);
    return result;
  } catch (error) {
    endSpan(part, (error as Error).name);
    throw error;
  }
}
