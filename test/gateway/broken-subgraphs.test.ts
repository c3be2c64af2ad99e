import { type Server, type Socket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { httpClient } from '../../gateway/subgraph-client.ts';
import { gatewayConfig, post, startSmallGateway } from '../support/gateway.ts';

const limits = { subgraphCallMs: 300, subgraphConnections: 2, subgraphAnswerBytes: 1_000 };
const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** What a subgraph can do with a connection on which a request arrived. */
const ways: Record<string, (socket: Socket) => void> = {
  hangs: () => undefined,
  'hangs in its answer': (socket) => void socket.write(`${head}content-length: 100\r\n\r\n{"da`),
  'drips its answer': (socket) => {
    socket.write(`${head}content-length: 10000\r\n\r\n`);
    const drip = setInterval(() => socket.write(' '), 50);
    socket.once('close', () => clearInterval(drip));
  },
  'closes its half': (socket) => void socket.end(),
  'closes its half in its answer': (socket) =>
    void socket.end(`${head}content-length: 100\r\n\r\n{"da`),
  resets: (socket) => void socket.resetAndDestroy(),
  'resets in its answer': (socket) => {
    socket.write(`${head}content-length: 100\r\n\r\n{"da`, () => socket.resetAndDestroy());
  },
  'answers too much': (socket) =>
    void socket.write(
      `${head}content-length: 2000\r\n\r\n${JSON.stringify({ data: 'x'.repeat(1_989) })}`,
    ),
  'answers without end': (socket) => {
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
    const more = setInterval(() => socket.write(`200\r\n${'x'.repeat(512)}\r\n`), 5);
    socket.once('close', () => clearInterval(more));
  },
  'answers with headers of 100 kB': (socket) =>
    void socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n{}`),
  'does not speak HTTP': (socket) => void socket.write('220 mail.example ESMTP\r\n'),
  'sends the gateway elsewhere': (socket) =>
    void socket.write(
      'HTTP/1.1 307 x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n',
    ),
};

describe('a subgraph', () => {
  it.each(Object.entries(ways))(
    'that %s costs its own fields, within its time, and no connection for good',
    async (_, misbehave) => {
      const broken = await listen(misbehave);
      const partners = httpClient(broken.url, gatewayConfig(limits));
      const gateway = await startSmallGateway({ clients: { partners }, limits });

      // More than there are connections, one after the other: none stays taken.
      for (let call = 0; call < 3; call++) {
        const { status, body } = await post(gateway.url, '{ partners { name } feed { text } }');

        expect(status).toBe(200);
        expect(body).toEqual({
          data: { partners: null, feed: [{ text: 'a' }, { text: 'b' }] },
          errors: [
            {
              message: 'This part of the system does not answer.',
              path: ['partners'],
              extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
            },
          ],
        });
      }
      expect(broken.asked()).toBe(3);

      await gateway.drain();
      await broken.close();
    },
  );
});

async function listen(misbehave: (socket: Socket) => void) {
  let asked = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (!data.includes('POST ')) return;
      asked++;
      misbehave(socket);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
