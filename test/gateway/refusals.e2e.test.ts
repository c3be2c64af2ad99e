import { gzipSync } from 'node:zlib';
import { useTestDatabase } from '../support/database.ts';
import { startSmallGateway } from '../support/gateway.ts';
import { sendRaw } from '../support/raw.ts';
import { type RunningSystem, startInOneProcess } from '../support/system.ts';

/** A request as its bytes: head, then body with its length unless the head says another. */
function request(line: string, headers: string[] = [], body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body);
  const told = headers.some((each) => /^(content-length|transfer-encoding):/i.test(each));
  const head = [
    `${line} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    ...(bytes.length > 0 && !told ? [`content-length: ${bytes.length}`] : []),
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
}

const asJson = 'content-type: application/json';
const graph = (body: string | Buffer, ...headers: string[]) =>
  request('POST /graphql', [asJson, ...headers], body);
const typed = (type: string, body: string | Buffer) =>
  request('POST /graphql', [`content-type: ${type}`], body);
const fine = '{"query":"{ __typename }"}';
const mutation = 'mutation{__typename}';

describe('every refusal of the gateway', () => {
  const db = useTestDatabase();
  let system: RunningSystem;
  beforeAll(async () => void (system = await startInOneProcess(db)));
  afterAll(() => system.stop());

  it.each<[name: string, status: number, code: string, bytes: string | Buffer]>([
    ['malformed JSON', 400, 'BAD_REQUEST', graph('{"query": ')],
    ['an empty body', 400, 'BAD_REQUEST', request('POST /graphql', [asJson])],
    ['an array', 400, 'BAD_REQUEST', graph(`[${fine}]`)],
    ['an empty array', 400, 'BAD_REQUEST', graph('[]')],
    ['a JSON string', 400, 'BAD_REQUEST', graph('"{ __typename }"')],
    ['null', 400, 'BAD_REQUEST', graph('null')],
    ['a query that is a number', 400, 'BAD_REQUEST', graph('{"query":7}')],
    ['a parsed document', 400, 'BAD_REQUEST', graph('{"query":{"kind":"Document"}}')],
    ['variables that are a string', 400, 'BAD_REQUEST', graph('{"query":"{a}","variables":"{}"}')],
    ['bytes that are not UTF-8', 400, 'BAD_REQUEST', graph(Buffer.from(fine, 'utf16le'))],
    [
      'half a character',
      400,
      'BAD_REQUEST',
      graph(
        Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xe2, 0x82]), Buffer.from('"}')]),
      ),
    ],
    ['JSON with a prototype', 400, 'BAD_REQUEST', graph('{"query":"{a}","__proto__":{}}')],
    ['a zero byte', 400, 'GRAPHQL_PARSE_FAILED', graph('{"query":"\\u0000"}')],
    ['no type', 415, 'BAD_REQUEST', request('POST /graphql', [], fine)],
    ['a type that is none', 415, 'BAD_REQUEST', typed('json', fine)],
    ['plain text', 415, 'BAD_REQUEST', typed('text/plain', fine)],
    ['JSON said to be text', 415, 'BAD_REQUEST', typed('text/plain; application/json', fine)],
    ['a form', 415, 'BAD_REQUEST', typed('application/x-www-form-urlencoded', `query=${mutation}`)],
    [
      'a form of files',
      415,
      'BAD_REQUEST',
      typed('multipart/form-data; boundary=b', `--b\r\n\r\n${fine}\r\n--b--`),
    ],
    [
      'JSON in UTF-16',
      415,
      'BAD_REQUEST',
      typed('application/json; charset=utf-16le', Buffer.from(fine, 'utf16le')),
    ],
    ['a compressed body', 415, 'BAD_REQUEST', graph(gzipSync(fine), 'content-encoding: gzip')],
    [
      'a body that would unpack to 100 MB',
      415,
      'BAD_REQUEST',
      graph(gzipSync(Buffer.alloc(100_000_000)), 'content-encoding: gzip'),
    ],
    ['an answer in HTML alone', 406, 'BAD_REQUEST', graph(fine, 'accept: text/html')],
    [
      'any answer but JSON',
      406,
      'BAD_REQUEST',
      graph(`{"query":"${mutation}"}`, 'accept: text/html, application/json;q=0'),
    ],
    ['a body of 100,001 bytes', 413, 'QUERY_TOO_EXPENSIVE', graph(padded(100_001))],
    [
      'a body that says it has 10 MB',
      413,
      'QUERY_TOO_EXPENSIVE',
      graph(fine, 'content-length: 10000000'),
    ],
    [
      'a body in chunks of 200 kB in all',
      413,
      'QUERY_TOO_EXPENSIVE',
      graph(chunked(padded(200_000)), 'transfer-encoding: chunked'),
    ],
    [
      'two lengths',
      400,
      'BAD_REQUEST',
      graph(fine, 'content-length: 26', 'transfer-encoding: chunked'),
    ],
    ['a length that is none', 400, 'BAD_REQUEST', graph(fine, 'content-length: -1')],
    ['a chunk that is none', 400, 'BAD_REQUEST', graph('zz\r\n', 'transfer-encoding: chunked')],
    ['a GET as a page can make it', 400, 'BAD_REQUEST', request('GET /graphql?query={__typename}')],
    ['a mutation by GET', 405, 'BAD_REQUEST', request(`GET /graphql?query=${mutation}`, [asJson])],
    [
      'variables of a GET that are none',
      400,
      'BAD_REQUEST',
      request('GET /graphql?query={__typename}&variables={', [asJson]),
    ],
    ['two queries', 400, 'BAD_REQUEST', request('GET /graphql?query={a}&query={b}', [asJson])],
    [
      'a document in bad encoding',
      400,
      'GRAPHQL_PARSE_FAILED',
      request('GET /graphql?query=%zz%ff', [asJson]),
    ],
    ['a form by GET', 415, 'BAD_REQUEST', request('GET /graphql?query={a}', ['content-type: a/b'])],
    ['PUT', 405, 'BAD_REQUEST', request('PUT /graphql', [asJson], fine)],
    ['DELETE', 405, 'BAD_REQUEST', request('DELETE /graphql')],
    ['OPTIONS', 405, 'BAD_REQUEST', request('OPTIONS /graphql', ['origin: https://app.example'])],
    ['TRACE', 405, 'BAD_REQUEST', request('TRACE /graphql')],
    ['a file system’s method', 405, 'BAD_REQUEST', request('PROPFIND /graphql')],
    ['a method that is none', 400, 'BAD_REQUEST', request('FROB /graphql')],
    ['a post to the start', 405, 'BAD_REQUEST', request('POST /', [asJson], fine)],
    ['a post to health', 405, 'BAD_REQUEST', request('POST /health/live', [asJson], fine)],
    ['another health', 404, 'NOT_FOUND', request('GET /health/other')],
    ['a hidden file', 404, 'NOT_FOUND', request('GET /.env')],
    ['a path upwards', 404, 'NOT_FOUND', request('GET /../../etc/passwd')],
    ['below the graph', 404, 'NOT_FOUND', request('POST /graphql/x', [asJson], fine)],
    ['a path that is none', 400, 'BAD_REQUEST', request('GET /%zz')],
    ['a path in bad encoding', 400, 'BAD_REQUEST', request('GET /%ff')],
    ['a long path', 404, 'NOT_FOUND', request(`GET /${'x'.repeat(8_000)}`)],
    ['another server', 404, 'NOT_FOUND', request('GET http://169.254.169.254/latest')],
    ['a tunnel', 400, 'BAD_REQUEST', 'CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['headers of 20 kB', 431, 'BAD_REQUEST', request('GET /', [`x: ${'x'.repeat(20_000)}`])],
    ['a header that is none', 400, 'BAD_REQUEST', request('GET /', ['x y: z'])],
    ['a header with a zero byte', 400, 'BAD_REQUEST', request('GET /', ['x: \0'])],
    ['no host', 400, 'BAD_REQUEST', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['what is not HTTP', 400, 'BAD_REQUEST', 'HELO\r\n\r\n'],
    ['TLS', 400, 'BAD_REQUEST', Buffer.from('16030100c8010000c40303', 'hex')],
    ['HTTP/2', 400, 'BAD_REQUEST', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['another version', 400, 'BAD_REQUEST', 'GET / HTTP/9.9\r\n\r\n'],
    ['a bad token', 401, 'UNAUTHENTICATED', graph(fine, 'authorization: Bearer x')],
    ['two tokens', 401, 'UNAUTHENTICATED', graph(fine, 'authorization: Bearer a, Bearer b')],
  ])('is JSON in one form: %s', async (_, status, code, bytes) => {
    const answer = await sendRaw(system.url, bytes);

    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(JSON.parse(answer.text)).toEqual({
      errors: [expect.objectContaining({ message: sentence, extensions: { code } })],
    });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(internals);
    expect(/^[A-Z]+(, [A-Z]+)*$/.test(answer.headers.get('allow') ?? '')).toBe(status === 405);
  });

  const sentence = expect.stringMatching(/^[A-Z`].{20,}$/s) as string;
  const internals = /node_modules|FST_|HPE_|<html|at .*\.[jt]s:|127\.0\.0\.1:\d|oidc/i;

  it.each([
    ['a token request without a form', 400, request('POST /identity/token', [asJson], '{}')],
    ['a token request of nothing', 400, request('POST /identity/token')],
    [
      'a client that is none',
      401,
      request(
        'POST /identity/token',
        ['content-type: application/x-www-form-urlencoded', 'authorization: Basic eDp5'],
        'grant_type=client_credentials',
      ),
    ],
    [
      'a form of 200 kB',
      400,
      request(
        'POST /identity/token',
        ['content-type: application/x-www-form-urlencoded'],
        `a=${'x'.repeat(200_000)}`,
      ),
    ],
    ['another path', 404, request('GET /identity/nothing', ['accept: text/html'])],
    ['another method', 404, request('DELETE /identity/token', ['accept: text/html'])],
    ['a sign-in of nobody', 400, request('GET /identity/auth', ['accept: application/json'])],
    ['the identity part itself', 404, request('GET /identity/')],
  ])('is JSON from the identity part: %s', async (_, status, bytes) => {
    const answer = await sendRaw(system.url, bytes);

    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringMatching(/^application\/json/),
    ]);
    const body = JSON.parse(answer.text) as { error?: string; errors?: unknown };
    expect(body.error ?? body.errors).toBeDefined();
    expect(answer.text).not.toMatch(internals);
  });

  it('is the last answer of a connection on which garbage follows a request', async () => {
    const { status, text } = await sendRaw(
      system.url,
      'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\ngarbage\r\n\r\n',
    );

    // The request itself is in order.
    const [live, refusal] = text.split('HTTP/1.1 400 Bad Request\r\n');
    expect([status, live]).toEqual([200, '{"status":"live"}']);
    expect(JSON.parse(refusal!.split('\r\n\r\n')[1]!)).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
  });
});

describe('a slow client', () => {
  it.each([
    ['its head', ['POST /graphql HTTP/1.1\r\n', 'host: x\r\n']],
    ['its body', [graph(fine, 'content-length: 100').subarray(0, -20), 'x']],
  ])('is told so after the time for %s, and cut', async (_, chunks) => {
    const gateway = await startSmallGateway({
      limits: { requestHeadMs: 300, requestArrivalMs: 400 },
    });

    const { status, text } = await sendRaw(gateway.url, ...chunks);
    await gateway.drain();

    expect(status).toBe(408);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('that sends nothing is cut', async () => {
    const gateway = await startSmallGateway({ limits: { connectionIdleMs: 200 } });

    const { text } = await sendRaw(gateway.url);
    await gateway.drain();

    expect(text).toBe('');
  });
});

function padded(bytes: number): string {
  return fine.slice(0, -1) + `,"x":"${'x'.repeat(bytes - fine.length - 7)}"}`.padEnd(0);
}

function chunked(text: string): string {
  const size = 50_000;
  const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
    text.slice(i * size, (i + 1) * size),
  );
  return [...parts, ''].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('');
}
