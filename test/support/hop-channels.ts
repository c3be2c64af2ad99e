import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { HopKey } from '../../platform/config.ts';
import { openFrames } from '../../platform/frames.ts';
import { signHop } from '../../platform/hop.ts';
import { type BatchedHop, readAnswer, readBatch, writeBatch } from '../../platform/hop-batch.ts';
import { anonymous } from '../../platform/viewer.ts';
import { testConfig } from './config.ts';

/** The headers that open a connection for hops, of that name. */
export function openingHeaders(
  key: HopKey,
  subgraph: string,
  channel: string,
): Record<string, string> {
  return signHop(key, subgraph, { viewer: anonymous, requestId: channel }, 'channel');
}

interface Answered {
  id: number;
  status: number;
  body: Record<string, never>;
}

/** A gateway's end of a connection for hops. */
export interface OpenChannel {
  /** Sends one batch after the other, as signed at these places. */
  send(hops: BatchedHop[], other?: { key?: HopKey; subgraph?: string; batch?: number }): void;
  /** Sends bytes as they are. */
  sendBytes(bytes: Buffer): void;
  /** The batches that were sent. */
  readonly sent: Buffer[];
  readonly answers: Answered[];
  /** Whether it was told to leave. */
  isLeft(): boolean;
  isClosed(): boolean;
  end(): void;
}

/** Asks a subgraph for a connection for hops. @returns it, or the status of the refusal */
export async function openChannel(
  url: string,
  subgraph: string,
  headers: Record<string, string>,
  key: HopKey,
): Promise<OpenChannel | number> {
  const asking = request(`${url}/hops`, {
    headers: { ...headers, connection: 'upgrade', upgrade: 'coalition-hops' },
  }).end();
  const [answer, socket] = (await Promise.race([
    once(asking, 'upgrade'),
    once(asking, 'response'),
  ])) as [IncomingMessage, Socket?];
  if (!socket) return answer.statusCode!;
  const [sent, answers]: [Buffer[], Answered[]] = [[], []];
  let [batches, isLeft] = [0, false];
  const frames = openFrames(10_000_000, (frame) => {
    const read = readAnswer(frame);
    if (!read) isLeft = true;
    else answers.push({ ...read, body: JSON.parse(read.text) as Answered['body'] });
  });
  socket.on('data', (chunk: Buffer) => frames.read(chunk)).on('error', () => undefined);
  const channel = headers['coalition-request-id']!;
  return {
    send(hops, other = {}) {
      const place = { subgraph, channel, batch: batches++, ...other };
      const frame = writeBatch(other.key ?? key, place, hops);
      sent.push(frame);
      socket.write(frame);
    },
    sendBytes: (bytes) => void socket.write(bytes),
    sent,
    answers,
    isLeft: () => isLeft,
    isClosed: () => socket.destroyed || socket.readableEnded,
    end: () => void socket.destroy(),
  };
}

/** A subgraph's end of one. */
export interface ServedChannel {
  socket: Socket;
  /** What came by it, batch by batch. */
  batches: BatchedHop[][];
}

/** Serves connections for hops as told by `take`, and hops that come alone with what is in their bodies. */
export async function serveChannels(
  subgraph: string,
  take: (hops: BatchedHop[], channel: ServedChannel) => void,
  refusal?: number,
) {
  const { hopKeys, limits } = testConfig();
  const alone: string[] = [];
  const channels: ServedChannel[] = [];
  const sockets = new Set<Socket>();
  const answerAlone = async (asked: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of asked) body += String(chunk);
    alone.push(body);
    response.end(JSON.stringify({ data: { alone: body } }));
  };
  const server = createServer((asked, response) => void answerAlone(asked, response));
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  let asked = 0;
  server.on('upgrade', ({ headers }: IncomingMessage, socket: Socket) => {
    asked++;
    if (refusal) return void socket.end(`HTTP/1.1 ${refusal} x\r\ncontent-length: 0\r\n\r\n`);
    const served: ServedChannel = { socket, batches: [] };
    const channel = headers['coalition-request-id'] as string;
    let batch = 0;
    channels.push(served);
    socket.write('HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: coalition-hops\r\n\r\n');
    const frames = openFrames(limits.hopBodyBytes, (frame) => {
      const place = { subgraph, channel, batch: batch++ };
      const hops = readBatch(hopKeys, place, frame, limits.hopAgeMs);
      if (!hops) throw new Error('A batch is not signed.');
      served.batches.push(hops);
      take(hops, served);
    });
    socket.on('data', (chunk: Buffer) => frames.read(chunk)).on('error', () => undefined);
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    alone,
    channels,
    /** How often a connection was asked for. */
    asked: () => asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
