import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { start } from '../../gateway/server.ts';
import { httpClient, localClient } from '../../gateway/subgraph-client.ts';
import { gather } from '../../platform/batches.ts';
import type { Config, TraceSettings } from '../../platform/config.ts';
import { rows } from '../../platform/database.ts';
import type { Subgraph } from '../../platform/subgraph.ts';
import { type Traces, openTraces } from '../../platform/trace-export.ts';
import { beginTrace, inSpan } from '../../platform/tracing.ts';
import { start as startMembers } from '../../subgraphs/members/server.ts';
import { start as startPartners } from '../../subgraphs/partners/server.ts';
import {
  type Collector,
  type ToldSpan,
  settingsFor,
  startCollector,
} from '../support/collector.ts';
import { useTestDatabase } from '../support/database.ts';
import { type RunningGateway, gatewayConfig, post } from '../support/gateway.ts';
import { givenMember } from '../support/given-members.ts';
import { givenPartner } from '../support/given-partners.ts';
import { freePort } from '../support/ports.ts';
import { configOn, testPlatform } from '../support/subgraph.ts';
import { createIssuer } from '../support/tokens.ts';
import { until } from '../support/until.ts';

describe('traces', () => {
  const test = useTestDatabase();
  const lines: Record<string, string>[] = [];
  const log = pino(
    { level: 'debug' },
    new Writable({
      write: (line, _, done) => done(void lines.push(JSON.parse(String(line)) as object as never)),
    }),
  );
  const platform = { ...testPlatform(), log };
  const away = {
    send: () => Promise.reject(new Error('It is away.')),
    close: () => Promise.resolve(),
  };
  let collector: Collector;
  let config: Config;
  let members: Subgraph;
  let partners: Subgraph;
  let gateway: RunningGateway;
  let memberId: string;
  let shop: string;
  let authorization: string;
  let open: Traces | undefined;

  beforeAll(async () => {
    collector = await startCollector();
    const on = configOn(test);
    config = {
      ...on,
      ports: { ...on.ports, members: 0 },
      hosts: { ...on.hosts, members: '127.0.0.1' },
      traces: collector.settings,
    };
    [members, partners] = await Promise.all([
      startMembers(config, platform),
      startPartners(config, platform),
    ]);
    const issuer = await createIssuer();
    const made = await start({ ...gatewayConfig(), traces: collector.settings }, platform, {
      // One in another process, as it were, and one in this.
      subgraphs: {
        members: httpClient('members', await members.listen(), config),
        partners: localClient(partners),
        'rewards-catalog': away,
        community: away,
      },
      identity: { keys: issuer.keys, mount: () => Promise.resolve() },
    });
    gateway = { ...made, url: await made.listen() };
    shop = await givenPartner(test, { name: 'Shop' });
    memberId = await givenMember(test, 5n, shop);
    const claims = { principal: 'member', member_id: memberId, sub: memberId };
    authorization = `Bearer ${await issuer.issue(claims)}`;
  });
  afterAll(async () => {
    await gateway.drain();
    await Promise.all([members.drain(), partners.drain()]);
    await collector.close();
  });
  beforeEach(() => {
    collector.spans.length = 0;
    collector.texts.length = 0;
    lines.length = 0;
  });
  afterEach(() => told());

  /** Sends what there is to a collector, from now on. */
  async function trace(settings: Partial<TraceSettings> = {}, limits = {}): Promise<void> {
    const traces = { ...collector.settings, ...settings };
    open = await openTraces({ traces, limits: { ...config.limits, ...limits } }, log, 'test');
  }
  /** What the collector has been told, when all is. */
  async function told(): Promise<ToldSpan[]> {
    await open?.close();
    open = undefined;
    return collector.spans;
  }
  /** With its name, it is planned for each test anew. */
  const queryOf = (name: string) => `query ${name}($shop: ID!) {
    partner(id: $shop) { kanari: name }
    me { displayName statement { nodes { points partner { name } } } } }`;
  async function ask(name: string, headers: Record<string, string> = {}) {
    const given = { authorization, ...headers };
    const { body } = await post(gateway.url, queryOf(name), given, { shop });
    expect(body).toEqual({
      data: {
        partner: { kanari: 'Shop' },
        me: {
          displayName: 'Ada',
          statement: { nodes: [{ points: 5, partner: { name: 'Shop' } }] },
        },
      },
    });
  }
  /** Spans below their parents, by their names; what stands more than once is there as often. */
  function treeOf(spans: readonly ToldSpan[], parent?: string): unknown[] {
    return spans
      .filter(({ parentSpanId }) => parentSpanId === parent)
      .sort((one, other) => one.name.localeCompare(other.name))
      .map(({ name, spanId }) => {
        const below = treeOf(spans, spanId);
        return below.length > 0 ? [name, ...below] : name;
      });
  }
  const named = (spans: readonly ToldSpan[], name: string) =>
    spans.filter((span) => span.name === name);

  it('show a request with its plan, its hops and their statements, as one', async () => {
    await trace({ attributes: { 'service.name': 'the-test' }, headers: { 'x-key': 'of-tests' } });
    const client = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

    await ask('Home', { traceparent: `00-${client.traceId}-${client.spanId}-01` });

    const spans = await told();
    expect(treeOf(spans)).toEqual([
      [
        'query',
        [
          'fetch members',
          [
            'members query',
            'SELECT ledger.currency',
            'SELECT ledger.statement',
            'SELECT members.member',
          ],
        ],
        ['fetch partners', ['partners query', 'SELECT partners.partner']],
        ['fetch partners', ['partners query', 'SELECT partners.partner']],
        'plan',
      ],
    ]);
    const [request] = named(spans, 'query');
    const { traceId } = request!;
    expect([...new Set(spans.map((span) => span.traceId))]).toEqual([traceId]);
    // A client's own trace is pointed at, and is not ours.
    expect(traceId).not.toBe(client.traceId);
    expect(request).toMatchObject({ kind: 2, links: [client], hasFailed: false });
    expect(request!.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Home',
      'coalition.audience': 'MEMBER',
      'coalition.errors': 0,
    });
    expect(named(spans, 'fetch partners').map(({ attributes }) => attributes)).toEqual(
      expect.arrayContaining(
        [0, 1].map((entities) => ({
          'coalition.subgraph': 'partners',
          'coalition.entities': entities,
          'http.response.status_code': 200,
        })),
      ),
    );
    const [statement] = named(spans, 'SELECT members.member');
    expect(statement!.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.query.summary': 'SELECT members.member',
      'db.query.text': expect.stringMatching(/^SELECT .* WHERE .*\$1/s) as string,
      'db.response.returned_rows': 1,
    });
    expect(collector.texts.join()).toContain('"stringValue":"the-test"');
    expect(collector.headers).toMatchObject({ 'x-key': 'of-tests' });

    const operations = lines.filter(({ msg }) => msg === 'operation');
    expect(operations.map((line) => `${line['part']} ${line['trace_id']}`).sort()).toEqual(
      ['gateway', 'members', 'partners', 'partners'].map((part) => `${part} ${traceId}`),
    );
  });

  it('have nothing in them that a person or a client wrote, but the name of the operation', async () => {
    await trace();

    await ask('Private', { 'x-request-id': 'kanari-request', 'user-agent': 'kanari-agent' });
    await fetch(`${gateway.url}/exports/kanari-path?kanari-search`);
    await inSpan(beginTrace('work'), () =>
      rows(test.owner(), `SELECT $1::uuid`, ['kanari-value']).catch(() => undefined),
    );

    const spans = await told();
    const text = collector.texts.join();
    for (const canary of ['kanari', memberId, shop, 'Ada', authorization.slice(-20), '127.0.0.1']) {
      expect([canary, text.includes(canary)]).toEqual([canary, false]);
    }
    expect(named(spans, 'GET /exports/:id')).toHaveLength(1);
    expect(named(spans, 'SELECT')[0]).toMatchObject({
      attributes: { 'error.type': '22P02' },
      hasFailed: true,
    });
  });

  it('are of those requests alone that are chosen here, whatever a client says', async () => {
    await trace({ sampler: 'parentbased_traceidratio', ratio: 0 });

    await ask('Left', { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });

    expect(await told()).toEqual([]);
    expect(lines.filter((line) => 'trace_id' in line)).toEqual([]);
  });

  it('are none of requests for health, and none without a plan where one was known', async () => {
    await ask('Known');
    await trace();

    await ask('Known');
    // By the way of requests that are not quite the usual.
    await ask('Known', { accept: 'application/json, text/html' });
    await fetch(`${gateway.url}/health/ready`);

    const spans = await told();
    expect(named(spans, 'plan')).toEqual([]);
    expect(spans.filter(({ parentSpanId }) => !parentSpanId)).toHaveLength(2);
  });

  it('tell of what fails by its code', async () => {
    await trace();

    const { body } = await post(gateway.url, '{ rewards { nodes { id } } }', { authorization });

    const spans = await told();
    expect(body.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    expect(named(spans, 'fetch rewards-catalog')[0]).toMatchObject({
      attributes: { 'error.type': 'Error' },
      hasFailed: true,
    });
    expect(named(spans, 'query')[0]!.attributes).toMatchObject({ 'coalition.errors': 1 });
  });

  it('harm nothing where the collector is away, and the log says so once', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await trace(settingsFor(url), { spansTogether: 1, spansSendMs: 50 });

    await ask('Dead');
    await until(() => Promise.resolve(linesOf('traces are not taken').length > 0));
    await ask('Dead');
    const started = performance.now();
    await told();

    expect(performance.now() - started).toBeLessThan(1_000);
    expect(linesOf('traces are not taken')).toHaveLength(1);
  });

  describe('of statements', () => {
    const one = () => rows(test.owner(), 'SELECT 1');

    it('show so many of each thing, and none of what goes on behind it', async () => {
      await trace();
      let behind: Promise<unknown> | undefined;

      await inSpan(beginTrace('much'), async () => {
        for (let count = 0; count < 202; count++) await one();
      });
      await inSpan(beginTrace('little'), async () => {
        await one();
        behind = setTimeout(20).then(one);
      });
      await behind;

      const spans = await told();
      const count = (name: string) =>
        spans.filter(({ parentSpanId }) => parentSpanId === named(spans, name)[0]!.spanId).length;
      expect([count('much'), count('little'), named(spans, 'SELECT').length]).toEqual([
        200, 1, 201,
      ]);
    });

    it('that several wait for are the first one’s, with links to the others', async () => {
      await trace();
      let begin: () => void;
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const { add } = gather(
        async (items: string[]) => {
          begin();
          await one();
          return items;
        },
        { sizeMax: 10, writersMax: 1, waitingMax: 10, waitMs: 1_000 },
      );
      let late: Promise<string> | undefined;

      const calls = [
        inSpan(beginTrace('first'), async () => {
          await add('a', 'a');
          await late;
        }),
        inSpan(beginTrace('second'), () => add('b', 'b')),
        add('c', 'c'),
      ];
      await begun;
      // Its batch is the writer's next, which began with the first: it is nobody's.
      late = add('d', 'd');
      await Promise.all(calls);

      const spans = await told();
      expect(treeOf(spans)).toEqual([['first', ['batch', 'SELECT']], 'second']);
      const [second] = named(spans, 'second');
      expect(named(spans, 'batch')).toMatchObject([
        {
          links: [{ traceId: second!.traceId, spanId: second!.spanId }],
          attributes: { 'coalition.batch.items': 3 },
        },
      ]);
    });
  });

  const linesOf = (message: string) => lines.filter(({ msg }) => msg === message);
});
