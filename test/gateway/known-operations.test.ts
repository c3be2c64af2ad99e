import { request as send } from 'node:http';
import { pino } from 'pino';
import { localClient } from '../../gateway/subgraph-client.ts';
import type { HopRequest } from '../../platform/hop.ts';
import { type RunningGateway, startSmallGateway } from '../support/gateway.ts';
import { smallSubgraph } from '../support/small-graph.ts';
import { testPlatform } from '../support/subgraph.ts';
import { createIssuer } from '../support/tokens.ts';

const memberId = '0c9f0f8e-6a5a-4a8e-8d0c-1d6a2f6f3b11';
const issuer = await createIssuer();
const lines: Record<string, unknown>[] = [];
const asked: HopRequest[] = [];
let answers: ((request: HopRequest) => object | undefined) | undefined;
let gateway: RunningGateway;

beforeAll(async () => {
  const partners = smallSubgraph('partners');
  gateway = await startSmallGateway({
    identity: { keys: issuer.keys, mount: () => Promise.resolve() },
    clients: {
      partners: localClient({
        answer(request) {
          asked.push(request);
          const body = answers?.(request);
          return body ? Promise.resolve({ status: 200, body }) : partners.answer(request);
        },
      }),
    },
    platform: {
      ...testPlatform(),
      log: pino({}, { write: (line) => void lines.push(JSON.parse(line) as never) }),
    },
  });
});
afterAll(() => gateway.drain());
beforeEach(() => {
  answers = undefined;
  lines.length = 0;
  asked.length = 0;
});

interface Sent {
  query: string;
  variables?: object | null;
  operationName?: string | null;
}

/** Sends a request as new and as known, and gives both answers, whole, and their lines of the log. */
async function answerTwice(body: Sent, headers: Record<string, string> = {}) {
  const answer = async (own: Sent) => {
    lines.length = 0;
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'r1', ...headers },
      body: JSON.stringify(own),
    });
    const { date: _, ratelimit: __, ...told } = Object.fromEntries(response.headers);
    const log = lines.map(({ time: _time, durationMs: _ms, ...line }) => line);
    return { status: response.status, headers: told, text: await response.text(), log };
  };
  const fresh = `${body.query} # ${Math.random()}`;
  const first = await answer({ ...body, query: fresh });
  const again = await answer({ ...body, query: fresh });
  return { first, again };
}

const token = async () => ({
  authorization: `Bearer ${await issuer.issue({ principal: 'member', member_id: memberId })}`,
});

describe('an operation that is asked again', () => {
  it.each<[string, Sent]>([
    ['a query', { query: '{ partners { name } feed { text author { name } } }' }],
    [
      'one with a name',
      { query: 'query A { hop }  query B { partners { id } }', operationName: 'B' },
    ],
    [
      'one with null for what it does not give',
      { query: '{ hop }', variables: null, operationName: null },
    ],
    [
      'one with variables',
      {
        query: 'query ($n: [String!]!) { named(names: $n) { name } }',
        variables: { n: ['a', 'b'] },
      },
    ],
    ['one with a variable too many', { query: '{ hop }', variables: { x: 1 } }],
    ['a mutation', { query: 'mutation M { rename(name: "x") { name } }' }],
    [
      'a wrong variable',
      { query: 'query ($p: Points) { quote(points: $p) }', variables: { p: 1.5 } },
    ],
    ['a missing variable', { query: 'query ($n: [String!]!) { named(names: $n) { id } }' }],
    ['a syntax error', { query: '{ hop' }],
    ['an unknown field', { query: '{ hopp }' }],
    ['an unknown name', { query: 'query A { hop }', operationName: 'C' }],
    ['an empty name', { query: 'query A { hop }', operationName: '' }],
    ['a question about the schema', { query: '{ __schema { queryType { name } } }' }],
    [
      'a page that is too long',
      {
        query:
          'query ($n: Int) { catalog(first: $n) { nodes { a: catalog(first: $n) { nodes { b: catalog(first: $n) { nodes { id name } } } } } } }',
        variables: { n: 100 },
      },
    ],
  ])('has the same answer, headers and log: %s', async (_, body) => {
    const { first, again } = await answerTwice(body, await token());

    expect(again).toEqual(first);
  });

  it.each([
    '*/*',
    'application/json',
    'application/json, text/plain, */*',
    'application/graphql-response+json',
    'application/graphql-response+json, application/json',
    'application/graphql-response+json,application/json;q=0.9',
    'application/graphql-response+json, application/json;q=0.9',
    'application/json;q=0.5, application/graphql-response+json;q=0.4',
  ])('has the same type for one who accepts %s', async (accept) => {
    const { first, again } = await answerTwice({ query: '{ hop }' }, { accept });

    expect(again).toEqual(first);
  });

  it('has the same errors, masked and told in the log', async () => {
    answers = () => ({
      data: { partners: null },
      errors: [
        { message: 'Not yours.', path: ['partners'], extensions: { code: 'FORBIDDEN' } },
        { message: 'secret-7', path: ['partners'] },
      ],
    });

    const { first, again } = await answerTwice({ query: '{ partners { name } }' });

    expect(again.text).toBe(first.text);
    expect(JSON.parse(again.text)).toEqual({
      data: { partners: null },
      errors: [
        { message: 'Not yours.', path: ['partners'], extensions: { code: 'FORBIDDEN' } },
        {
          message: 'Something went wrong.',
          path: ['partners'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
        },
      ],
    });
    expect(again.log.map(({ msg }) => msg)).toEqual(['fault', 'operation']);
    expect(first.log.map(({ msg }) => msg)).toEqual(['fault', 'operation']);
  });

  it('has the same flaws of what subgraphs answered', async () => {
    answers = () => ({ data: { partners: [{}] } });

    const { first, again } = await answerTwice({ query: '{ partners { id } }' });

    expect(again.text).toBe(first.text);
    expect(JSON.parse(again.text)).toMatchObject({
      data: { partners: null },
      extensions: { valueCompletion: [{ path: ['partners', 0, 'id'] }] },
    });
  });

  it('is measured with its own variables, each time', async () => {
    const query =
      'query ($n: Int) { catalog(first: $n) { nodes { catalog(first: $n) { nodes { c: catalog(first: $n) { nodes { id } } } } } } }';
    const statuses = [];
    for (const n of [2, 100, 3, 100, 2]) {
      const { status } = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { n } }),
      });
      statuses.push(status);
    }

    expect(statuses).toEqual([200, 400, 200, 400, 200]);
  });

  it('tells what it costs where that is asked, with its own variables', async () => {
    const query = `query ($n: Int) { catalog(first: $n) { nodes { catalog(first: 3) { nodes { id } } } } }`;
    const headers = { 'graphql-cost': '1', ...(await token()) };
    const costs = [];
    for (const n of [2, 5]) {
      const { first, again } = await answerTwice({ query, variables: { n } }, headers);
      expect(again).toEqual(first);
      costs.push((JSON.parse(again.text) as { extensions: unknown }).extensions);
    }
    const { again: plain } = await answerTwice({ query, variables: { n: 2 } });

    // catalog 1 + nodes 1 + n x (catalog 1 + nodes 1 + 3 x id).
    expect(costs).toEqual([
      { cost: { depth: 5, fields: 5, answerFields: 2 + 2 * 5 } },
      { cost: { depth: 5, fields: 5, answerFields: 2 + 5 * 5 } },
    ]);
    expect(JSON.parse(plain.text)).not.toHaveProperty('extensions');
  });

  it('tells what it would have cost where that is too much, and beside flaws and errors', async () => {
    const page = (inner: string) => `catalog(first: $n) { nodes { ${inner} } }`;
    const query = `query ($n: Int) { ${page(page(page('id')))} }`;
    const headers = { 'graphql-cost': '1' };

    const { first, again } = await answerTwice({ query, variables: { n: 100 } }, headers);
    answers = () => ({ data: { partners: [{}] } });
    const flawed = await answerTwice({ query: '{ partners { id } }' }, headers);
    const asked = await answerTwice({ query: '{ __schema { types { name } } }' }, headers);

    expect(again).toEqual(first);
    // 2 fields, 100 times 2 more, 100 times 2 more in each, and in each of those 100 ids.
    expect(JSON.parse(again.text)).toMatchObject({
      errors: [{ extensions: { code: 'QUERY_TOO_EXPENSIVE' } }],
      extensions: { cost: { depth: 7, fields: 7, answerFields: 2 + 100 * (2 + 100 * (2 + 100)) } },
    });
    expect(flawed.again.text).toBe(flawed.first.text);
    expect(JSON.parse(flawed.again.text)).toMatchObject({
      extensions: { valueCompletion: [{}], cost: { depth: 2, fields: 2, answerFields: 6 } },
    });
    expect(JSON.parse(asked.again.text)).toMatchObject({ extensions: { cost: { depth: 3 } } });
  });

  it('is read anew where it is another by one character', async () => {
    await answerTwice({
      query: 'query ($n: [String!]!) { named(names: $n) { id } }',
      variables: { n: [] },
    });
    const { first } = await answerTwice({
      query: 'query ($n: [String!]!) { named(names: $n) { ie } }',
    });

    expect(first.status).toBe(400);
  });
});

describe('a client that goes', () => {
  it.each([
    ['before', 'has a query ended', '{ partners { name } }', true],
    ['before', 'has its mutation finished', 'mutation { rename(name: "x") { id } }', false],
  ])('%s the answer %s', async (_when, _what, query, isEnded) => {
    const headers = await token();
    await answerTwice({ query }, headers);
    let arrived = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let ended: boolean | undefined;
    const hanging = await startSmallGateway({
      identity: { keys: issuer.keys, mount: () => Promise.resolve() },
      clients: {
        partners: {
          send: (_request, signal) =>
            new Promise((resolve, reject) => {
              arrived();
              signal.addEventListener('abort', () => {
                ended ??= true;
                reject(signal.reason as Error);
              });
              setTimeout(() => {
                ended ??= false;
                resolve({ status: 200, body: { data: {} } });
              }, 300);
            }),
          close: () => Promise.resolve(),
        },
      },
    });

    const client = send(`${hanging.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    });
    client.on('error', () => undefined);
    client.end(JSON.stringify({ query }));
    await reached;
    client.destroy();
    while (ended === undefined) await new Promise((resolve) => setTimeout(resolve, 10));

    expect(ended).toBe(isEnded);
    await hanging.drain();
  });
});
