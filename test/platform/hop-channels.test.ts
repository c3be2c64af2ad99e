import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Ending } from '../../gateway/ending.ts';
import { HopChannel } from '../../gateway/hop-channel.ts';
import { outgoingHop } from '../../gateway/outgoing-hop.ts';
import { httpClient } from '../../gateway/subgraph-client.ts';
import { databaseClock } from '../../platform/clock.ts';
import type { HopKey } from '../../platform/config.ts';
import type { HopAnswer } from '../../platform/hop.ts';
import type { BatchedHop } from '../../platform/hop-batch.ts';
import type { Subgraph } from '../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { start as startMembers } from '../../subgraphs/members/server.ts';
import { revokeApiClient } from '../../subgraphs/partners/clients/api-clients.ts';
import { type TestDatabase, useTestDatabase } from '../support/database.ts';
import { givenClient } from '../support/given-clients.ts';
import { givenInvited } from '../support/given-partners.ts';
import { type OpenChannel, openChannel, openingHeaders } from '../support/hop-channels.ts';
import { configOn, partnerViewer, testPlatform } from '../support/subgraph.ts';
import { until } from '../support/until.ts';

const [old, current]: [HopKey, HopKey] = [
  { id: 'old', secret: 'o'.repeat(32) },
  { id: 'current', secret: 'c'.repeat(32) },
];
const typename = { data: { __typename: 'Query' } };

function hop(id: number, query = '{ __typename }', viewer: Viewer = anonymous): BatchedHop {
  return { id, told: { viewer, requestId: `request-${id}` }, body: JSON.stringify({ query }) };
}

describe('a connection for hops', () => {
  const test = useTestDatabase();
  let subgraph: Subgraph;
  let url: string;
  beforeAll(async () => {
    [subgraph, url] = await startListening(test);
  });
  afterAll(() => subgraph.drain());

  async function open(
    headers = openingHeaders(current, 'members', randomUUID()),
    at = url,
  ): Promise<OpenChannel> {
    const channel = await openChannel(at, 'members', headers, current);
    if (typeof channel === 'number') throw new Error(`It is refused with ${channel}.`);
    return channel;
  }
  const answersOf = async (channel: OpenChannel, count: number) => {
    await until(() => Promise.resolve(channel.answers.length >= count));
    return channel.answers
      .toSorted((a, b) => a.id - b.id)
      .map(({ id, status, body }) => ({ id, status, body }));
  };
  const at = <Result>(shiftMs: number, work: () => Result): Result => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + shiftMs);
    try {
      return work();
    } finally {
      now.mockRestore();
    }
  };

  it('takes hops in batches, by each key, and answers all of them', async () => {
    const channel = await open();
    channel.send([hop(1), hop(2, '{ program { name } }')]);
    channel.send([hop(3, '{ nothing }')], { key: old });

    expect(await answersOf(channel, 3)).toMatchObject([
      { id: 1, status: 200, body: typename },
      { id: 2, status: 200, body: { data: { program: { name: expect.any(String) as string } } } },
      {
        id: 3,
        status: 200,
        body: { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
      },
    ]);
    channel.end();
  });

  it('is refused without a signature, for another subgraph, by another key, too late and twice', async () => {
    const name = randomUUID();
    const good = openingHeaders(current, 'members', name);
    const ask = (headers: Record<string, string>) => openChannel(url, 'members', headers, current);

    expect(await ask({})).toBe(403);
    expect(await ask(openingHeaders(current, 'partners', name))).toBe(403);
    expect(await ask(openingHeaders({ ...current, secret: old.secret }, 'members', name))).toBe(
      403,
    );
    expect(await ask({ ...good, 'coalition-request-id': 'other' })).toBe(403);
    expect(await ask(at(-31_000, () => openingHeaders(current, 'members', name)))).toBe(403);
    const opened = await open(good);
    expect(await ask(good)).toBe(403);
    opened.end();
  });

  it.each<[string, (channel: OpenChannel) => void]>([
    [
      'of another key',
      (channel) => channel.send([hop(2)], { key: { ...current, secret: 'x'.repeat(32) } }),
    ],
    ['of an unknown key', (channel) => channel.send([hop(2)], { key: { ...current, id: 'x' } })],
    ['for another subgraph', (channel) => channel.send([hop(2)], { subgraph: 'partners' })],
    ['that stood at another place', (channel) => channel.send([hop(2)], { batch: 0 })],
    ['31 s old', (channel) => at(-31_000, () => channel.send([hop(2)]))],
    ['dated 31 s ahead', (channel) => at(31_000, () => channel.send([hop(2)]))],
    ['of nothing', (channel) => channel.sendBytes(Buffer.alloc(4))],
    ['of zeros', (channel) => channel.sendBytes(Buffer.concat([length(100), Buffer.alloc(100)]))],
    ['without end', (channel) => channel.sendBytes(length(2_000_001))],
  ])('is cut by a batch %s, of which no hop is answered', async (_, send) => {
    const channel = await open();
    channel.send([hop(1)]);
    await answersOf(channel, 1);

    send(channel);
    channel.send([hop(3)]);

    await until(() => Promise.resolve(channel.isClosed()));
    expect(channel.answers).toHaveLength(1);
  });

  it('takes no batch that was recorded on another', async () => {
    const [first, second] = [await open(), await open()];
    first.send([hop(1)]);
    await answersOf(first, 1);
    second.sendBytes(first.sent[0]!);

    await until(() => Promise.resolve(second.isClosed()));
    expect(second.answers).toEqual([]);
    first.end();
  });

  it('refuses each hop that may write, and answers the others', async () => {
    const channel = await open();
    const subscribing = 'subscription { pointsMoved { id } }';
    channel.send([hop(1, 'mutation { __typename }'), hop(2), hop(3, subscribing), hop(4, '')]);

    const refused = {
      errors: [{ message: 'What may write comes by itself.', extensions: { code: 'FORBIDDEN' } }],
    };
    expect(await answersOf(channel, 4)).toEqual([
      { id: 1, status: 403, body: refused },
      { id: 2, status: 200, body: typename },
      { id: 3, status: 403, body: refused },
      { id: 4, status: 403, body: refused },
    ]);
    channel.end();
  });

  it('knows no revoked client, and every other', async () => {
    const partnerId = await givenInvited(test);
    const [revoked, other] = [
      await givenClient(test, partnerId),
      await givenClient(test, partnerId),
    ];
    const of = (subject: string): Viewer => ({ ...partnerViewer(partnerId), subject });
    const channel = await open();
    const { clientId } = revoked;
    const revoker = { viewer: of(clientId), clock: databaseClock };
    await revokeApiClient(test.db('partners'), { clientId }, revoker);

    channel.send([hop(1, undefined, of(clientId)), hop(2, undefined, of(other.clientId))]);

    expect(await answersOf(channel, 2)).toMatchObject([
      { id: 1, status: 200, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } },
      { id: 2, status: 200, body: typename },
    ]);
    channel.end();
  });

  it('answers what is in flight as its subgraph drains, says so, and takes no other', async () => {
    const [leaving, itsUrl] = await startListening(test);
    const channel = await open(undefined, itsUrl);
    const idle = await open(undefined, itsUrl);
    channel.send(Array.from({ length: 20 }, (_, index) => hop(index + 1, '{ program { name } }')));

    const drained = leaving.drain();
    const refused = await openChannel(
      itsUrl,
      'members',
      openingHeaders(current, 'members', randomUUID()),
      current,
    );
    await until(() => Promise.resolve(channel.isLeft() && idle.isLeft()));
    const answers = await answersOf(channel, 20);
    channel.end();
    idle.end();
    await drained;

    expect(refused).toBe(503);
    expect(answers.every(({ status, body }) => status === 200 && 'data' in body)).toBe(true);
  });

  it('carries what a gateway reads, to the end of its subgraph', async () => {
    const [leaving, itsUrl] = await startListening(test);
    const config = { ...configOn(test), hopKeys: [current] };
    const client = httpClient('members', itsUrl, config);
    const body = JSON.stringify({ query: '{ program { __typename } }' });
    const read = () => {
      const told = { viewer: anonymous, requestId: 'request' };
      return client.send(outgoingHop(current, 'members', told, body), new Ending());
    };
    const opened = jest.spyOn(HopChannel.prototype, 'send');
    const answers: HopAnswer[] = [];
    let isEnding = false;
    const asking = Array.from({ length: 10 }, async () => {
      while (!isEnding) answers.push(await read());
    });
    await until(() => Promise.resolve(opened.mock.calls.length > 20));
    const together = opened.mock.calls.filter(([hops]) => hops.length > 1).length;

    const drained = leaving.drain();
    // It takes what comes for 300 ms still.
    await sleep(100);
    isEnding = true;
    await Promise.all(asking);
    await drained;
    await client.close();
    opened.mockRestore();

    expect(together).toBeGreaterThan(0);
    const data = { program: { __typename: 'Program' } };
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(answers.every((each) => isDeepStrictEqual(each.body, { data }))).toBe(true);
  });
});

function length(bytes: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(bytes);
  return buffer;
}

async function startListening(test: TestDatabase): Promise<[Subgraph, string]> {
  const keys = [current, old].map(({ id, secret }) => `${id}:${secret}`).join();
  const on = configOn(test, { HOP_KEYS: keys, LAME_DUCK_MS: '300' });
  const config = { ...on, ports: { ...on.ports, members: 0 } };
  const subgraph = await startMembers(config, testPlatform());
  return [subgraph, await subgraph.listen()];
}
