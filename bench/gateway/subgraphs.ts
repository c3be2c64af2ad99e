/**
 * The process of the subgraphs: each on two ports, for hops of this gateway, whose signatures it checks,
 * and for those of others. It answers by heart.
 */
import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { type SubgraphName, subgraphNames } from '../../platform/config.ts';
import { verifyHop } from '../../platform/hop.ts';
import { limits } from '../../platform/limits.ts';
import { type FixedAnswer, openAnswers } from './answers.ts';
import { type SubgraphUrls, hopKey, tell } from './given.ts';
import { type Message, openReader } from './wire.ts';

/** One in so many is checked, after as many: more would be measured instead of the gateway. */
const checkedHops = 200;

// It reads no traces: that would be measured too.
const collector = await listen(
  () => Promise.resolve({ text: Buffer.from('{}') }),
  () => true,
);
const urls: SubgraphUrls = { signed: {}, open: {}, collector };
for (const name of subgraphNames) {
  const answer = openAnswers(name);
  urls.signed[name] = await listen(answer, openCheck(name));
  urls.open[name] = await listen(answer, () => true);
}
tell(urls);

type Check = (message: Message, body: string) => boolean;

function openCheck(name: SubgraphName): Check {
  let hops = 0;
  return ({ head }, body) => {
    hops++;
    if (hops > checkedHops && hops % checkedHops > 0) return true;
    return verifyHop([hopKey], name, { headers: headersOf(head), body }, limits.hopAgeMs) !== null;
  };
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
  answer: (body: string) => Promise<Pick<FixedAnswer, 'text'>>,
  check: Check,
): Promise<string> {
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    const read = openReader((message) => {
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

function send(socket: Socket, text: Buffer): void {
  socket.cork();
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${text.length}\r\n\r\n`,
  );
  socket.write(text);
  socket.uncork();
}
