import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { sendRaw } from '../support/raw.ts';
import { type HostileGround, openHostileGround } from './hostile/ground.ts';
import { hostileMessages } from './hostile/messages.ts';
import { hostileOperations } from './hostile/operations.ts';

/** What no refusal says: where it was made, what stands behind it, and what else there is. */
const internals = /node_modules|at .*\.[jt]s:|https?:\/\/|127\.0\.0\.1|Did you mean/;
/** Where it is not 400. Apollo's clients of stored documents hear so with 200, and send the text. */
const statusOf: Readonly<Record<string, number>> = {
  PERSISTED_QUERY_NOT_SUPPORTED: 200,
  DOCUMENT_NOT_FOUND: 404,
};
/** What answers to many mistakes may come to, whatever they quote. */
const answerMax = 60_000;

let gateway: HostileGround;
let member: string;
beforeAll(async () => {
  gateway = await openHostileGround({ socketInitMs: 300 });
  const memberId = '0c9f0f8e-6a5a-4a8e-8d0c-1d6a2f6f3b11';
  member = `Bearer ${await gateway.issue({ principal: 'member', member_id: memberId })}`;
});
afterAll(() => gateway.drain());

async function ask(body: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'r1', ...headers },
    body,
  });
  const type = answer.headers.get('content-type');
  return { status: answer.status, type, text: await answer.text() };
}

describe('the graph, asked by somebody hostile', () => {
  it.each(hostileOperations.map((each) => [each.name, each] as const))(
    'refuses it, as new and as known: %s',
    async (_, { code, body, fine }) => {
      const asNew = await ask(body);
      expect(fine ? (await ask(fine)).status : 200).toBe(200);
      const before = gateway.hops();
      const asKnown = await ask(body);

      expect(asKnown).toEqual(asNew);
      const { errors } = JSON.parse(asNew.text) as { errors: Record<string, unknown>[] };
      expect(errors[0]).toMatchObject({ extensions: { code } });
      expect(asNew.status).toBe(statusOf[code] ?? 400);
      expect(asNew.type).toMatch(/^application\/json/);
      expect(asNew.text).not.toMatch(internals);
      expect(asNew.text.length).toBeLessThan(answerMax);
      const parts = new Set(errors.flatMap((error) => Object.keys(error)));
      expect(['message', 'locations', 'extensions', 'path']).toEqual(
        expect.arrayContaining([...parts]),
      );
      expect(gateway.hops()).toBe(before);
    },
  );

  it('refuses as events what it refuses as an answer', async () => {
    const headers = { accept: 'text/event-stream', authorization: member };
    for (const { name, code, body } of hostileOperations) {
      const { status, type, text } = await ask(body, headers);

      expect([name, status, type]).toEqual([
        name,
        code === 'DOCUMENT_NOT_FOUND' ? 404 : 400,
        expect.stringMatching(/^application\/json/),
      ]);
      expect(text).not.toMatch(internals);
      expect(text.length).toBeLessThan(answerMax);
    }
  });
});

/** The connection below a client's socket. */
function connectionOf(socket: WebSocket): Socket {
  return (socket as unknown as { _socket: Socket })._socket;
}

describe('a socket of somebody hostile', () => {
  const open = async () => {
    const socket = new WebSocket(
      `${gateway.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    // Whose frames are broken is cut in the middle of them.
    socket.on('error', () => undefined);
    await once(socket, 'open');
    return socket;
  };

  it.each(hostileMessages)('is closed: %s', async (_, close, messages) => {
    const socket = await open();
    const token = JSON.stringify({ type: 'connection_init', payload: { authorization: member } });
    const closed = once(socket, 'close') as Promise<[code: number, reason: Buffer]>;
    for (const [at, message] of messages.entries()) {
      // Bytes are whole frames.
      if (typeof message !== 'string') connectionOf(socket).write(message);
      else socket.send(message === 'TOKEN' ? token : message);
      // What is asked before it is known whose the socket is, is refused for that.
      if (message === 'TOKEN' && messages[at + 1]?.includes('"id"')) await once(socket, 'message');
    }

    const [code, reason] = await closed;

    expect(code).toBe(close);
    expect(reason.toString()).not.toMatch(internals);
  });

  it('that says nothing is closed', async () => {
    expect((await once(await open(), 'close'))[0]).toBe(4408);
  });

  it.each([
    ['without a key', ['sec-websocket-version: 13']],
    ['with a key that is none', ['sec-websocket-version: 13', 'sec-websocket-key: x']],
    [
      'of another version',
      ['sec-websocket-version: 7', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=='],
    ],
    [
      'with a protocol that is none',
      [
        'sec-websocket-version: 13',
        'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol: a b,,',
      ],
    ],
    [
      'with a protocol twice',
      [
        'sec-websocket-version: 13',
        'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol: a, a',
      ],
    ],
  ])('is refused as JSON %s', async (_, headers) => {
    const head = ['GET /graphql HTTP/1.1', 'host: x', 'upgrade: websocket', 'connection: upgrade'];
    const { status, text } = await sendRaw(
      gateway.url,
      `${[...head, ...headers].join('\r\n')}\r\n\r\n`,
    );

    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('that pings and reads nothing is cut', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const head = [
      'GET /graphql HTTP/1.1',
      'host: x',
      'upgrade: websocket',
      'connection: upgrade',
      'sec-websocket-version: 13',
      'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-protocol: graphql-transport-ws',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();
    const ping = Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125)]);
    const pings = Buffer.concat(Array<Buffer>(10_000).fill(ping));

    for (let sent = 0; !socket.destroyed && sent < 200; sent++) {
      socket.write(pings);
      await sleep(5);
    }

    expect(socket.destroyed).toBe(true);
  });
});
