import { randomUUID } from 'node:crypto';
import { accruePoints, auditLedger, counterBalances, redeemPoints } from '../../ledger/index.ts';
import { migrate } from '../../migrations/index.ts';
import { type Database, rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenRolledUp } from '../support/given-closed.ts';
import { givenWholeLedger } from '../support/given-ledger.ts';
import {
  aRedemption,
  anAccrual,
  givenLedgerPartner,
  givenPoints,
} from '../support/given-points.ts';
import { race } from '../support/race.ts';

describe('counterBalances', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const rollUp = async (movements = 1_000) =>
    (
      await rows<{ count: number }>(test.db('worker'), 'SELECT ledger.roll_up($1) AS count', [
        movements,
      ])
    )[0]!.count;
  const rolledUp = () =>
    rows(test.owner(), 'SELECT * FROM ledger.counter_rollup ORDER BY 1, 2, 3, 4');

  it('are what came and went, before and after it is rolled up', async () => {
    const { partnerId, causeId } = await givenWholeLedger(test);
    const each = async () =>
      (await counterBalances(db()))
        .filter(({ owner }) => owner === null || [partnerId, causeId].includes(owner))
        .map(({ kind, points, movements }) => [kind, points, movements]);
    // 1,320 points were issued, and 100 of them taken back: of those the member had 20, owes 70, and 10
    // are borne, by halves. 170 were redeemed, and 20 given back. Of 100 to be converted 10 came back, and
    // 50 have arrived in the other currency.
    const expected = [
      ['CAUSE', 5n, 1n],
      ['EXCHANGE', -50n, 2n],
      ['EXCHANGE', 90n, 5n],
      ['MEMBERS', 0n, 2n],
      ['OPERATOR_ADJUSTMENT', 3n, 1n],
      ['OPERATOR_WRITE_OFF', -5n, 1n],
      ['PARTNER_ISSUANCE', -1_220n, 8n],
      ['PARTNER_REDEMPTION', 150n, 4n],
      ['PARTNER_WRITE_OFF', -5n, 1n],
    ];
    expect(await each()).toEqual(expected);

    expect(await givenRolledUp(test)).toBeGreaterThanOrEqual(26);

    expect(await each()).toEqual(expected);
    expect(await counterBalances(db(), { kind: 'CAUSE', owner: causeId })).toEqual([
      { kind: 'CAUSE', owner: causeId, currency: 'PTS', points: 5n, movements: 1n },
    ]);
    expect(await counterBalances(db(), { owner: causeId, currency: 'QP' })).toEqual([]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('are rolled up once', async () => {
    await givenPoints(test, 5n, await givenLedgerPartner(test));
    await givenRolledUp(test);
    const before = await rolledUp();

    expect(await rollUp()).toBe(0);

    expect(await rolledUp()).toEqual(before);
  });

  it('are kept by the day of posting, where the program is', async () => {
    const [issuerId, currency] = [await givenLedgerPartner(test), 'NYC'];
    await rows(
      test.owner(),
      `INSERT INTO ledger.currency (code, name, kind, time_zone)
       VALUES ('NYC', 'New York', 'SPENDABLE', 'America/New_York')`,
    );
    // New York's midnight is at 05:00 of UTC in winter, and at 04:00 from 8 March on.
    for (const at of [
      '2026-03-08T04:59Z',
      '2026-03-08T05:00Z',
      '2026-03-09T03:59Z',
      '2026-03-09T04:00Z',
    ]) {
      const accrual = { memberId: randomUUID(), issuerId, points: 1n, currency, at: new Date(at) };
      await accruePoints(db(), anAccrual(accrual));
    }

    await givenRolledUp(test);

    expect(
      await rows(
        test.owner(),
        `SELECT day::text, points, movements FROM ledger.counter_rollup
         WHERE currency = 'NYC' ORDER BY day`,
      ),
    ).toEqual([
      { day: '2026-03-07', points: -1n, movements: 1n },
      { day: '2026-03-08', points: -2n, movements: 2n },
      { day: '2026-03-09', points: -1n, movements: 1n },
    ]);
  });

  it('miss nothing of a transaction that ends after later ones were rolled up', async () => {
    const issuerId = await givenLedgerPartner(test);
    const issued = async (points: bigint, tx = db()) =>
      accruePoints(tx, anAccrual({ memberId: randomUUID(), issuerId, points }));
    const balance = async () =>
      (await counterBalances(db(), { kind: 'PARTNER_ISSUANCE', owner: issuerId }))[0]?.points;

    await db().transaction(async (tx) => {
      await issued(1n, tx);
      await issued(10n);
      await rollUp();
      expect(await balance()).toBe(-10n);
    });

    expect(await balance()).toBe(-11n);
    await givenRolledUp(test);
    expect(await balance()).toBe(-11n);
  });

  it('are exact at every look while points are posted and rolled up', async () => {
    const partnerId = await givenLedgerPartner(test);
    const members = await Promise.all(
      Array.from({ length: 5 }, () => givenPoints(test, 100n, partnerId)),
    );
    const looks: unknown[] = [];
    const acts: ((memberId: string) => Promise<unknown>)[] = [
      (memberId) => accruePoints(db(), anAccrual({ memberId, issuerId: partnerId, points: 3n })),
      (memberId) => redeemPoints(db(), aRedemption({ memberId, partnerId, points: 2n })),
      () => rollUp(2),
      async () => void looks.push(...(await differences(test.db('members'), partnerId))),
    ];

    const { reasons } = await race<unknown>(db(), 200, (index) =>
      acts[index % acts.length]!(members[index % members.length]!),
    );

    expect(reasons).toEqual([]);
    expect(looks).toEqual([]);
    await givenRolledUp(test);
    expect(await differences(db(), partnerId)).toEqual([]);
    // 5 times 100, and 50 times 3, issued; 50 times 2 redeemed.
    expect((await counterBalances(db(), { owner: partnerId })).map(({ points }) => points)).toEqual(
      [-650n, 100n],
    );
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('go on where the ledger was restored on a server that counts from lower', async () => {
    const issuerId = await givenLedgerPartner(test);
    const memberId = await givenPoints(test, 5n, issuerId);
    // As a server that had come further would have left it.
    const far = 5_000_000_000_000n;
    await rows(test.owner(), 'UPDATE ledger.transfer SET xact = $2 WHERE member_id = $1', [
      memberId,
      far,
    ]);
    await rows(test.owner(), `UPDATE ledger.watermark SET xact = $1 WHERE name = 'rollup'`, [
      far + 1n,
    ]);
    await rows(test.owner(), 'DELETE FROM ledger.counter_rollup');

    await migrate(test.url('postgres'));
    await accruePoints(db(), anAccrual({ memberId, issuerId, points: 7n }));

    const [last] = await rows<{ xact: bigint }>(
      test.owner(),
      'SELECT max(xact) AS xact FROM ledger.transfer',
    );
    expect(last!.xact).toBeGreaterThan(far);
    expect((await counterBalances(db(), { owner: issuerId })).map(({ points }) => points)).toEqual([
      -7n,
    ]);
    await givenRolledUp(test);
    const [offset] = await rows(
      test.owner(),
      `SELECT xact FROM ledger.watermark WHERE name = 'offset'`,
    );
    await migrate(test.url('postgres'));
    expect(
      await rows(test.owner(), `SELECT xact FROM ledger.watermark WHERE name = 'offset'`),
    ).toEqual([offset]);
  });
});

/** Counter balances of the partner that differ from a sum over all movements in the same snapshot. */
function differences(db: Database, owner: string): Promise<unknown[]> {
  return db.transaction('REPEATABLE READ', async (tx) => {
    const kept = await counterBalances(tx, { owner });
    const counted = await rows<{ kind: string; points: bigint; movements: bigint }>(
      tx,
      `SELECT c.kind, sum(t.debt - t.points)::bigint AS points, count(*) AS movements
       FROM ledger.transfer t JOIN ledger.counter_account c ON c.id = t.counter_account
       WHERE c.owner = $1 GROUP BY c.kind`,
      [owner],
    );
    return counted.filter(
      ({ kind, points, movements }) =>
        !kept.some(
          (each) => each.kind === kind && each.points === points && each.movements === movements,
        ),
    );
  });
}
