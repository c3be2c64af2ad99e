import { randomUUID } from 'node:crypto';
import { Big } from 'big.js';
import { costLiability } from '../../ledger/breakage.ts';
import {
  type ReverseAccrual,
  accruePoints,
  activatePoints,
  adjustPoints,
  auditLedger,
  beginConversion,
  cancelRedemption,
  confirmConversion,
  donatePoints,
  holdPoints,
  openCause,
  redeemPoints,
  reverseAccrual,
  reverseConversion,
  settleDue,
  transferPoints,
} from '../../ledger/index.ts';
import { movementOf, outstandingAt, trialBalance } from '../../ledger/liability.ts';
import { toMinorUnits } from '../../ledger/minor-units.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { aConversion, anEnd, givenRate } from '../support/given-conversions.ts';
import { aRedemption, anAccrual, givenLedgerPartner } from '../support/given-points.ts';

describe('the liability', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  const posting = () => test.db('partners');

  it('rolls forward 50,000,000 to 52,155,000 points, which cost €390,119.40', async () => {
    const currency = await givenCurrency('UTC');
    const [airline, hotel, card] = await partners(3);
    const accrue = async (issuerId: string, points: bigint, at: Date, expiresAt?: Date) => {
      const dates = { at, effectiveAt: at, expiresAt: expiresAt ?? null };
      const accrual = anAccrual({ memberId: randomUUID(), issuerId, points, currency, ...dates });
      await accruePoints(posting(), accrual);
      return accrual;
    };
    const [december, tenth] = [new Date('2025-12-31T23:59:59Z'), new Date('2026-01-10T12:00:00Z')];
    await accrue(airline!, 48_250_000n, december);
    await accrue(hotel!, 210_000n, december, new Date('2026-01-15T00:00:00Z'));
    for (const [partnerId, issued, reversed, redeemed] of [
      [airline!, 1_200_000n, 60_000n, 850_000n],
      [hotel!, 400_000n, 10_000n, 650_000n],
      [card!, 2_500_000n, 125_000n, 40_000n],
    ] as const) {
      const buyer = await accrue(partnerId, issued, tenth);
      const spender = await accrue(partnerId, redeemed, december);
      const at = new Date('2026-01-31T23:59:59Z');
      await reverseAccrual(posting(), returnOf(buyer, { points: reversed, at }));
      const { memberId } = spender;
      await redeemPoints(
        posting(),
        aRedemption({ memberId, partnerId, points: redeemed, currency, at }),
      );
      await accrue(partnerId, 1n, new Date('2026-02-01T00:00:00Z'));
    }
    await settleDue(test.db('worker'), 100, new Date('2026-01-15T00:00:30Z'));

    const movement = await movementOf(db(), { currency, from: '2026-01-01', to: '2026-01-31' });
    const { outstanding } = await outstandingAt(db(), {
      currency,
      at: new Date('2026-01-31T23:59:59Z'),
    });

    expect(movement).toEqual({
      opening: 50_000_000n,
      issued: 3_905_000n,
      redeemed: 1_540_000n,
      expired: 210_000n,
      exchanged: 0n,
      adjusted: 0n,
      closing: 52_155_000n,
      debt: 0n,
    });
    expect(outstanding).toBe(52_155_000n);
    const cost = costLiability(outstanding, new Big('0.88'), '0.0085');
    expect(toMinorUnits(cost, 'EUR')).toBe('390119.40');
  });

  it('puts what each command moves on its line', async () => {
    const currency = await givenCurrency('UTC');
    const [partnerId] = (await partners(1)) as [string];
    const causeId = randomUUID();
    await openCause(test.db('rewards-catalog'), causeId);
    const [memberId, toMemberId] = [randomUUID(), randomUUID()];
    const at = new Date('2026-01-10T12:00:00Z');
    const base = () => ({
      memberId,
      currency,
      at,
      key: randomUUID(),
      description: 'Test',
      source: { kind: 'activity', id: randomUUID() } as const,
    });
    const period = { currency, from: '2026-01-10', to: '2026-01-10' };
    const zero = { issued: 0n, redeemed: 0n, expired: 0n, exchanged: 0n, adjusted: 0n, debt: 0n };
    let before = { ...zero, opening: 0n, closing: 0n };
    /** What a step adds to the lines of the day. */
    const moves = async (step: Promise<unknown>, change: Partial<typeof zero>) => {
      await step;
      const now = await movementOf(db(), period);
      const lines = Object.keys(zero) as (keyof typeof zero)[];
      const changes = lines.map((line) => [line, now[line] - before[line]] as const);
      expect(Object.fromEntries(changes)).toEqual({ ...zero, ...change });
      expect(now.closing).toBe(await balances(currency));
      expect(await trialBalance(db(), currency)).toBe(0n);
      before = now;
    };
    const first = anAccrual({ memberId, issuerId: partnerId, points: 1_000n, currency, at });
    const second = anAccrual({ ...first, key: randomUUID(), points: 400n });
    const reward = aRedemption({ memberId, partnerId, points: 700n, currency, at });

    await moves(accruePoints(posting(), first), { issued: 1_000n });
    await moves(redeemPoints(posting(), reward), { redeemed: 700n });
    const gift = { ...base(), points: 100n, toMemberId };
    await moves(transferPoints(posting(), gift), {});
    const donation = { ...base(), points: 50n, causeId };
    await moves(donatePoints(posting(), donation), { redeemed: 50n });
    // Of 1,000 there are 150 left: 500 become a debt, and 350 are written off.
    const all = returnOf(first, { at, debtLimit: 500n });
    await moves(reverseAccrual(posting(), all), {
      issued: -1_000n,
      adjusted: 350n + 500n,
      debt: 500n,
    });
    await moves(accruePoints(posting(), second), { issued: 400n, adjusted: -400n, debt: -400n });
    const cancelled = { ...base(), transferId: reward.key, points: 250n };
    await moves(cancelRedemption(posting(), cancelled), {
      redeemed: -250n,
      adjusted: -100n,
      debt: -100n,
    });
    await moves(adjustPoints(posting(), { ...base(), points: 33n }), { adjusted: 33n });
    await moves(adjustPoints(posting(), { ...base(), points: -3n }), { adjusted: -3n });
    const to = await givenCurrency('UTC');
    await givenRate(test, { from: currency, to, toBlock: 2n });
    const refused = aConversion({ memberId, currency, to, points: 80n, at });
    const taken = aConversion({ memberId, currency, to, points: 50n, at });
    await moves(beginConversion(posting(), refused), { exchanged: -80n });
    await moves(reverseConversion(posting(), anEnd(refused)), { exchanged: 80n });
    await moves(beginConversion(posting(), taken), { exchanged: -50n });
    await moves(confirmConversion(posting(), anEnd(taken)), {});

    const elsewhere = await movementOf(db(), { ...period, currency: to });
    expect(elsewhere).toEqual({ ...zero, opening: 0n, exchanged: 100n, closing: 100n });
    expect(await trialBalance(db(), to)).toBe(0n);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('tells what is pending, and what each issuer’s points are worth', async () => {
    const currency = await givenCurrency('UTC');
    const [shop, hotel] = (await partners(2)) as [string, string];
    const at = new Date('2026-01-10T12:00:00Z');
    const later = new Date('2026-01-20T00:00:00Z');
    const memberId = randomUUID();
    const accrue = (issuerId: string, points: bigint, more: object = {}) => {
      const accrual = anAccrual({ memberId, issuerId, points, currency, at, effectiveAt: at });
      return accruePoints(posting(), { ...accrual, expiresAt: null, ...more });
    };
    const waiting = randomUUID();
    await accrue(shop, 1_000n);
    await accrue(shop, 200n, { activatesAt: later, issuePrice: '0.0001' });
    await accrue(hotel, 30n, { key: waiting, activatesAt: 'onAction', issuePrice: '0.5' });
    await accrue(hotel, 4n, { activatesAt: 'onAction', cancelsAt: later });

    const found = await outstandingAt(db(), { currency, at });
    expect(found).toEqual({
      outstanding: 1_234n,
      pending: 234n,
      byIssuer: [
        { issuerId: shop, outstanding: 1_200n, value: '12.02' },
        { issuerId: hotel, outstanding: 34n, value: '15.048' },
      ],
    });
    // The last four are taken back then, whether anybody has written it down or not.
    expect(await outstandingAt(db(), { currency, at: later })).toMatchObject({
      outstanding: 1_230n,
      pending: 30n,
    });
    await activatePoints(posting(), {
      memberId,
      currency,
      at: later,
      key: randomUUID(),
      accrualId: waiting,
    });
    expect(await outstandingAt(db(), { currency, at: later })).toMatchObject({
      outstanding: 1_230n,
      pending: 0n,
    });
    expect(await outstandingAt(db(), { currency, at })).toEqual(found);
  });

  it('counts what has ended no more, before the sweep and after, but for what is held', async () => {
    const currency = await givenCurrency('UTC');
    const [partnerId] = (await partners(1)) as [string];
    const [at, end] = [new Date('2026-01-10T12:00:00Z'), new Date('2026-01-20T00:00:00Z')];
    const afterEnd = new Date('2026-01-20T09:00:00Z');
    const memberId = randomUUID();
    const lot = { memberId, issuerId: partnerId, points: 100n, currency, at, effectiveAt: at };
    await accruePoints(posting(), anAccrual({ ...lot, expiresAt: end }));
    await holdPoints(posting(), {
      memberId,
      partnerId,
      points: 40n,
      currency,
      description: 'Ferry',
      at: new Date('2026-01-19T12:00:00Z'),
      key: randomUUID(),
      expiresAt: afterEnd,
    });
    const figures = async (knownAt?: Date) => {
      const instants = [
        '01-19T23:59:59.999Z',
        '01-20T00:00:00Z',
        '01-20T08:59:59Z',
        '01-20T09:00:00Z',
      ];
      const each = await Promise.all(
        instants.map((text) =>
          outstandingAt(db(), {
            currency,
            at: new Date(`2026-${text}`),
            ...(knownAt && { knownAt }),
          }),
        ),
      );
      return each.map(({ outstanding }) => outstanding);
    };

    expect(await figures()).toEqual([100n, 40n, 40n, 0n]);
    await settleDue(test.db('worker'), 100, new Date('2026-01-20T12:00:00Z'));
    expect(await figures()).toEqual([100n, 40n, 40n, 0n]);
    // As it was known before the sweep had written it down.
    expect(await figures(afterEnd)).toEqual([100n, 40n, 40n, 0n]);
  });

  it('ends points for want of activity, before the sweep and after', async () => {
    const currency = await givenCurrency('UTC', { expiry: 'INACTIVITY', expiry_months: 1 });
    const [issuerId] = (await partners(1)) as [string];
    const at = new Date('2026-01-10T12:00:00Z');
    const accrual = anAccrual({ memberId: randomUUID(), issuerId, points: 100n, currency, at });
    await accruePoints(posting(), { ...accrual, effectiveAt: at });
    const figures = async () =>
      Promise.all(
        ['2026-02-10T23:59:59Z', '2026-02-11T00:00:00Z'].map(
          async (text) => (await outstandingAt(db(), { currency, at: new Date(text) })).outstanding,
        ),
      );

    expect(await figures()).toEqual([100n, 0n]);
    await settleDue(test.db('worker'), 100, new Date('2026-02-12T00:00:00Z'));
    expect(await figures()).toEqual([100n, 0n]);
  });

  it('counts again what was to be converted and ran out, before the sweep and after', async () => {
    const [currency, to] = [await givenCurrency('UTC'), await givenCurrency('UTC')];
    const [issuerId] = (await partners(1)) as [string];
    const [at, timesOutAt] = [new Date('2026-01-10T12:00:00Z'), new Date('2026-01-12T12:00:00Z')];
    const memberId = randomUUID();
    const lot = { memberId, issuerId, points: 100n, currency, at, effectiveAt: at };
    await accruePoints(posting(), anAccrual({ ...lot, expiresAt: null }));
    await givenRate(test, { from: currency, to });
    const conversion = aConversion({ memberId, currency, to, points: 60n, at, timesOutAt });
    await beginConversion(posting(), conversion);
    const figures = () =>
      Promise.all(
        [new Date('2026-01-12T11:59:59Z'), timesOutAt].map(
          async (instant) => (await outstandingAt(db(), { currency, at: instant })).outstanding,
        ),
      );

    expect(await figures()).toEqual([40n, 100n]);
    await settleDue(test.db('worker'), 100, new Date('2026-01-12T12:00:30Z'));
    expect(await figures()).toEqual([40n, 100n]);
  });

  it('tells what had happened from what was known', async () => {
    const currency = await givenCurrency('UTC');
    const [issuerId] = (await partners(1)) as [string];
    const happened = new Date('2026-01-05T12:00:00Z');
    const posted = new Date('2026-01-10T12:00:00Z');
    const accrual = { memberId: randomUUID(), issuerId, points: 100n, currency };
    const dates = { at: posted, effectiveAt: happened, expiresAt: null };
    await accruePoints(posting(), anAccrual({ ...accrual, ...dates }));
    const between = new Date('2026-01-07T00:00:00Z');

    expect(await outstandingAt(db(), { currency, at: between })).toMatchObject({
      outstanding: 100n,
    });
    expect(await outstandingAt(db(), { currency, at: between, knownAt: between })).toEqual({
      outstanding: 0n,
      pending: 0n,
      byIssuer: [],
    });
  });

  it('finds books that do not balance', async () => {
    const currency = await givenCurrency('UTC');
    const [issuerId] = (await partners(1)) as [string];
    const memberId = randomUUID();
    await accruePoints(posting(), anAccrual({ memberId, issuerId, points: 100n, currency }));

    await test.owner().transaction(async (tx) => {
      await rows(tx, 'UPDATE ledger.account SET balance = 101 WHERE member_id = $1', [memberId]);
      expect(await trialBalance(tx, currency)).toBe(1n);
      await rows(tx, 'ROLLBACK; BEGIN');
    });
    expect(await trialBalance(db(), currency)).toBe(0n);
  });

  function partners(count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => givenLedgerPartner(test)));
  }

  /** A currency of the test's own, so that nothing else moves in it. @returns its code */
  async function givenCurrency(timeZone: string, policy: object = {}): Promise<string> {
    const code = `T${randomUUID().slice(0, 8)}`.toUpperCase();
    const row = { ...policy, code, name: code, kind: 'SPENDABLE', time_zone: timeZone };
    const columns = Object.keys(row).join(', ');
    await rows(
      test.owner(),
      `INSERT INTO ledger.currency (${columns})
       SELECT ${columns} FROM jsonb_populate_record(NULL::ledger.currency, $1)`,
      [row],
    );
    return code;
  }

  async function balances(currency: string): Promise<bigint> {
    const [row] = await rows<{ sum: bigint }>(
      test.owner(),
      'SELECT sum(balance)::bigint AS sum FROM ledger.account WHERE currency = $1',
      [currency],
    );
    return row!.sum;
  }
});

/** The return of the purchase behind an accrual, in full or in part. */
function returnOf(
  { memberId, key, currency }: { memberId: string; key: string; currency?: string },
  more: { at: Date; points?: bigint; debtLimit?: bigint },
): ReverseAccrual {
  return {
    memberId,
    currency: currency!,
    key: randomUUID(),
    accrualId: key,
    source: { kind: 'activity', id: key },
    description: 'Returned',
    clawback: 'DEBT',
    risk: 'SHARED',
    ...more,
  };
}
