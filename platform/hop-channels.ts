import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from './config.ts';
import { openFrames } from './frames.ts';
import type { HopTaker } from './hop.ts';
import {
  type BatchedHop,
  channelPath,
  channelProtocol,
  leavingFrame,
  writeAnswer,
} from './hop-batch.ts';
import type { HopGate } from './hop-route.ts';

interface HopChannels {
  /** Takes no new connections, and tells those that there are to end. */
  leave(): void;
}

interface Served {
  gate: HopGate;
  taker: Pick<HopTaker, 'answerRead'>;
  limits: Config['limits'];
}

const accepted = `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${channelProtocol}\r\n\r\n`;
const refusal = (status: string) =>
  `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`;

/**
 * Opens `/hops`: a connection on which the gateway sends hops that read, in signed batches, and gets each answer as
 * soon as there is one.
 */
export function serveHopChannels(
  server: FastifyInstance,
  gate: HopGate,
  taker: Served['taker'],
  { limits, lameDuckMs }: Pick<Config, 'limits' | 'lameDuckMs'>,
): HopChannels {
  const open = new Set<Socket>();
  let isLeaving = false;
  server.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refuse = (status: string) => void socket.end(refusal(status), () => socket.destroy());
    if (request.url !== channelPath || request.headers.upgrade !== channelProtocol) {
      return refuse('404 Not Found');
    }
    if (isLeaving) return refuse('503 Service Unavailable');
    const channel = gate.admitChannel(request.headers as Record<string, string>);
    if (channel === null) return refuse('403 Forbidden');
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.write(accepted);
    socket.unshift(head);
    serveChannel(socket, channel, { gate, taker, limits });
  });
  return {
    leave() {
      isLeaving = true;
      for (const socket of open) socket.write(leavingFrame);
      const cut = () => {
        for (const socket of open) socket.destroy();
      };
      setTimeout(cut, lameDuckMs + limits.drainMs).unref();
    },
  };
}

/** Answers what comes on one connection, until it ends. */
function serveChannel(socket: Socket, channel: string, { gate, taker, limits }: Served): void {
  let batch = 0;
  let inFlight = 0;
  async function answer({ id, told, body }: BatchedHop): Promise<void> {
    const { status, body: answered } = await taker
      .answerRead(told, body)
      .catch(() => ({ status: 500, body: {} }));
    inFlight--;
    let frame = writeAnswer(id, status, JSON.stringify(answered));
    // The gateway would give up the connection, and with it the answers of others.
    if (frame.length > limits.subgraphAnswerBytes) frame = writeAnswer(id, 500, '{}');
    send(socket, frame);
    if (socket.isPaused() && inFlight < limits.subgraphConnections) socket.resume();
  }
  const frames = openFrames(limits.hopBodyBytes, (frame) => {
    const hops = gate.readBatch({ channel, batch: batch++ }, frame);
    if (!hops) throw new Error('A batch is not signed for its place.');
    inFlight += hops.length;
    for (const hop of hops) void answer(hop);
  });
  socket.setNoDelay();
  // One that is in use is not silent: a call of a subgraph takes less.
  socket.setTimeout(limits.connectionIdleMs, () => inFlight === 0 && socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    try {
      frames.read(chunk);
    } catch {
      socket.destroy();
    }
    // As many as by connections of their own; what else comes waits in the network.
    if (inFlight >= limits.subgraphConnections) socket.pause();
  });
  // Who ends it has all answers, or does not wait for them.
  socket.once('end', () => socket.end());
}

/** Sends an answer with those that there are when this turn of the event loop ends: by one call of the system. */
function send(socket: Socket, frame: Buffer): void {
  if (socket.destroyed) return;
  if (socket.writableCorked === 0) {
    socket.cork();
    setImmediate(() => socket.uncork());
  }
  socket.write(frame);
}
