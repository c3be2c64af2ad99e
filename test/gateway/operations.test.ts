import { pino } from 'pino';
import { type SubgraphClient, httpClient, localClient } from '../../gateway/subgraph-client.ts';
import type { Subgraph } from '../../platform/subgraph.ts';
import { gatewayConfig, post, startSmallGateway } from '../support/gateway.ts';
import { type SmallName, serveHops, smallNames, smallSubgraph } from '../support/small-graph.ts';
import { memberViewer, testPlatform } from '../support/subgraph.ts';
import { createIssuer } from '../support/tokens.ts';

const everything =
  '{ me { id name posts } partners { name } feed { text author { name } partner { name } } }';
const memberId = '0c9f0f8e-6a5a-4a8e-8d0c-1d6a2f6f3b11';
const answerToEverything = {
  me: { id: memberId, name: 'Member 0c9f', posts: 2 },
  partners: [{ name: 'Partner p1' }, { name: 'Partner p2' }],
  feed: [
    { text: 'a', author: { name: 'Member m1' }, partner: { name: 'Partner p1' } },
    { text: 'b', author: { name: 'Member m1' }, partner: { name: 'Partner p1' } },
  ],
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

type Answer = Subgraph['answer'];
type AnyAnswer = Parameters<typeof serveHops>[0];

/** The two ways to a subgraph, for one that answers as given. */
const ways = {
  'in one process': (answer: AnyAnswer) =>
    Promise.resolve(localClient({ answer: answer as Answer })),
  'over HTTP': async (answer: AnyAnswer) => {
    const served = await serveHops(answer);
    closing.push(served.close);
    return httpClient('partners', served.url, gatewayConfig());
  },
};

const issuer = await createIssuer();
const identity = { keys: issuer.keys, mount: () => Promise.resolve() };

describe.each(Object.entries(ways))('an operation, %s', (_, clientOf) => {
  async function given(
    answers: Partial<Record<SmallName, AnyAnswer>> = {},
    more: Partial<Parameters<typeof startSmallGateway>[0]> = {},
  ) {
    const clients: Partial<Record<SmallName, SubgraphClient>> = {};
    for (const name of smallNames) {
      clients[name] = await clientOf(answers[name] ?? smallSubgraph(name).answer);
    }
    const gateway = await startSmallGateway({ clients, identity, ...more });
    closing.push(() => gateway.drain());
    return gateway;
  }

  it('is answered from all subgraphs, for the member whom the token names', async () => {
    const gateway = await given();
    const token = await issuer.issue({ principal: 'member', member_id: memberId });

    const { status, headers, body } = await post(gateway.url, everything, {
      authorization: `Bearer ${token}`,
    });

    expect(body).toEqual({ data: answerToEverything });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('has the same answer through execute', async () => {
    const gateway = await given();

    const answer = await gateway.execute({ query: everything }, memberViewer(memberId));

    expect(answer).toEqual({ data: answerToEverything });
  });

  it('reaches the subgraph with the token’s viewer and the request’s id', async () => {
    const gateway = await given();
    const token = await issuer.issue({
      principal: 'partner',
      partner_id: memberId,
      sub: 'till-7',
      scope: 'accruals:write unheard:of balances:read',
      sandbox: true,
    });

    const { headers, body } = await post(gateway.url, '{ hop }', {
      authorization: `Bearer ${token}`,
      'x-request-id': 'client-chosen_1',
    });

    expect(JSON.parse(body.data!['hop']!)).toEqual({
      requestId: 'client-chosen_1',
      viewer: {
        audience: 'PARTNER',
        partnerId: memberId,
        memberId: null,
        subject: 'till-7',
        scopes: ['ACCRUALS_WRITE', 'BALANCES_READ'],
        sandbox: true,
        steppedUpAt: null,
      },
    });
    expect(headers.get('x-request-id')).toBe('client-chosen_1');
  });

  it('is anonymous without a token, whatever the client claims in headers', async () => {
    const gateway = await given();
    const viewer = Buffer.from('{"audience":"ADMIN"}').toString('base64url');

    const { body } = await post(gateway.url, '{ hop }', { 'coalition-viewer': viewer });

    expect(JSON.parse(body.data!['hop']!)).toMatchObject({ viewer: { audience: 'PUBLIC' } });
  });

  it('replaces a request id that is not one word', async () => {
    const gateway = await given();

    const { headers, body } = await post(gateway.url, '{ hop }', { 'x-request-id': 'a b' });

    const id = headers.get('x-request-id');
    expect(id).toMatch(/^[\da-f-]{36}$/);
    expect(JSON.parse(body.data!['hop']!)).toMatchObject({ requestId: id });
  });

  it('loses only the fields of a subgraph that hangs, within its limit', async () => {
    const hang = () => new Promise<never>(() => undefined);
    const gateway = await given({ partners: hang }, { limits: { subgraphCallMs: 200 } });

    const started = performance.now();
    const { status, body } = await post(
      gateway.url,
      '{ names: partners { name } feed { text author { name } partner { name } } }',
    );

    expect(performance.now() - started).toBeLessThan(700);
    expect(status).toBe(200);
    expect(body.data).toEqual({
      names: null,
      feed: ['a', 'b'].map((text) => ({
        text,
        author: { name: 'Member m1' },
        partner: { name: null },
      })),
    });
    expect(body.errors).toEqual([
      unavailable(['names']),
      // Which items of the list miss it is not known.
      unavailable(['feed']),
    ]);
  });

  it('ends with its own deadline, and asks nothing more of a subgraph after it', async () => {
    const asked: string[] = [];
    const hangIn = (name: string) => () => {
      asked.push(name);
      return new Promise<never>(() => undefined);
    };
    const gateway = await given(
      { partners: hangIn('partners'), community: hangIn('community') },
      { limits: { subgraphCallMs: 200, operationMs: 300 } },
    );

    const started = performance.now();
    const { body } = await post(
      gateway.url,
      'mutation { a: rename(name: "x") { id } b: write(text: "y") { text } c: rename(name: "z") { id } }',
    );

    expect(performance.now() - started).toBeLessThan(700);
    expect(body).toEqual({
      data: { a: null, b: null, c: null },
      errors: [unavailable(['a']), unavailable(['b']), unavailable(['c'])],
    });
    expect(asked).toEqual(['partners', 'community']);
  });

  it.each([
    ['a status', { status: 500, body: { errors: [{ message: 'secret-7 at http://10.0.0.7' }] } }],
    ['data under a status', { status: 503, body: { data: { partners: [{ name: 'secret-7' }] } } }],
    ['nothing', { status: 200, body: {} }],
    ['errors out of form', { status: 200, body: { errors: 'secret-7' } }],
    ['an error that is null', { status: 200, body: { errors: [null] } }],
  ])('shows nothing of a subgraph that answers with %s', async (_case, broken) => {
    const gateway = await given({ partners: () => Promise.resolve(broken) });

    const { status, body } = await post(gateway.url, '{ partners { name } feed { text } }');

    expect(status).toBe(200);
    expect(body).toEqual({
      data: { partners: null, feed: [{ text: 'a' }, { text: 'b' }] },
      errors: [unavailable(['partners'])],
    });
  });

  it('keeps of a subgraph’s error its message and code alone, and masks those that are no client’s', async () => {
    const answers = [
      { message: 'Not yours.', extensions: { code: 'FORBIDDEN', stacktrace: ['secret-7'] } },
      { message: 'secret-7', extensions: { code: 'ECONNREFUSED', http: { status: 418 } } },
      { message: 'secret-7' },
      { message: 'secret-7', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ].map((error) => ({ ...error, path: ['partners'], locations: [{ line: 7, column: 7 }] }));
    const body = { data: { partners: null }, errors: answers };
    const gateway = await given({ partners: () => Promise.resolve({ status: 200, body }) });

    const answer = await post(gateway.url, '{ partners { name } }', { 'x-request-id': 'r1' });

    const masked = {
      message: 'Something went wrong.',
      path: ['partners'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
    };
    expect(answer.status).toBe(200);
    expect(answer.body.errors).toEqual([
      { message: 'Not yours.', path: ['partners'], extensions: { code: 'FORBIDDEN' } },
      masked,
      masked,
      masked,
    ]);
  });

  it('asks a subgraph for a mutation once, also when it fails', async () => {
    let calls = 0;
    const gateway = await given({
      partners: () => {
        calls++;
        return Promise.resolve({ status: 502, body: {} });
      },
    });

    const { body } = await post(gateway.url, 'mutation { rename(name: "x") { name } }');

    expect(calls).toBe(1);
    expect(body).toEqual({ data: { rename: null }, errors: [unavailable(['rename'])] });
  });
});

describe('the gateway over HTTP', () => {
  it('starts and answers while a subgraph is down', async () => {
    const { url, close } = await serveHops(smallSubgraph('partners').answer);
    await close();
    const partners = httpClient('partners', url, gatewayConfig());
    const gateway = await startSmallGateway({ clients: { partners } });
    closing.push(() => gateway.drain());

    const { body } = await post(gateway.url, '{ partners { name } feed { text } }');

    expect(body.data).toEqual({ partners: null, feed: [{ text: 'a' }, { text: 'b' }] });
    expect(body.errors).toEqual([unavailable(['partners'])]);
  });

  it.each([
    ['is too large', JSON.stringify({ data: { partners: [{ name: 'x'.repeat(2_000) }] } })],
    ['is not JSON', '<html>secret-7</html>'],
  ])('refuses an answer that %s', async (_, body) => {
    const served = await serveHops(() => Promise.resolve({ status: 200, body }));
    closing.push(served.close);
    const partners = httpClient(
      'partners',
      served.url,
      gatewayConfig({ subgraphAnswerBytes: 1_000 }),
    );
    const gateway = await startSmallGateway({ clients: { partners } });
    closing.push(() => gateway.drain());

    const answer = await post(gateway.url, '{ partners { name } }');

    expect(answer.body).toEqual({ data: { partners: null }, errors: [unavailable(['partners'])] });
  });
});

describe('an answer of a subgraph over HTTP', () => {
  it.each([
    ['plain', 'Café'],
    ['with what JSON escapes', 'a "quoted" \\ line\n'],
    ['long', 'é "quoted" '.repeat(4_000)],
  ])('is the client’s as it is, also where it is known: %s', async (_, name) => {
    const data = { partners: [{ name }, { name: 'x' }] };
    const served = await serveHops(() => Promise.resolve({ status: 200, body: { data } }));
    closing.push(served.close);
    const partners = httpClient('partners', served.url, gatewayConfig());
    const gateway = await startSmallGateway({ clients: { partners } });
    closing.push(() => gateway.drain());

    for (const time of ['first', 'second']) {
      const { body } = await post(gateway.url, '{ partners { name } }');
      expect([time, body.data]).toEqual([time, data]);
    }
  });
});

describe('the log', () => {
  it('has a line for each operation with the request’s id and without what the client sent', async () => {
    const { gateway, lines } = await givenLog();

    await post(gateway.url, 'mutation Rename { rename(name: "secret-7") { id } }', {
      'x-request-id': 'r2',
    });

    expect(lines.join()).not.toContain('secret-7');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        part: 'gateway',
        requestId: 'r2',
        operationName: 'Rename',
        audience: 'PUBLIC',
        durationMs: expect.any(Number) as number,
        errors: 0,
      }),
    ]);
  });

  it('tells why a subgraph was of no use, without its answer', async () => {
    const served = await serveHops(() => Promise.resolve({ status: 200, body: 'secret-7 <html>' }));
    closing.push(served.close);
    const { gateway, lines } = await givenLog(httpClient('partners', served.url, gatewayConfig()));

    await post(gateway.url, '{ partners { name } }', { 'x-request-id': 'r3' });

    expect(lines.join()).not.toContain('secret-7');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        requestId: 'r3',
        subgraph: 'partners',
        err: expect.objectContaining({ message: 'The answer is not JSON.' }) as object,
      }),
      expect.objectContaining({ requestId: 'r3', errors: 1 }),
    ]);
  });

  async function givenLog(partners?: SubgraphClient) {
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(line) });
    const platform = { ...testPlatform(), log };
    const gateway = await startSmallGateway({ platform, clients: partners ? { partners } : {} });
    closing.push(() => gateway.drain());
    return { gateway, lines };
  }
});

function unavailable(path: (string | number)[]) {
  const message = 'This part of the system does not answer.';
  return { message, path, extensions: { code: 'SUBGRAPH_UNAVAILABLE' } };
}
