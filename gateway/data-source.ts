import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { type ExecutionResult, type GraphQLFormattedError, Kind, parse } from 'graphql';
import type { Config, SubgraphName } from '../platform/config.ts';
import { noAnswer } from '../platform/errors.ts';
import { signHop } from '../platform/hop.ts';
import type { HopAnswer } from '../platform/subgraph.ts';
import type { GatewayContext } from './context.ts';
import type { SubgraphClient } from './subgraph-client.ts';

type HopResult = Awaited<ReturnType<GraphQLDataSource['process']>>;

type Asked = Pick<
  GraphQLDataSourceProcessOptions['request'],
  'query' | 'operationName' | 'variables'
>;

/** Asks a subgraph, as the viewer of the context. */
export type AskSubgraph = (asked: Asked, context: GatewayContext) => Promise<HopResult>;

/**
 * Asks a subgraph in signed hops.
 *
 * A call ends with `limits.subgraphCallMs` or with the operation's deadline, whichever is sooner. A
 * subgraph that fails, is late or does not answer in form costs its own fields alone: they are
 * null, with an error SUBGRAPH_UNAVAILABLE, and the reason is logged.
 */
export function openHops(
  subgraph: SubgraphName,
  client: SubgraphClient,
  { hopKeys, limits }: Pick<Config, 'hopKeys' | 'limits'>,
): AskSubgraph {
  const [key] = hopKeys;
  if (!key) throw new Error('There is no key to sign hops with.');
  return async ({ query = '', operationName, variables }, context) => {
    const { viewer, requestId, deadline, callMs = limits.subgraphCallMs, log } = context;
    const body = JSON.stringify({ query, operationName, variables });
    try {
      const headers = signHop(key, subgraph, { viewer, requestId }, body);
      const timeMs = Math.min(callMs, deadline - performance.now());
      return readAnswer(await client.send({ body, headers }, timeLimit(timeMs)));
    } catch (err) {
      log.warn({ err, subgraph }, 'subgraph unavailable');
      return { errors: unavailable(query) };
    }
  };
}

/** What the executor asks for its plan. */
export function hopDataSource(ask: AskSubgraph): GraphQLDataSource<GatewayContext> {
  return {
    process: ({ request, context }: GraphQLDataSourceProcessOptions<GatewayContext>) =>
      ask(request, context as GatewayContext),
  };
}

function timeLimit(ms: number): AbortSignal {
  return ms > 0 ? AbortSignal.timeout(Math.ceil(ms)) : AbortSignal.abort();
}

/** The client's document was checked by the gateway: where a subgraph says this, it is our fault. */
const faultCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/** Takes over the answer's data, and of its errors what a client may see: extensions can set more. */
function readAnswer({ status, body }: HopAnswer): HopResult {
  if (status !== 200) throw new Error(`The answer has status ${status}.`);
  const { data, errors } = body as ExecutionResult<Record<string, unknown>, { code?: unknown }>;
  if (data === undefined && !errors) throw new Error('The answer has neither data nor errors.');
  return {
    data: data ?? null,
    ...(errors && {
      errors: errors.map(({ message, path, extensions }) => {
        const code = (extensions as { code?: unknown } | undefined)?.code;
        return {
          message,
          ...(path && { path }),
          extensions: { code: faultCodes.has(code) ? 'INTERNAL_SERVER_ERROR' : code },
        };
      }),
    }),
  };
}

/** One error for each root field that stays empty; one for the place that entities belong to. */
function unavailable(query: string): GraphQLFormattedError[] {
  const names = rootNames(query);
  const paths = names.length === 0 || names.includes('_entities') ? [[]] : names.map((n) => [n]);
  return paths.map((path) => ({
    message: noAnswer,
    path,
    extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
  }));
}

/** The names that the root fields have in the answer. */
function rootNames(query: string): string[] {
  return parse(query, { noLocation: true })
    .definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .flatMap(({ selectionSet }) => selectionSet.selections)
    .flatMap((node) => (node.kind === Kind.FIELD ? (node.alias ?? node.name).value : []));
}
