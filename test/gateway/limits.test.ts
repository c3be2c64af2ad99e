import { getIntrospectionQuery } from 'graphql';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Gateway } from '../../gateway/server.ts';
import { type SubgraphClient, localClient } from '../../gateway/subgraph-client.ts';
import {
  type RunningGateway,
  noIdentity,
  post,
  startSmallGateway,
  startWholeGateway,
} from '../support/gateway.ts';
import { smallSubgraph } from '../support/small-graph.ts';
import { adminViewer, partnerViewer } from '../support/subgraph.ts';

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** A field in itself, so many times. */
const nested = (count: number, field: string, leaf: string) =>
  `${`${field}{`.repeat(count)}${leaf}${'}'.repeat(count)}`;

/** Each fragment holds the next one twice. */
const doubling = (count: number) =>
  `{ partners { ...F0 } }
  ${many(count, (i) => `fragment F${i} on Partner { id ...F${i + 1} ...F${i + 1} }`)}
  fragment F${count} on Partner { id }`;

const nestedLists = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const pages = (first: string) =>
  `catalog${first} { nodes { catalog${first} { edges { node { catalog${first} { ...P } } } } } }`;
const twoPages = (fields: number) =>
  `{ catalog(first: 100) { nodes { catalog(first: 100) { nodes { ${many(fields, (i) => `a${i}: id`)} } } } } }`;
const aPageOfEach = (names: string, fields: number) =>
  `named(names: ${names}) { catalog(first: 100) { nodes { ${many(fields, (i) => `a${i}: id`)} } } }`;
const hundredNames = `[${many(100, (i) => `"${i}"`)}]`;
const page = 'fragment P on PartnerConnection { nodes { ...N } } fragment N on Partner { id }';

/** Each fragment holds the next one. */
const chained = (count: number) =>
  `${many(count, (i) => `fragment F${i} on Partner { id ...F${i + 1} }`)}
  fragment F${count} on Partner { id }`;
const shown = '@include(if: true) @skip(if: false)';
const most = (what: string) => `A document has at most ${what}.`;
const tooDeep = 'An operation is at most 10 fields deep.';
const tooManyFields = 'An operation has at most 500 fields, counted in each use of a fragment.';
const tooLong =
  'An answer has at most 50000 fields: ask for shorter pages, or for fewer in each other.';

describe('an operation', () => {
  let gateway: RunningGateway;
  const { answer, hops } = smallSubgraph('partners');
  beforeAll(async () => {
    gateway = await startSmallGateway({ clients: { partners: localClient({ answer }) } });
  });
  afterAll(() => gateway.drain());
  beforeEach(() => void (hops.length = 0));

  it.each([
    ['is 10 fields deep', `{ partners { ${nested(8, 'parent', 'id')} } }`],
    ['has 500 fields', `{ partners { ${many(499, () => 'id')} } }`],
    ['has 50 aliases', `{ partners { ${many(50, (i) => `a${i}: id`)} } }`],
    ['has 100 fragments', `{ partners { id ...F0 } } ${chained(99)}`],
    ['uses 200 fragments', `{ partners { ${many(200, () => '... { id }')} } }`],
    ['has 50 directives', `{ partners { ${many(25, (i) => `a${i}: id ${shown}`)} } }`],
    ['asks below one name 100 times', `{ ${many(100, () => 'partners { id }')} }`],
    ['has pages of 20 three deep', `{ ${pages('')} } ${page}`],
    ['has two pages of 100 with 4 fields', twoPages(4)],
    ['has a page of each of 100 with 4 fields', `{ ${aPageOfEach(hundredNames, 4)} }`],
    ['has short pages', `query ($n: Int = 2) { ${pages('(first: $n)')} } ${page}`],
  ])('is answered when it %s', async (_, query) => {
    const { status, body } = await post(gateway.url, query);

    expect(body).toEqual({ data: expect.anything() as unknown });
    expect(status).toBe(200);
    expect(hops).toHaveLength(1);
  });

  it.each([
    ['is 11 fields deep', tooDeep, `{ partners { ${nested(9, 'parent', 'id')} } }`],
    [
      'is 11 fields deep with its fragments',
      tooDeep,
      `{ partners { ...A } } fragment A on Partner { ${nested(5, 'parent', '...B')} }
      fragment B on Partner { ... on Partner { ${nested(4, 'parent', '... { id }')} } }`,
    ],
    [
      'is 13 times in itself',
      tooDeep,
      `{ ${nested(13, 'catalog { nodes', 'id').replaceAll('}', '}}')} }`,
    ],
    ['has 501 fields', tooManyFields, `{ partners { ${many(500, () => 'id')} } }`],
    ['has 2^15 fields with its fragments', tooManyFields, doubling(15)],
    ['has pages of 100 three deep', tooLong, `{ ${pages('(first: 100)')} } ${page}`],
    [
      'has long pages by a variable’s default',
      tooLong,
      `query ($n: Int = 100) { ${pages('(first: $n)')} } ${page}`,
    ],
    // 2 fields, then 100 rows of 2 fields, then 100 of 5 in each of those: 50,202.
    ['has two pages of 100 with 5 fields', tooLong, twoPages(5)],
    // A field, then 100 rows of one field with 100 rows of 5: 50,101.
    ['has a page of each of 100 with 5 fields', tooLong, `{ ${aPageOfEach(hundredNames, 5)} }`],
    [
      'has long pages by an input’s variable in a fragment',
      tooLong,
      `query ($n: Int = 100) { catalog(first: $n) { nodes { ...A } } }
      fragment A on Partner { catalog(first: $n) { nodes { catalog(first: $n) { ...P } } } } ${page}`,
    ],
    ['has 51 aliases', most('50 aliases'), `{ ${many(51, (i) => `a${i}: __typename`)} }`],
    ['has 101 fragments', most('100 fragments'), `{ partners { id ...F0 } } ${chained(100)}`],
    [
      'uses 201 fragments',
      most('200 uses of fragments'),
      `{ partners { ${many(201, () => '... { id }')} } }`,
    ],
    [
      'has a field with 6 directives',
      'A field has at most 5 directives.',
      `{ partners { id ${many(3, () => shown)} } }`,
    ],
    [
      'has 51 directives',
      most('50 directives'),
      `{ partners { id @skip(if: false) ${many(25, (i) => `a${i}: id ${shown}`)} } }`,
    ],
    [
      'asks below one name 101 times',
      'A document asks for fields below one name at most 100 times.',
      `{ ${many(101, () => 'partners { id }')} }`,
    ],
    [
      'has 11 mutations',
      'A request has at most 10 mutations.',
      `mutation { ${many(11, (i) => `a${i}: rename(name: "x") { id }`)} }`,
    ],
    ['has 2001 tokens', most('2000 tokens'), `{ ${many(1999, () => 'hop')} }`],
    [
      'has a list of 501 items',
      'A list in an input has at most 500 items.',
      `{ quote(points: [${many(501, () => '1')}]) }`,
    ],
    ['has a page of a million', tooLong, `{ ${pages('(first: 1000000)')} } ${page}`],
  ])('is refused before it is planned when it %s', async (_, message, query) => {
    const { status, body } = await post(gateway.url, query);

    expect(body).toEqual({ errors: [{ message, extensions: { code: 'QUERY_TOO_EXPENSIVE' } }] });
    expect(status).toBe(400);
    expect(hops).toEqual([]);
  });

  it.each([
    ['nest 21 deep', 'Variables nest at most 20 deep.', nestedLists(20)],
    ['nest 100,000 deep', 'Variables nest at most 20 deep.', nestedLists(49_000)],
    ['hold a list of 501', 'A list in an input has at most 500 items.', Array(501).fill(1)],
  ])('is refused when its variables %s', async (_, message, v) => {
    const body = `{"query":"query ($v: Points) { quote(points: $v) }","variables":{"v":${
      typeof v === 'string' ? v : JSON.stringify(v)
    }}}`;

    const answer = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });

    expect(await answer.json()).toEqual({
      errors: [{ message, extensions: { code: 'QUERY_TOO_EXPENSIVE' } }],
    });
    expect(answer.status).toBe(400);
    expect(hops).toEqual([]);
  });

  it('is measured with each request’s own variables', async () => {
    const query = `query ($n: Int) { ${pages('(first: $n)')} } ${page}`;

    const short = await post(gateway.url, query, {}, { n: 3 });
    const long = await post(gateway.url, query, {}, { n: 100 });

    expect(short.status).toBe(200);
    expect(long.body.errors).toMatchObject([{ message: tooLong }]);
  });

  it('is measured with the lists that it gives, each of whose items may have a row', async () => {
    const query = `query ($names: [String!]!) { ${aPageOfEach('$names', 5)} }`;
    const names = Array.from({ length: 100 }, (_, i) => `${i}`);

    const short = await post(gateway.url, query, {}, { names: names.slice(1) });
    const long = await post(gateway.url, query, {}, { names });

    expect(short.status).toBe(200);
    expect(long.body.errors).toMatchObject([{ message: tooLong }]);
  });
});

describe('introspection', () => {
  let gateway: RunningGateway;
  beforeAll(async () => void (gateway = await startSmallGateway()));
  afterAll(() => gateway.drain());

  it('is answered as tools ask', async () => {
    const query = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });

    const { status, body } = await post(gateway.url, query);

    expect(body.errors).toBeUndefined();
    expect(status).toBe(200);
  });

  it.each([
    [
      'too deep',
      'An introspection is at most 15 fields deep.',
      `{ __type(name: "Query") { fields { type { ${nested(12, 'ofType', 'name')} } } } }`,
    ],
    [
      'too long',
      'An introspection has at most 2000000 fields in its answer: ask for fewer at once.',
      `{ __schema { types { fields { type { fields { ${many(410, () => 'name')} } } } } } }`,
    ],
  ])('is refused when it is %s', async (_, message, query) => {
    const { status, body } = await post(gateway.url, query);

    expect(body).toEqual({ errors: [{ message, extensions: { code: 'QUERY_TOO_EXPENSIVE' } }] });
    expect(status).toBe(400);
  });
});

describe('closing a month', () => {
  const limits = { operationMs: 150, subgraphCallMs: 100, settlementMs: 20_000 };
  /** Answers when nobody waits any more for what else there is. */
  const send: SubgraphClient['send'] = async (_, signal) => {
    const left = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
    await Promise.race([setTimeout(400), left]);
    const payload = { statements: [], userErrors: [] };
    return {
      status: 200,
      body: { data: { closeSettlementMonth: payload, a: payload, b: payload } },
    };
  };
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startWholeGateway({ ...noIdentity, send }, { limits });
  });
  afterAll(() => gateway.drain());

  const close = 'closeSettlementMonth(month: "2026-01-01") { userErrors { code } }';
  const answer = async (query: string, viewer = adminViewer()) =>
    (await gateway.execute({ query }, viewer)).errors?.map(({ extensions }) => extensions!['code']);

  it('has its own time, by itself and for staff alone', async () => {
    const late = 'SUBGRAPH_UNAVAILABLE';

    expect(await answer(`mutation { ${close} }`)).toBeUndefined();
    expect(await answer(`mutation { a: ${close} b: ${close} }`)).toEqual([late, late]);
    expect(await answer(`mutation { ${close} }`, partnerViewer(randomUUID()))).toEqual([late]);
  });
});
