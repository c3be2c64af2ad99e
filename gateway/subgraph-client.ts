import { Pool } from 'undici';
import type { Config } from '../platform/config.ts';
import type { HopRequest } from '../platform/hop.ts';
import type { HopAnswer, Subgraph } from '../platform/subgraph.ts';
import { wholeAnswer } from './whole-answer.ts';

/** A way to a subgraph: the gateway is the same over HTTP and in one process. */
export interface SubgraphClient {
  /**
   * Sends one signed hop, once: what failed is not sent again, since a mutation may have run.
   *
   * @throws where the subgraph cannot be reached, or does not answer before the signal
   */
  send(request: HopRequest, signal: AbortSignal): Promise<HopAnswer>;
  /** Lets go of its connections. */
  close(): Promise<void>;
}

/** Calls a subgraph that runs in this process. */
export function localClient(subgraph: Pick<Subgraph, 'answer'>): SubgraphClient {
  return {
    async send(request, signal) {
      signal.throwIfAborted();
      const { status, body } = await Promise.race([subgraph.answer(request), aborted(signal)]);
      // As over HTTP: dates become strings, and the executor may change its copy.
      return { status, body: JSON.parse(JSON.stringify(body)) as object };
    },
    close: () => Promise.resolve(),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** Calls a subgraph over HTTP, on connections that are kept alive. */
export function httpClient(url: string, { limits }: Pick<Config, 'limits'>): SubgraphClient {
  const { origin, pathname } = new URL(url);
  const path = `${pathname.replace(/\/$/, '')}/graphql`;
  const pool = new Pool(origin, {
    connections: limits.subgraphConnections,
    connect: { timeout: limits.subgraphCallMs },
    // Who asks has a shorter time, but for what takes long.
    headersTimeout: limits.settlementMs,
    bodyTimeout: limits.settlementMs,
    maxResponseSize: limits.subgraphAnswerBytes,
  });
  return {
    async send({ body, headers }, signal) {
      const { status, text } = await wholeAnswer(
        pool,
        {
          path,
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body,
        },
        signal,
      );
      return { status, body: parseObject(text) };
    },
    close: () => pool.close(),
  };
}

/** The error of JSON.parse quotes what it read; this one may be logged. */
function parseObject(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new Error('The answer is not JSON.');
  }
}
