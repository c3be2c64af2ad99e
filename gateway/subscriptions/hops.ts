import type { Config, SubgraphName } from '../../platform/config.ts';
import { signHop } from '../../platform/hop.ts';
import type { Events } from '../../platform/streams.ts';
import { failSpan, traceparentOf } from '../../platform/tracing.ts';
import type { GatewayContext } from '../context.ts';
import { type HopResult, readAnswer, unavailable } from '../data-source.ts';
import { beginCall } from '../spans.ts';
import type { SubgraphClient } from '../subgraph-client.ts';

/** The events of a subgraph, or what it answered instead. */
type Followed = { events: Events } | { refused: HopResult };

/** Subscribes at a subgraph, as the viewer of the context; it ends with the signal. */
export type FollowHop = (
  body: string,
  context: GatewayContext,
  end: AbortController,
) => Promise<Followed>;

/** Opens the way to a subgraph's events, by a signed hop: it is as late to begin as an answer may be. */
export function openFollowing(
  subgraph: SubgraphName,
  client: SubgraphClient,
  { hopKeys, limits }: Pick<Config, 'hopKeys' | 'limits'>,
): FollowHop {
  const [key] = hopKeys;
  if (!key) throw new Error('There is no key to sign hops with.');
  return async (body, context, end) => {
    const { viewer, requestId, log } = context;
    const span = beginCall(context, subgraph);
    const timer = setTimeout(() => end.abort(new Error('It is late.')), limits.subgraphCallMs);
    try {
      const told = { viewer, requestId, ...(span && { traceparent: traceparentOf(span) }) };
      const headers = signHop(key, subgraph, told, body);
      if (!client.subscribe) throw new Error('The subgraph has no events.');
      const answer = await client.subscribe({ body, headers }, end.signal);
      return 'events' in answer ? answer : { refused: readAnswer(answer) };
    } catch (err) {
      failSpan(span, (err as Error).name);
      log.warn({ err, subgraph }, 'subgraph unavailable');
      return { refused: { data: null, errors: [unavailable] } };
    } finally {
      span?.end();
      clearTimeout(timer);
    }
  };
}
