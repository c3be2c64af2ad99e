import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import {
  ValuesOfCorrectTypeRule,
  buildASTSchema,
  getOperationAST,
  isObjectType,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { secondsOf } from '../../gateway/answers/hints.ts';
import { audienceGraphs } from '../../gateway/audiences.ts';
import { localClient } from '../../gateway/subgraph-client.ts';
import type { Config } from '../../platform/config.ts';
import type { Limits } from '../../platform/limits.ts';
import { root } from '../../platform/root.ts';
import { type RunningGateway, startSmallGateway } from '../support/gateway.ts';
import { type TestRedis, hasRedis, startRedis } from '../support/redis.ts';
import { smallSubgraph } from '../support/small-graph.ts';
import { testPlatform } from '../support/subgraph.ts';
import { createIssuer } from '../support/tokens.ts';
import { until } from '../support/until.ts';

const issuer = await createIssuer();
const member = async () => ({
  authorization: `Bearer ${await issuer.issue({ principal: 'member', member_id: randomUUID() })}`,
});

const running: RunningGateway[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.drain()));
});

/** A gateway that keeps answers, over a subgraph that counts how often it is asked. */
async function startKeeping(
  config: Partial<Config> = {},
  limits: Partial<Limits> = {},
  platform = testPlatform(),
) {
  const { answer } = smallSubgraph('partners');
  let asked = 0;
  let answers: (() => object) | undefined;
  const gateway = await startSmallGateway({
    identity: { keys: issuer.keys, mount: () => Promise.resolve() },
    config: { answerCache: true, ...config },
    limits,
    platform,
    clients: {
      partners: localClient({
        async answer(request) {
          asked++;
          if (answers) return { status: 200, body: answers() };
          return answer(request);
        },
      }),
    },
  });
  running.push(gateway);
  return {
    gateway,
    asked: () => asked,
    answerWith: (next: typeof answers) => void (answers = next),
  };
}

const list = 'query ($n: Int) { catalog(first: $n) { nodes { id name } } }';

async function ask(
  { url }: RunningGateway,
  {
    query = list,
    variables = {},
    headers = {},
  }: {
    query?: string;
    variables?: object;
    headers?: Record<string, string>;
  } = {},
) {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { text: await answer.text(), cacheControl: answer.headers.get('cache-control') };
}

const get = ({ url }: RunningGateway, query: string) =>
  fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { 'apollo-require-preflight': '1' },
  });

describe('an answer to a caller without a token', () => {
  it('is kept, for the same operation with the same variables', async () => {
    const platform = testPlatform();
    const { gateway, asked } = await startKeeping({}, {}, platform);

    const first = await ask(gateway);
    const again = await ask(gateway);
    expect(again).toEqual(first);
    expect(asked()).toBe(1);
    await ask(gateway, { variables: { n: 2 } });
    await ask(gateway, { query: list.replace('id name', 'id') });
    expect(asked()).toBe(3);
    // What is null is not what is left out; what no variable is for is nothing.
    await ask(gateway, { variables: { n: null } });
    expect(asked()).toBe(4);
    await ask(gateway, { variables: { other: 1, n: 2 } });
    expect(asked()).toBe(4);
    const name = 'coalition_gateway_kept_answers_total';
    const counted = await platform.metrics.getSingleMetricAsString(name);
    expect(counted).toContain(`${name}{result="hit"} 2`);
    expect(counted).toContain(`${name}{result="miss"} 4`);
  });

  it('is kept whole where it is long', async () => {
    const { gateway, asked, answerWith } = await startKeeping();
    const nodes = Array.from({ length: 1_000 }, (_, id) => ({
      id: String(id),
      name: 'x'.repeat(30),
    }));
    answerWith(() => ({ data: { catalog: { nodes } } }));

    const first = await ask(gateway);
    expect(JSON.parse(first.text)).toEqual({ data: { catalog: { nodes } } });
    expect((await ask(gateway)).text).toBe(first.text);
    expect(asked()).toBe(1);
  });

  it('gives way to others where there is no room, and is not kept where it is too long', async () => {
    const room = { answerCacheBytes: 800 };
    const { gateway, asked } = await startKeeping({}, room);
    for (const n of [1, 2, 1, 1]) await ask(gateway, { variables: { n } });
    expect(asked()).toBe(3);

    const { text } = await ask(gateway);
    const { data } = JSON.parse(text) as { data: object };
    const { length } = JSON.stringify(data);
    for (const [keptAnswerCharacters, times] of [
      [length, 1],
      [length - 1, 2],
    ] as const) {
      const { gateway, asked } = await startKeeping({}, { keptAnswerCharacters });
      await ask(gateway);
      await ask(gateway);
      expect(asked()).toBe(times);
    }
  });

  it('is not kept unless the settings say so', async () => {
    const { gateway, asked } = await startKeeping({ answerCache: false });

    await ask(gateway);
    await ask(gateway);

    expect(asked()).toBe(2);
  });

  it.each([
    ['it holds what the schema does not let', '{ partners { id } hop }'],
    ['it changes something', 'mutation { rename(name: "x") { id } }'],
  ])('is not kept where %s', async (_, query) => {
    const { gateway, asked } = await startKeeping();

    await ask(gateway, { query });
    await ask(gateway, { query });

    expect(asked()).toBe(2);
  });

  it('is not kept where it has an error or a flaw', async () => {
    const { gateway, asked, answerWith } = await startKeeping();
    answerWith(() => ({ data: { catalog: null }, errors: [{ message: 'x', path: ['catalog'] }] }));
    await ask(gateway);
    answerWith(() => ({ data: { catalog: { nodes: [{ name: 'without its id' }] } } }));
    await ask(gateway);
    answerWith(undefined);

    const { text } = await ask(gateway);

    expect(JSON.parse(text)).toMatchObject({ data: { catalog: { nodes: [{ id: 'p1' }] } } });
    expect(asked()).toBe(3);
  });

  it('ends with its time', async () => {
    const { gateway, asked } = await startKeeping();
    const now = jest.spyOn(Date, 'now');
    const start = performance.timeOrigin + performance.now();
    now.mockReturnValue(start);
    await ask(gateway);
    now.mockReturnValue(start + 59_000);
    await ask(gateway);
    expect(asked()).toBe(1);

    now.mockReturnValue(start + 61_000);
    await ask(gateway);
    now.mockRestore();

    expect(asked()).toBe(2);
  });

  it('may be kept by others too where it was asked for by GET, and by nobody else', async () => {
    const { gateway } = await startKeeping();
    const query = '{ catalog { nodes { id } } }';

    const [first, again] = [await get(gateway, query), await get(gateway, query)];
    const other = await get(gateway, '{ hop }');

    for (const { headers } of [first, again]) {
      expect(headers.get('cache-control')).toMatch(/^public, max-age=(59|60)$/);
      expect(headers.get('vary')).toBe('accept, authorization, graphql-cost, origin');
    }
    expect(await again.text()).toBe(await first.text());
    expect(other.headers.get('cache-control')).toBe('no-store');
    expect((await ask(gateway, { query })).cacheControl).toBe('no-store');
  });
});

describe('an answer to a caller with a token', () => {
  it('is never kept, and never one that was kept', async () => {
    const { gateway, asked, answerWith } = await startKeeping();
    const own = (name: string) => () => ({ data: { catalog: { nodes: [{ id: 'p', name }] } } });

    answerWith(own('of a member'));
    await ask(gateway, { headers: await member() });
    answerWith(own('of nobody'));
    const { text: nobodys } = await ask(gateway);
    answerWith(own('of another member'));
    const members = await ask(gateway, { headers: await member() });

    expect(nobodys).toContain('of nobody');
    expect(members.text).toContain('of another member');
    expect(members.cacheControl).toBe('no-store');
    expect((await ask(gateway)).text).toBe(nobodys);
    expect(asked()).toBe(3);
  });

  it('is its own in a race with those who have none', async () => {
    const { gateway, answerWith } = await startKeeping();
    const query = '{ catalog { nodes { id } } }';
    let count = 0;
    answerWith(() => ({ data: { catalog: { nodes: [{ id: `answer ${++count}` }] } } }));
    const headers = await member();

    const all = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const isMember = index % 2 === 0;
        const { text } = await ask(gateway, { query, ...(isMember && { headers }) });
        return { isMember, text };
      }),
    );

    const textsOf = (wanted: boolean) =>
      new Set(all.filter(({ isMember }) => isMember === wanted).map(({ text }) => text));
    // Each member has an answer that nobody else has.
    expect(textsOf(true).size).toBe(20);
    expect([...textsOf(true)].filter((text) => textsOf(false).has(text))).toEqual([]);
    const { text: kept } = await ask(gateway, { query });
    expect(textsOf(false)).toContain(kept);
  });
});

describe('the schema', () => {
  const supergraphSdl = readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8');
  const supergraph = buildASTSchema(parse(supergraphSdl), { assumeValidSDL: true });
  const graphs = audienceGraphs(supergraphSdl);

  it.each([
    [
      '{ rewards { nodes { name prices { points } partner { name } } pageInfo { endCursor } } }',
      60,
    ],
    ['{ rewards { nodes { name availability { stock } } } }', 5],
    ['{ program { name tiers { name benefits { name } } } }', 60],
    ['{ partners { nodes { name offers { nodes { title } } rating { average } } } }', 60],
    ['{ rewards { nodes { reviews { nodes { body author { displayName } } } } } }', 0],
    ['{ rewards { nodes { name } } feed { nodes { title } } }', 0],
    ['{ viewer { audience } }', 0],
    ['{ previewPoints(input: {}) { points } }', 0],
    ['mutation { verifyEmail(input: {}) { userErrors { code } } }', 0],
    ['{ __typename }', 0],
  ])('says how long an answer to %s is kept', (query, seconds) => {
    const document = parse(query);
    // What an input holds decides nothing.
    const rules = specifiedRules.filter((rule) => rule !== ValuesOfCorrectTypeRule);
    expect(validate(graphs.PUBLIC, document, rules)).toEqual([]);

    expect(secondsOf(document, getOperationAST(document)!, supergraph)).toBe(seconds);
  });

  it('lets nothing be kept that is of a member, or leads there', () => {
    const hinted = Object.values(supergraph.getTypeMap())
      .filter(isObjectType)
      .filter(({ astNode }) => astNode?.directives?.some(({ name }) => name.value === 'cached'));
    const names = hinted.map(({ name }) => name);

    // Each was looked at: whoever asks without a token is answered the same.
    expect(names.toSorted()).toEqual(publicTypes);
    const fields = hinted.flatMap((type) => Object.values(type.getFields()));
    expect(
      fields.filter(({ astNode }) =>
        astNode?.directives?.some(({ name }) => name.value === 'cached'),
      ),
    ).toEqual([]);
  });
});

/** What everybody is told the same of, for a time. */
const publicTypes = [
  'Availability',
  'Benefit',
  'ConversionTerms',
  'ExpiryPolicy',
  'Offer',
  'OfferConnection',
  'OfferEdge',
  'PageInfo',
  'Partner',
  'PartnerConnection',
  'PartnerEdge',
  'PointsCurrency',
  'Program',
  'ReferralRules',
  'ReviewSummary',
  'Reward',
  'RewardConnection',
  'RewardEdge',
  'RewardPrice',
  'Tier',
  'TierPolicy',
];

(hasRedis ? describe : describe.skip)('answers in Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.kill());

  /** Asks until the answer comes from Redis: a connection takes a moment. */
  const untilKept = ({ gateway, asked }: Awaited<ReturnType<typeof startKeeping>>) =>
    until(async () => {
      await ask(gateway);
      const before = asked();
      await ask(gateway);
      return asked() === before;
    });

  it('are those of all gateways of one system', async () => {
    const redisUrl = redis.url;
    const one = await startKeeping({ redisUrl });
    const other = await startKeeping({ redisUrl, issuer: 'https://another.example' });
    one.answerWith(() => ({ data: { catalog: { nodes: [{ id: 'p', name: 'of one' }] } } }));
    await untilKept(one);
    const { text } = await ask(one.gateway);
    expect(text).toContain('of one');

    await untilKept(other);
    expect((await ask(other.gateway)).text).not.toContain('of one');
    const two = await startKeeping({ redisUrl });
    await until(async () => (await ask(two.gateway)).text === text);
    const query = list.replace('id name', 'id');
    await ask(one.gateway, { query });
    const before = two.asked();
    await ask(two.gateway, { query });
    expect(two.asked()).toBe(before);
  });

  it('are missed by nobody while it hangs or is lost, and kept again when it is back', async () => {
    const lines: { msg: string }[] = [];
    const log = pino({}, { write: (line) => void lines.push(JSON.parse(line) as { msg: string }) });
    // Longer than a busy machine takes: it is lost once, not whenever it is late.
    const limits = { redisMs: 1_000 };
    const keeping = await startKeeping({ redisUrl: redis.url }, limits, { ...testPlatform(), log });
    const { gateway, asked } = keeping;
    await untilKept(keeping);
    const told = () => lines.map(({ msg }) => msg).filter((msg) => msg.startsWith('redis'));
    const timesTold = (what: string) => told().filter((msg) => msg.startsWith(what)).length;

    for (const lose of [() => redis.freeze(), () => redis.kill()]) {
      await lose();
      const before = asked();
      const answers = await Promise.all([ask(gateway), ask(gateway)]);
      expect(answers.map(({ text }) => text)).toEqual(Array(2).fill(expect.stringContaining('p1')));
      expect(asked()).toBe(before + 2);
      // Rates and answers each have a connection: one that only hangs is given up, too.
      await until(() => Promise.resolve(timesTold('redis lost') >= 2));
    }
    await redis.start();
    await untilKept(keeping);
    await until(() => Promise.resolve(timesTold('redis is back') === timesTold('redis lost')));

    expect(told().filter((msg) => msg.includes('rates'))).toEqual([
      'redis lost: rates are counted by each gateway alone',
    ]);
    expect(told().filter((msg) => msg.includes('answers'))).toEqual([
      'redis lost: no answers are kept',
    ]);
  });
});
