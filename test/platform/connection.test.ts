import type { DataSource } from 'typeorm';
import { isReachable, isUnavailable, openDatabase } from '../../platform/connection.ts';
import { rows, transaction } from '../../platform/database.ts';
import { PreparingConnection } from '../../platform/prepared.ts';
import { roleOf } from '../../platform/config.ts';
import { testConfig } from '../support/config.ts';
import { useTestDatabase } from '../support/database.ts';
import { startDoor } from '../support/postgres-door.ts';

describe('isUnavailable', () => {
  const test = useTestDatabase();
  const ownId = `SELECT pg_backend_pid() AS pid`;
  const end = (pid: number) => rows(test.owner(), 'SELECT pg_terminate_backend($1, 5000)', [pid]);

  /** What a call is refused with. */
  async function errorOf(call: () => Promise<unknown>): Promise<unknown> {
    try {
      return await call();
    } catch (error) {
      return error;
    }
  }

  it.each([
    [
      'in a statement',
      async (pid: number, ask: (sql: string) => Promise<unknown>) => {
        await Promise.all([ask('SELECT pg_sleep(5)'), end(pid)]);
      },
    ],
    [
      'between two statements',
      async (pid: number, ask: (sql: string) => Promise<unknown>) => {
        await end(pid);
        await ask('SELECT 1');
      },
    ],
  ])('says so of a transaction whose connection ends %s', async (_, lose) => {
    const db = test.db('members');

    const error = await errorOf(() =>
      db.transaction(async (tx) => {
        const [{ pid }] = (await rows(tx, ownId)) as [{ pid: number }];
        await lose(pid, (sql) => rows(tx, sql));
      }),
    );

    expect(isUnavailable(error)).toBe(true);
    expect(await isReachable(db.connection)).toBe(true);
  });

  it('says so of a statement whose connection ends in the moment that it begins', async () => {
    const door = await startDoor(process.env['TEST_POSTGRES_SOCKET']!);
    const url = new URL(test.url(roleOf('members')));
    url.search = `?host=127.0.0.1&port=${door.port}`;
    const limits = { ...testConfig().limits, poolConnections: 2 };
    const source = await openDatabase(url.href, [], limits, 'test');
    const ask = () => rows(source.manager, 'SELECT 1');

    door.isClosing = true;
    // The pool has one connection, and opens another.
    const [first, second] = await Promise.allSettled([ask(), ask()]);
    door.isClosing = false;

    expect(first.status).toBe('fulfilled');
    expect(second.status === 'rejected' && isUnavailable(second.reason)).toBe(true);
    expect(await isReachable(source)).toBe(true);
    await source.destroy();
    await door.close();
  });

  it('says so of a statement that takes too long, and of a pool that is busy for too long', async () => {
    const limits = { ...testConfig().limits, statementMs: 50, poolWaitMs: 200, poolConnections: 1 };
    const source = await openDatabase(test.url(roleOf('members')), [], limits, 'test');
    const slow = () => rows(source.manager, 'SELECT pg_sleep(5)');

    expect(isUnavailable(await errorOf(slow))).toBe(true);

    await source.transaction(async (tx) => {
      await rows(tx, 'SELECT 1');
      expect(isUnavailable(await errorOf(slow))).toBe(true);
    });
    await source.destroy();
  });

  it.each(['SELECT 1 / 0', 'SELECT * FROM nowhere', `SELECT 'x'::int`])(
    'does not say so of a fault: %s',
    async (sql) => {
      const error = await errorOf(() => rows(test.db('members'), sql));

      expect(error).toBeInstanceOf(Error);
      expect(isUnavailable(error)).toBe(false);
    },
  );
});

describe('a connection that prepares', () => {
  const test = useTestDatabase();
  const { limits } = testConfig();
  let source: DataSource;
  beforeAll(async () => {
    const bounds = { ...limits, poolConnections: 1 };
    const url = test.url('postgres');
    source = await openDatabase(url, [], bounds, 'test', PreparingConnection);
  });
  afterAll(() => source.destroy());

  const db = () => source.manager;
  const often = 'SELECT $1::int AS often';
  const kept = () =>
    rows<{ statement: string }>(db(), 'SELECT statement FROM pg_prepared_statements');
  const isKept = async (sql: string) => (await kept()).some(({ statement }) => statement === sql);
  async function askOften(sql: string, times = 4): Promise<unknown[]> {
    const answers = [];
    for (let time = 1; time <= times; time++) answers.push(...(await rows(db(), sql, [7])));
    return answers;
  }

  it('has the server keep what comes often, and not what came twice', async () => {
    expect(await askOften(often)).toEqual(Array(4).fill({ often: 7 }));
    await askOften('SELECT $1::int AS twice', 2);

    expect(await isKept(often)).toBe(true);
    expect(await isKept('SELECT $1::int AS twice')).toBe(false);
  });

  it('goes on when a table is another: alone, in a transaction, and with all that was kept', async () => {
    await rows(db(), 'CREATE TABLE public.changing (a int)');
    await rows(db(), 'INSERT INTO public.changing VALUES (7)');
    const sql = 'SELECT * FROM public.changing WHERE a = $1';
    await askOften(sql);
    expect(await isKept(sql)).toBe(true);

    await rows(db(), 'ALTER TABLE public.changing ADD b int');
    expect(await rows(db(), sql, [7])).toEqual([{ a: 7, b: null }]);
    await askOften(sql, 1);
    expect([await isKept(sql), await isKept(often)]).toEqual([true, false]);

    await rows(db(), 'ALTER TABLE public.changing ADD c int');
    let tries = 0;
    const read = await transaction(db(), async (tx) => {
      tries++;
      await rows(tx, 'UPDATE public.changing SET b = coalesce(b, 0) + 1');
      return rows(tx, sql, [7]);
    });
    expect([tries, read]).toEqual([2, [{ a: 7, b: 1, c: null }]]);
  });

  it('keeps so many and no more, and answers all the same', async () => {
    const more = limits.preparedStatements + 5;
    for (let place = 1; place <= more; place++) {
      expect(await askOften(`SELECT $1::int AS n${place}`, 3)).toHaveLength(3);
    }

    expect(await kept()).toHaveLength(limits.preparedStatements);
    expect(await askOften(`SELECT $1::int AS n${more}`, 1)).toEqual([{ [`n${more}`]: 7 }]);
  });
});
