import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { once } from 'node:events';
import { createClient as openEventClient } from 'graphql-sse';
import type { JWTPayload } from 'jose';
import { start } from '../../gateway/server.ts';
import { type SubgraphClient, httpClient, localClient } from '../../gateway/subgraph-client.ts';
import { openCounts } from '../../gateway/subscriptions/counts.ts';
import { type Leases, openLeases } from '../../gateway/subscriptions/leases.ts';
import { accruePoints } from '../../ledger/index.ts';
import { databaseClock as clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { rows, transaction } from '../../platform/database.ts';
import { sendEvents } from '../../platform/event-stream.ts';
import { emit } from '../../platform/outbox.ts';
import type { Subgraph } from '../../platform/subgraph.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { recordActivity } from '../../subgraphs/partners/activities/activities.ts';
import { cancelImport } from '../../subgraphs/partners/imports/starting.ts';
import { start as startMembers } from '../../subgraphs/members/server.ts';
import { start as startPartners } from '../../subgraphs/partners/server.ts';
import { useTestDatabase } from '../support/database.ts';
import { type RunningGateway, gatewayConfig, post } from '../support/gateway.ts';
import { givenImport } from '../support/given-imports.ts';
import { givenConsent, givenMember } from '../support/given-members.ts';
import { givenPartner, givenStatus } from '../support/given-partners.ts';
import { anAccrual } from '../support/given-points.ts';
import {
  type HeardStream,
  openSocket,
  subscribeByEvents,
  subscribeBySocket,
  valuesOf,
} from '../support/streams.ts';
import { sendRaw } from '../support/raw.ts';
import { type TestRedis, hasRedis, startRedis } from '../support/redis.ts';
import { configOn, memberViewer, partnerViewer, testPlatform } from '../support/subgraph.ts';
import { createIssuer } from '../support/tokens.ts';
import { until } from '../support/until.ts';

const issuer = await createIssuer();
const moved = 'subscription { pointsMoved { id points balance } }';
const posted = 'subscription { activityPosted { id status reference } }';

describe('subscriptions', () => {
  const test = useTestDatabase();
  const platform = testPlatform();
  const opened = new Set<{ drain(): Promise<void> }>();
  let config: Config;
  let members: Subgraph;
  let partners: Subgraph;
  let gateway: RunningGateway;
  /** Another process: its subgraph is reached over HTTP. */
  let second: RunningGateway;
  let shop: string;
  /** Where both gateways count together. */
  let redis: TestRedis | null;

  const away: SubgraphClient = {
    send: () => Promise.reject(new Error('It is away.')),
    close: () => Promise.resolve(),
  };
  async function startGateway(clients: { members: SubgraphClient; partners: SubgraphClient }) {
    const made = await start(
      { ...gatewayConfig({ principalStreams: 3 }), lameDuckMs: 0, redisUrl: redis?.url ?? null },
      platform,
      {
        subgraphs: { 'rewards-catalog': away, community: away, ...clients },
        identity: { keys: issuer.keys, mount: () => Promise.resolve() },
      },
    );
    const listening = { ...made, url: await made.listen() };
    opened.add(listening);
    return listening;
  }
  async function startSubgraph<Part extends { drain(): Promise<void> }>(started: Promise<Part>) {
    const part = await started;
    opened.add(part);
    return part;
  }
  beforeAll(async () => {
    redis = hasRedis ? await startRedis() : null;
    const on = configOn(test);
    config = {
      ...on,
      ports: { ...on.ports, members: 0 },
      hosts: { ...on.hosts, members: '127.0.0.1' },
      limits: { ...on.limits, watchMs: 30 },
    };
    members = await startSubgraph(startMembers(config, platform));
    partners = await startSubgraph(startPartners(config, platform));
    const [here, there] = [localClient(members), localClient(partners)];
    gateway = await startGateway({ members: here, partners: there });
    const apart = await startSubgraph(startMembers(config, platform));
    const overHttp = httpClient('members', await apart.listen(), config);
    second = await startGateway({ members: overHttp, partners: there });
    shop = await givenPartner(test, { name: 'Shop' });
  });
  afterAll(async () => {
    for (const part of [...opened].reverse()) await part.drain();
    await redis?.kill();
  });
  const open: HeardStream[] = [];
  afterEach(() => {
    for (const stream of open.splice(0)) stream.close();
  });

  const tokenOf = (memberId: string, more: JWTPayload = {}) =>
    issuer.issue({ principal: 'member', member_id: memberId, sub: memberId, ...more });
  const partnerToken = (partnerId = shop) =>
    issuer.issue({ principal: 'partner', partner_id: partnerId, sub: randomUUID() });
  async function follow(token: string | null, query: string, variables = {}, { url } = gateway) {
    const stream = await subscribeByEvents(url, token, query, variables);
    open.push(stream);
    return stream;
  }
  const give = (memberId: string, points = 10n, at = new Date()) =>
    accruePoints(
      test.db('partners'),
      anAccrual({ memberId, issuerId: shop, points, at, effectiveAt: at }),
    );
  /** The ids of a member's statement, in the order of posting. */
  async function statementOf(memberId: string): Promise<string[]> {
    const query = '{ me { statement(first: 100) { nodes { id } } } }';
    const { body } = await post(gateway.url, query, {
      authorization: `Bearer ${await tokenOf(memberId)}`,
    });
    const { me } = body.data as unknown as { me: { statement: { nodes: { id: string }[] } } };
    return me.statement.nodes.map(({ id }) => id).reverse();
  }
  const buy = (memberId: string, partnerId = shop) =>
    recordActivity(
      test.db('partners'),
      {
        member: { id: memberId },
        kind: 'PURCHASE',
        reference: randomUUID(),
        occurredAt: new Date(),
        amount: { amount: '10', currency: 'EUR' },
      },
      { viewer: partnerViewer(partnerId, ['ACCRUALS_WRITE']), clock },
    );

  it('tells of movements over HTTP, with what other subgraphs know of them', async () => {
    const memberId = await givenMember(test, 5n, shop);
    const stream = await follow(
      await tokenOf(memberId),
      'subscription M($no: Boolean!) { moved: pointsMoved { points partner { name } id @skip(if: $no) } }',
      { no: true },
    );
    await give(memberId, 7n);
    expect(await stream.told(1)).toEqual([
      { data: { moved: { points: 7, partner: { name: 'Shop' } } } },
    ]);
  });

  it('is understood by the protocol’s own client', async () => {
    const memberId = await givenMember(test);
    const client = openEventClient({
      url: `${gateway.url}/graphql`,
      headers: { authorization: `Bearer ${await tokenOf(memberId)}` },
      retryAttempts: 0,
    });
    const told: unknown[] = [];
    client.subscribe(
      { query: 'subscription { pointsMoved { points } }' },
      {
        next: (answer) => told.push(answer),
        error: () => told.push('error'),
        complete: () => undefined,
      },
    );
    await until(async () => {
      await give(memberId, 3n);
      return told.length > 0;
    });
    expect(told[0]).toEqual({ data: { pointsMoved: { points: 3 } } });
    client.dispose();
  });

  it('tells of them over WebSocket, several on one', async () => {
    const memberId = await givenMember(test);
    const socket = openSocket(gateway.url, await tokenOf(memberId));
    const streams = [
      subscribeBySocket(socket, moved),
      subscribeBySocket(socket, 'subscription { notificationReceived { title kind readAt } }'),
    ];
    open.push(...streams);
    // A socket does not say when a subscription is under way.
    await until(async () => {
      await give(memberId, 1n);
      return streams[0]!.answers.length > 0;
    });
    await rows(
      test.owner(),
      `SELECT members.notify(jsonb_build_array(jsonb_build_object('member_id', $1::uuid,
         'kind', 'SECURITY', 'template', 'member.reinstated', 'args', '{}'::jsonb, 'once', 'x')), now())`,
      [memberId],
    );
    expect(await streams[1]!.told(1)).toEqual([
      {
        data: {
          notificationReceived: { title: expect.any(String), kind: 'SECURITY', readAt: null },
        },
      },
    ]);
    streams[0]!.close();
    expect(await streams[0]!.ended()).toBe('complete');
    expect(streams[1]!.end).toBeNull();
    void socket.dispose();
  });

  it('tells each member of all that is theirs, in its order and once, in every process', async () => {
    const [ada, bob] = [await givenMember(test), await givenMember(test)];
    const streams = [
      await follow(await tokenOf(ada), moved),
      await follow(await tokenOf(ada), moved, {}, second),
      await follow(await tokenOf(bob), moved, {}, second),
    ];
    await Promise.all(Array.from({ length: 50 }, (_, n) => give(n % 2 ? ada : bob, BigInt(n + 1))));
    await Promise.all(streams.map((stream) => stream.told(25)));
    await give(ada, 100n);
    await give(bob, 100n);
    await Promise.all(streams.map((stream) => stream.told(26)));
    const heard = streams.map((stream) => valuesOf<{ id: string }>(stream).map(({ id }) => id));
    expect(heard).toEqual([await statementOf(ada), await statementOf(ada), await statementOf(bob)]);
  });

  it('loses nothing that commits behind what was written after it', async () => {
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, shop);
    const stream = await follow(await partnerToken(), posted);
    const before = await buy(memberId);
    await stream.told(1);
    let last = '';
    await transaction(test.db('partners'), async (tx) => {
      // A number of the outbox that is not to be seen before the next is.
      await rows(tx, 'SELECT pg_current_xact_id()');
      await emit(tx, {
        type: 'activity.refunded',
        partnerId: shop,
        payload: { activityId: before.id },
        occurredAt: new Date(),
      });
      last = (await buy(memberId)).id;
      await stream.told(2);
    });
    await stream.told(3);
    const after = await buy(memberId);
    await stream.told(4);
    const ids = valuesOf<{ id: string }>(stream).map(({ id }) => id);
    expect(ids).toEqual([before.id, last, before.id, after.id]);
  });

  it('leaves out what the subscriber may not see, and ends with the right to it', async () => {
    const memberId = await givenMember(test);
    const brand = await givenPartner(test);
    await givenConsent(test, memberId, brand, ['EARN']);
    const ofBrand = await follow(
      await partnerToken(brand),
      'subscription { activityPosted { member { profile { __typename } } } }',
    );
    await buy(memberId, brand);
    await ofBrand.told(1);
    await givenConsent(test, memberId, brand, ['EARN', 'READ_PROFILE']);
    const activity = await buy(memberId, brand);
    await ofBrand.told(2);
    expect(valuesOf(ofBrand)).toEqual([
      { member: { profile: null } },
      { member: { profile: { __typename: 'MemberProfile' } } },
    ]);
    await givenStatus(test, brand, 'SUSPENDED');
    await emit(test.db('partners'), {
      type: 'activity.refunded',
      partnerId: brand,
      payload: { activityId: activity.id },
      occurredAt: new Date(),
    });
    expect(await ofBrand.ended()).toBe('complete');
    expect(ofBrand.answers.slice(2)).toEqual([
      { errors: [{ message: expect.any(String), extensions: { code: 'FORBIDDEN' } }], data: null },
    ]);
  });

  it('tells a member who is closed nothing more', async () => {
    const memberId = await givenMember(test);
    const stream = await follow(await tokenOf(memberId), moved);
    await give(memberId);
    await stream.told(1);
    await rows(test.owner(), `UPDATE members.member SET status = 'CLOSED' WHERE id = $1`, [
      memberId,
    ]);
    await give(memberId);
    expect(await stream.ended()).toBe('complete');
    expect(stream.answers[1]!.errors![0]!.extensions!.code).toBe('FORBIDDEN');
  });

  it('follows an import to its end, for those whose it is', async () => {
    const viewer = partnerViewer(shop, ['ACCRUALS_WRITE']);
    const { id } = await givenImport(
      test,
      viewer,
      'member_number,reference,occurred_at,amount,currency\n',
    );
    const query = 'subscription ($id: ID!) { importProgressed(id: $id) { status rows } }';
    const stream = await follow(await partnerToken(), query, { id });
    const stranger = await follow(await partnerToken(await givenPartner(test)), query, { id });
    expect(await stream.told(1)).toEqual([
      { data: { importProgressed: { status: 'QUEUED', rows: 0 } } },
    ]);
    await cancelImport(test.db('partners'), id, { viewer, clock });
    expect(await stream.ended()).toBe('complete');
    expect(stream.answers.slice(1)).toEqual([
      { data: { importProgressed: { status: 'CANCELLED', rows: 0 } } },
    ]);
    expect([await stranger.ended(), stranger.answers]).toEqual(['complete', []]);
  });

  it('refuses what it would refuse of any operation, and says why', async () => {
    const memberId = await givenMember(test);
    const token = await tokenOf(memberId);
    const deep = `subscription { pointsMoved { ${'reverses { '.repeat(12)} id ${'}'.repeat(12)} } }`;
    const conditional = 'subscription ($a: Boolean!) { pointsMoved @skip(if: $a) { id } }';
    const past = Math.floor(Date.now() / 1000) - 60;
    const cases: [string, string | null, string, string, string][] = [
      ['no token', null, moved, '401', 'UNAUTHENTICATED'],
      ['another audience', await partnerToken(), moved, '403', 'FORBIDDEN'],
      ['an expired token', await tokenOf(memberId, { exp: past }), moved, '401', 'UNAUTHENTICATED'],
      ['a deep document', token, deep, '400', 'QUERY_TOO_EXPENSIVE'],
      [
        'no such field',
        token,
        'subscription { pointsMovde { id } }',
        '400',
        'GRAPHQL_VALIDATION_FAILED',
      ],
      [
        'two fields',
        token,
        `subscription { pointsMoved { id } b: pointsMoved { id } }`,
        '400',
        'GRAPHQL_VALIDATION_FAILED',
      ],
      [
        'the schema',
        token,
        'subscription { __schema { types { name } } }',
        '400',
        'GRAPHQL_VALIDATION_FAILED',
      ],
      ['a condition', token, conditional, '400', 'GRAPHQL_VALIDATION_FAILED'],
      ['a query', token, '{ __typename }', '400', 'BAD_REQUEST'],
      ['no document', token, 'subscription {', '400', 'GRAPHQL_PARSE_FAILED'],
      [
        'no variable',
        token,
        'subscription ($id: ID!) { importProgressed(id: $id) { id } }',
        '400',
        'BAD_USER_INPUT',
      ],
    ];
    const told = cases.map(async ([name, by, query]) => {
      const { end, answers } = await follow(by, query);
      return [name, end, answers[0]!.errors![0]!.extensions!.code];
    });
    expect(await Promise.all(told)).toEqual(
      cases.map(([name, , , status, code]) => [name, status, code]),
    );
    const socket = openSocket(gateway.url, token);
    const overSocket: [string, string][] = [];
    // One by one: each counts as open while it is read.
    for (const [name, , query] of cases.slice(3)) {
      overSocket.push([name, await subscribeBySocket(socket, query).ended()]);
    }
    expect(overSocket).toEqual(cases.slice(3).map(([name, , , , code]) => [name, code]));
    void socket.dispose();
    const closes = cases.slice(0, 3).map(async ([name, by, query]) => {
      const stream = subscribeBySocket(openSocket(gateway.url, by), query);
      return [name, await stream.ended()];
    });
    expect(await Promise.all(closes)).toEqual([
      ['no token', '4401'],
      ['another audience', 'FORBIDDEN'],
      ['an expired token', '4401'],
    ]);
    const plain = await Promise.all(
      [moved, conditional, `query A { __typename } ${conditional}`].map(async (query) => {
        const { status, body } = await post(gateway.url, query, {
          authorization: `Bearer ${token}`,
        });
        return [status, body.errors![0]!.extensions!.code];
      }),
    );
    expect(plain).toEqual([
      [406, 'BAD_REQUEST'],
      [400, 'GRAPHQL_VALIDATION_FAILED'],
      [400, 'GRAPHQL_VALIDATION_FAILED'],
    ]);
  });

  it('lets a principal have so many, and no more', async () => {
    const token = await tokenOf(await givenMember(test));
    const measured = async (name = 'subscriptions_open') =>
      Number(
        new RegExp(`^coalition_gateway_${name} (\\d+)$`, 'm').exec(
          await platform.metrics.metrics(),
        )![1],
      );
    // Those of the tests before end behind their clients.
    await until(async () => (await measured()) === 0);
    const streams = await Promise.all([1, 2, 3].map(() => follow(token, moved)));
    expect(await measured()).toBe(3);
    // They take no room from requests.
    expect(await measured('requests_in_flight')).toBe(0);
    const fourth = await follow(token, moved);
    expect([fourth.end, fourth.answers[0]!.errors![0]!.extensions!.code]).toEqual([
      '429',
      'RATE_LIMITED',
    ]);
    const socket = openSocket(gateway.url, token);
    expect(await subscribeBySocket(socket, moved).ended()).toBe('RATE_LIMITED');
    expect((await follow(token, moved, {}, second)).end).toBe(hasRedis ? '429' : null);
    streams[0]!.close();
    await until(async () => (await follow(token, moved)).end === null);
    void socket.dispose();
  });

  it('takes a request that offers another protocol, and refuses pages of elsewhere', async () => {
    const body = '{"query":"{ __typename }"}';
    const offer = [
      'host: here',
      'upgrade: h2c',
      'connection: Upgrade, HTTP2-Settings',
      'http2-settings: AAMAAABkAAQAoAAA',
    ];
    const head = [
      'POST /graphql HTTP/1.1',
      ...offer,
      'content-type: application/json',
      `content-length: ${body.length}`,
    ];
    const last = 'GET /health/live HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n';
    const { status, text } = await sendRaw(
      gateway.url,
      `${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`,
      body.slice(5),
      last,
    );
    expect([status, text]).toEqual([
      200,
      expect.stringContaining('{"data":{"__typename":"Query"}}'),
    ]);
    const page = [
      'host: here',
      'origin: https://elsewhere.example',
      'upgrade: websocket',
      'connection: upgrade',
    ];
    const key = [
      'sec-websocket-version: 13',
      `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}`,
    ];
    const asked = ['GET /graphql HTTP/1.1', ...page, ...key].join('\r\n');
    expect((await sendRaw(gateway.url, `${asked}\r\n\r\n`)).status).toBe(403);
  });

  it('ends with its token', async () => {
    const memberId = await givenMember(test);
    // Good for as long as clocks may differ, and expired.
    const token = await tokenOf(memberId, { exp: Math.floor(Date.now() / 1000) - 1 });
    const stream = await follow(token, moved);
    expect(await stream.ended()).toBe('complete');
    expect(stream.answers[0]!.errors![0]!.extensions!.code).toBe('UNAUTHENTICATED');
    expect(await subscribeBySocket(openSocket(gateway.url, token), moved).ended()).toBe('4403');
  });

  it('says goodbye when it is told to stop', async () => {
    const token = await tokenOf(await givenMember(test));
    const stream = await follow(token, moved, {}, second);
    const socket = subscribeBySocket(openSocket(second.url, token), moved);
    await until(async () => (await follow(token, moved, {}, second)).end === '429');
    opened.delete(second);
    await second.drain();
    expect(await stream.ended()).toBe('complete');
    expect(stream.answers.at(-1)!.errors![0]!.extensions!.code).toBe('SUBGRAPH_UNAVAILABLE');
    expect(await socket.ended()).toBe('1001');
  });
});

if (!hasRedis)
  process.stderr.write('Streams over Redis are not tested: there is no redis-server.\n');

(hasRedis ? describe : describe.skip)('streams that several gateways count together', () => {
  const limits = { principalStreams: 3, streamLeaseMs: 1_500 };
  let redis: TestRedis;
  const opened = new Set<Leases>();
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(() => {
    for (const each of opened) each.close();
    opened.clear();
  });
  afterAll(() => redis.kill());

  /** So many gateways, as far as counting goes, once they have met. */
  async function openGateways(count: number) {
    const config = { ...gatewayConfig(limits), redisUrl: redis.url };
    const leases = Array.from({ length: count }, () => openLeases(config, testPlatform().log)!);
    for (const each of leases) opened.add(each);
    await untilTogether(leases);
    return leases.map((each) => {
      const subscriptions = openCounts('subscriptions', config.limits, each);
      const sockets = openCounts('sockets', config.limits, each);
      return {
        leases: each,
        enter: (viewer: Viewer) => subscriptions.enter({ viewer, address: '' }),
        connect: (viewer: Viewer) => sockets.enter({ viewer, address: '' }),
      };
    });
  }
  const untilTogether = (leases: Leases[]) =>
    until(async () => {
      const taken = await Promise.all(leases.map((each) => each.take('first', 1)));
      const own = taken.filter((giveBack) => giveBack !== null);
      own.forEach((giveBack) => giveBack());
      return own.length === 1;
    });
  type Opened = Awaited<ReturnType<typeof openGateways>>[number];
  const refused = { extensions: { code: 'RATE_LIMITED', http: { status: 429 } } };

  it('are so many for a principal, and of each gateway alone while Redis is lost', async () => {
    const [first, second, third] = (await openGateways(3)) as [Opened, Opened, Opened];
    const [ada, bob] = [memberViewer(randomUUID()), memberViewer(randomUUID())];

    const leave = await first.enter(ada);
    const others = await Promise.allSettled([1, 2, 3, 4].map(() => second.enter(ada)));
    const ofBob = await third.enter(bob);
    const byAda = await third.connect(ada);
    leave();
    leave();
    const next = await first.enter(ada);
    await expect(third.enter(ada)).rejects.toMatchObject(refused);
    await redis.kill();
    const alone = await Promise.allSettled([1, 2, 3].map(() => first.enter(ada)));
    await redis.start();
    await untilTogether([first.leases, second.leases, third.leases]);
    // What each has is told to the Redis that knew nothing.
    await until(async () => {
      const left = await third.enter(ada).catch(() => null);
      left?.();
      return left === null;
    });

    // Which of them were first is not told.
    expect(others.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(alone.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect([ofBob, byAda, next]).toEqual(Array(3).fill(expect.any(Function)));
  });

  it('end by themselves with a gateway that has crashed, and with no other', async () => {
    const [first, second, third] = (await openGateways(3)) as [Opened, Opened, Opened];
    const [ada, bob] = [memberViewer(randomUUID()), memberViewer(randomUUID())];

    for (const entering of [first, first, second]) await entering.enter(ada);
    for (let times = 0; times < limits.principalStreams; times++) await second.enter(bob);
    first.leases.close();
    opened.delete(first.leases);
    const atOnce = third.enter(ada);
    await expect(atOnce).rejects.toMatchObject(refused);
    await until(() => third.enter(ada).then(() => true));

    await expect(third.enter(bob)).rejects.toMatchObject(refused);
  });
});

it('cuts a reader who takes nothing of what waits', async () => {
  let taken = 0;
  let returned = false;
  const events = {
    next: () =>
      Promise.resolve({ done: false as const, value: { n: taken++, text: 'x'.repeat(10_000) } }),
    return: () => {
      returned = true;
      return Promise.resolve({ done: true as const, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  const server = createServer((_, response) => {
    void sendEvents(response, events, { streamBeatMs: 20, streamStallMs: 100 });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n');
  await until(() => Promise.resolve(returned));
  // No more than what the connection itself holds.
  expect(taken * 10_000).toBeLessThan(20_000_000);
  socket.destroy();
  server.close();
});
