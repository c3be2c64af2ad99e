import type { JWTPayload } from 'jose';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { type SubgraphClient, localClient } from '../../gateway/subgraph-client.ts';
import {
  type HttpAnswer,
  type RunningGateway,
  post,
  startSmallGateway,
} from '../support/gateway.ts';
import { isNightly } from '../support/nightly.ts';
import { sendRaw } from '../support/raw.ts';
import { composeSmallGraph, smallSubgraph } from '../support/small-graph.ts';
import { createIssuer } from '../support/tokens.ts';

const issuer = await createIssuer();
const partner = { principal: 'partner', partner_id: '0c9f0f8e-6a5a-4a8e-8d0c-1d6a2f6f3b11' };
const identity = { keys: issuer.keys, mount: () => Promise.resolve() };

describe('the door', () => {
  let url: string;
  let gateway: RunningGateway;
  const { answer, hops } = smallSubgraph('partners');
  beforeAll(async () => {
    const clients = { partners: localClient({ answer }) };
    gateway = await startSmallGateway({ identity, clients });
    ({ url } = gateway);
  });
  afterAll(() => gateway.drain());
  beforeEach(() => void (hops.length = 0));

  const json = { 'content-type': 'application/json' };
  const rename = '{"query":"mutation { rename(name: \\"x\\") { id } }"}';
  const deep = `{${'a{'.repeat(1_000)}b${'}'.repeat(1_000)}}`;

  it.each<[name: string, status: number, code: string, init: RequestInit, path?: string]>([
    ['malformed JSON', 400, 'BAD_REQUEST', { method: 'POST', headers: json, body: '{"query": ' }],
    ['an empty body', 400, 'BAD_REQUEST', { method: 'POST', headers: json, body: '' }],
    [
      'JSON with a prototype',
      400,
      'BAD_REQUEST',
      { method: 'POST', headers: json, body: '{"query":"{hop}","__proto__":{}}' },
    ],
    [
      'a body of 10 MB',
      413,
      'QUERY_TOO_EXPENSIVE',
      { method: 'POST', headers: json, body: `"${'x'.repeat(10_000_000)}"` },
    ],
    ['a batch', 400, 'BAD_REQUEST', { method: 'POST', headers: json, body: '[{"query":"{hop}"}]' }],
    ['no query', 400, 'BAD_REQUEST', { method: 'POST', headers: json, body: '{}' }],
    [
      'a syntax error',
      400,
      'GRAPHQL_PARSE_FAILED',
      { method: 'POST', headers: json, body: '{"query":"{"}' },
    ],
    [
      'too many tokens',
      400,
      'QUERY_TOO_EXPENSIVE',
      { method: 'POST', headers: json, body: JSON.stringify({ query: deep }) },
    ],
    [
      'an unknown field',
      400,
      'GRAPHQL_VALIDATION_FAILED',
      { method: 'POST', headers: json, body: '{"query":"{ nothing }"}' },
    ],
    [
      'a kind of operation that there is not',
      400,
      'GRAPHQL_VALIDATION_FAILED',
      { method: 'POST', headers: json, body: '{"query":"subscription { x }"}' },
    ],
    [
      'a subgraph’s own field',
      400,
      'GRAPHQL_VALIDATION_FAILED',
      { method: 'POST', headers: json, body: '{"query":"{ _service { sdl } }"}' },
    ],
    [
      'an unknown operation',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      { method: 'POST', headers: json, body: '{"query":"query A { hop }","operationName":"B"}' },
    ],
    [
      'a variable of another type',
      400,
      'BAD_USER_INPUT',
      {
        method: 'POST',
        headers: json,
        body: '{"query":"mutation ($n: String!) { rename(name: $n) { id } }","variables":{"n":7}}',
      },
    ],
    [
      'a persisted query',
      200,
      'PERSISTED_QUERY_NOT_SUPPORTED',
      {
        method: 'POST',
        headers: json,
        body: '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}',
      },
    ],
    [
      'a form post',
      415,
      'BAD_REQUEST',
      { method: 'POST', body: new URLSearchParams({ query: '{ hop }' }) },
    ],
    ['a multipart form post', 415, 'BAD_REQUEST', { method: 'POST', body: new FormData() }],
    [
      'a post of plain text',
      415,
      'BAD_REQUEST',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: rename },
    ],
    ['a GET as a page can make it', 400, 'BAD_REQUEST', {}, '/graphql?query={hop}'],
    [
      'a mutation by GET',
      405,
      'BAD_REQUEST',
      { headers: json },
      '/graphql?query=mutation{rename(name:"x"){id}}',
    ],
    [
      'a GET with a token',
      405,
      'BAD_REQUEST',
      { headers: { ...json, authorization: 'Bearer x' } },
      '/graphql?query={hop}',
    ],
    [
      'another method',
      405,
      'BAD_REQUEST',
      { method: 'PUT', headers: json, body: '{"query":"{hop}"}' },
    ],
    ['another place', 404, 'NOT_FOUND', {}, '/.env'],
    ['a path that is none', 400, 'BAD_REQUEST', {}, '/%zz'],
  ])(
    'refuses %s with %i, as JSON, and asks no subgraph',
    async (_, status, code, init, path = '/graphql') => {
      const answer = await fetch(url + path, init);

      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]+$/);
      expect(answer.status).toBe(status);
      const text = await answer.text();
      expect(text).not.toMatch(/node_modules|FST_|stack|\.internal/);
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code } }] });
      expect(hops).toEqual([]);
    },
  );

  it.each([
    ['headers that are too large', 431, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}`],
    ['what is not HTTP', 400, 'HELO'],
  ])('refuses %s with %i, as JSON, and hangs up', async (_, status, text) => {
    const answer = await sendRaw(url, `${text}\r\n\r\n`);

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(JSON.parse(answer.text)).toEqual({
      errors: [{ message: expect.any(String) as string, extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  it('answers a GET of a script without a token', async () => {
    const answer = await fetch(`${url}/graphql?query={partners{id}}`, {
      headers: { 'apollo-require-preflight': 'yes' },
    });

    expect(await answer.json()).toEqual({ data: { partners: [{ id: 'p1' }, { id: 'p2' }] } });
  });

  it('tells clients no plan of an operation', async () => {
    const { body } = await post(url, '{ partners { id } }', {
      'apollo-query-plan-experimental': '1',
    });

    expect(body.data).toMatchObject({ partners: [{ id: 'p1' }, { id: 'p2' }] });
    expect(body).not.toHaveProperty('extensions');
  });

  it('says where things are, and that it is ready', async () => {
    const read = async (path: string) => (await fetch(url + path)).json() as Promise<unknown>;

    expect(await read('/')).toEqual({
      graphql: '/graphql',
      identity: '/identity',
      health: '/health/ready',
    });
    expect(await read('/health/live')).toEqual({ status: 'live' });
    expect(await read('/health/ready')).toEqual({
      status: 'ready',
      supergraph: createHash('sha256').update(composeSmallGraph()).digest('hex'),
    });
  });
});

describe('a large body', () => {
  const bodyOf = (bytes: number) => {
    const body = '{"query":"{ hop }","x":""}';
    return body.replace('""}', `"${'x'.repeat(bytes - body.length)}"}`);
  };

  it.each<[string, number, number, JWTPayload | null, isChunked: boolean]>([
    ['of 100 kB is anyone’s', 200, 100_000, null, false],
    ['of a byte more is not', 413, 100_001, null, false],
    ['of a byte more in chunks is not', 413, 100_001, null, true],
    ['of 1 MB is a partner’s', 200, 1_000_000, partner, false],
    ['of 1 MB in chunks is a partner’s', 200, 1_000_000, partner, true],
    ['of a byte more is not a partner’s', 413, 1_000_001, partner, false],
    ['of a byte more in chunks is not a partner’s', 413, 1_000_001, partner, true],
    ['of 1 MB is not an administrator’s', 413, 1_000_000, { principal: 'admin' }, false],
  ])('%s', async (_, status, bytes, claims, isChunked) => {
    const gateway = await startSmallGateway({ identity });
    const body = bodyOf(bytes);

    const answer = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(claims && { authorization: `Bearer ${await issuer.issue(claims)}` }),
      },
      body: isChunked ? ReadableStream.from([Buffer.from(body)]) : body,
      duplex: 'half',
    } as RequestInit);
    const read = (await answer.json()) as HttpAnswer['body'];
    await gateway.drain();

    expect(answer.status).toBe(status);
    expect(read.errors?.[0]?.extensions?.code).toBe(
      status === 413 ? 'QUERY_TOO_EXPENSIVE' : undefined,
    );
  });
});

describe('readiness', () => {
  it.each<[string, number, () => Promise<boolean>]>([
    ['are ready', 200, () => Promise.resolve(true)],
    ['are not', 503, () => Promise.resolve(false)],
    ['cannot tell', 503, () => Promise.reject(new Error('down'))],
  ])('is that of the parts, where they %s', async (_, status, isReady) => {
    const gateway = await startSmallGateway({ isReady });

    const answer = await fetch(`${gateway.url}/health/ready`);
    await gateway.drain();

    expect(answer.status).toBe(status);
  });
});

describe('drain', () => {
  it('finishes what is in flight, takes nothing more, and closes the ways to the subgraphs', async () => {
    let finish!: () => void;
    const held = new Promise<void>((resolve) => void (finish = resolve));
    let asked!: () => void;
    const arrived = new Promise<void>((resolve) => void (asked = resolve));
    let closed = 0;
    const { answer } = smallSubgraph('partners');
    const partners: SubgraphClient = {
      async send(request) {
        asked();
        await held;
        return localClient({ answer }).send(request, new AbortController().signal);
      },
      close: () => Promise.resolve(void closed++),
    };
    const gateway = await startSmallGateway({ clients: { partners } });

    const inFlight: Promise<HttpAnswer> = post(gateway.url, '{ partners { id } }');
    await arrived;
    const started = performance.now();
    const draining = gateway.drain();
    setTimeout(finish, 100);
    const { status, headers, body } = await inFlight;
    await draining;

    expect(status).toBe(200);
    expect(body).toEqual({ data: { partners: [{ id: 'p1' }, { id: 'p2' }] } });
    expect(headers.get('connection')).toBe('close');
    // Not by the cut after ten seconds.
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(closed).toBe(1);
    await expect(post(gateway.url, '{ partners { id } }')).rejects.toThrow('fetch failed');
  });

  it('waits for no connection on which nothing is asked, and answers one that was just opened', async () => {
    const gateway = await startSmallGateway({
      limits: { drainMs: 60_000, connectionIdleMs: 60_000 },
    });
    const open = () => connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const [unused, early] = [open(), open()];
    // Those that came first have been taken when a later one is answered.
    await post(gateway.url, '{ partners { id } }');

    const draining = gateway.drain();
    await sleep(300);
    early.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');

    expect(await text(early)).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(await text(unused)).toBe('');
    await draining;
  });

  const body = JSON.stringify({ query: '{ partners { name } }' });
  const request = [
    'POST /graphql HTTP/1.1',
    'host: x',
    'content-type: application/json',
    `content-length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
  const ask = async (gateway: RunningGateway): Promise<Socket> => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(request);
    return socket;
  };

  it('answers what has come when it is late to read it', async () => {
    const gateway = await startSmallGateway({ config: { lameDuckMs: 50 } });
    const socket = await ask(gateway);
    await once(socket, 'data');

    const draining = gateway.drain();
    await sleep(10);
    const answer = once(socket, 'data');
    // From here on, the event loop comes to its timers first, and to sockets then.
    await nextTurn();
    socket.write(request);
    for (const end = performance.now() + 100; performance.now() < end;);
    const [told] = (await answer) as [Buffer];
    await draining;

    expect(told.toString()).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(told.toString().toLowerCase()).toContain('\r\nconnection: close\r\n');
  });

  it('sends the whole of an answer to a client that reads it slowly', async () => {
    const name = 'x'.repeat(9_000_000);
    const answer = () => Promise.resolve({ status: 200, body: { data: { partners: [{ name }] } } });
    const gateway = await startSmallGateway({ clients: { partners: localClient({ answer }) } });
    const socket = await ask(gateway);
    // More than lies on the way: the rest waits in the gateway.
    await once(socket, 'readable');
    await sleep(50);

    const draining = gateway.drain();
    await sleep(50);
    let read = 0;
    for await (const chunk of socket) read += (chunk as Buffer).length;
    await draining;

    expect(read).toBeGreaterThan(name.length);
  });

  it('loses no request of clients that keep their connections, however often', async () => {
    const drains = isNightly ? 50 : 2;
    const clients = 40;
    for (let drain = 0; drain < drains; drain++) {
      const gateway = await startSmallGateway({ config: { lameDuckMs: 300 } });
      const pool = new Pool(gateway.url, { connections: clients });
      let draining: Promise<void> | undefined;
      let answered = 0;
      // Each goes elsewhere when it is told to, as clients and balancers do.
      const client = async () => {
        for (let isTold = false; !isTold; answered++) {
          const {
            statusCode,
            headers,
            body: answer,
          } = await pool.request({
            path: '/graphql',
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body,
          });
          expect([statusCode, await answer.json()]).toEqual([
            200,
            { data: { partners: [{ name: 'Partner p1' }, { name: 'Partner p2' }] } },
          ]);
          isTold = headers['connection'] === 'close';
          if (answered >= 3 * clients) draining ??= gateway.drain();
        }
      };
      await Promise.all(Array.from({ length: clients }, client));
      await draining;
      await pool.close();
    }
  }, 600_000);
});

describe('slow senders', () => {
  const senders = isNightly ? 500 : 5;
  const limits = isNightly ? {} : { requestHeadMs: 300, requestArrivalMs: 300 };
  const dripMs = isNightly ? 250 : 20;
  const cutMs = isNightly ? 11_000 : 3_000;
  const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\n';
  const headOfBody = 'content-type: application/json\r\ncontent-length: 50000\r\n\r\n';

  it.each([
    ['heads', head, 'x: y\r\n'],
    ['bodies', head + headOfBody, ' '],
  ])(
    'of %s are cut within 11 s, and others are answered meanwhile',
    async (_, start, drop) => {
      const gateway = await startSmallGateway({ limits });
      const { port } = new URL(gateway.url);
      const open = new Set<Socket>();
      const seen: { told: string; ms: number }[] = [];
      for (let sender = 0; sender < senders; sender++) {
        const socket = connect(Number(port), '127.0.0.1');
        const began = performance.now();
        let told = '';
        socket.write(start);
        socket.on('data', (text) => (told += text));
        // What it drips may meet the end.
        socket.on('error', () => undefined);
        socket.on('close', () => {
          open.delete(socket);
          seen.push({ told: told.slice(0, 12), ms: performance.now() - began });
        });
        open.add(socket);
      }
      for (let drips = 0; open.size > 0; drips++) {
        for (const socket of open) if (socket.writable) socket.write(drop);
        const { status } = await post(gateway.url, '{ partners { id } }');
        expect([drips, status]).toEqual([drips, 200]);
        await sleep(dripMs);
      }
      await gateway.drain();

      expect(new Set(seen.map(({ told }) => told))).toEqual(new Set(['HTTP/1.1 408']));
      expect(Math.max(...seen.map(({ ms }) => ms))).toBeLessThan(cutMs);
    },
    60_000,
  );
});
