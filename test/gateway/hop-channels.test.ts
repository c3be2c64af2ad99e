import { setTimeout as sleep } from 'node:timers/promises';
import { Ending } from '../../gateway/ending.ts';
import { outgoingHop } from '../../gateway/outgoing-hop.ts';
import { httpClient } from '../../gateway/subgraph-client.ts';
import { ConnectionFailed } from '../../gateway/whole-answer.ts';
import { type BatchedHop, leavingFrame, writeAnswer } from '../../platform/hop-batch.ts';
import type { Limits } from '../../platform/limits.ts';
import { gatewayConfig } from '../support/gateway.ts';
import { type ServedChannel, serveChannels } from '../support/hop-channels.ts';
import { memberViewer } from '../support/subgraph.ts';
import { until } from '../support/until.ts';

const few = { hopChannels: 1, subgraphCallMs: 400, subgraphAnswerBytes: 1_000 };
const viewer = memberViewer('ada');
const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const read = (name: string) => JSON.stringify({ query: `{ ${name} }` });

type Take = (hops: BatchedHop[], channel: ServedChannel) => void;

const textOf = (body: object) => JSON.stringify(body);
const answerTo = ({ id, body }: BatchedHop) => writeAnswer(id, 200, textOf({ data: { of: body } }));
const answerAll: Take = (hops, { socket }) => void socket.write(Buffer.concat(hops.map(answerTo)));

describe('hops that are asked for together', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  /** A client of a subgraph, and what it was asked; its connections are open where the subgraph takes them. */
  async function given(take: Take = answerAll, limits: Partial<Limits> = {}, refusal?: number) {
    let isReady = false;
    const probed: Take = (...batch) => (isReady ? take(...batch) : answerAll(...batch));
    const served = await serveChannels('members', probed, refusal);
    const config = gatewayConfig({ ...few, ...limits });
    const client = httpClient('members', served.url, config);
    closing.push(served.close, () => client.close());
    const ask = (body: string, signal = new Ending()) => {
      const told = { viewer, requestId: 'request', traceparent };
      return client.send(outgoingHop(config.hopKeys[0]!, 'members', told, body), signal);
    };
    const warm = () => Promise.all([ask(read('first')), ask(read('second'))]);
    await warm();
    // The gateway hears of them a moment after the subgraph.
    const areUsed = async () => {
      await ask(read('probe'));
      const { channels } = served;
      return (
        channels.length >= config.limits.hopChannels &&
        channels.every(({ batches }) => batches.length > 0)
      );
    };
    if (!refusal) await until(areUsed);
    isReady = true;
    for (const { batches } of served.channels) batches.length = 0;
    served.alone.length = 0;
    return { served, ask, warm };
  }

  const settled = async (answers: Promise<unknown>[]) =>
    (await Promise.allSettled(answers)).map((each) =>
      each.status === 'fulfilled' ? each.value : (each.reason as Error),
    );
  // What is asked has quotes, which stand escaped in the answer.
  const answer = (data: object) => ({ status: 200, body: { data }, isPlain: false });
  const of = (body: string) => answer({ of: body });
  const alone = (body: string) => answer({ alone: body });

  it('go in one batch, each with what it tells and asks', async () => {
    const { served, ask } = await given();
    const [plain, wide] = [read('plain'), read('Привет "мир" 💜\n')];

    const answers = await settled([ask(plain), ask(wide)]);

    expect(answers).toEqual([of(plain), of(wide)]);
    const told = { viewer, requestId: 'request', traceparent };
    expect(served.channels[0]!.batches).toEqual([
      [
        { id: expect.any(Number) as number, told, body: plain },
        { id: expect.any(Number) as number, told, body: wide },
      ],
    ]);
    expect(served.alone).toEqual([]);
  });

  it('have each their answer when it comes, in any order and in any pieces', async () => {
    let held: Buffer = Buffer.alloc(0);
    const { ask, served } = await given((hops) => {
      held = Buffer.concat(hops.toReversed().map(answerTo));
    });
    const order: string[] = [];
    const asked = ['a', 'b', 'c'].map(async (name) => {
      const answer = await ask(read(name));
      order.push(name);
      return answer;
    });
    await until(() => Promise.resolve(held.length > 0));
    for (const byte of held) {
      served.channels[0]!.socket.write(Buffer.from([byte]));
      await sleep(1);
    }

    expect(await settled(asked)).toEqual(['a', 'b', 'c'].map((name) => of(read(name))));
    expect(order).toEqual(['c', 'b', 'a']);
  });

  it('go alone where they may write, or ask much', async () => {
    const { served, ask } = await given(answerAll, { hopBatchCharacters: 100 });
    const write = JSON.stringify({ query: 'mutation { write }' });
    const much = read('x'.repeat(100));

    const answers = await settled([ask(write), ask(much), ask(read('a')), ask(read('b'))]);

    expect(answers).toEqual([alone(write), alone(much), of(read('a')), of(read('b'))]);
    expect(served.alone).toEqual([write, much]);
  });

  it('go in several batches where they ask much in all, and wait where many are under way', async () => {
    const { served, ask } = await given(
      (hops, channel) => void setTimeout(() => answerAll(hops, channel), 20),
      { hopBatchCharacters: 40, subgraphConnections: 5 },
    );
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

    const answers = await settled(names.map((name) => ask(read(name))));

    expect(answers).toEqual(names.map((name) => of(read(name))));
    const sizes = served.channels[0]!.batches.map((hops) => hops.length);
    // Each has 17 characters. There is room for five at once.
    expect(sizes.slice(0, 3)).toEqual([2, 2, 1]);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(7);
  });

  it('go alone where the connection on which they wait for room fails', async () => {
    const { ask } = await given((_, { socket }) => void socket.resetAndDestroy(), {
      subgraphConnections: 1,
    });

    const [first, second] = await settled([ask(read('a')), ask(read('b'))]);

    expect(first).toBeInstanceOf(ConnectionFailed);
    expect(second).toEqual(alone(read('b')));
  });

  it('go by all connections in turn, and by another after a while', async () => {
    const { served, ask, warm } = await given(answerAll, { hopChannels: 2 });
    for (let turn = 0; turn < 4; turn++) await settled([ask(read('a')), ask(read('b'))]);
    expect(served.channels.map(({ batches }) => batches.length)).toEqual([2, 2]);

    const aging = await given(answerAll, { hopChannelMs: 1 });
    await until(async () => {
      await aging.warm();
      return aging.served.channels.length > 1;
    });
    await until(() => Promise.resolve(aging.served.channels[0]!.socket.destroyed));
    await warm();
    expect(served.asked()).toBe(2);
  });

  it('go alone to a subgraph that takes no batches, which is asked again after a while', async () => {
    const { served, ask, warm } = await given(answerAll, { hopChannelPauseMs: 300 }, 404);
    expect(served.asked()).toBe(1);
    expect(await settled([ask(read('a')), ask(read('b'))])).toEqual([
      alone(read('a')),
      alone(read('b')),
    ]);
    await warm();
    expect(served.asked()).toBe(1);

    await sleep(350);
    await warm();
    await until(() => Promise.resolve(served.asked() === 2));
  });

  it('end each for itself: one that is late, one whose client leaves', async () => {
    const kept: BatchedHop[] = [];
    const { served, ask } = await given((hops) => void kept.push(...hops));
    const [late, gone] = [new Ending(), new Ending()];
    const asked = settled([ask(read('late'), late), ask(read('gone'), gone), ask(read('well'))]);
    await until(() => Promise.resolve(kept.length === 3));

    gone.abort(new DOMException('The client is gone.', 'AbortError'));
    late.abort(new DOMException('The time is up.', 'TimeoutError'));
    await sleep(20);
    answerAll(kept, served.channels[0]!);
    const after = ask(read('after'));
    await until(() => Promise.resolve(kept.length === 4));
    answerAll(kept.slice(3), served.channels[0]!);

    expect(await asked).toMatchObject([
      { name: 'TimeoutError' },
      { name: 'AbortError' },
      of(read('well')),
    ]);
    expect(await after).toEqual(of(read('after')));
    expect([served.channels.length, served.alone]).toEqual([1, []]);
  });

  it('do not go out where they have ended by then', async () => {
    const { served, ask } = await given();
    const [before, meanwhile] = [new Ending(), new Ending()];
    before.abort(new Error('Nobody waits.'));
    const asked = settled([ask(read('a'), before), ask(read('b'), meanwhile), ask(read('c'))]);
    meanwhile.abort(new Error('Nobody waits.'));

    expect(await asked).toMatchObject([
      { message: 'Nobody waits.' },
      { message: 'Nobody waits.' },
      of(read('c')),
    ]);
    expect(served.channels[0]!.batches).toMatchObject([[{ body: read('c') }]]);
  });

  it('leave a connection that is silent for as long as a call may take', async () => {
    const { served, ask } = await given(() => undefined);
    const end = new Ending();
    const asked = settled([ask(read('late'), end), ask(read('other'))]);
    await sleep(few.subgraphCallMs);
    end.abort(new DOMException('The time is up.', 'TimeoutError'));

    const [late, other] = await asked;
    expect(late).toMatchObject({ name: 'TimeoutError' });
    expect(other).toBeInstanceOf(ConnectionFailed);
    // The next ones find another way.
    expect(await ask(read('next'))).toEqual(alone(read('next')));
    expect(served.channels).toHaveLength(1);
  });

  const begun = (hops: BatchedHop[]) => answerTo(hops[1]!).subarray(0, 20);
  it.each<[string, Take, Error | 'failed', 'failed' | Error]>([
    ['ends', (_, { socket }) => void socket.end(), 'failed', 'failed'],
    ['is reset', (_, { socket }) => void socket.resetAndDestroy(), 'failed', 'failed'],
    [
      'ends within an answer',
      (hops, { socket }) => void socket.end(begun(hops)),
      'failed',
      new Error('The connection was closed.'),
    ],
    [
      'has an answer of too many bytes',
      (hops, { socket }) => void socket.write(writeAnswer(hops[1]!.id, 200, 'x'.repeat(1_000))),
      'failed',
      new Error('A frame is too long.'),
    ],
    [
      'has no frames',
      (_, { socket }) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
      'failed',
      'failed',
    ],
    [
      'has a frame without an answer',
      (_, { socket }) => void socket.write(Buffer.from([0, 0, 0, 2, 1, 1])),
      'failed',
      'failed',
    ],
    [
      'has an answer that nobody asked for',
      (_, { socket }) => void socket.write(writeAnswer(77, 200, '{}')),
      'failed',
      'failed',
    ],
  ])('fail with their connection that %s', async (_, take, first, second) => {
    const { served, ask } = await given(take);

    const errors = await settled([ask(read('a')), ask(read('b'))]);

    const seen = errors.map((error) => (error instanceof ConnectionFailed ? 'failed' : error));
    expect(seen).toEqual([first, second]);
    expect(await ask(read('next'))).toEqual(alone(read('next')));
    await until(() => Promise.resolve(served.channels[0]!.socket.destroyed));
  });

  it('are answered once: a second answer ends the connection for those behind', async () => {
    const { ask } = await given((hops, { socket }) => {
      const [first] = hops;
      socket.write(Buffer.concat([answerTo(first!), answerTo(first!)]));
    });

    const [first, second] = await settled([ask(read('a')), ask(read('b'))]);

    expect(first).toEqual(of(read('a')));
    expect(second).toBeInstanceOf(ConnectionFailed);
  });

  it('have an answer that is not JSON each for itself', async () => {
    const { ask } = await given((hops, { socket }) => {
      socket.write(Buffer.concat([writeAnswer(hops[0]!.id, 200, '{"da'), answerTo(hops[1]!)]));
    });

    expect(await settled([ask(read('a')), ask(read('b'))])).toEqual([
      new Error('The answer is not JSON.'),
      of(read('b')),
    ]);
  });

  it('have their answers still from a subgraph that leaves, which gets no more', async () => {
    const { served, ask } = await given((hops, channel) => {
      channel.socket.write(leavingFrame);
      setTimeout(() => answerAll(hops, channel), 50);
    });
    const asked = settled([ask(read('a')), ask(read('b'))]);
    await sleep(20);

    expect(await ask(read('c'))).toEqual(alone(read('c')));
    expect(await asked).toEqual([of(read('a')), of(read('b'))]);
    await until(() => Promise.resolve(served.channels[0]!.socket.destroyed));
  });

  it('leave no connection open behind them', async () => {
    const { served, ask } = await given(answerAll, { connectionIdleMs: 2_000 });
    await settled([ask(read('a')), ask(read('b'))]);
    await until(() => Promise.resolve(served.channels[0]!.socket.destroyed));
    expect(await settled([ask(read('c'))])).toEqual([alone(read('c'))]);

    const other = await given(() => undefined);
    const asked = settled([other.ask(read('a'))]);
    await until(() => Promise.resolve(other.served.channels[0]!.batches.length === 1));
    await closing.pop()!();
    expect((await asked)[0]).toBeInstanceOf(ConnectionFailed);
  });
});
