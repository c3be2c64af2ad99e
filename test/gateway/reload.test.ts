import { jest } from '@jest/globals';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createExecutor } from '../../gateway/executor.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import { localClient } from '../../gateway/subgraph-client.ts';
import { readApi } from '../../gateway/supergraph/api.ts';
import { readInThread } from '../../gateway/supergraph/loading.ts';
import { supergraphOpener } from '../../gateway/supergraph/supergraph.ts';
import { subgraphNames } from '../../platform/config.ts';
import type { HopRequest } from '../../platform/hop.ts';
import { root } from '../../platform/root.ts';
import type { Events } from '../../platform/streams.ts';
import { gatewayConfig, post, startSmallGateway } from '../support/gateway.ts';
import { subscribeByEvents } from '../support/streams.ts';
import { testPlatform } from '../support/subgraph.ts';

const folder = mkdtempSync(join(tmpdir(), 'coalition-supergraphs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const things = `${link}
  type Query { thing: Thing }
  type Subscription { changed: Thing }
  type Thing @key(fields: "id") { id: ID!  next: Thing }`;
const plain = `${link} type Thing @key(fields: "id") { id: ID!  by: String }`;
const more = `${link} type Thing @key(fields: "id") { id: ID!  by: String  extra: String }`;

function compose(subgraphs: Record<string, string>): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, sdl]) => ({
      name,
      url: `http://${name}.internal`,
      typeDefs: parse(sdl),
    })),
  );
  if (!supergraphSdl) throw new Error(String(errors));
  return supergraphSdl;
}

/** Who knows a thing is members in one, partners in the other: an answer tells which it is of. */
const one = compose({ community: things, members: plain });
const two = compose({ community: things, partners: more });
const hashOf = (sdl: string) => createHash('sha256').update(sdl).digest('hex');

/** Asked before each answer of a subgraph. */
let beforeAnswer: (subgraph: string) => Promise<void> = async () => undefined;
/** Tells those who follow the subgraph that a thing has changed. */
let happen: () => void;

function subgraph(name: string, sdl: string) {
  const thing = { __typename: 'Thing', id: '1', by: name, extra: name };
  const schema = buildSubgraphSchema({
    typeDefs: parse(sdl),
    resolvers: { Thing: { __resolveReference: () => thing, next: () => thing } },
  });
  const rootValue = { thing, changed: thing };
  const run = async ({ body }: HopRequest): Promise<object> => {
    const { query, variables } = JSON.parse(body) as { query: string; variables: object };
    const document = parse(query);
    return execute({ schema, document, variableValues: { ...variables }, rootValue });
  };
  return localClient({
    async answer(request) {
      await beforeAnswer(name);
      return { status: 200, body: JSON.parse(JSON.stringify(await run(request))) as object };
    },
    async subscribe(request) {
      let end!: () => void;
      const ended = new Promise<void>((resolve) => void (end = resolve));
      const last: IteratorResult<object> = { done: true, value: undefined };
      const events: Events = {
        [Symbol.asyncIterator]: () => events,
        async next() {
          const changed = new Promise<Promise<object>>((resolve) => {
            happen = () => resolve(run(request));
          });
          const value = await Promise.race([changed, ended]);
          return value ? { done: false, value } : last;
        },
        async return() {
          end();
          return last;
        },
      };
      return { events };
    },
  });
}

const clients = {
  community: subgraph('community', things),
  members: subgraph('members', plain),
  partners: subgraph('partners', more),
};

const lines: Record<string, unknown>[] = [];
const linesOf = (text: string) => lines.filter(({ msg }) => (msg as string).startsWith(text));
beforeEach(() => {
  lines.length = 0;
  beforeAnswer = async () => undefined;
});
const running: { drain(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.drain()));
});
const startForOne = async (sdl: string) => {
  const gateway = await startOn(sdl);
  running.push(gateway);
  return gateway;
};

/** As `until`, for what takes milliseconds. */
async function untilThen(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(5)) {
    if (await holds()) return;
  }
  throw new Error('It does not come to pass.');
}

/** Starts a gateway on a file, which can be replaced. */
async function startOn(sdl: string) {
  const file = join(folder, `${randomUUID()}.graphql`);
  const replace = (text: string) => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  replace(sdl);
  const platform = {
    ...testPlatform(),
    log: pino({}, { write: (line) => void lines.push(JSON.parse(line) as never) }),
  };
  const gateway = await startSmallGateway({
    clients,
    platform,
    limits: { fileWatchMs: 5, warmedOperations: 5, anonymousRequestsPerMinute: 1_000_000 },
    supergraphFile: file,
  });
  const valueOf = async (measure: string, labels: object) => {
    const { values } = await platform.metrics.getSingleMetric(measure)!.get();
    const found = values.filter((each) =>
      Object.entries(labels).every(([name, value]) => each.labels[name] === value),
    );
    return found.reduce((sum, { value }) => sum + value, 0);
  };
  return {
    ...gateway,
    file,
    replace,
    ask: (query: string) => post(gateway.url, query),
    follow: (query: string) => subscribeByEvents(gateway.url, null, query),
    served: async () => {
      const answer = await fetch(`${gateway.url}/health/ready`);
      return ((await answer.json()) as { supergraph: string }).supergraph;
    },
    reloads: (result: string) => valueOf('coalition_gateway_supergraph_reloads_total', { result }),
    found: (result: string) => valueOf('coalition_gateway_prepared_operations_total', { result }),
    /** Replaces the file, and waits until it is served. */
    async switchTo(text: string) {
      replace(text);
      await untilThen(async () => (await this.served()) === hashOf(text));
    },
  };
}

const who = '{ thing { by next { by } } }';
const answerOf = (by: string) => ({ data: { thing: { by, next: { by } } } });

describe('a supergraph that takes the place of another', () => {
  it('is served: its fields, its introspection and its subgraphs', async () => {
    const gateway = await startForOne(one);
    const fields = '{ __type(name: "Thing") { fields { name } } }';
    const whole = '{ thing { by extra } }';
    const before = [await gateway.ask(who), await gateway.ask(fields), await gateway.ask(whole)];

    await gateway.switchTo(two);

    const namesOf = (...names: string[]) => ({
      data: { __type: { fields: names.map((name) => ({ name })) } },
    });
    expect(before).toMatchObject([
      { status: 200, body: answerOf('members') },
      { body: namesOf('id', 'next', 'by') },
      { body: { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] } },
    ]);
    expect([
      await gateway.ask(who),
      await gateway.ask(fields),
      await gateway.ask(whole),
    ]).toMatchObject([
      { status: 200, body: answerOf('partners') },
      { body: namesOf('id', 'next', 'by', 'extra') },
      { body: { data: { thing: { by: 'partners', extra: 'partners' } } } },
    ]);
    expect(await gateway.reloads('switched')).toBe(1);
    expect(linesOf('supergraph')).toMatchObject([
      { supergraph: hashOf(two), last: hashOf(one), prepared: 1, dropped: 0 },
    ]);
  });

  it('has what was asked for prepared, but for what it does not know', async () => {
    const gateway = await startForOne(two);
    await gateway.ask(who);
    await gateway.ask('{ thing { extra } }');

    await gateway.switchTo(one);
    const hits = await gateway.found('hit');
    const [known, dropped] = [await gateway.ask(who), await gateway.ask('{ thing { extra } }')];

    expect([known.body, (await gateway.found('hit')) - hits]).toEqual([answerOf('members'), 1]);
    expect([dropped.status, dropped.body.errors![0]!.extensions!.code]).toEqual([
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    const documentId = `sha256:${hashOf('{ thing { extra } }')}`;
    expect(linesOf('operation dropped')).toMatchObject([{ documentId }]);
    expect(linesOf('supergraph switched')).toMatchObject([{ prepared: 1, dropped: 1 }]);
  });

  it('leaves what is under way to the last one', async () => {
    const gateway = await startForOne(one);
    await gateway.ask(who);
    let asked!: () => void;
    const arrived = new Promise<void>((resolve) => void (asked = resolve));
    let release!: () => void;
    const held = new Promise<void>((resolve) => void (release = resolve));
    beforeAnswer = (name) => {
      if (name === 'community') asked();
      return name === 'community' ? held : Promise.resolve();
    };

    const known = gateway.ask(who);
    const fresh = gateway.ask(`${who} # new`);
    await arrived;
    await gateway.switchTo(two);
    release();

    expect((await known).body).toEqual(answerOf('members'));
    expect((await fresh).body).toEqual(answerOf('members'));
    expect((await gateway.ask(who)).body).toEqual(answerOf('partners'));
  });

  it('runs nothing that was checked by the last one', async () => {
    const open = supergraphOpener({
      config: gatewayConfig(),
      clients: clients as never,
      metrics: gatewayMetrics(new Registry()),
      answers: { keepingAnswers: (operations) => operations },
    });
    const [first, second] = [await open(one), await open(two)];
    const [retire, close] = [
      jest.spyOn(first.planner, 'retire'),
      jest.spyOn(first.planner, 'close'),
    ];
    const executor = createExecutor(first);
    const { executor: run } = await executor.gateway.load({} as never);

    executor.switchTo(second);
    const { data } = await run!({
      schema: first.schema,
      source: who,
      document: parse(who),
      request: {},
      context: { viewer: {}, requestId: 'r', deadline: Infinity, log: pino({ level: 'silent' }) },
    } as never);

    expect({ data }).toEqual(answerOf('members'));
    // What it plans on is let go, but not under those who wait for a plan.
    expect([retire.mock.calls.length, close.mock.calls.length]).toEqual([1, 0]);
    const knownBy = [first, second].map(({ operations }) => operations.known(who, undefined));
    expect(knownBy).toEqual([expect.anything(), undefined]);
  });
});

describe('a file that is no supergraph', () => {
  const unknown = compose({ community: things, elsewhere: plain });
  let gateway: Awaited<ReturnType<typeof startOn>>;
  beforeAll(async () => {
    gateway = await startOn(one);
    await gateway.ask(who);
  });
  afterAll(() => gateway.drain());

  it.each([
    ['is cut short', two.slice(0, two.length / 2)],
    ['is cut where a type ends', two.slice(0, two.indexOf('type Query'))],
    ['names a type that is not there', two.replace('by: String', 'by: Strin')],
    ['is empty', ''],
    ['names a subgraph that there is no way to', unknown],
    ['is too long', `${two}${'#'.repeat(10_000_000)}`],
    ['is gone', null],
  ])('is refused where it %s, and changes nothing', async (_, text) => {
    const hits = await gateway.found('hit');
    const refused = await gateway.reloads('refused');

    if (text === null) rmSync(gateway.file);
    else gateway.replace(text);
    await untilThen(async () => (await gateway.reloads('refused')) > refused);

    expect(await gateway.served()).toBe(hashOf(one));
    expect((await gateway.ask(who)).body).toEqual(answerOf('members'));
    expect([(await gateway.found('hit')) - hits, await gateway.reloads('switched')]).toEqual([
      1, 0,
    ]);
    expect(linesOf('supergraph')).toMatchObject([
      { level: 50, supergraph: hashOf(one), reason: expect.any(String) },
    ]);
  });

  it('does not stand in the way of the next one', async () => {
    await gateway.switchTo(two);

    expect((await gateway.ask(who)).body).toEqual(answerOf('partners'));
  });

  it('ends the start', async () => {
    const file = join(folder, 'broken');
    writeFileSync(file, 'type Query { a: Int');
    const broken = startSmallGateway({ clients, supergraphFile: file });
    await expect(broken).rejects.toThrow('Syntax Error');
    const gone = startSmallGateway({ clients, supergraphFile: join(folder, 'gone') });
    await expect(gone).rejects.toThrow('SUPERGRAPH_FILE: ENOENT');
  });
});

describe('a thread that reads a supergraph', () => {
  /** As it is built: Node starts a thread from JavaScript alone. */
  const built = new URL('../../dist/gateway/supergraph/api-thread.js', import.meta.url);

  it.each([
    ['of the system', readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8')],
    ['with another subgraph', compose({ community: things, elsewhere: plain })],
  ])('says what is read in place: one %s', async (_, sdl) => {
    const loading = { sdl, subgraphs: subgraphNames };
    const outcome = (reading: Promise<string>) =>
      reading.catch(({ message }: Error) => ({ message }));

    const [inThread, inPlace] = [
      await outcome(readInThread(built, loading, 30_000)),
      await outcome(readApi(loading)),
    ];

    expect(inThread).toEqual(inPlace);
  });

  it('is given up where it takes too long', async () => {
    const endless = new URL('data:text/javascript,setInterval(() => {}, 1_000)');

    await expect(readInThread(endless, { sdl: '', subgraphs: [] }, 50)).rejects.toThrow(
      'It was not loaded within 50 ms.',
    );
  });
});

describe('the same supergraph again', () => {
  it('does nothing', async () => {
    const gateway = await startForOne(one);
    await gateway.ask(who);

    gateway.replace(one);
    await untilThen(async () => (await gateway.reloads('unchanged')) === 1);
    await gateway.ask(who);

    expect([await gateway.found('hit'), await gateway.reloads('switched')]).toEqual([1, 0]);
  });
});

describe('a subscription', () => {
  const changes = 'subscription { changed { by } }';

  it('goes on where another supergraph has its events, with the rest by that one', async () => {
    const gateway = await startForOne(one);
    const stream = await gateway.follow(changes);
    happen();
    await untilThen(async () => stream.answers.length === 1);

    await gateway.switchTo(two);
    // It is planned anew in the background.
    await untilThen(async () => {
      happen();
      return JSON.stringify(stream.answers.at(-1)).includes('partners');
    });

    expect(stream.answers[0]).toEqual({ data: { changed: { by: 'members' } } });
    expect(stream.answers.at(-1)).toEqual({ data: { changed: { by: 'partners' } } });
    expect(stream.answers.filter(({ errors }) => errors)).toEqual([]);
    expect(stream.end).toBeNull();
    stream.close();
  });

  it.each([
    ['does not know what it asks for', '{ changed { extra } }', one],
    ['has its events elsewhere', changes, compose({ members: things, partners: more })],
  ])('ends where another supergraph %s', async (_, query, next) => {
    const gateway = await startForOne(two);
    const stream = await gateway.follow(query.replace(/^{/, 'subscription {'));

    await gateway.switchTo(next);

    expect(await stream.ended()).toBe('complete');
    expect(stream.answers).toMatchObject([
      { errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] },
    ]);
  });
});

describe('twenty switches', () => {
  it('fail no request, and each answer is of one supergraph as a whole', async () => {
    const gateway = await startForOne(one);
    beforeAnswer = () => sleep(Math.random() * 4);
    const allowed = ['members', 'partners'].map((by) => JSON.stringify(answerOf(by)));
    const seen = new Set<string>();
    const others: unknown[] = [];
    let isOver = false;
    const load = async (worker: number): Promise<void> => {
      for (let turn = 0; !isOver; turn++) {
        // Some are new, and go the whole way.
        const query = turn % 5 > 0 ? who : `${who} # ${worker} ${turn}`;
        const { status, body } = await gateway.ask(query);
        const text = JSON.stringify(body);
        if (status !== 200 || !allowed.includes(text)) others.push([status, body]);
        seen.add(text);
        await sleep(1);
      }
    };
    const working = [1, 2, 3].map(load);
    for (let count = 1; count <= 20; count++) await gateway.switchTo(count % 2 === 0 ? one : two);
    isOver = true;
    await Promise.all(working);

    expect(others).toEqual([]);
    expect([...seen].sort()).toEqual(allowed);
    expect(await gateway.reloads('switched')).toBe(20);
    expect(await gateway.reloads('refused')).toBe(0);
  });
});
