import { randomUUID } from 'node:crypto';
import {
  accruePoints,
  auditLedger,
  balancesOf,
  captureHold,
  counterBalances,
  holdPoints,
  redeemPoints,
  releaseHold,
  reverseAccrual,
  sharedCurrency,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenWholeLedger } from '../support/given-ledger.ts';
import { aRedemption, anAccrual, givenLedgerPartner, noon } from '../support/given-points.ts';
import { race } from '../support/race.ts';

describe('forfeiting', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const forfeit = async (memberId: string, at = noon) => {
    const [done] = await rows<{ points: bigint }>(
      test.owner(),
      'SELECT ledger.forfeit($1, $2) AS points',
      [memberId, at],
    );
    return done!.points;
  };
  const counter = async (kind: 'OPERATOR_BREAKAGE' | 'OPERATOR_WRITE_OFF') =>
    (await counterBalances(db(), { kind })).reduce((sum, { points }) => sum + points, 0n);
  const all = async (memberId: string) =>
    (await balancesOf(db(), [{ memberId, currency: sharedCurrency }], noon))[0];
  const nothing = { available: 0n, pending: 0n, held: 0n, debt: 0n };

  it('takes what is available and pending to breakage, and leaves what a partner holds', async () => {
    const issuerId = await givenLedgerPartner(test);
    const memberId = randomUUID();
    const inJune = new Date('2026-06-01T00:00:00Z');
    await accruePoints(db(), anAccrual({ memberId, issuerId, points: 500n }));
    await accruePoints(db(), anAccrual({ memberId, issuerId, points: 70n, activatesAt: inJune }));
    await accruePoints(
      db(),
      anAccrual({ memberId, issuerId, points: 8n, activatesAt: 'onAction', cancelsAt: inJune }),
    );
    const holdId = await givenHold(memberId, issuerId, 120n);
    await givenHold(memberId, null, 30n);
    const before = await counter('OPERATOR_BREAKAGE');

    expect(await forfeit(memberId)).toBe(458n);

    expect(await all(memberId)).toMatchObject({ ...nothing, held: 120n });
    expect(await counter('OPERATOR_BREAKAGE')).toBe(before + 458n);
    expect(await auditLedger(test.owner())).toEqual([]);

    await captureHold(db(), { ...ending(memberId, holdId), points: 100n });
    expect(await forfeit(memberId)).toBe(20n);

    expect(await all(memberId)).toMatchObject(nothing);
    expect(await counter('OPERATOR_BREAKAGE')).toBe(before + 478n);
    expect(await forfeit(memberId)).toBe(0n);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('pays what is owed once a hold has ended, and lets the operator bear the rest', async () => {
    const issuerId = await givenLedgerPartner(test);
    const memberId = randomUUID();
    const { transferId } = await accruePoints(
      db(),
      anAccrual({ memberId, issuerId, points: 100n }),
    );
    await redeemPoints(db(), aRedemption({ memberId, partnerId: issuerId, points: 70n }));
    const holdId = await givenHold(memberId, issuerId, 30n);
    await reverseAccrual(db(), {
      memberId,
      key: randomUUID(),
      accrualId: transferId,
      clawback: 'DEBT',
      risk: 'ISSUER',
      source: { kind: 'activity', id: randomUUID() },
      description: 'Returned',
      at: noon,
    });
    const [broken, borne] = [
      await counter('OPERATOR_BREAKAGE'),
      await counter('OPERATOR_WRITE_OFF'),
    ];

    expect(await forfeit(memberId)).toBe(0n);
    expect(await all(memberId)).toMatchObject({ held: 30n, debt: 100n });

    await releaseHold(db(), ending(memberId, holdId));
    expect(await forfeit(memberId)).toBe(0n);

    expect(await all(memberId)).toMatchObject(nothing);
    expect(await counter('OPERATOR_BREAKAGE')).toBe(broken);
    // An account that gives has less: what it bears is below zero.
    expect(await counter('OPERATOR_WRITE_OFF')).toBe(borne - 70n);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('of every member of a ledger in which all has happened leaves it whole', async () => {
    const { holder, giver, taker, debtor, converter, late } = await givenWholeLedger(test);
    for (const memberId of [holder, giver, taker, debtor, converter, late]) await forfeit(memberId);

    for (const memberId of [giver, taker, debtor, late]) {
      expect(await all(memberId)).toMatchObject(nothing);
    }
    const left = await rows(
      test.owner(),
      `SELECT FROM ledger.account
       WHERE balance <> held OR debt <> 0 OR (held > 0) <> (member_id = '${holder}')`,
    );
    expect(left).toEqual([]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('of somebody without points does nothing', async () => {
    expect(await forfeit(randomUUID())).toBe(0n);
  });

  it('and redemptions at once leave nothing, and take nothing twice', async () => {
    const issuerId = await givenLedgerPartner(test);
    const memberId = randomUUID();
    await accruePoints(db(), anAccrual({ memberId, issuerId, points: 100n }));
    const before = await counter('OPERATOR_BREAKAGE');

    const { answers, reasons } = await race<unknown>(test.owner(), 4, (index) =>
      index === 1
        ? forfeit(memberId)
        : redeemPoints(db(), aRedemption({ memberId, partnerId: issuerId, points: 30n })),
    );

    const redeemed = BigInt(answers.length - 1) * 30n;
    expect(await all(memberId)).toMatchObject(nothing);
    expect(await counter('OPERATOR_BREAKAGE')).toBe(before + 100n - redeemed);
    for (const reason of reasons) expect(reason).toMatchObject({ code: 'INSUFFICIENT_POINTS' });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  async function givenHold(
    memberId: string,
    partnerId: string | null,
    points: bigint,
  ): Promise<string> {
    const key = randomUUID();
    const expiresAt = new Date('2026-03-02T12:00:00Z');
    const asked = { memberId, key, points, partnerId, description: 'A room', expiresAt, at: noon };
    await holdPoints(db(), asked);
    return key;
  }

  function ending(memberId: string, holdId: string) {
    const source = { kind: 'hold', id: holdId } as const;
    return { memberId, key: randomUUID(), holdId, source, description: 'A room', at: noon };
  }
});
