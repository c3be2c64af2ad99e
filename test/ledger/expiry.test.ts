import { randomUUID } from 'node:crypto';
import {
  accruePoints,
  adjustPoints,
  auditLedger,
  redeemPoints,
  setPolicy,
  settleDue,
  transferPoints,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { aRedemption, anAccrual, givenLedgerPartner } from '../support/given-points.ts';
import { accountOf, countersOf, movementsOf, openLotsOf } from '../support/ledger-rows.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
const settle = (at: string, limit = 1_000) => settleDue(test.db('worker'), limit, new Date(at));
const policy = (settings: string) => rows(test.owner(), `UPDATE ledger.currency SET ${settings}`);
let issuerId: string;

beforeAll(async () => {
  issuerId = await givenLedgerPartner(test);
});

async function earn(memberId: string, points: bigint, at: string, more: object = {}) {
  const instant = new Date(at);
  const accrual = { memberId, issuerId, points, at: instant, effectiveAt: instant, ...more };
  await accruePoints(db(), anAccrual(accrual));
}

const redeem = (memberId: string, points: bigint, at: string) =>
  redeemPoints(
    db(),
    aRedemption({
      memberId,
      partnerId: issuerId,
      points,
      at: new Date(at),
      effectiveAt: new Date(at),
    }),
  );

describe('points that expire by their age', () => {
  beforeAll(() =>
    policy(
      `expiry = 'LOT_AGE', expiry_months = 1, expiry_rounding = 'DAY', time_zone = 'Europe/Berlin'`,
    ),
  );

  it.each([
    // The clock goes forward in between: midnight of 29 April is 22:00 UTC of the 28th.
    ['2026-03-28T12:00:00Z', '2026-04-28T22:00:00Z'],
    // A month after 31 January ends with February; 2028 is a leap year.
    ['2026-01-31T12:00:00Z', '2026-02-28T23:00:00Z'],
    ['2028-01-31T12:00:00Z', '2028-02-29T23:00:00Z'],
    // Half past eleven in UTC is the next day in Berlin.
    ['2026-01-14T23:30:00Z', '2026-02-15T23:00:00Z'],
  ])(
    'are gone at the start of the day after the last: earned %s, until %s',
    async (earned, end) => {
      const memberId = randomUUID();
      await earn(memberId, 100n, earned);
      const lastMoment = new Date(new Date(end).getTime() - 1).toISOString();

      expect(await redeem(memberId, 30n, lastMoment)).toMatchObject({ balance: 70n });

      await expect(redeem(memberId, 1n, end)).rejects.toEqual(
        refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 1n }),
      );
    },
  );

  it('expire once, to breakage, on the day that they ended', async () => {
    const memberId = randomUUID();
    await earn(memberId, 100n, '2026-05-10T12:00:00Z');
    await redeem(memberId, 30n, '2026-05-20T12:00:00Z');
    const before = (await countersOf(test, null))['OPERATOR_BREAKAGE'] ?? 0n;

    expect(await settle('2026-06-15T12:00:00Z')).toBeGreaterThan(0);
    expect(await settle('2026-06-15T12:00:00Z')).toBe(0);

    expect((await movementsOf(test, memberId)).at(-1)).toMatchObject({
      kind: 'EXPIRY',
      points: -70n,
    });
    const [{ effectiveAt }] = (await rows<{ effectiveAt: Date }>(
      test.owner(),
      `SELECT effective_at AS "effectiveAt" FROM ledger.transfer
       WHERE member_id = $1 AND kind = 'EXPIRY'`,
      [memberId],
    )) as [{ effectiveAt: Date }];
    expect(effectiveAt).toEqual(new Date('2026-06-10T22:00:00Z'));
    expect((await countersOf(test, null))['OPERATOR_BREAKAGE']! - before).toBeGreaterThanOrEqual(
      70n,
    );
  });

  it('do not count what was spent twice, once the spent lot is past its end', async () => {
    const memberId = randomUUID();
    await earn(memberId, 100n, '2026-05-10T12:00:00Z');
    await redeem(memberId, 100n, '2026-05-11T12:00:00Z');
    await earn(memberId, 40n, '2026-06-09T12:00:00Z');

    await settle('2026-06-20T12:00:00Z');

    expect(await redeem(memberId, 40n, '2026-06-20T12:00:00Z')).toMatchObject({ balance: 0n });
  });

  it('either expire or are spent when both race', async () => {
    const members = Array.from({ length: 12 }, () => randomUUID());
    for (const memberId of members) await earn(memberId, 100n, '2026-07-10T12:00:00Z');

    const { answers } = await race(db(), 24, async (index) =>
      index % 2
        ? await settle('2026-08-10T22:00:00Z', 3)
        : await redeem(members[index / 2]!, 100n, '2026-08-10T21:59:59Z'),
    );
    await settle('2026-08-10T22:00:00Z');

    expect(answers.length).toBeGreaterThanOrEqual(12);
    for (const memberId of members) {
      expect(await accountOf(test, memberId)).toMatchObject({ balance: 0n });
      expect(await movementsOf(test, memberId)).toHaveLength(2);
    }
  });

  it('leave lots the end that they have when the policy changes', async () => {
    const memberId = randomUUID();
    await earn(memberId, 100n, '2026-05-10T12:00:00Z');
    await policy('expiry_months = 12');
    await earn(memberId, 50n, '2026-05-10T12:00:00Z');
    await policy('expiry_months = 1');

    expect(await openLotsOf(test, memberId)).toMatchObject([
      { remaining: 100n, expiresAt: new Date('2026-06-10T22:00:00Z') },
      { remaining: 50n, expiresAt: new Date('2027-05-10T22:00:00Z') },
    ]);
  });
});

describe('points that expire for want of activity', () => {
  beforeAll(() =>
    policy(`expiry = 'INACTIVITY', expiry_months = 6, expiry_rounding = 'DAY', time_zone = 'UTC',
            activity_kinds = '{ACCRUAL,REDEMPTION}'`),
  );

  it('are kept by each activity, and end all at once', async () => {
    const memberId = randomUUID();
    await earn(memberId, 100n, '2026-01-10T12:00:00Z');
    await earn(memberId, 50n, '2026-05-10T12:00:00Z');
    await redeem(memberId, 20n, '2026-11-10T23:59:00Z');

    await settle('2027-05-10T23:59:59Z');
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 130n });
    await settle('2027-05-11T00:00:00Z');

    expect(await movementsOf(test, memberId)).toMatchObject([
      { kind: 'ACCRUAL' },
      { kind: 'ACCRUAL' },
      { kind: 'REDEMPTION' },
      { kind: 'EXPIRY', points: -130n, counter: 'OPERATOR_BREAKAGE' },
    ]);
  });

  it('cannot be spent after their end, though no sweep came by', async () => {
    const memberId = randomUUID();
    await earn(memberId, 100n, '2026-01-10T12:00:00Z');

    await expect(redeem(memberId, 1n, '2026-07-11T00:00:00Z')).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 1n }),
    );
  });

  it('are not kept by what is no activity', async () => {
    await policy(`activity_kinds = '{REDEMPTION}'`);
    const memberId = randomUUID();
    await earn(memberId, 100n, '2026-01-10T12:00:00Z');
    await redeem(memberId, 10n, '2026-02-10T12:00:00Z');
    await earn(memberId, 50n, '2026-06-10T12:00:00Z');

    await settle('2026-08-11T00:00:00Z');

    // The later lot has six months of its own.
    expect(await openLotsOf(test, memberId)).toMatchObject([{ remaining: 50n }]);
    await settle('2026-12-11T00:00:00Z');
    expect(await openLotsOf(test, memberId)).toEqual([]);
  });

  it('count from when they were given to a member who was not active', async () => {
    await policy(`activity_kinds = '{ACCRUAL,REDEMPTION}'`);
    const [memberId, friendId] = [randomUUID(), randomUUID()];
    await earn(memberId, 100n, '2026-01-10T12:00:00Z');
    await earn(memberId, 100n, '2026-07-01T12:00:00Z');
    const key = randomUUID();
    await transferPoints(db(), {
      memberId,
      toMemberId: friendId,
      key,
      points: 100n,
      source: { kind: 'transfer', id: key },
      description: 'Happy birthday',
      at: new Date('2026-08-10T12:00:00Z'),
    });

    await settle('2027-03-01T00:00:00Z');

    expect(
      await rows(
        test.owner(),
        `SELECT kind, effective_at AS "effectiveAt" FROM ledger.transfer
         WHERE member_id = $1 ORDER BY account_version`,
        [friendId],
      ),
    ).toEqual([
      { kind: 'TRANSFER_IN', effectiveAt: new Date('2026-08-10T12:00:00Z') },
      { kind: 'EXPIRY', effectiveAt: new Date('2027-02-11T00:00:00Z') },
    ]);
  });

  it('cannot be spent where they were given as of so long ago that they have ended', async () => {
    const memberId = randomUUID();
    const key = randomUUID();
    await adjustPoints(db(), {
      memberId,
      key,
      points: 100n,
      source: { kind: 'adjustment', id: key },
      description: 'Found in the old system',
      at: new Date('2026-08-10T12:00:00Z'),
      effectiveAt: new Date('2026-01-10T12:00:00Z'),
    });

    await expect(redeem(memberId, 1n, '2026-08-10T12:00:00Z')).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 1n }),
    );
  });
});

describe('points that come to end for want of activity', () => {
  const ageOf = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const watch = () =>
    rows<{ count: number }>(test.db('worker'), 'SELECT ledger.watch_inactive(1000) AS count');

  it('are not lost for inactivity from before, and are watched from then on', async () => {
    await policy(`expiry = 'NEVER'`);
    const memberId = randomUUID();
    await earn(memberId, 100n, ageOf(1_000));

    await setPolicy(test.db('members'), 'PTS', { expiry: 'INACTIVITY', expiryMonths: 1 });

    await settle(ageOf(0));
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 100n });
    expect((await watch())[0]!.count).toBeGreaterThan(0);
    expect((await watch())[0]!.count).toBe(0);
    await settle(ageOf(-27));
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 100n });
    await settle(ageOf(-33));
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 0n });
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
