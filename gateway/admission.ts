import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../platform/config.ts';
import { busy, httpRefusal } from '../platform/errors.ts';
import type { GatewayMetrics } from './metrics.ts';
import { openRoom } from './room.ts';

/** Lets requests in, so many at once. */
export interface Admission {
  /** Gives back the room of a request whose answer goes on for long: a stream. */
  leave(response: ServerResponse): void;
}

const body = JSON.stringify({ errors: [busy()] });
const retry = { 'retry-after': '1' };
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': Buffer.byteLength(body),
  'cache-control': 'no-store',
  ...retry,
};

/**
 * Refuses what there is no room for with 503, before anything is done for it: nothing waits in a queue.
 * Health checks always have room, and files, which come and go for long, take none.
 */
export function openAdmission(
  server: FastifyInstance,
  { requestsInFlight }: Pick<Config, 'requestsInFlight'>,
  metrics: Pick<GatewayMetrics, 'inFlight' | 'overloads'>,
): Admission {
  /** Since when. */
  const admitted = new Map<ServerResponse, number>();
  const room = openRoom(requestsInFlight, () => admitted.size);
  server.addHook('onClose', async () => room.close());
  const enter = (response: ServerResponse) => {
    // Its client may be gone by now.
    if (response.closed) return;
    admitted.set(response, performance.now());
    metrics.inFlight.set(admitted.size);
    room.entered(admitted.size);
  };
  const leave = (response: ServerResponse) => {
    if (admitted.delete(response)) metrics.inFlight.set(admitted.size);
  };
  const isFull = () => {
    if (admitted.size < room.size()) return false;
    metrics.overloads.inc({ reason: admitted.size < requestsInFlight ? 'busy' : 'in_flight' });
    return true;
  };
  const arrivals = openArrivals(server, { isFull, enter, leave });
  beforeAll(server, (request, response) => {
    const { url = '' } = request;
    if (url.startsWith('/health/')) return true;
    if (isFull()) {
      response.writeHead(503, headers).end(body);
      return false;
    }
    if (/^\/(exports|imports|statements)\//.test(url)) return true;
    enter(response);
    response.on('close', () => {
      const started = admitted.get(response);
      leave(response);
      const isAnswered = response.writableFinished && response.statusCode === 200;
      if (started !== undefined && isAnswered) room.answered(performance.now() - started);
    });
    arrivals.watch(request, response);
    return true;
  });
  return { leave };
}

interface Places {
  isFull: () => boolean;
  enter: (response: ServerResponse) => void;
  leave: (response: ServerResponse) => void;
}

/**
 * Takes the room from requests that take longer to arrive than a turn of the event loop, until they have:
 * a few hundred senders who drip their bodies would have all of it.
 */
function openArrivals(server: FastifyInstance, { isFull, enter, leave }: Places) {
  let came: [IncomingMessage, ServerResponse][] = [];
  const slow = new WeakSet<ServerResponse>();
  const look = () => {
    for (const [request, response] of came) {
      if (request.complete) continue;
      slow.add(response);
      leave(response);
    }
    came = [];
  };
  server.addHook('preValidation', (request, reply, done) => {
    if (!slow.has(reply.raw)) return done();
    // The identity part reads the body itself.
    if (!request.raw.complete) request.raw.once('end', () => enter(reply.raw));
    else if (isFull()) return done(noRoom());
    else enter(reply.raw);
    return done();
  });
  return {
    watch(request: IncomingMessage, response: ServerResponse) {
      if (came.push([request, response]) === 1) setImmediate(look);
    },
  };
}

/** What the head of a request is refused with, for one that has arrived whole by now. */
function noRoom() {
  return httpRefusal(503, 'SUBGRAPH_UNAVAILABLE', busy().message, retry);
}

/**
 * Looks at requests before anything is done with them: where many are refused, hooks and routes would
 * take the time of those that are not.
 */
function beforeAll(
  { server: http }: FastifyInstance,
  mayPass: (request: IncomingMessage, response: ServerResponse) => boolean,
): void {
  type Listener = (request: IncomingMessage, response: ServerResponse) => void;
  // The framework's own, behind the server's, which watch all requests.
  const listener = http.listeners('request').at(-1) as Listener;
  http.off('request', listener);
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (mayPass(request, response)) listener.call(http, request, response);
  });
}
