import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Config } from './config.ts';

/** A moment without anybody. */
const quietMs = 10;

/**
 * Makes `close()` drain the server: for `lameDuckMs`, and for as long again while clients come, it takes
 * requests still, not ready and closing connections behind its answers, so that balancers and clients go
 * elsewhere; then it stops listening and finishes what is in flight.
 *
 * @returns whether it drains
 */
export function openDrain(
  server: FastifyInstance,
  { lameDuckMs, limits }: Pick<Config, 'lameDuckMs' | 'limits'>,
): () => boolean {
  const { server: http } = server;
  const closeUnused = unusedConnections(server);
  const inFlight = new Set<ServerResponse>();
  let isDraining = false;
  let arrivals = 0;
  http.on('connection', () => void arrivals++);
  http.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    arrivals++;
    inFlight.add(response);
    response.on('close', () => inFlight.delete(response));
    // Also of an answer that is not the framework's.
    if (isDraining) response.shouldKeepAlive = false;
  });
  server.addHook('preClose', async () => {
    isDraining = true;
    // Of an answer that has begun, the client has been told otherwise.
    for (const response of inFlight) response.shouldKeepAlive = false;
    if (http.listening) await wait(lameDuckMs);
    // What is in flight may finish; a client that does not take its answer may not hold the process.
    setTimeout(() => http.closeAllConnections(), limits.drainMs).unref();
    // A connection that is kept alive would hold the drain, and take requests that come too late.
    http.keepAliveTimeout = 1;
    await untilSent(inFlight);
    await untilQuiet(() => arrivals, lameDuckMs / quietMs);
    closeUnused();
  });
  return () => isDraining;
}

/** As it closes, Node cuts off an answer that is written but not all sent: its connection is idle to it. */
async function untilSent(inFlight: ReadonlySet<ServerResponse>): Promise<void> {
  for (;;) {
    const unsent = [...inFlight].filter((response) => response.writableEnded);
    if (unsent.length === 0) return;
    await Promise.all(
      unsent.map((response) => new Promise((closed) => response.once('close', closed))),
    );
  }
}

/**
 * Waits for a moment in which nobody comes, for so many at the most. As it closes, Node resets connections on
 * which there is a request that it has not read, and those that it has not taken yet: an event loop that is
 * late comes to the end of the lame duck before it comes to them.
 */
async function untilQuiet(arrivals: () => number, moments: number): Promise<void> {
  let before: number;
  let moment = 0;
  do {
    before = arrivals();
    await wait(quietMs);
    // Timers come first in a turn of the event loop, and then what has arrived.
    await nextTurn();
    // Not by the clock: it goes on while the event loop stands still.
  } while (arrivals() > before && ++moment < moments);
}

/**
 * Clients open connections ahead, and where they take a request back; to Node those are at work, and would hold
 * a drain until their first request is late.
 *
 * @returns closes, from now on, what has been open for a second without a byte
 */
function unusedConnections({ server }: FastifyInstance): () => void {
  const openedAt = new Map<Socket, number>();
  server.on('connection', (socket) => {
    openedAt.set(socket, performance.now());
    socket.once('close', () => openedAt.delete(socket));
  });
  return () => {
    const closing = setInterval(() => {
      for (const [socket, at] of openedAt) {
        if (socket.bytesRead === 0 && performance.now() - at > 1_000) socket.destroy();
      }
    }, 100).unref();
    server.once('close', () => clearInterval(closing));
  };
}
