import { setTimeout } from 'node:timers/promises';
import { accruePoints, holdPoints, lockAvailable, redeemPoints } from '../../ledger/index.ts';
import { transaction } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import {
  aRedemption,
  anAccrual,
  givenLedgerPartner,
  givenPoints,
  noon,
} from '../support/given-points.ts';
import { race } from '../support/race.ts';

describe('lockAvailable', () => {
  const test = useTestDatabase();
  const db = () => test.db('rewards-catalog');
  let partnerId: string;
  beforeAll(async () => (partnerId = await givenLedgerPartner(test)));
  const given = (points: bigint) => givenPoints(test, points, partnerId);

  it('answers what can be spent: not what is held or has ended', async () => {
    const members = [await given(500n), await given(300n)] as const;
    const [memberId] = members;
    // Of the 170 that end first, the hold keeps 100.
    const end = new Date('2026-03-02T00:00:00Z');
    await accruePoints(
      test.db('partners'),
      anAccrual({ memberId, issuerId: partnerId, points: 170n, expiresAt: end }),
    );
    await holdPoints(test.db('members'), {
      memberId,
      key: '5b0c1d6e-0000-4000-8000-00000000000a',
      points: 100n,
      partnerId,
      description: 'Till 4',
      expiresAt: new Date('2026-03-05T00:00:00Z'),
      at: noon,
    });
    const nobody = '00000000-0000-4000-8000-000000000000';
    const read = (at: Date) =>
      transaction(db(), (tx) => lockAvailable(tx, [...members, nobody], at));

    expect(await read(noon)).toEqual(
      new Map([
        [memberId, 570n],
        [members[1], 300n],
      ]),
    );
    expect((await read(end)).get(memberId)).toBe(500n);
  });

  it('keeps it so until the transaction ends', async () => {
    const memberId = await given(100n);
    let redeeming: Promise<unknown>;

    await transaction(db(), async (tx) => {
      expect((await lockAvailable(tx, [memberId], noon)).get(memberId)).toBe(100n);
      redeeming = redeemPoints(db(), aRedemption({ memberId, partnerId, points: 60n }));
      expect(await Promise.race([redeeming, setTimeout(100, 'waits')])).toBe('waits');
      await redeemPoints(tx, aRedemption({ memberId, partnerId, points: 30n }));
    });

    expect(await redeeming!).toMatchObject({ balance: 10n });
  });

  it('locks in one order, in whichever they are named', async () => {
    const members = [await given(100n), await given(100n), await given(100n)];

    const { answers, reasons } = await race(db(), 8, (n) =>
      db().transaction(async (tx) => {
        await lockAvailable(tx, n % 2 ? members : members.toReversed(), noon);
        for (const memberId of members) {
          await redeemPoints(tx, aRedemption({ memberId, partnerId, points: 1n }));
        }
      }),
    );

    expect(reasons).toEqual([]);
    expect(answers).toHaveLength(8);
    const left = await transaction(db(), (tx) => lockAvailable(tx, members, noon));
    expect([...left.values()]).toEqual([92n, 92n, 92n]);
  });
});
