import { accruePoints, auditLedger } from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { anAccrual, givenLedgerPartner, givenPoints } from '../support/given-points.ts';
import { race } from '../support/race.ts';

describe('the months of the ledger', () => {
  const test = useTestDatabase();
  const made = async () =>
    (
      await rows<{ name: string }>(
        test.owner(),
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits
         WHERE inhparent = 'ledger.transfer'::regclass ORDER BY 1`,
      )
    ).map(({ name }) => name);
  const makeAhead = async () =>
    (
      await rows<{ count: number }>(test.db('worker'), 'SELECT ledger.make_months_ahead() AS count')
    )[0]!.count;

  it('are made from the last one to a year ahead, and once', async () => {
    const all = monthsAround(new Date());
    const last = all.at(-1)!;
    expect(await made()).toEqual(['ledger.transfer_other', ...all].sort());
    await rows(test.owner(), `DROP TABLE ${last}`);

    expect(await makeAhead()).toBe(1);

    expect(await made()).toContain(last);
    expect(await makeAhead()).toBe(0);
  });

  it('are made once where several make them', async () => {
    const gone = monthsAround(new Date()).slice(-3);
    await rows(test.owner(), `DROP TABLE ${gone.join(', ')}`);

    const { answers, reasons } = await race(test.db('worker'), 4, makeAhead);

    expect(reasons).toEqual([]);
    expect(answers.reduce((total, count) => total + count, 0)).toBe(3);
    expect(await made()).toEqual(expect.arrayContaining(gone));
  });

  it('leave in the catch-all what was posted before its month was made', async () => {
    const gone = monthsAround(new Date()).at(-1)!;
    await rows(test.owner(), `DROP TABLE ${gone}`);
    const [, year, month] = /_(\d{4})_(\d{2})$/.exec(gone)!;
    const partnerId = await givenLedgerPartner(test);
    await accruePoints(
      test.db('partners'),
      anAccrual({
        memberId: await givenPoints(test, 5n, partnerId),
        issuerId: partnerId,
        points: 7n,
        at: new Date(`${year}-${month}-15T12:00:00Z`),
      }),
    );

    expect(await makeAhead()).toBe(0);

    expect(await made()).not.toContain(gone);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('let postings go on meanwhile', async () => {
    const gone = monthsAround(new Date()).slice(1, 9);
    const partnerId = await givenLedgerPartner(test);
    const memberId = await givenPoints(test, 1n, partnerId);
    const db = test.db('partners');

    for (let round = 0; round < 5; round++) {
      await rows(test.owner(), `DROP TABLE IF EXISTS ${gone.slice(-3).join(', ')}`);
      const { reasons } = await race<unknown>(db, 20, (index) =>
        index === 10
          ? makeAhead()
          : accruePoints(db, anAccrual({ memberId, issuerId: partnerId, points: 1n })),
      );
      expect(reasons).toEqual([]);
    }

    expect(await auditLedger(test.owner())).toEqual([]);
  });
});

/** The partitions of the last month, this one, and the twelve to come, by the calendar. */
function monthsAround(today: Date): string[] {
  return Array.from({ length: 14 }, (_, index) => {
    const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1 + index, 1));
    return `ledger.transfer_${first.toISOString().slice(0, 7).replace('-', '_')}`;
  });
}
