/**
 * The process of the subgraphs: each on two ports, for hops of this gateway, whose signatures it checks,
 * and for those of others. It answers by heart.
 */
import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { type SubgraphName, subgraphNames } from '../../platform/config.ts';
import { openFrames } from '../../platform/frames.ts';
import { verifyHop } from '../../platform/hop.ts';
import {
  type BatchedHop,
  channelOpening,
  channelProtocol,
  readBatch,
  readHops,
  writeAnswer,
} from '../../platform/hop-batch.ts';
import { limits } from '../../platform/limits.ts';
import { type FixedAnswer, openAnswers } from './answers.ts';
import { type SubgraphUrls, hopKey, tell } from './given.ts';
import { type Message, openReader } from './wire.ts';

/** One in so many is checked, after as many: more would be measured instead of the gateway. */
const checkedHops = 200;

/** What a server does besides answering. */
interface Hops {
  check: (message: Message, body: string) => boolean;
  /** Reads the batches of one connection. @throws Error where one is not signed */
  openBatches: (opening: Message) => (frame: Buffer) => BatchedHop[];
}

const unsigned: Hops = {
  check: () => true,
  openBatches: () => {
    throw new Error('Hops that go together are signed.');
  },
};
// It reads no traces: that would be measured too.
const collector = await listen(() => Promise.resolve({ text: Buffer.from('{}') }), unsigned);
const urls: SubgraphUrls = { signed: {}, open: {}, collector };
for (const name of subgraphNames) {
  const answer = openAnswers(name);
  urls.signed[name] = await listen(answer, openHops(name));
  urls.open[name] = await listen(answer, unsigned);
}
tell(urls);

function openHops(name: SubgraphName): Hops {
  const isDue = openShare();
  const isSigned = ({ head }: Message, body: string) =>
    verifyHop([hopKey], name, { headers: headersOf(head), body }, limits.hopAgeMs) !== null;
  return {
    check: (message, body) => !isDue() || isSigned(message, body),
    openBatches(opening) {
      if (!isSigned(opening, channelOpening)) throw new Error('The connection is not signed.');
      const channel = headersOf(opening.head)['coalition-request-id']!;
      let batch = 0;
      return (frame) => {
        const place = { subgraph: name, channel, batch: batch++ };
        if (!isDue()) return readHops(frame);
        const hops = readBatch([hopKey], place, frame, limits.hopAgeMs);
        if (!hops) throw new Error('The batch is not signed.');
        return hops;
      };
    },
  };
}

function openShare(): () => boolean {
  let hops = 0;
  return () => ++hops <= checkedHops || hops % checkedHops === 0;
}

function headersOf(head: string): Record<string, string> {
  const lines = head.split('\r\n').slice(1);
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

async function listen(
  answer: (body: string) => Promise<FixedAnswer>,
  { check, openBatches }: Hops,
): Promise<string> {
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    const read = openReader((message) => {
      if (message.head.includes(`upgrade: ${channelProtocol}`)) {
        socket.off('data', read);
        answerBatches(socket, openBatches(message), answer);
        return;
      }
      const body = message.body.toString();
      if (!check(message, body)) socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
      else void answer(body).then(({ text }) => send(socket, text));
    });
    socket.on('data', read).on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answerBatches(
  socket: Socket,
  readHopsOf: (frame: Buffer) => BatchedHop[],
  answer: (body: string) => Promise<FixedAnswer>,
): void {
  const frames = openFrames(limits.hopBodyBytes, (frame) => {
    for (const { id, body } of readHopsOf(frame)) {
      void answer(body).then(({ text }) => sendFrame(socket, writeAnswer(id, 200, text)));
    }
  });
  socket.on('data', (chunk: Buffer) => frames.read(chunk));
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${channelProtocol}\r\n\r\n`,
  );
}

/** Together with what else is answered in this turn. */
function sendFrame(socket: Socket, frame: Buffer): void {
  if (socket.writableCorked === 0) {
    socket.cork();
    setImmediate(() => socket.uncork());
  }
  socket.write(frame);
}

function send(socket: Socket, text: Buffer): void {
  socket.cork();
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${text.length}\r\n\r\n`,
  );
  socket.write(text);
  socket.uncork();
}
