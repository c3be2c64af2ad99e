import CircuitBreaker from 'opossum';
import type { Logger } from 'pino';
import type { HopAnswer } from '../platform/hop.ts';
import type { Limits } from '../platform/limits.ts';
import type { EndSignal } from './ending.ts';
import type { GatewayMetrics } from './metrics.ts';
import { type OutgoingHop, isRead } from './outgoing-hop.ts';
import type { SubgraphClient } from './subgraph-client.ts';
import { ConnectionFailed } from './whole-answer.ts';

interface Guards {
  log: Logger;
  metrics: GatewayMetrics;
  limits: Limits;
}

/**
 * Guards the ways to subgraphs. A read whose connection fails before an answer, or that is answered
 * with 503, is sent once more, while such retries are few; a mutation never is. A subgraph that fails
 * again and again is not asked for a while, then with one call at first.
 */
export function guardedClients<Name extends string>(
  clients: Readonly<Record<Name, SubgraphClient>>,
  guards: Guards,
): Readonly<Record<Name, SubgraphClient>> {
  return Object.fromEntries(
    Object.entries<SubgraphClient>(clients).map(([name, client]) => [
      name,
      guardedClient(name, client, guards),
    ]),
  ) as Record<Name, SubgraphClient>;
}

function guardedClient(name: string, client: SubgraphClient, guards: Guards): SubgraphClient {
  const send = retried(name, client, guards);
  const breaker = openBreaker(name, guards, async (request: OutgoingHop, signal: EndSignal) => {
    const started = performance.now();
    try {
      const answer = await send(request, signal);
      if (answer.status >= 500) throw new Error(`The answer has status ${answer.status}.`);
      return answer;
    } catch (error) {
      const ms = performance.now() - started;
      throw signal.aborted && ms < guards.limits.subgraphCallMs / 2 ? new CutShort(error) : error;
    }
  });
  return {
    ...client,
    send: (request, signal) => breaker.fire(request, signal),
    async close() {
      breaker.shutdown();
      await client.close();
    },
  };
}

/** A call that had little time, or whose client went: it says nothing of the subgraph. */
class CutShort extends Error {
  constructor(cause: unknown) {
    super('The call was cut short.', { cause });
  }
}

type Send = (request: OutgoingHop, signal: EndSignal) => Promise<HopAnswer>;

function openBreaker(name: string, { log, metrics, limits }: Guards, send: Send) {
  const breaker = new CircuitBreaker(send, {
    // The signal has the time, and what memory keeps of each call's is left out.
    timeout: false,
    rollingPercentilesEnabled: false,
    rollingCountTimeout: limits.breakerWindowMs,
    volumeThreshold: limits.breakerCalls,
    errorThresholdPercentage: 50,
    resetTimeout: limits.breakerOpenMs,
    errorFilter: (error) => error instanceof CutShort,
  });
  metrics.breakers.set({ subgraph: name }, 0);
  breaker.on('open', () => {
    metrics.breakers.set({ subgraph: name }, 1);
    log.warn({ subgraph: name }, 'breaker open: the subgraph is not asked');
  });
  breaker.on('close', () => {
    metrics.breakers.set({ subgraph: name }, 0);
    log.info({ subgraph: name }, 'breaker closed');
  });
  return breaker;
}

/** What one call adds to the retries that may be made. */
const retryShare = 0.1;

/** Sends reads once more that have met a connection's end or a subgraph that goes away. */
function retried(subgraph: string, client: SubgraphClient, { metrics, limits }: Guards): Send {
  let budget = limits.retriesMax;
  return async (request, signal) => {
    budget = Math.min(limits.retriesMax, budget + retryShare);
    const mayRetry = () => isRead(request) && budget >= 1 && !signal.aborted;
    const again = () => {
      budget--;
      metrics.retries.inc({ subgraph });
      return client.send(request, signal);
    };
    let answer: HopAnswer;
    try {
      answer = await client.send(request, signal);
    } catch (error) {
      if (error instanceof ConnectionFailed && mayRetry()) return again();
      throw error;
    }
    return answer.status === 503 && mayRetry() ? again() : answer;
  };
}
