import { randomUUID } from 'node:crypto';
import {
  accruePoints,
  auditLedger,
  balancesOf,
  cancelRedemption,
  holdPoints,
  lifetimeEarnedOf,
  mergePoints,
  redeemPoints,
  reverseAccrual,
  settleDue,
  unmergePoints,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenCurrency } from '../support/given-conversions.ts';
import {
  aRedemption,
  anAccrual,
  givenLedgerPartner,
  givenPoints,
  noon,
} from '../support/given-points.ts';
import { accountOf, countersOf, movementsOf, openLotsOf, traceOf } from '../support/ledger-rows.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const day = (text: string) => new Date(`${text}T00:00:00Z`);
let issuerId: string;
beforeAll(async () => (issuerId = await givenLedgerPartner(test)));

const movement = (memberId: string, key: string, at: Date) => ({
  memberId,
  key,
  source: { kind: 'merge' as const, id: key },
  description: 'Memberships joined',
  at,
});
const merge = (memberId: string, intoMemberId: string, key: string = randomUUID(), at = noon) =>
  mergePoints(db(), [{ ...movement(memberId, key, at), intoMemberId }]);
const unmerge = (
  memberId: string,
  toMemberId: string,
  mergeKey: string,
  key: string = randomUUID(),
  at = noon,
) => unmergePoints(db(), [{ ...movement(memberId, key, at), toMemberId, mergeKey }]);
const earn = (memberId: string, points: bigint, dates: object = { expiresAt: null }) =>
  accruePoints(db(), anAccrual({ memberId, issuerId, points, ...dates }));
/** A member who owes 60 points: 100 were earned and spent, and the purchase came back. */
async function givenDebtor(): Promise<string> {
  const memberId = randomUUID();
  const { transferId } = await earn(memberId, 100n);
  await redeemPoints(db(), aRedemption({ memberId, partnerId: issuerId, points: 60n }));
  await reverseAccrual(db(), {
    ...movement(memberId, randomUUID(), noon),
    accrualId: transferId,
    clawback: 'DEBT',
    debtLimit: 1_000n,
    risk: 'OPERATOR',
  });
  expect(await accountOf(test, memberId)).toMatchObject({ balance: 0n, debt: 60n });
  return memberId;
}

describe('mergePoints', () => {
  it('moves every lot with its issuer, its dates and its end, pending ones too', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await earn(a, 100n, { expiresAt: day('2026-07-01') });
    await earn(a, 50n, { activatesAt: day('2026-03-10'), expiresAt: day('2026-09-01') });
    await earn(b, 7n, { expiresAt: day('2026-08-01') });

    await merge(a, b);

    expect(await accountOf(test, a)).toEqual({ balance: 0n, held: 0n, debt: 0n });
    expect(await openLotsOf(test, a)).toEqual([]);
    expect(await openLotsOf(test, b)).toEqual([
      { remaining: 100n, held: 0n, expiresAt: day('2026-07-01'), issuer: issuerId },
      { remaining: 7n, held: 0n, expiresAt: day('2026-08-01'), issuer: issuerId },
      { remaining: 50n, held: 0n, expiresAt: day('2026-09-01'), issuer: issuerId },
    ]);
    expect((await movementsOf(test, a)).at(-1)).toEqual({
      kind: 'MERGE',
      points: -150n,
      debt: 0n,
      counter: 'MEMBERS',
    });
    expect((await movementsOf(test, b)).at(-1)).toMatchObject({ kind: 'MERGE', points: 150n });
    // What is pending cannot be spent before its day.
    await expect(
      redeemPoints(db(), aRedemption({ memberId: b, partnerId: issuerId, points: 108n })),
    ).rejects.toEqual(refusal('INSUFFICIENT_POINTS', [], { available: 107n, required: 108n }));
    const later = day('2026-03-10');
    await redeemPoints(
      db(),
      aRedemption({
        memberId: b,
        partnerId: issuerId,
        points: 157n,
        at: later,
        effectiveAt: later,
      }),
    );
  });

  it('moves the debt, which the points of the other pay', async () => {
    const [a, b] = [await givenDebtor(), await givenPoints(test, 100n, issuerId)];

    await merge(a, b);

    expect(await accountOf(test, a)).toMatchObject({ balance: 0n, debt: 0n });
    expect(await accountOf(test, b)).toMatchObject({ balance: 40n, debt: 0n });
  });

  it('needs no other side where as many points go as are owed', async () => {
    const [a, b] = [await givenDebtor(), randomUUID()];
    await earn(a, 60n, { activatesAt: day('2026-03-10'), expiresAt: null });

    await merge(a, b);

    expect((await movementsOf(test, a)).at(-1)).toEqual({
      kind: 'MERGE',
      points: -60n,
      debt: -60n,
      counter: null,
    });
    expect(await accountOf(test, b)).toEqual({ balance: 60n, held: 0n, debt: 60n });
  });

  it('refuses what a till holds, and changes nothing', async () => {
    const [a, b] = [await givenPoints(test, 100n, issuerId), await givenPoints(test, 5n, issuerId)];
    await holdPoints(db(), {
      memberId: a,
      key: randomUUID(),
      points: 10n,
      partnerId: issuerId,
      description: 'A room',
      at: noon,
      expiresAt: day('2026-03-02'),
    });
    const before = [await traceOf(test, a), await traceOf(test, b)];

    await expect(merge(a, b)).rejects.toEqual(refusal('CONFLICT'));

    expect([await traceOf(test, a), await traceOf(test, b)]).toEqual(before);
    // Once the hold is over, it goes.
    await merge(a, b, randomUUID(), day('2026-03-03'));
    expect(await accountOf(test, b)).toMatchObject({ balance: 105n });
  });

  it('moves nothing twice, and nothing where there is nothing', async () => {
    const [a, b, key] = [await givenPoints(test, 30n, issuerId), randomUUID(), randomUUID()];

    await merge(a, b, key);
    const once = await traceOf(test, b);
    await merge(a, b, key);
    await merge(a, b);

    expect((await traceOf(test, b)).slice(0, 4)).toEqual(once.slice(0, 4));
    expect(await movementsOf(test, a)).toHaveLength(2);
  });

  it('lets a redemption at the same time have the points, or none of them', async () => {
    for (let round = 0; round < 4; round++) {
      const [a, b] = [await givenPoints(test, 10n, issuerId), randomUUID()];
      const request = aRedemption({ memberId: a, partnerId: issuerId, points: 10n });

      const { reasons } = await race(db(), 2, async (index) => {
        if (index === 0) await merge(a, b);
        else await redeemPoints(db(), request);
      });

      const left = (await accountOf(test, b))?.balance ?? 0n;
      expect(left).toBe(reasons.length === 0 ? 0n : 10n);
    }
  });
});

describe('reverseAccrual after a merge', () => {
  const reverse = (
    memberId: string,
    accrualId: string,
    clawback: 'ONLY_PENDING' | 'WITHIN_BALANCE' | 'DEBT',
    mergedInto?: string,
  ) =>
    reverseAccrual(db(), {
      ...movement(memberId, randomUUID(), noon),
      accrualId,
      clawback,
      risk: 'ISSUER',
      ...(mergedInto && { mergedInto }),
    });

  it('takes what is still pending of it, wherever it has gone, and nothing else', async () => {
    const [a, b, c] = [randomUUID(), randomUUID(), await givenPoints(test, 30n, issuerId)];
    const { transferId } = await earn(a, 100n, {
      activatesAt: day('2026-03-10'),
      expiresAt: null,
    });
    await merge(a, b);
    await merge(b, c);

    const { from } = await reverse(a, transferId, 'ONLY_PENDING', c);

    expect(from).toMatchObject({ taken: 100, debt: 0, writtenOff: 0 });
    expect(await accountOf(test, a)).toEqual({ balance: 0n, held: 0n, debt: 0n });
    expect(await accountOf(test, c)).toEqual({ balance: 30n, held: 0n, debt: 0n });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it.each([
    ['ONLY_PENDING', { taken: 0, debt: 0, writtenOff: 100 }, 70n],
    ['WITHIN_BALANCE', { taken: 70, debt: 0, writtenOff: 30 }, 0n],
    ['DEBT', { taken: 70, debt: 30, writtenOff: 0 }, 0n],
  ] as const)(
    'by %s takes what the other has left of it, and of others',
    async (by, from, left) => {
      const [a, b] = [randomUUID(), await givenPoints(test, 30n, issuerId)];
      const { transferId } = await earn(a, 100n, { expiresAt: day('2026-07-01') });
      await merge(a, b);
      await redeemPoints(db(), aRedemption({ memberId: b, partnerId: issuerId, points: 60n }));

      expect((await reverse(a, transferId, by, b)).from).toMatchObject(from);

      expect(await accountOf(test, a)).toEqual({ balance: 0n, held: 0n, debt: BigInt(from.debt) });
      expect(await accountOf(test, b)).toEqual({ balance: left, held: 0n, debt: 0n });
      expect(await auditLedger(test.owner())).toEqual([]);
    },
  );

  it.each([false, true])(
    'takes both parts of a lot that came in two (merged again: %s)',
    async (again) => {
      const [a, b, key] = [randomUUID(), randomUUID(), randomUUID()];
      const { transferId } = await earn(a, 100n);
      await redeemPoints(db(), aRedemption({ memberId: a, partnerId: issuerId, points: 40n, key }));
      await merge(a, b);
      await cancelRedemption(db(), { ...movement(a, randomUUID(), noon), transferId: key });
      if (again) await merge(a, b);

      expect((await reverse(a, transferId, 'DEBT', b)).from).toMatchObject({ taken: 100, debt: 0 });

      expect(await accountOf(test, b)).toEqual({ balance: 0n, held: 0n, debt: 0n });
      expect(await auditLedger(test.owner())).toEqual([]);
    },
  );

  it('and an undone merge give each point once', async () => {
    const [a, b, key] = [randomUUID(), randomUUID(), randomUUID()];
    const { transferId } = await earn(a, 100n);
    await earn(a, 20n);
    await merge(a, b, key);

    await race<unknown>(db(), 2, (index) =>
      index ? reverse(a, transferId, 'WITHIN_BALANCE', b) : unmerge(b, a, key),
    );

    expect(await accountOf(test, a)).toMatchObject({ balance: 20n, debt: 0n });
    expect(await accountOf(test, b)).toMatchObject({ balance: 0n });
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});

describe('unmergePoints', () => {
  it('gives the lots back as they are by now, less what was spent', async () => {
    const [a, b, key] = [randomUUID(), await givenPoints(test, 5n, issuerId), randomUUID()];
    await earn(a, 100n, { expiresAt: day('2026-07-01') });
    await earn(a, 50n, { activatesAt: day('2026-03-10'), expiresAt: day('2026-09-01') });
    await merge(a, b, key);
    await redeemPoints(db(), aRedemption({ memberId: b, partnerId: issuerId, points: 30n }));

    const undo = randomUUID();
    await unmerge(b, a, key, undo);
    await unmerge(b, a, key, undo);

    expect(await openLotsOf(test, a)).toEqual([
      { remaining: 70n, held: 0n, expiresAt: day('2026-07-01'), issuer: issuerId },
      { remaining: 50n, held: 0n, expiresAt: day('2026-09-01'), issuer: issuerId },
    ]);
    expect(await accountOf(test, a)).toMatchObject({ balance: 120n });
    expect(await accountOf(test, b)).toMatchObject({ balance: 5n });
    // They still end on their day.
    await settleDue(test.db('worker'), 1_000, day('2026-07-01'));
    expect(await accountOf(test, a)).toMatchObject({ balance: 50n });
  });

  it('gives the debt back as far as it is owed still', async () => {
    const [a, b, key] = [await givenDebtor(), randomUUID(), randomUUID()];
    await merge(a, b, key);
    await earn(b, 20n);
    expect(await accountOf(test, b)).toMatchObject({ debt: 40n });

    await unmerge(b, a, key);

    expect(await accountOf(test, a)).toMatchObject({ balance: 0n, debt: 40n });
    expect(await accountOf(test, b)).toMatchObject({ balance: 0n, debt: 0n });
  });

  it('refuses what a till holds of it, and a merge that never was', async () => {
    const [a, b, key] = [await givenPoints(test, 40n, issuerId), randomUUID(), randomUUID()];
    await merge(a, b, key);
    await holdPoints(db(), {
      memberId: b,
      key: randomUUID(),
      points: 10n,
      partnerId: issuerId,
      description: 'A room',
      at: noon,
      expiresAt: day('2026-03-02'),
    });

    await expect(unmerge(b, a, key)).rejects.toEqual(refusal('CONFLICT'));
    await expect(unmerge(b, a, randomUUID())).rejects.toEqual(refusal('NOT_FOUND'));
    await expect(unmerge(b, randomUUID(), key)).rejects.toEqual(refusal('NOT_FOUND'));
    expect(await accountOf(test, b)).toMatchObject({ balance: 40n });
  });
});

describe('what waits in vain, once it was merged', () => {
  const over = day('2026-06-01');
  const waiting = { activatesAt: 'onAction', cancelsAt: over, expiresAt: null } as const;
  const reversal = { kind: 'REVERSAL', debt: 0n, counter: 'PARTNER_ISSUANCE' };

  it('goes back to whom it came from, over several merges', async () => {
    const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
    await earn(a, 30n, waiting);
    await merge(a, b);
    await merge(b, c);
    await settleDue(test.db('worker'), 1_000, over);

    expect(await accountOf(test, c)).toEqual({ balance: 0n, held: 0n, debt: 0n });
    expect((await movementsOf(test, c)).at(-1)).toEqual({ ...reversal, points: -30n });
    // What this account was never issued, it has not lost.
    expect(await lifetimeEarnedOf(db(), [{ memberId: c }], over)).toEqual([0n]);
  });

  it('goes back, too, where the merge had no other side', async () => {
    const [a, b] = [await givenDebtor(), randomUUID()];
    await earn(a, 60n, waiting);
    await merge(a, b);

    await settleDue(test.db('worker'), 1_000, over);

    expect(await accountOf(test, b)).toEqual({ balance: 0n, held: 0n, debt: 60n });
    expect((await movementsOf(test, b)).at(-1)).toEqual({ ...reversal, points: -60n });
  });
});

describe('points that end a month after the last redemption', () => {
  it('are kept by what was redeemed on the other account, from the merge on and not before', async () => {
    const currency = await givenCurrency(test, issuerId);
    await rows(
      test.owner(),
      `UPDATE ledger.currency SET expiry = 'INACTIVITY', expiry_months = 1, time_zone = 'UTC',
         activity_kinds = '{REDEMPTION}' WHERE code = $1`,
      [currency],
    );
    const [a, b] = [randomUUID(), randomUUID()];
    const on = (text: string) => ({ currency, at: day(text), effectiveAt: day(text) });
    const redeem = (memberId: string, points: bigint, text: string) =>
      redeemPoints(db(), aRedemption({ memberId, partnerId: issuerId, points, ...on(text) }));
    const known = async (text: string, asked: string) => {
      const as = { knownAt: day(text) };
      const [now] = await balancesOf(db(), [{ memberId: b, currency }], day(asked), as);
      return now?.available;
    };
    await earn(b, 100n, on('2026-01-10'));
    await earn(a, 50n, on('2026-02-01'));
    await earn(b, 7n, on('2026-02-03'));
    await redeem(a, 10n, '2026-02-09');
    expect(await known('2026-02-20', '2026-02-20')).toBe(7n);

    await mergePoints(db(), [
      { ...movement(a, randomUUID(), day('2026-02-25')), currency, intoMemberId: b },
    ]);

    // The 100 had ended on 10 February. By then no merge was known.
    expect(await known('2026-02-20', '2026-03-05')).toBe(7n);
    // The rest would have ended on 1 and 3 March.
    expect(await known('2026-03-05', '2026-03-05')).toBe(47n);
    await redeem(b, 1n, '2026-03-06');
    expect(await known('2026-03-05', '2026-03-07')).toBe(47n);
    expect(await known('2026-02-20', '2026-03-07')).toBe(7n);
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound, and a side that is changed is found', async () => {
    expect((await countersOf(test, null))['MEMBERS']).toBe(0n);
    expect(await auditLedger(test.owner())).toEqual([]);

    const [a, b, key] = [await givenPoints(test, 40n, issuerId), randomUUID(), randomUUID()];
    await merge(a, b, key);
    await rows(
      test.owner(),
      'DELETE FROM ledger.transfer WHERE member_id = $1 AND transfer_id = $2',
      [a, key],
    );

    expect(await auditLedger(test.owner())).toContainEqual(
      expect.objectContaining({ invariant: 'what one member gives another one gets' }),
    );
  });
});
