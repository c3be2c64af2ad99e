import { rows, transaction } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { refusal } from '../support/refusal.ts';

describe('transaction', () => {
  const test = useTestDatabase();
  const db = () => test.owner();

  beforeAll(
    async () =>
      void (await rows(db(), 'CREATE TABLE public.counter (id int PRIMARY KEY, n int NOT NULL)')),
  );
  beforeEach(
    async () =>
      void (await rows(
        db(),
        'TRUNCATE public.counter; INSERT INTO public.counter VALUES (1, 0), (2, 0)',
      )),
  );
  const counts = () => rows(db(), 'SELECT id, n FROM public.counter ORDER BY id');

  it('is all or nothing', async () => {
    const work = transaction(db(), async (tx) => {
      await rows(tx, 'UPDATE public.counter SET n = n + 1');
      throw new Error('half-way');
    });

    await expect(work).rejects.toThrow('half-way');
    expect(await counts()).toEqual([
      { id: 1, n: 0 },
      { id: 2, n: 0 },
    ]);
  });

  it('inside another one undoes its own part alone', async () => {
    await transaction(db(), async (tx) => {
      await rows(tx, 'UPDATE public.counter SET n = 1 WHERE id = 1');
      const inner = transaction(tx, async (savepoint) => {
        await rows(savepoint, 'UPDATE public.counter SET n = 1 WHERE id = 2');
        throw new Error('half-way');
      });
      await expect(inner).rejects.toThrow('half-way');
    });

    expect(await counts()).toEqual([
      { id: 1, n: 1 },
      { id: 2, n: 0 },
    ]);
  });

  it('is tried again after a deadlock, so that both have their way', async () => {
    let met = 0;
    const add = (first: number, second: number) =>
      transaction(db(), async (tx) => {
        await rows(tx, 'SET LOCAL deadlock_timeout = 50');
        await rows(tx, 'UPDATE public.counter SET n = n + 1 WHERE id = $1', [first]);
        met++;
        while (met < 2) await new Promise((resolve) => setTimeout(resolve, 5));
        await rows(tx, 'UPDATE public.counter SET n = n + 1 WHERE id = $1', [second]);
      });

    await Promise.all([add(1, 2), add(2, 1)]);

    expect(met).toBe(3);
    expect(await counts()).toEqual([
      { id: 1, n: 2 },
      { id: 2, n: 2 },
    ]);
  });

  it('is refused as IN_PROGRESS where others hold the rows for too long', async () => {
    await transaction(db(), async (tx) => {
      await rows(tx, 'UPDATE public.counter SET n = 1 WHERE id = 1');
      const other = transaction(db(), async (second) => {
        await rows(second, 'SET LOCAL lock_timeout = 50');
        await rows(second, 'UPDATE public.counter SET n = 2 WHERE id = 1');
      });

      await expect(other).rejects.toEqual(refusal('IN_PROGRESS'));
    });
  });
});
