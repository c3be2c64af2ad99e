import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import {
  type Accrual,
  type ReadAs,
  accruePoints,
  activatePoints,
  adjustPoints,
  auditLedger,
  balancesOf,
  beginConversion,
  cancelRedemption,
  expiringOf,
  holdPoints,
  lifetimeEarnedOf,
  redeemPoints,
  reverseAccrual,
  transferPoints,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenRate } from '../support/given-conversions.ts';
import { aRedemption, anAccrual, givenLedgerPartner } from '../support/given-points.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const at = (text: string) => new Date(text.includes('T') ? text : `${text}T12:00:00Z`);
let issuerId: string;

beforeAll(async () => {
  issuerId = await givenLedgerPartner(test);
});

async function earn(
  memberId: string,
  points: bigint,
  on: string,
  dates: Partial<Accrual> = {},
): Promise<Accrual> {
  const accrual = { memberId, points, issuerId, at: at(on), effectiveAt: at(on), expiresAt: null };
  const posted = anAccrual({ ...accrual, ...dates });
  await accruePoints(test.db('partners'), posted);
  return posted;
}

async function spend(memberId: string, points: bigint, on: string): Promise<string> {
  const redemption = aRedemption({ memberId, points, partnerId: issuerId });
  await redeemPoints(db(), { ...redemption, at: at(on), effectiveAt: at(on) });
  return redemption.key;
}

function giveBack({ memberId, key, source }: Accrual, posted: string, happened = posted) {
  return reverseAccrual(test.db('partners'), {
    memberId,
    key: randomUUID(),
    accrualId: key,
    clawback: 'DEBT',
    risk: 'OPERATOR',
    source,
    description: 'Returned',
    at: at(posted),
    effectiveAt: at(happened),
  });
}

function hold(memberId: string, points: bigint, on: string, until: string) {
  const asked = { memberId, points, partnerId: issuerId, description: 'Till 4' };
  return holdPoints(db(), { ...asked, key: randomUUID(), at: at(on), expiresAt: at(until) });
}

async function balance(memberId: string, on: string, as: ReadAs = {}) {
  const [read] = await balancesOf(db(), [{ memberId }], at(on), as);
  const { available, pending, held, debt } = read!;
  return { available, pending, held, debt };
}

const nothing = { available: 0n, pending: 0n, held: 0n, debt: 0n };
const expiring = async (memberId: string, days: number, on: string, as: ReadAs = {}) =>
  (await expiringOf(db(), [{ memberId }], days, at(on), as))[0];
const earned = async (memberId: string, on: string, as: ReadAs = {}) =>
  (await lifetimeEarnedOf(db(), [{ memberId }], at(on), as))[0];

async function policy(assignments: string): Promise<void> {
  await rows(test.owner(), `UPDATE ledger.currency SET ${assignments} WHERE code = 'PTS'`);
}

describe('a balance', () => {
  it('tells points by what they are good for, and by who issued them', async () => {
    const memberId = randomUUID();
    const hotelId = await givenLedgerPartner(test);
    await earn(memberId, 500n, '2026-03-01');
    await earn(memberId, 800n, '2026-03-01', { issuerId: hotelId, expiresAt: at('2026-06-01') });
    await earn(memberId, 70n, '2026-03-01', { activatesAt: at('2026-03-15') });
    await earn(memberId, 9n, '2026-03-01', { activatesAt: 'onAction' });
    await adjustPoints(db(), {
      ...anAccrual({ memberId, points: 40n, issuerId }),
      issuerId: undefined as never,
      at: at('2026-03-01'),
    });
    await hold(memberId, 300n, '2026-03-02', '2026-03-09');

    const [read, none] = await balancesOf(
      db(),
      [{ memberId }, { memberId: randomUUID(), currency: 'MILES' }],
      at('2026-03-03'),
    );

    expect(read).toEqual({
      memberId,
      currency: 'PTS',
      opened: true,
      available: 1_040n,
      pending: 79n,
      held: 300n,
      debt: 0n,
      // The hold keeps what expires first.
      byIssuer: [
        { issuerId: hotelId, points: 500n },
        { issuerId, points: 500n },
        { issuerId: null, points: 40n },
      ].sort((a, b) => Number(b.points - a.points) || (a.issuerId! < b.issuerId! ? -1 : 1)),
    });
    expect(none).toMatchObject({ ...nothing, currency: 'MILES', opened: false, byIssuer: [] });
  });

  it('of many accounts is read by one statement', async () => {
    const members = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const memberId = randomUUID();
        await earn(memberId, BigInt(n + 1), '2026-03-01');
        return { memberId };
      }),
    );
    const spy = jest.spyOn(pg.Client.prototype, 'query');
    try {
      const read = await balancesOf(db(), members, at('2026-03-02'), { asOf: at('2026-03-01') });

      expect(read.map(({ available }) => available)).toEqual(members.map((_, n) => BigInt(n + 1)));
      expect(spy).toHaveBeenCalledTimes(1);
    } finally {
      spy.mockRestore();
    }
  });

  // Mechanics of clawback: lots A 1,000 until March and B 500 until June, of which 1,200 are spent.
  it('goes into debt, and comes out of it, with what is taken back', async () => {
    const memberId = randomUUID();
    const a = await earn(memberId, 1_000n, '2026-01-10', { expiresAt: at('2026-03-31') });
    await earn(memberId, 500n, '2026-01-11', { expiresAt: at('2026-06-30') });
    await spend(memberId, 1_200n, '2026-01-12');
    expect(await balance(memberId, '2026-01-13')).toEqual({ ...nothing, available: 300n });
    expect(await earned(memberId, '2026-01-13')).toBe(1_500n);

    await giveBack(a, '2026-01-20', '2026-01-15');

    expect(await balance(memberId, '2026-01-21')).toEqual({ ...nothing, debt: 700n });
    expect(await earned(memberId, '2026-01-21')).toBe(500n);
    await earn(memberId, 400n, '2026-02-01');
    expect(await balance(memberId, '2026-02-02')).toEqual({ ...nothing, debt: 300n });
    expect(await earned(memberId, '2026-02-02')).toBe(900n);

    // The return was on the 15th, and the ledger knew of it on the 20th.
    const on = '2026-02-03';
    const the17th = at('2026-01-17');
    expect(await balance(memberId, on, { asOf: the17th })).toEqual({ ...nothing, debt: 700n });
    expect(await balance(memberId, on, { knownAt: the17th })).toEqual({
      ...nothing,
      available: 300n,
    });
    expect(await balance(memberId, on, { asOf: the17th, knownAt: the17th })).toEqual({
      ...nothing,
      available: 300n,
    });
    expect(await balance(memberId, on, { asOf: at('2026-01-14') })).toEqual({
      ...nothing,
      available: 300n,
    });
    expect(await earned(memberId, on, { asOf: the17th })).toBe(500n);
    expect(await earned(memberId, on, { knownAt: the17th })).toBe(1_500n);
    expect(await balance(memberId, on, { asOf: at('2026-01-09') })).toEqual(nothing);
    expect(await balance(memberId, on, { asOf: at('2036-01-01'), knownAt: at(on) })).toEqual({
      ...nothing,
      debt: 300n,
    });
  });

  it('is the sum of what had happened by then, whenever it was posted', async () => {
    const memberId = randomUUID();
    const days = ['2026-04-01', '2026-03-05', '2026-03-20', '2026-04-02', '2026-03-11'];
    for (const [n, day] of days.entries()) {
      await earn(memberId, 10n ** BigInt(n), `2026-04-1${n}`, { effectiveAt: at(day) });
    }
    await spend(memberId, 7n, '2026-04-20');

    const asOf = async (day: string) =>
      (await balance(memberId, '2026-05-01', { asOf: at(day) })).available;
    expect(await asOf('2026-03-10')).toBe(10n);
    expect(await asOf('2026-03-11')).toBe(10_010n);
    expect(await asOf('2026-03-31')).toBe(10_110n);
    expect(await asOf('2026-04-19')).toBe(11_111n);
    expect(await asOf('2026-04-20')).toBe(11_104n);
    const knownAt = { asOf: at('2026-03-31'), knownAt: at('2026-04-12') };
    expect((await balance(memberId, '2026-05-01', knownAt)).available).toBe(110n);
  });

  it('counts what an activated lot was before, and no gift as earned', async () => {
    const [memberId, toMemberId] = [randomUUID(), randomUUID()];
    const { key: accrualId } = await earn(memberId, 50n, '2026-03-01', { activatesAt: 'onAction' });
    await earn(memberId, 5n, '2026-03-01', {
      activatesAt: 'onAction',
      cancelsAt: at('2026-03-10'),
    });
    await activatePoints(db(), { memberId, key: randomUUID(), accrualId, at: at('2026-03-05') });
    await transferPoints(db(), {
      ...anAccrual({ memberId, points: 20n, issuerId }),
      toMemberId,
      effectiveAt: at('2026-03-06'),
      at: at('2026-03-06'),
      source: { kind: 'transfer', id: randomUUID() },
    });

    const on = '2026-03-11';
    expect(await balance(memberId, on)).toEqual({ ...nothing, available: 30n });
    expect(await balance(memberId, on, { knownAt: at('2026-03-04') })).toEqual({
      ...nothing,
      pending: 55n,
    });
    expect(await balance(memberId, on, { asOf: at('2026-03-05') })).toEqual({
      ...nothing,
      available: 50n,
      pending: 5n,
    });
    expect(await earned(memberId, on)).toBe(50n);
    expect(await earned(memberId, on, { knownAt: at('2026-03-09') })).toBe(55n);
    expect(await balance(toMemberId, on)).toEqual({ ...nothing, available: 20n });
    expect(await earned(toMemberId, on)).toBe(0n);
  });

  it('has points of a cancelled redemption back from the day of its cancellation', async () => {
    const memberId = randomUUID();
    await earn(memberId, 100n, '2026-03-01');
    const transferId = await spend(memberId, 60n, '2026-03-02');
    await cancelRedemption(db(), {
      memberId,
      key: randomUUID(),
      transferId,
      source: { kind: 'redemption', id: transferId },
      description: 'Cancelled',
      at: at('2026-03-08'),
      effectiveAt: at('2026-03-05'),
    });

    const then = async (as: ReadAs) => (await balance(memberId, '2026-04-01', as)).available;
    expect(await then({ asOf: at('2026-03-04') })).toBe(40n);
    expect(await then({ asOf: at('2026-03-06') })).toBe(100n);
    expect(await then({ knownAt: at('2026-03-06') })).toBe(40n);
    expect(await then({ knownAt: at('2026-03-01T11:59:59Z') })).toBe(0n);
  });
});

describe('what is due', () => {
  // The program's clock is Berlin's, which is put forward on 29 March 2026.
  it('has happened at its instant: points are gone with the day after their last', async () => {
    const memberId = randomUUID();
    await policy(`expiry = 'LOT_AGE', expiry_months = 1, expiry_rounding = 'DAY'`);
    await earn(memberId, 10n, '2026-01-31', { expiresAt: undefined as never });
    await earn(memberId, 20n, '2026-02-28', { expiresAt: undefined as never });
    await earn(memberId, 30n, '2026-02-28', { activatesAt: at('2026-03-01') });
    await policy(`expiry = 'NEVER'`);

    expect(await expiring(memberId, 29, '2026-02-01')).toEqual([{ points: 10n, on: '2026-02-28' }]);
    expect(await balance(memberId, '2026-02-28T22:59:59Z')).toEqual({
      ...nothing,
      available: 30n,
      pending: 30n,
    });
    expect(await balance(memberId, '2026-02-28T23:00:00Z')).toEqual({
      ...nothing,
      available: 20n,
      pending: 30n,
    });
    expect(await expiring(memberId, 27, '2026-03-01')).toEqual([{ points: 20n, on: '2026-03-28' }]);
    expect(await expiring(memberId, 26, '2026-03-01')).toEqual([]);
    expect(await balance(memberId, '2026-03-28T23:00:00Z')).toEqual({ ...nothing, available: 30n });
    expect(await balance(memberId, '2026-04-01', { asOf: at('2026-02-28T22:59:59Z') })).toEqual({
      ...nothing,
      available: 30n,
      pending: 30n,
    });
  });

  it('leaves a hold its points until it ends, and then their days of grace', async () => {
    await policy('hold_grace_days = 2');
    const memberId = randomUUID();
    await earn(memberId, 100n, '2026-03-01', { expiresAt: at('2026-03-03') });
    await hold(memberId, 60n, '2026-03-02', '2026-03-05');

    expect(await balance(memberId, '2026-03-04')).toEqual({ ...nothing, held: 60n });
    expect(await balance(memberId, '2026-03-06')).toEqual({ ...nothing, available: 60n });
    expect(await expiring(memberId, 1, '2026-03-06')).toEqual([{ points: 60n, on: '2026-03-07' }]);
    expect(await balance(memberId, '2026-03-07T22:59:59Z')).toEqual({ ...nothing, available: 60n });
    expect(await balance(memberId, '2026-03-07T23:00:00Z')).toEqual(nothing);
    expect(await balance(memberId, '2026-03-09', { asOf: at('2026-03-04') })).toEqual({
      ...nothing,
      held: 60n,
    });
    await policy('hold_grace_days = 0');
    expect(await balance(memberId, '2026-03-06')).toEqual(nothing);
  });

  it('takes back points that waited in vain, and brings back those that nobody took', async () => {
    const memberId = randomUUID();
    await givenRate(test, { from: 'PTS', to: 'OUTSIDE' });
    await earn(memberId, 100n, '2026-03-01');
    await earn(memberId, 7n, '2026-03-01', {
      activatesAt: 'onAction',
      cancelsAt: at('2026-03-04'),
    });
    const key = randomUUID();
    await beginConversion(db(), {
      memberId,
      key,
      points: 80n,
      to: 'OUTSIDE',
      timesOutAt: at('2026-03-05'),
      source: { kind: 'conversion', id: key },
      description: 'To the airline',
      at: at('2026-03-02'),
    });

    const before = { ...nothing, available: 20n, pending: 7n };
    expect(await balance(memberId, '2026-03-03')).toEqual(before);
    expect(await balance(memberId, '2026-03-04')).toEqual({ ...nothing, available: 20n });
    expect(await balance(memberId, '2026-03-05')).toEqual({ ...nothing, available: 100n });
    expect(await balance(memberId, '2026-03-05', { asOf: at('2026-03-03') })).toEqual(before);
    expect(await earned(memberId, '2026-03-03')).toBe(107n);
    expect(await earned(memberId, '2026-03-05')).toBe(100n);
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
