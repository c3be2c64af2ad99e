import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import type { Config, SubgraphName } from '../platform/config.ts';
import { noAnswer } from '../platform/errors.ts';
import { failSpan, traceparentOf } from '../platform/tracing.ts';
import type { HopAnswer } from '../platform/subgraph.ts';
import type { GatewayContext } from './context.ts';
import { type EndSignal, Ending } from './ending.ts';
import { outgoingHop } from './outgoing-hop.ts';
import { beginCall } from './spans.ts';
import type { SubgraphClient } from './subgraph-client.ts';

/** What a subgraph answered, and of its errors what a client may see. */
export interface HopResult {
  data: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  /** It is known that its JSON escapes nothing: each string of the data is written as it is. */
  isPlain?: boolean;
}

/**
 * Sends a GraphQL request to a subgraph, as the viewer of the context.
 *
 * @param body the request, as JSON
 * @param entities how many it asks for
 * @returns null where the subgraph failed, was late or did not answer in form: the log says why
 */
export type SendHop = (
  body: string,
  context: GatewayContext,
  entities?: number,
) => Promise<HopResult | null>;

/**
 * Opens the way to a subgraph, in signed hops. A call ends with `limits.subgraphCallMs`, with the
 * operation's deadline or when nobody waits for it, whichever is soonest.
 */
export function openWay(
  subgraph: SubgraphName,
  client: SubgraphClient,
  { hopKeys, limits }: Pick<Config, 'hopKeys' | 'limits'>,
): SendHop {
  const [key] = hopKeys;
  if (!key) throw new Error('There is no key to sign hops with.');
  return async (body, context, entities) => {
    const { viewer, requestId, deadline, callMs = limits.subgraphCallMs, log, gone } = context;
    const timeMs = Math.min(callMs, deadline - performance.now());
    const end = endAfter(timeMs, gone);
    const span = beginCall(context, subgraph, entities);
    try {
      const told = { viewer, requestId, ...(span && { traceparent: traceparentOf(span) }) };
      const answer = await client.send(outgoingHop(key, subgraph, told, body), end.signal);
      span?.setAttribute('http.response.status_code', answer.status);
      return readAnswer(answer);
    } catch (err) {
      failSpan(span, (err as Error).name);
      if (!gone?.aborted) log.warn({ err, subgraph }, 'subgraph unavailable');
      return null;
    } finally {
      span?.end();
      end.clear();
    }
  };
}

/** A signal for one call, which leaves no timer behind. */
function endAfter(ms: number, gone: EndSignal | undefined) {
  const end = new Ending();
  const leave = () => end.abort(gone?.reason);
  const late = () => end.abort(new DOMException('The time is up.', 'TimeoutError'));
  if (ms <= 0) late();
  else if (gone?.aborted) leave();
  gone?.addEventListener('abort', leave);
  const timer = setTimeout(late, Math.ceil(ms));
  return {
    signal: end,
    clear() {
      clearTimeout(timer);
      gone?.removeEventListener('abort', leave);
    },
  };
}

interface Asked {
  query: string;
  variables: Record<string, unknown>;
}

/** Asks a subgraph a question of the gateway's own. */
export type AskSubgraph = (asked: Asked, context: GatewayContext) => Promise<HopResult>;

/** Opens the way to a subgraph for questions of the gateway's own; what fails is an error. */
export function openHops(...way: Parameters<typeof openWay>): AskSubgraph {
  const send = openWay(...way);
  return async ({ query, variables }, context) =>
    (await send(JSON.stringify({ query, variables }), context)) ?? {
      data: null,
      errors: [unavailable],
    };
}

/** What stands in the answer where a subgraph was of no use. */
export const unavailable: GraphQLFormattedError = {
  message: noAnswer,
  extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
};

/** The client's document was checked by the gateway: where a subgraph says this, it is our fault. */
const faultCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/** Takes over the answer's data, and of its errors what a client may see: extensions can set more. */
export function readAnswer({ status, body, isPlain = false }: HopAnswer): HopResult {
  if (status !== 200) throw new Error(`The answer has status ${status}.`);
  const { data, errors } = body as ExecutionResult<Record<string, unknown>, { code?: unknown }>;
  if (data === undefined && !errors) throw new Error('The answer has neither data nor errors.');
  if (typeof (data ?? null) !== 'object') throw new Error('The answer’s data is no object.');
  return {
    data: data ?? null,
    isPlain,
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
