import type { FastifyInstance } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { Counter, Gauge, Histogram } from 'prom-client';
import { clientErrorCodes, maskedCode } from '../platform/errors.ts';
import { type Metrics, durationBuckets, measures } from '../platform/metrics.ts';
import type { EndSignal } from './ending.ts';
import type { SubgraphClient } from './subgraph-client.ts';

/** What the gateway counts and times. */
export type GatewayMetrics = ReturnType<typeof gatewayMetrics>;

export const gatewayMetrics = measures((registers) => ({
  requests: new Counter({
    name: 'coalition_gateway_requests_total',
    help: 'Requests that were answered, by route, audience and HTTP status.',
    labelNames: ['route', 'audience', 'status'],
    registers,
  }),
  inFlight: new Gauge({
    name: 'coalition_gateway_requests_in_flight',
    help: 'Requests that were not answered yet, but for files and streams.',
    registers,
  }),
  overloads: new Counter({
    name: 'coalition_gateway_overload_refusals_total',
    help: 'Requests that there was no room for, and why: busy, since answers take long, or in_flight, the most.',
    labelNames: ['reason'],
    registers,
  }),
  subscriptions: new Gauge({
    name: 'coalition_gateway_subscriptions_open',
    help: 'Subscriptions that are open.',
    registers,
  }),
  operations: new Histogram({
    name: 'coalition_gateway_operation_seconds',
    help: 'Time of operations, by audience and by whether their answers have errors.',
    labelNames: ['audience', 'outcome'],
    buckets: durationBuckets,
    registers,
  }),
  errors: new Counter({
    name: 'coalition_gateway_errors_total',
    help: 'Errors in answers, by code: what was refused, and why, and what went wrong.',
    labelNames: ['code'],
    registers,
  }),
  rateLimited: new Counter({
    name: 'coalition_gateway_rate_limited_total',
    help: 'Requests that were one too many, by what is counted.',
    labelNames: ['rate'],
    registers,
  }),
  prepared: new Counter({
    name: 'coalition_gateway_prepared_operations_total',
    help: 'Looks for operations that are kept prepared, by what was found: hit or miss.',
    labelNames: ['result'],
    registers,
  }),
  keptAnswers: new Counter({
    name: 'coalition_gateway_kept_answers_total',
    help: 'Looks for answers to callers without a token that may be kept, by what was found: hit or miss.',
    labelNames: ['result'],
    registers,
  }),
  planning: new Histogram({
    name: 'coalition_gateway_planning_seconds',
    help: 'Time of planning an operation that was not known.',
    buckets: durationBuckets,
    registers,
  }),
  ...ofCalls(registers),
}));

/** What is measured of calls of subgraphs. */
function ofCalls(registers: Metrics[]) {
  return {
    retries: new Counter({
      name: 'coalition_gateway_retries_total',
      help: 'Calls of a subgraph that were sent once more.',
      labelNames: ['subgraph'],
      registers,
    }),
    breakers: new Gauge({
      name: 'coalition_gateway_breaker_open',
      help: 'Whether a subgraph is not asked for a while, since it has failed again and again.',
      labelNames: ['subgraph'],
      registers,
    }),
    subgraphCalls: new Histogram({
      name: 'coalition_gateway_subgraph_call_seconds',
      help: 'Time of calls of a subgraph, by how they ended: answered, failed, late, or left by the client.',
      labelNames: ['subgraph', 'outcome'],
      buckets: durationBuckets,
      registers,
    }),
  };
}

/** Counts requests by their routes, as these are written in the program. */
export function countRequests(server: FastifyInstance, metrics: GatewayMetrics): void {
  server.addHook('onResponse', ({ routeOptions, viewer }, { statusCode }, next) => {
    const audience = (viewer as typeof viewer | undefined)?.audience ?? 'NONE';
    metrics.requests.inc({ route: routeOptions.url ?? 'none', audience, status: statusCode });
    next();
  });
  server.addHook('onError', async (_request, _reply, error) => {
    if (error instanceof GraphQLError) countErrors(metrics, [error]);
  });
}

/** Counts errors by the codes that clients see. */
export function countErrors(
  metrics: GatewayMetrics,
  errors: readonly (GraphQLError | GraphQLFormattedError)[],
): void {
  for (const { extensions } of errors) {
    const code = extensions?.['code'];
    metrics.errors.inc({ code: clientErrorCodes.has(code) ? (code as string) : maskedCode });
  }
}

/** Times work, also where it fails. */
export function timed<Args extends unknown[], Result>(
  histogram: Histogram,
  work: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const end = histogram.startTimer();
    try {
      return await work(...args);
    } finally {
      end();
    }
  };
}

/** Times the calls of subgraphs. */
export function timedClients<Name extends string>(
  clients: Readonly<Record<Name, SubgraphClient>>,
  metrics: GatewayMetrics,
): Readonly<Record<Name, SubgraphClient>> {
  return Object.fromEntries(
    Object.entries<SubgraphClient>(clients).map(([name, client]) => [
      name,
      timedClient(name, client, metrics),
    ]),
  ) as Record<Name, SubgraphClient>;
}

function timedClient(
  subgraph: string,
  client: SubgraphClient,
  { subgraphCalls }: GatewayMetrics,
): SubgraphClient {
  return {
    ...client,
    async send(request, signal) {
      const started = performance.now();
      let outcome = 'failed';
      try {
        const answer = await client.send(request, signal);
        if (answer.status === 200) outcome = 'answered';
        return answer;
      } finally {
        if (signal.aborted) outcome = isLate(signal) ? 'late' : 'left';
        subgraphCalls.observe({ subgraph, outcome }, (performance.now() - started) / 1_000);
      }
    },
  };
}

function isLate({ reason }: EndSignal): boolean {
  return (reason as { name?: unknown } | undefined)?.name === 'TimeoutError';
}
