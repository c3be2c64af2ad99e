import { randomUUID } from 'node:crypto';
import {
  type BeginConversion,
  accruePoints,
  auditLedger,
  beginConversion,
  cancelRedemption,
  confirmConversion,
  counterBalances,
  entriesById,
  redeemPoints,
  reverseAccrual,
  reverseConversion,
  statementsOf,
} from '../../ledger/index.ts';
import { lockNotAvailable, rows, sqlStateOf } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenRolledUp, givenSealed } from '../support/given-closed.ts';
import { aConversion, anEnd, givenCurrency, givenRate } from '../support/given-conversions.ts';
import { aRedemption, anAccrual, givenLedgerPartner } from '../support/given-points.ts';
import { race } from '../support/race.ts';

const january = new Date('2025-01-15T12:00:00Z');
const february = new Date('2025-02-15T12:00:00Z');
const march = new Date('2025-03-15T12:00:00Z');
const april = new Date('2025-04-15T12:00:00Z');

describe('months that are set apart', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const detach = async (before = '2025-03-01') =>
    (
      await rows<{ count: number }>(test.db('worker'), 'SELECT ledger.detach_month($1) AS count', [
        before,
      ])
    )[0]!.count;
  const attached = async () =>
    (
      await rows<{ name: string }>(
        test.owner(),
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits
         WHERE inhparent = 'ledger.transfer'::regclass
           AND inhrelid::regclass::text LIKE 'ledger.transfer_2025%' ORDER BY 1`,
      )
    ).map(({ name }) => name);
  const months = ['ledger.transfer_2025_01', 'ledger.transfer_2025_02', 'ledger.transfer_2025_03'];
  const close = async () => {
    await givenRolledUp(test);
    await givenSealed(test);
  };
  let partnerId: string;
  let memberId: string;
  const earn = (points: bigint, at: Date) =>
    accruePoints(db(), anAccrual({ memberId, issuerId: partnerId, points, at }));
  const spend = (points: bigint, at: Date) =>
    redeemPoints(db(), aRedemption({ memberId, partnerId, points, at }));
  const statement = async () =>
    (await statementsOf(db(), [memberId], { first: 10, after: null }, {})).map(
      ({ points, balance, version }) => [points, balance, version],
    );

  beforeAll(() =>
    // Whatever month it is: the year is long over.
    rows(test.owner(), `SELECT ledger.make_months('2025-01-01', '2025-03-01')`),
  );
  beforeEach(async () => {
    partnerId = await givenLedgerPartner(test);
    memberId = randomUUID();
    const apart = await rows<{ name: string; bound: string }>(
      test.owner(),
      `SELECT c.oid::regclass::text AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
       FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
       WHERE inhparent = 'ledger.transfer_detached'::regclass`,
    );
    for (const { name, bound } of apart) {
      await rows(
        test.owner(),
        `ALTER TABLE ledger.transfer_detached DETACH PARTITION ${name};
         ALTER TABLE ledger.transfer ATTACH PARTITION ${name} ${bound}`,
      );
    }
    await rows(test.owner(), 'DELETE FROM ledger.opening; DELETE FROM ledger.detached_month');
  });

  it('take the oldest, one at a time, and leave what every account says', async () => {
    await earn(100n, january);
    await spend(30n, february);
    await earn(5n, march);
    await close();
    const before = [await statement(), await counterBalances(db(), { owner: partnerId })];
    expect(await attached()).toEqual(months);

    expect(await detach()).toBe(1);
    expect(await attached()).toEqual(months.slice(1));
    expect(await detach()).toBe(1);
    expect(await attached()).toEqual(months.slice(2));
    expect(await detach()).toBe(0);

    expect([await statement(), await counterBalances(db(), { owner: partnerId })]).toEqual(before);
    expect(
      await rows(
        test.owner(),
        'SELECT version, balance, debt FROM ledger.opening WHERE member_id = $1',
        [memberId],
      ),
    ).toEqual([{ version: 2n, balance: 70n, debt: 0n }]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('stay whole while something of them is neither sealed nor rolled up', async () => {
    await earn(100n, january);
    await givenSealed(test);
    await expect(detach()).rejects.toThrow('not sealed and rolled up');
    await close();
    await earn(7n, january);
    await givenRolledUp(test);

    await expect(detach()).rejects.toThrow('not sealed and rolled up');

    expect(await attached()).toEqual(months);
    expect(await rows(test.owner(), 'SELECT FROM ledger.opening')).toEqual([]);
    await givenSealed(test);
    expect(await detach()).toBe(1);
  });

  it('are never those into which postings fall', async () => {
    const [today] = await rows<{ day: string }>(test.owner(), 'SELECT current_date::text AS day');

    await expect(detach(today!.day)).rejects.toThrow('they stay');

    expect(await attached()).toEqual(months);
  });

  it('are looked into for what happened in them', async () => {
    const accrual = anAccrual({ memberId, issuerId: partnerId, points: 100n, at: january });
    const earned = await accruePoints(db(), accrual);
    const { transferId } = await spend(30n, january);
    await close();
    await detach();
    const act = { memberId, at: march, source: { kind: 'adjustment', id: partnerId } } as const;

    expect(await accruePoints(db(), accrual)).toEqual({ ...earned, repeated: true });
    const cancel = { ...act, key: randomUUID(), description: 'Back', transferId };
    expect(await cancelRedemption(db(), cancel)).toMatchObject({ balance: 100n, points: 30n });
    const reverse = {
      ...act,
      key: randomUUID(),
      description: 'Back',
      accrualId: earned.transferId,
    };
    expect(
      await reverseAccrual(db(), { ...reverse, clawback: 'WITHIN_BALANCE', risk: 'ISSUER' }),
    ).toMatchObject({ balance: 0n, points: 100n });

    expect(await entriesById(db(), [{ memberId, entryId: transferId }])).toMatchObject([
      { points: -30n },
    ]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('change hands once, and without harm, while points are posted', async () => {
    await earn(1n, january);
    await close();
    let done = 0;
    const gaveUp: unknown[] = [];

    const { reasons } = await race<unknown>(db(), 60, async (index) => {
      if (index % 10) return earn(1n, march);
      // Where it would have to wait.
      const count = await detach().catch((error: unknown) => void gaveUp.push(sqlStateOf(error)));
      done += count ?? 0;
    });
    while (await detach()) done++;

    expect(reasons).toEqual([]);
    expect(new Set([...gaveUp, lockNotAvailable])).toEqual(new Set([lockNotAvailable]));
    expect(done).toBe(2);
    expect((await statement())[0]).toEqual([1n, 55n, 55n]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  // The last, since the month is gone for good.
  it('may be dropped: what is left is proved from what was carried forward', async () => {
    await rows(test.owner(), `SELECT ledger.make_months('2024-12-01', '2024-12-01')`);
    const december = new Date('2024-12-15T12:00:00Z');
    await earn(100n, december);
    await spend(30n, december);
    const to = await givenCurrency(test, partnerId);
    await givenRate(test, { from: 'PTS', to, programId: partnerId });
    const [confirmed, reversed, late] = [10n, 20n, 5n].map((points) =>
      aConversion({ memberId, points, to, at: december, timesOutAt: april }),
    ) as [BeginConversion, BeginConversion, BeginConversion];
    for (const each of [confirmed, reversed, late]) await beginConversion(db(), each);
    await confirmConversion(db(), anEnd(confirmed));
    await reverseConversion(db(), anEnd(reversed));
    await earn(5n, march);
    await reverseConversion(db(), anEnd(late, { at: march }));
    await close();
    expect(await detach('2025-01-01')).toBe(1);

    await rows(test.owner(), 'DROP TABLE ledger.transfer_2024_12');

    expect(await auditLedger(test.owner())).toEqual([]);
    await rows(test.owner(), 'UPDATE ledger.opening SET balance = balance + 1');
    const broken = (await auditLedger(test.owner())).map(({ invariant }) => invariant);
    expect([...new Set(broken)]).toEqual([
      'balance after each movement',
      'balance equals movements',
    ]);
  });
});
