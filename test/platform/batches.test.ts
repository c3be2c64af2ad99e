import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { gather } from '../../platform/batches.ts';

/** A writer that waits to be told to go on, and keeps what it was given. */
function gated() {
  const batches: string[][] = [];
  const gates: (() => void)[] = [];
  const run = (items: string[]) => {
    batches.push(items);
    return new Promise<string[]>((resolve) => {
      gates.push(() => resolve(items.map((item) => item.toUpperCase())));
    });
  };
  async function open(): Promise<void> {
    gates.shift()!();
    await settled();
  }
  return { batches, run, open };
}

/** A writer that fails where an item says so, and keeps what it has carried out. */
function faulty(error: (item: string) => Error | null = () => new Error('fault')) {
  const tries: string[][] = [];
  const done: string[] = [];
  const run = (items: string[]) => {
    tries.push(items);
    const bad = items.find((item) => item.startsWith('bad'));
    const fault = bad && error(bad);
    if (fault) return Promise.reject(fault);
    done.push(...items);
    return Promise.resolve(items.map((item) => item.toUpperCase()));
  };
  return { tries, done, run };
}

/** Lets go on whatever does not wait for a timer. */
const settled = async () => {
  for (let turns = 0; turns < 3; turns++) await setImmediate();
};
const bounds = { sizeMax: 4, writersMax: 1, waitingMax: 100, waitMs: 5_000 };
const isBusy = expect.objectContaining({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }) as unknown;
const numbered = (count: number, name = 'a') =>
  Array.from({ length: count }, (_, index) => `${name}${index + 1}`);

/** What became of each call: its answer, or what it was refused with. */
async function outcomes(calls: Promise<string>[]): Promise<unknown[]> {
  const settledCalls = await Promise.allSettled(calls);
  return settledCalls.map(
    (one) => (one.status === 'fulfilled' ? one.value : one.reason) as unknown,
  );
}

describe('gather', () => {
  it('takes at once what arrives together, and gathers the rest while its writer is busy', async () => {
    const { batches, run, open } = gated();
    const { add } = gather(run, bounds);

    const calls = ['a1', 'a2'].map((item) => add(item, 'a'));
    await settled();
    calls.push(...['a3', 'a4', 'a5', 'a6', 'a7'].map((item) => add(item, 'a')));
    await settled();
    expect(batches).toEqual([['a1', 'a2']]);
    await open();
    await open();
    await open();

    expect(batches).toEqual([['a1', 'a2'], ['a3', 'a4', 'a5', 'a6'], ['a7']]);
    expect(await Promise.all(calls)).toEqual(numbered(7, 'A'));
  });

  it('shares what waits among the writers that are idle', async () => {
    const { batches, run, open } = gated();
    const { add } = gather(run, { ...bounds, writersMax: 2 });

    const calls = numbered(5).map((item) => add(item, 'a'));
    await settled();

    expect(batches).toEqual([
      ['a1', 'a2', 'a3'],
      ['a4', 'a5'],
    ]);
    await open();
    await open();
    await Promise.all(calls);
  });

  it('takes everyone’s in turn, and keeps the order of each', async () => {
    const { batches, run, open } = gated();
    const { add } = gather(run, bounds);

    const calls = [...numbered(6), 'b1', 'c1', 'c2'].map((item) => add(item, item[0]!));
    await settled();
    for (let count = 0; count < 3; count++) await open();

    expect(batches).toEqual([['a1', 'a2', 'b1', 'c1'], ['c2', 'a3', 'a4', 'a5'], ['a6']]);
    await Promise.all(calls);
  });

  it('refuses one item where its result is an error, and not the others', async () => {
    const refused = new Error('refused');
    const run = (items: string[]) =>
      Promise.resolve(items.map((item) => (item === 'a2' ? refused : item)));
    const { add } = gather<string, string>(run, bounds);

    const calls = numbered(3).map((item) => add(item, 'a'));

    expect(await outcomes(calls)).toEqual(['a1', refused, 'a3']);
  });

  it.each([1, 2, 3, 5, 8, 31])('carries out each once but those at fault, of %s', async (size) => {
    const { done, run } = faulty((item) => new Error(item));
    const { add } = gather(run, { ...bounds, sizeMax: size });
    const items = numbered(size).map((item, index) => (index % 5 === 2 ? `bad-${item}` : item));

    const answers = await outcomes(items.map((item) => add(item, 'a')));

    const well = items.filter((item) => !item.startsWith('bad'));
    expect(done.toSorted()).toEqual(well.toSorted());
    expect(answers).toEqual(
      items.map((item) => (item.startsWith('bad') ? new Error(item) : item.toUpperCase())),
    );
  });

  it('tries nothing again where the database is away: it may have been done', async () => {
    const away = new Error('Connection terminated unexpectedly');
    const { tries, run } = faulty(() => away);
    const { add } = gather(run, bounds);

    const calls = ['a1', 'bad', 'a3'].map((item) => add(item, 'a'));

    expect(await outcomes(calls)).toEqual([away, away, away]);
    expect(tries).toEqual([['a1', 'bad', 'a3']]);
  });

  it('looks for what is at fault for so long at most, the parts that are well first', async () => {
    const slow = faulty();
    const run = async (items: string[]) => {
      if (items.length === 1) await sleep(230);
      return slow.run(items);
    };
    const { add } = gather(run, { ...bounds, sizeMax: 8, waitMs: 200 });
    const items = [...numbered(4, 'bad'), ...numbered(4)];

    const answers = await outcomes(items.map((item) => add(item, 'a')));

    const fault = new Error('fault');
    expect(answers).toEqual([fault, isBusy, isBusy, isBusy, 'A1', 'A2', 'A3', 'A4']);
  });

  it('tells the parts of a batch that failed from what is tried alone', async () => {
    const told: [number, boolean][] = [];
    const { run } = faulty();
    const { add } = gather<string, string>((items, isPart) => {
      told.push([items.length, isPart]);
      return run(items);
    }, bounds);

    await outcomes(['bad', 'a2', 'a3'].map((item) => add(item, 'a')));

    expect(told).toEqual([
      [3, false],
      [1, false],
      [2, true],
    ]);
  });

  it('refuses at once what there is no room for, the last of whoever has most', async () => {
    const { batches, run, open } = gated();
    let refusals = 0;
    const onRefusal = () => void refusals++;
    const { add } = gather(run, { ...bounds, sizeMax: 9, waitingMax: 3, onRefusal });
    const first = add('a0', 'a');
    await settled();

    const flood = numbered(5).map((item) => add(item, 'a'));
    const other = add('b1', 'b');

    await expect(flood[3]).rejects.toEqual(isBusy);
    await expect(flood[4]).rejects.toEqual(isBusy);
    await expect(flood[2]).rejects.toEqual(isBusy);
    expect(refusals).toBe(3);
    await open();
    await open();
    expect(batches).toEqual([['a0'], ['a1', 'a2', 'b1']]);
    expect(await Promise.all([first, flood[0], flood[1], other])).toEqual(['A0', 'A1', 'A2', 'B1']);
  });

  it('refuses what has waited for too long, and never sends it', async () => {
    const { batches, run, open } = gated();
    const { add } = gather(run, { ...bounds, waitMs: 30 });
    const first = add('a0', 'a');
    await settled();

    const late = [add('a1', 'a'), add('b1', 'b')];
    expect(await outcomes(late)).toEqual([isBusy, isBusy]);
    await open();
    const next = add('a2', 'a');
    await settled();
    await open();

    expect(await Promise.all([first, next])).toEqual(['A0', 'A2']);
    expect(batches).toEqual([['a0'], ['a2']]);
  });

  it('finishes what waits when it is drained', async () => {
    const { batches, run, open } = gated();
    const { add, drain } = gather(run, { ...bounds, sizeMax: 1 });
    const calls = numbered(3).map((item) => add(item, 'a'));
    await settled();

    let isDrained = false;
    const drained = drain().then(() => (isDrained = true));
    await open();
    await open();
    expect(isDrained).toBe(false);
    await open();

    await drained;
    expect(batches).toEqual([['a1'], ['a2'], ['a3']]);
    expect(await Promise.all(calls)).toEqual(['A1', 'A2', 'A3']);
  });
});
