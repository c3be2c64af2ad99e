import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { EndSignal } from '../../gateway/ending.ts';
import { type SubgraphClient, httpClient, localClient } from '../../gateway/subgraph-client.ts';
import type { HopAnswer, HopRequest } from '../../platform/hop.ts';
import { type RunningGateway, gatewayConfig, post, startSmallGateway } from '../support/gateway.ts';
import { serveHops, smallSubgraph } from '../support/small-graph.ts';
import { testPlatform } from '../support/subgraph.ts';
import { until } from '../support/until.ts';

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

const unavailable = {
  message: 'This part of the system does not answer.',
  path: [expect.any(String) as string],
  extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
};
const busyAnswer = 'HTTP/1.1 503 x\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}';

/** Of these, those that end a connection before an answer. */
const endsBefore: ReadonlySet<string> = new Set(['closes its half', 'resets']);

describe('a subgraph', () => {
  it.each(Object.entries(ways))(
    'that %s costs its own fields, within its time, and no connection for good',
    async (way, misbehave) => {
      const broken = await listen(misbehave);
      const partners = httpClient('partners', broken.url, gatewayConfig(limits));
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
      // Where no answer had begun, a read is sent once more.
      expect(broken.asked()).toBe(endsBefore.has(way) ? 6 : 3);

      await gateway.drain();
      await broken.close();
    },
  );
});

describe('a read', () => {
  const read = '{ partners { id } }';
  const rename = 'mutation { rename(name: "x") { id } }';
  const data = { partners: [{ id: 'p1' }, { id: 'p2' }] };

  it.each<[string, (socket: Socket) => void]>([
    ['whose connection ends before an answer', (socket) => void socket.resetAndDestroy()],
    ['that a subgraph which goes away refuses', (socket) => void socket.end(busyAnswer)],
  ])('%s is sent once more; a mutation is not', async (_, failOnce) => {
    const { answer } = smallSubgraph('partners');
    const well = await serveHops(answer);
    let failures = 0;
    const broken = await listen((socket, data) => {
      if (failures-- > 0) return failOnce(socket);
      return relay(well.url, socket, data);
    });
    const metrics = new Registry();
    const partners = httpClient('partners', broken.url, gatewayConfig(limits));
    const platform = { ...testPlatform(), metrics };
    const gateway = await startSmallGateway({ clients: { partners }, platform });

    failures = 1;
    const answered = await post(gateway.url, read);
    failures = 2;
    const refused = await post(gateway.url, read);
    failures = 1;
    const renamed = await post(gateway.url, rename);

    expect(answered.body).toEqual({ data });
    expect(refused.body).toMatchObject({ data: { partners: null }, errors: [unavailable] });
    expect(renamed.body).toMatchObject({ data: { rename: null }, errors: [unavailable] });
    expect(broken.asked()).toBe(5);
    expect(await metrics.metrics()).toContain('retries_total{subgraph="partners"} 2\n');

    await gateway.drain();
    await broken.close();
    await well.close();
  });

  it('is sent once more while few are', async () => {
    let calls = 0;
    const partners = {
      send: () => Promise.resolve({ status: (calls++, 503), body: {} }),
      close: () => Promise.resolve(),
    };
    const patient = { breakerCalls: 1_000, retriesMax: 3 };
    const gateway = await startSmallGateway({ clients: { partners }, limits: patient });

    for (let times = 0; times < 10; times++) await post(gateway.url, read);
    await gateway.drain();

    // Three at first, and one for ten calls.
    expect(calls).toBe(10 + 3);
  });
});

describe('a subgraph that fails again and again', () => {
  const read = '{ partners { id } feed { text } }';
  const rest = { feed: [{ text: 'a' }, { text: 'b' }] };
  let asked: number;
  let doing: (request: HopRequest, signal: EndSignal) => Promise<HopAnswer>;
  let gateway: RunningGateway;
  let metrics: Registry;
  const lines: { msg: string; subgraph?: string }[] = [];
  const well = localClient(smallSubgraph('partners'));
  const fail = () => Promise.reject(new Error('It fails.'));
  const hang = (_: HopRequest, signal: EndSignal) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });

  beforeEach(async () => {
    asked = 0;
    lines.length = 0;
    metrics = new Registry();
    const log = pino(
      { level: 'info' },
      { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) },
    );
    const partners: SubgraphClient = {
      send: (...hop) => (asked++, doing(...hop)),
      close: () => Promise.resolve(),
    };
    gateway = await startSmallGateway({
      clients: { partners },
      platform: { ...testPlatform(), log, metrics },
      limits: { breakerCalls: 4, breakerOpenMs: 300, subgraphCallMs: 1_000 },
    });
  });
  afterEach(() => gateway.drain());

  const ask = async () => (await post(gateway.url, read)).body;
  const refused = { data: { partners: null, ...rest }, errors: [unavailable] };
  const isOpen = async () =>
    (await metrics.metrics()).includes('breaker_open{subgraph="partners"} 1\n');
  const said = () => lines.filter(({ msg }) => msg.startsWith('breaker')).map(({ msg }) => msg);

  it('is not asked for a while, then once, and again when it is well', async () => {
    doing = fail;
    for (let times = 0; times < 4; times++) expect(await ask()).toMatchObject(refused);
    expect([asked, await isOpen()]).toEqual([4, true]);
    for (let times = 0; times < 3; times++) expect(await ask()).toMatchObject(refused);
    expect(asked).toBe(4);

    await sleep(350);
    doing = hang;
    const probe = ask();
    await until(() => Promise.resolve(asked === 5));
    // Nobody waits for the one that tries.
    expect(await ask()).toMatchObject(refused);
    expect(asked).toBe(5);
    expect(await probe).toMatchObject(refused);

    await sleep(350);
    doing = (...hop) => well.send(...hop);
    expect(await ask()).toEqual({ data: { partners: [{ id: 'p1' }, { id: 'p2' }], ...rest } });
    expect((await ask()).errors).toBeUndefined();
    expect([asked, await isOpen()]).toEqual([7, false]);
    expect(said()).toEqual([
      'breaker open: the subgraph is not asked',
      'breaker open: the subgraph is not asked',
      'breaker closed',
    ]);
  });

  it('is asked on where most calls are answered, or where clients go', async () => {
    doing = (...hop) => (asked % 3 === 0 ? fail() : well.send(...hop));
    for (let times = 0; times < 9; times++) await ask();
    expect([asked, await isOpen()]).toEqual([9, false]);

    doing = hang;
    for (let times = 0; times < 20; times++) {
      const leaving = new AbortController();
      const before = asked;
      const left = fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: read }),
        signal: leaving.signal,
      }).catch(() => undefined);
      await until(() => Promise.resolve(asked > before));
      leaving.abort();
      await left;
    }
    expect(await isOpen()).toBe(false);
  });
});

/** Passes a request on, and its answer back. */
function relay(url: string, socket: Socket, data: Buffer): void {
  const { hostname, port } = new URL(url);
  const onward = connect(Number(port), hostname);
  onward.write(data);
  onward.pipe(socket, { end: false });
  socket.on('data', (more: Buffer) => onward.write(more));
  socket.once('close', () => onward.destroy());
}

async function listen(misbehave: (socket: Socket, data: Buffer) => void) {
  let asked = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (!data.includes('POST ')) return;
      asked++;
      misbehave(socket, data);
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
