import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { type RunningGateway, post, startSmallGateway } from '../support/gateway.ts';
import { sendRaw } from '../support/raw.ts';
import { testPlatform } from '../support/subgraph.ts';

const lines: string[] = [];
const platform = {
  ...testPlatform(),
  log: pino({}, { write: (line) => void lines.push(line) }),
};
let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({ platform });
});
afterAll(() => gateway.drain());

/** How often an operation was known. */
async function timesKnown(): Promise<number> {
  const metric = platform.metrics.getSingleMetric('coalition_gateway_prepared_operations_total');
  const { values } = await metric!.get();
  return values.find(({ labels }) => labels['result'] === 'hit')?.value ?? 0;
}

const query = 'query ($n: [String!]!) { named(names: $n) { name } }';
const bodyOf = (name: string, comment = '') =>
  Buffer.from(JSON.stringify({ query: query + comment, variables: { n: [name] } }));
const answerOf = (name: string) => `{"data":{"named":[{"name":"Partner ${name}"}]}}\n`;

const headOf = (...more: string[]) =>
  Buffer.from(
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${more.join('\r\n')}\r\n\r\n`,
  );
const lengthOf = (body: Buffer) => `content-length: ${body.length}`;
const chunk = (bytes: Buffer) =>
  Buffer.from(`${bytes.length.toString(16)}\r\n${bytes.toString('latin1')}\r\n`, 'latin1');
const whole = (pieces: Buffer[]) => Buffer.concat(pieces);
const [close, chunked] = ['connection: close', 'transfer-encoding: chunked'];
const end = Buffer.from('0\r\n\r\n');

/** Both halves of a body, parted between the two bytes of a letter. */
function halvesOf(body: Buffer): [Buffer, Buffer] {
  const middle = body.indexOf('é') + 1;
  return [body.subarray(0, middle), body.subarray(middle)];
}

describe('a body', () => {
  it.each<[string, (body: Buffer, halves: [Buffer, Buffer]) => Buffer[]]>([
    ['with its head', (body) => [whole([headOf(lengthOf(body), close), body])]],
    ['behind its head', (body) => [headOf(lengthOf(body), close), body]],
    ['in pieces', (body, halves) => [headOf(lengthOf(body), close), ...halves]],
    [
      'in pieces, the first with its head',
      (body, [first, rest]) => [whole([headOf(lengthOf(body), close), first]), rest],
    ],
    [
      'in chunks with its head',
      (_, halves) => [whole([headOf(chunked, close), ...halves.map(chunk), end])],
    ],
    ['in chunks, one by one', (_, halves) => [headOf(chunked, close), ...halves.map(chunk), end]],
  ])('is read where it comes %s, of an operation that is new or known', async (_, piecesOf) => {
    const body = bodyOf('é', `# ${Math.random()}`);
    const pieces = piecesOf(body, halvesOf(body));

    const before = await timesKnown();
    const first = await sendRaw(gateway.url, ...pieces);
    const between = await timesKnown();
    const again = await sendRaw(gateway.url, ...pieces);

    expect([first.status, first.text]).toEqual([200, answerOf('é')]);
    expect([again.status, again.text]).toEqual([200, answerOf('é')]);
    expect([between - before, (await timesKnown()) - between]).toEqual([0, 1]);
  });

  it('is read where its sender waits to be asked for it', async () => {
    const body = bodyOf('a');

    const { status, text } = await sendRaw(
      gateway.url,
      headOf(lengthOf(body), close, 'expect: 100-continue'),
      body,
    );

    expect(status).toBe(100);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text.endsWith(answerOf('a'))).toBe(true);
  });

  it.each([
    ['a length', (body: Buffer) => whole([headOf(lengthOf(body), close), body])],
    ['chunks', (body: Buffer) => whole([headOf(chunked, close), chunk(body), end])],
  ])('that is empty, with %s, is refused', async (_, requestOf) => {
    const { status, text } = await sendRaw(gateway.url, requestOf(Buffer.alloc(0)));

    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('that its sender does not end is nobody’s fault, and nothing is done', async () => {
    lines.length = 0;
    const body = bodyOf('a');
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.write(whole([headOf(lengthOf(body)), body.subarray(0, 10)]));
    await once(socket, 'connect');
    await sleep(50);
    socket.resetAndDestroy();
    await sleep(50);

    const { status } = await post(gateway.url, '{ hop }');

    expect(status).toBe(200);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['operation']);
  });
});

describe('a body that is too large', () => {
  it.each([
    ['with its length', (body: Buffer) => [headOf(lengthOf(body), close), body]],
    ['in chunks', (body: Buffer) => [headOf(chunked, close), chunk(body), end]],
  ])('is refused where it comes with its head, %s', async (_, piecesOf) => {
    const small = await startSmallGateway({ limits: { requestBodyBytes: 200 } });
    const answerTo = async (body: Buffer) => {
      const { status, text } = await sendRaw(small.url, whole(piecesOf(body)));
      return [status, /"code":"\w+"/.exec(text)?.[0]];
    };
    const longest = 'x'.repeat(200 - bodyOf('').length);

    const answers = [await answerTo(bodyOf(longest)), await answerTo(bodyOf(`${longest}x`))];
    await small.drain();

    expect(answers).toEqual([
      [200, undefined],
      [413, '"code":"QUERY_TOO_EXPENSIVE"'],
    ]);
  });

  it('is refused by what it says of its length, before any of it has come', async () => {
    const { status, headers } = await sendRaw(gateway.url, headOf('content-length: 100001'));

    expect(status).toBe(413);
    expect(headers.get('connection')).toBe('close');
  });
});

describe('requests on one connection', () => {
  const requestOf = (name: string, ...more: string[]) => {
    const body = bodyOf(name);
    return whole([headOf(lengthOf(body), ...more), body]);
  };

  it('are answered in turn, where they are sent all at once', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const requests = names.map((name) => requestOf(name, ...(name === 'd' ? [close] : [])));

    const { status, headers, text } = await sendRaw(gateway.url, whole(requests));

    expect(status).toBe(200);
    expect(headers.get('connection')).toBe('keep-alive');
    expect(text.match(/Partner \w/g)).toEqual(names.map((name) => `Partner ${name}`));
    expect(text.match(/^connection: [\w-]+/gim)).toEqual([
      'Connection: keep-alive',
      'Connection: keep-alive',
      'Connection: close',
    ]);
  });

  it('are told how long each answer is, in bytes', async () => {
    const { headers, text } = await sendRaw(gateway.url, requestOf('é', close));

    expect(headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(Buffer.byteLength(text)).toBe(text.length + 1);
    expect(headers.has('transfer-encoding')).toBe(false);
  });
});
