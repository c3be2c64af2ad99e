import { Pool } from 'undici';
import type { Config, SubgraphName } from '../platform/config.ts';
import { eventStreamType, readEvents } from '../platform/event-stream.ts';
import type { HopAnswer, HopRequest, HopStream } from '../platform/hop.ts';
import type { Events } from '../platform/streams.ts';
import type { Subgraph } from '../platform/subgraph.ts';
import type { EndSignal } from './ending.ts';
import type { OutgoingHop } from './outgoing-hop.ts';
import { SharedHops } from './shared-hops.ts';
import { wholeAnswer } from './whole-answer.ts';

/** A way to a subgraph: the gateway is the same over HTTP and in one process. */
export interface SubgraphClient {
  /**
   * Sends one signed hop, once: what failed is not sent again, since a mutation may have run.
   *
   * @throws where the subgraph cannot be reached, or does not answer before the signal
   */
  send(request: OutgoingHop, signal: EndSignal): Promise<HopAnswer>;
  /**
   * Sends one signed hop that subscribes; its events end with the signal. Left out where there are none.
   *
   * @throws where the subgraph cannot be reached, or does not answer before the signal
   */
  subscribe?(request: HopRequest, signal: AbortSignal): Promise<HopStream>;
  /** Lets go of its connections. */
  close(): Promise<void>;
}

/** Calls a subgraph that runs in this process. */
export function localClient(
  subgraph: Pick<Subgraph, 'answer'> & Partial<Pick<Subgraph, 'subscribe'>>,
): SubgraphClient {
  const { subscribe } = subgraph;
  return {
    async send(request, signal) {
      if (signal.aborted) throw signal.reason as Error;
      // It is made anew for each request, of what JSON has alone: the executor may change it.
      return Promise.race([subgraph.answer(request), aborted(signal)]);
    },
    ...(subscribe && { subscribe: (...hop) => subscribeHere(subscribe, ...hop) }),
    close: () => Promise.resolve(),
  };
}

function aborted(signal: EndSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

async function subscribeHere(
  subscribe: Subgraph['subscribe'],
  request: HopRequest,
  signal: AbortSignal,
): Promise<HopStream> {
  signal.throwIfAborted();
  const asked = subscribe(request);
  let answer: HopStream;
  try {
    answer = await Promise.race([asked, aborted(signal)]);
  } catch (error) {
    // Nobody waits for it, when it comes.
    void asked.then(endEvents);
    throw error;
  }
  if (!('events' in answer)) return answer;
  signal.addEventListener('abort', () => endEvents(answer), { once: true });
  return { events: asOverHttp(answer.events) };
}

function endEvents(answer: HopStream): void {
  if ('events' in answer) void answer.events.return?.();
}

/** Its events, as they would be read from JSON. */
async function* asOverHttp(events: Events): Events {
  for await (const event of events) yield JSON.parse(JSON.stringify(event)) as object;
}

/** Calls a subgraph over HTTP, on connections that are kept alive; reads share some of them. */
export function httpClient(
  subgraph: SubgraphName,
  url: string,
  { hopKeys, limits }: Pick<Config, 'hopKeys' | 'limits'>,
): SubgraphClient {
  const [key] = hopKeys;
  if (!key) throw new Error('There is no key to sign hops with.');
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, '');
  const path = `${base}/graphql`;
  const pool = new Pool(origin, {
    connections: limits.subgraphConnections,
    connect: { timeout: limits.subgraphCallMs },
    // Who asks has a shorter time, but for what takes long.
    headersTimeout: limits.settlementMs,
    bodyTimeout: limits.settlementMs,
    maxResponseSize: limits.subgraphAnswerBytes,
  });
  // Each has a connection of its own, for as long as it goes; signs of life come in between.
  const streams = new Pool(origin, {
    connections: limits.streams,
    connect: { timeout: limits.subgraphCallMs },
    headersTimeout: limits.subgraphCallMs,
    bodyTimeout: limits.streamStallMs,
  });
  const way = { subgraph, path: base, dispatcher: streams, key, limits };
  const hops = new SharedHops(way, ({ body, headers }, signal) => {
    const json = { ...headers, 'content-type': 'application/json' };
    return wholeAnswer(pool, { path, method: 'POST', headers: json, body }, signal);
  });
  return {
    async send(hop, signal) {
      const { status, text } = await hops.send(hop, signal);
      return { status, body: parseObject(text), isPlain: !text.includes('\\') };
    },
    async subscribe({ body, headers }, signal) {
      const answer = await streams.request({
        path,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', accept: eventStreamType },
        body,
        signal,
      });
      if (answer.headers['content-type'] === eventStreamType) {
        return { events: readEvents(answer.body, limits.subgraphAnswerBytes) };
      }
      return { status: answer.statusCode, body: parseObject(await answer.body.text()) };
    },
    async close() {
      hops.close();
      await Promise.all([pool.close(), streams.destroy()]);
    },
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
