import { jest } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { roleOf } from '../../platform/config.ts';
import { isUnavailable, openDatabase } from '../../platform/connection.ts';
import { rows } from '../../platform/database.ts';
import type { Limits } from '../../platform/limits.ts';
import { PreparingConnection } from '../../platform/prepared.ts';
import { readRows, readRowsById, readTogether } from '../../platform/reads.ts';
import { testConfig } from '../support/config.ts';
import { useTestDatabase } from '../support/database.ts';
import { statementsHeard } from '../support/statements.ts';

describe('readRows', () => {
  const test = useTestDatabase();
  const opened: DataSource[] = [];
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const source of opened.splice(0)) await source.destroy();
  });

  /** A pool of its own, whose reads go together. */
  async function reading(more: Partial<Limits> = {}) {
    const limits = { ...testConfig().limits, poolConnections: 3, ...more };
    const url = test.url(roleOf('members'));
    const source = await openDatabase(url, [], limits, 'test', PreparingConnection);
    opened.push(source);
    readTogether(source, limits);
    return source.manager;
  }

  const pidOf = `SELECT pg_backend_pid() AS pid WHERE $1`;

  it('asks on one connection what is asked at one moment, each as if it were alone', async () => {
    const db = await reading();
    const spy = jest.spyOn(pg.Client.prototype, 'query');

    const [first, refused, second] = await Promise.allSettled([
      readRows<{ pid: number }>(db, pidOf, [true]),
      readRows(db, 'SELECT 1 / $1::integer', [0]),
      readRows<{ pid: number }>(db, pidOf, ['true']),
    ]);

    expect(spy).toHaveBeenCalledTimes(3);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
    const pids = [first, second].map((each) => each.status === 'fulfilled' && each.value);
    expect(pids).toEqual([[{ pid: expect.any(Number) }], pids[0]]);
  });

  it('waits for no answer before it sends the next', async () => {
    const db = await reading();
    const sent: number[] = [];
    const send = Reflect.get(pg.Query.prototype, 'submit') as (...given: unknown[]) => unknown;
    const answered = Reflect.get(pg.Query.prototype, 'handleReadyForQuery') as typeof send;
    const spies = pg.Query.prototype as unknown as Record<string, typeof send>;
    spies['submit'] = function (this: unknown, ...given) {
      sent.push(1);
      return Reflect.apply(send, this, given);
    };
    spies['handleReadyForQuery'] = function (this: unknown, ...given) {
      sent.push(-1);
      return Reflect.apply(answered, this, given);
    };

    await Promise.all([1, 2, 3].map((value) => readRows(db, 'SELECT $1::integer', [value])));

    Object.assign(spies, { submit: send, handleReadyForQuery: answered });
    expect(sent).toEqual([1, 1, 1, -1, -1, -1]);
  });

  it('reads once what has no values, for all who asked before it was sent', async () => {
    const db = await reading();
    const spy = jest.spyOn(pg.Client.prototype, 'query');
    const text = 'SELECT clock_timestamp() AS now';

    const [one, other] = await Promise.all([readRows(db, text), readRows(db, text)]);
    const later = await readRows(db, text);

    expect(other).toEqual(one);
    expect(later).not.toEqual(one);
    expect(statementsHeard(spy)).toHaveLength(2);
  });

  it('reads rows by their ids once for all who ask at one moment', async () => {
    const db = await reading();
    const spy = jest.spyOn(pg.Client.prototype, 'query');
    const text = 'SELECT unnest($1::text[]) AS id';

    const read = await Promise.all([
      readRowsById<{ id: string }>(db, text, ['a', 'b']),
      readRowsById<{ id: string }>(db, text, ['b', 'c']),
      readRowsById<{ id: string }>(db, `${text} ORDER BY 1 DESC`, ['a', 'b']),
    ]);

    const ids = read.map((found) => found.map(({ id }) => id));
    expect(ids).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
      ['b', 'a'],
    ]);
    expect(statementsHeard(spy).map(([, values]) => values)).toEqual([
      [['a', 'b', 'c']],
      [['a', 'b']],
    ]);
  });

  it('leaves others alone where what one asks cannot be read', async () => {
    const db = await reading();
    const [good, bad] = ['6d4a3c2e-8f7b-4c1d-9e5a-2b3c4d5e6f70', 'no id'];
    const text = 'SELECT unnest($1::uuid[]) AS id';

    const [first, refused, last] = await Promise.allSettled([
      readRowsById(db, text, [good]),
      readRowsById(db, text, [bad]),
      readRowsById(db, text, [good, good]),
    ]);

    expect(first).toEqual({ status: 'fulfilled', value: [{ id: good }] });
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: '22P02' } });
    expect(last).toEqual({ status: 'fulfilled', value: [{ id: good }, { id: good }] });
  });

  it('reads alone what is asked by many ids, and gives each rows of its own', async () => {
    const db = await reading();
    const text = 'SELECT unnest($1::text[]) AS id';
    const many = Array.from({ length: 51 }, (_, place) => `${place}`);

    const [few, other, all] = await Promise.all([
      readRowsById<{ id: string }>(db, text, ['a']),
      readRowsById<{ id: string }>(db, text, ['a']),
      readRowsById<{ id: string }>(db, text, many),
    ]);

    expect([few.length, other.length, all.length]).toEqual([1, 1, 51]);
    few[0]!.id = 'b';
    expect(other).toEqual([{ id: 'a' }]);
  });

  it('reads in a transaction what that has written', async () => {
    const db = await reading();

    const seen = await db.transaction(async (tx) => {
      await rows(tx, `SELECT set_config('test.said', $1, true)`, ['here']);
      return readRows(tx, `SELECT current_setting('test.said', true) AS said`);
    });

    expect(seen).toEqual([{ said: 'here' }]);
  });

  it('begins the next group where one takes long, and refuses what no connection is there for', async () => {
    const db = await reading({ poolConnections: 2, poolWaitMs: 300, statementMs: 2_000 });
    const slow = (n: number) => readRows(db, `SELECT pg_sleep(1), ${n}`);
    const [first, quick] = [slow(1), new Promise((resolve) => setTimeout(resolve, 20))];
    await quick;

    expect(await readRows(db, 'SELECT 2 AS two')).toEqual([{ two: 2 }]);

    const second = slow(2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const third = await readRows(db, 'SELECT 3').catch((error: unknown) => error);
    expect(isUnavailable(third)).toBe(true);
    await Promise.all([first, second]);
    expect(await readRows(db, 'SELECT 4 AS four')).toEqual([{ four: 4 }]);
  });

  it('tells all of a group that its connection has ended, and goes on with another', async () => {
    const db = await reading();
    const [{ pid }] = (await readRows(db, pidOf, [true])) as [{ pid: number }];

    const outcomes = await Promise.allSettled([
      readRows(db, `SELECT pg_sleep(5), $1`, ['one']),
      readRows(db, `SELECT pg_sleep(5), $1`, ['other']),
      new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
        rows(test.owner(), 'SELECT pg_terminate_backend($1, 5000)', [pid]),
      ),
    ]);

    const failed = outcomes.slice(0, 2).map((each) => {
      return each.status === 'rejected' && isUnavailable(each.reason);
    });
    expect(failed).toEqual([true, true]);
    expect(await readRows(db, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
