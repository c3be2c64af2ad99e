import { randomUUID } from 'node:crypto';
import { accruePoints, redeemPoints } from '../../../ledger/index.ts';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { setProgramGoal } from '../../../subgraphs/members/reports/goals.ts';
import { maturityOf } from '../../../subgraphs/members/reports/liability.ts';
import { start } from '../../../subgraphs/members/server.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { SetClock } from '../../../platform/clock.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember, givenMemberAt } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { aRedemption, anAccrual, givenLedgerPartner } from '../../support/given-points.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const admin = adminViewer(['PROGRAM_MANAGE']);
const day = (text: string) => new Date(`${text}T12:00:00Z`);

describe('the membership of a period', () => {
  const test = useTestDatabase();
  let members: Subgraph;
  beforeAll(async () => (members = await start(configOn(test), testPlatform())));
  afterAll(() => members.drain());
  const { ask } = callsOf(() => members);
  const report = async (from: string, to: string) => {
    const { program } = await ask<{ program: { membership: unknown } }>(
      admin,
      `query ($period: PeriodInput!) { program { membership(period: $period) {
        members activeMembers enrolled lapsed churnRate upgradeRate lifetimeValue { r }
        byTier { tier { code } members } } } }`,
      { period: { from, to } },
    );
    return program.membership;
  };

  it('counts by what members did and when it happened, added up or not', async () => {
    const issuerId = await givenLedgerPartner(test);
    const does = (memberId: string) => ({
      earns: (on: string, points: bigint, posted = on) =>
        accruePoints(
          test.db('partners'),
          anAccrual({
            memberId,
            issuerId,
            points,
            expiresAt: null,
            effectiveAt: day(on),
            at: day(posted),
          }),
        ),
      spends: (on: string, points: bigint) =>
        redeemPoints(
          test.db('partners'),
          aRedemption({ memberId, partnerId: issuerId, points, effectiveAt: day(on), at: day(on) }),
        ),
    });
    const joined = day('2025-01-10');
    const ids = await Promise.all(
      Array.from({ length: 5 }, () => givenMember(test, 0n, issuerId, joined)),
    );
    const [stays, goes, back, raises, late] = ids.map(does);
    await givenMember(test, 0n, issuerId, day('2026-03-31'));
    await givenMemberAt(test, 'tomorrow@example.com', day('2026-04-01'));
    // Of the sandbox: of no report.
    const tester = await givenMember(test, 0n, issuerId, day('2026-03-05'));
    await rows(test.owner(), 'UPDATE members.member SET sandbox = true WHERE id = $1', [tester]);

    // Active up to 31 March 2026: since 1 April 2025. Before March: since 1 March 2025.
    await stays!.earns('2025-04-01', 100n);
    await goes!.earns('2025-03-31', 100n);
    await back!.earns('2025-02-28', 100n);
    await raises!.earns('2026-02-10', 100n);
    await rows(test.db('worker'), 'SELECT ledger.roll_up(1000)');
    await back!.spends('2026-03-31', 10n);
    await raises!.earns('2026-03-01', 101n);
    // Posted in April, of March.
    await late!.earns('2026-03-20', 5n, '2026-04-02');
    await does(tester).earns('2026-03-10', 5n);

    const expected = {
      // Five, and the one of 31 March.
      members: 6,
      enrolled: 1,
      // Who stays, who came back, who raises, and who was posted late.
      activeMembers: 4,
      lapsed: 1,
      // Of three that were active before.
      churnRate: '0.333333',
      upgradeRate: '0.333333',
      lifetimeValue: null,
      // All seven that are real, now.
      byTier: [
        { tier: { code: 'BASE' }, members: 6 },
        { tier: { code: 'GOLD' }, members: 1 },
      ],
    };
    await rows(
      test.owner(),
      `INSERT INTO members.tier (code, name, rank, threshold, earn_multiplier, benefits)
       VALUES ('BASE', 'Base', 0, 0, 1, '[]'), ('GOLD', 'Gold', 1, 1000, 1, '[]')`,
    );
    await rows(
      test.owner(),
      `INSERT INTO members.tier_standing (member_id, tier, earned_tier, earned_since, earned_until,
         tiers_version)
       SELECT id, 'GOLD', 'GOLD', '2026-01-01', '2026-12-31', 1 FROM members.member
       WHERE email_key = 'tomorrow@example.com'`,
    );
    expect(await report('2026-03-01', '2026-03-31')).toEqual(expected);
    await rows(test.db('worker'), 'SELECT ledger.roll_up(1000)');
    expect(await report('2026-03-01', '2026-03-31')).toEqual(expected);
    await rows(
      test.owner(),
      `INSERT INTO members.tier_move (member_id, moved_on, from_tier, to_tier, is_up)
       VALUES ($1, '2026-03-31', 'BASE', 'GOLD', true), ($2, '2026-03-31', 'GOLD', 'BASE', false),
              ($3, '2026-04-01', 'BASE', 'GOLD', true), ($4, '2026-03-05', 'BASE', 'GOLD', true)`,
      // Up; down; too late; not active before. Who raised their spend came up too, and counts once.
      ids.slice(0, 3).concat(ids[4]!),
    );
    await rows(
      test.owner(),
      `INSERT INTO members.tier_move (member_id, moved_on, from_tier, to_tier, is_up)
       VALUES ($1, '2026-03-02', 'BASE', 'GOLD', true)`,
      [ids[3]],
    );
    expect(await report('2026-03-01', '2026-03-31')).toEqual({
      ...expected,
      upgradeRate: '0.666667',
    });
    expect(await report('2024-03-01', '2024-03-31')).toMatchObject({
      members: 0,
      churnRate: null,
      upgradeRate: null,
    });
  });

  it('is asked for by days that come one after the other', async () => {
    await expect(report('2026-04-01', '2026-03-31')).rejects.toThrow('toBeUndefined');
    await expect(report('1969-12-31', '1970-01-01')).rejects.toThrow('toBeUndefined');
    // A leap year is the longest.
    await report('2024-01-01', '2024-12-31');
    await expect(report('2024-01-01', '2025-01-01')).rejects.toThrow('toBeUndefined');
  });
});

describe('the liability', () => {
  const test = useTestDatabase();
  const now = day('2026-04-15');
  let members: Subgraph;
  beforeAll(async () => (members = await start(configOn(test), testPlatform(new SetClock(now)))));
  afterAll(() => members.drain());
  const { ask, codeOf } = callsOf(() => members);
  const query = `query ($asOf: DateTime) { program { liability(asOf: $asOf) {
    asOf outstanding pending breakageRate trialBalance
    fairValue { amount currency } fairValueElsewhere { amount currency }
    byIssuer { issuer { id } outstanding value { amount currency } }
    movement(period: { from: "2026-03-01", to: "2026-03-31" }) {
      opening issued redeemed expired exchanged adjusted closing } } } }`;
  const read = async (asOf?: Date) => {
    const { program } = await ask<{ program: { liability: unknown } }>(admin, query, { asOf });
    return program.liability;
  };

  it('is what members have at its price, less what the months tell will not be redeemed', async () => {
    // Points end with the first month: a month's points have all ended two months later.
    await rows(
      test.owner(),
      `UPDATE ledger.currency SET expiry = 'LOT_AGE', expiry_months = 1 WHERE code = 'PTS'`,
    );
    const [shop, abroad] = await Promise.all([
      givenPartner(test, { contract: { currency: 'EUR' } }),
      givenPartner(test, { contract: { currency: 'USD' } }),
    ]);
    const db = test.db('partners');
    const earn = (issuerId: string, points: bigint, on: string, more: object = {}) => {
      const dates = { effectiveAt: day(on), at: day(on) };
      const accrual = anAccrual({ memberId: randomUUID(), issuerId, points, ...dates, ...more });
      return accruePoints(db, accrual).then(() => accrual.memberId);
    };
    // Of January's 1,000 a quarter is redeemed in the end.
    const early = await earn(shop, 1_000n, '2026-01-10');
    await redeemPoints(
      db,
      aRedemption({
        memberId: early,
        partnerId: shop,
        points: 250n,
        effectiveAt: day('2026-01-20'),
        at: day('2026-01-20'),
      }),
    );
    await rows(test.db('worker'), 'SELECT ledger.settle_due(10, $1)', [day('2026-02-20')]);
    await earn(shop, 400n, '2026-03-20', { expiresAt: null, issuePrice: '0.0120' });
    await earn(abroad, 100n, '2026-03-21', { expiresAt: null, issuePrice: '0.5' });
    await earn(shop, 30n, '2026-04-02', { expiresAt: null, activatesAt: day('2026-05-01') });
    await rows(test.db('worker'), 'SELECT ledger.close_months($1)', [now]);

    // March has nothing redeemed yet: it will be as January was, a quarter of its 500. So 125 of the 500
    // that were there on 31 March.
    const expected = {
      asOf: now.toISOString(),
      outstanding: 530,
      pending: 30,
      breakageRate: '0.75',
      trialBalance: 0,
      // 430 * 0.012 * 0.25, and 100 * 0.5 * 0.25.
      fairValue: { amount: '1.29', currency: 'EUR' },
      fairValueElsewhere: [{ amount: '12.50', currency: 'USD' }],
      byIssuer: [
        { issuer: { id: shop }, outstanding: 430, value: { amount: '5.16', currency: 'EUR' } },
        { issuer: { id: abroad }, outstanding: 100, value: { amount: '50.00', currency: 'USD' } },
      ],
      movement: {
        opening: 0,
        issued: 500,
        redeemed: 0,
        expired: 0,
        exchanged: 0,
        adjusted: 0,
        closing: 500,
      },
    };
    expect(await read()).toEqual(expected);
    await rows(test.db('worker'), 'SELECT ledger.roll_up(1000)');
    expect(await read()).toEqual(expected);
    // What is yet to come is not told: it is now.
    expect(await read(day('2027-01-01'))).toEqual(expected);
    // 10 March: nobody has anything, and no month tells more than that January's points are going.
    expect(await read(day('2026-03-10'))).toMatchObject({ outstanding: 0, pending: 0 });
  });

  it('is for staff alone, as goals and costs are', async () => {
    const period = '(period: { from: "2026-01-01", to: "2026-01-31" })';
    const fields = `liability { outstanding } goals { id } membership${period} { members }
      costs${period} { kind }`;
    for (const viewer of [memberViewer(randomUUID()), partnerViewer(randomUUID())]) {
      expect(await ask(viewer, `{ program { name ${fields} } }`)).toEqual({
        program: {
          name: expect.any(String) as string,
          liability: null,
          goals: null,
          membership: null,
          costs: null,
        },
      });
    }
    const set = `mutation { setProgramGoal(input: { measure: CHURN, target: "0.1",
      period: { from: "2026-01-01", to: "2026-01-31" } }) { program { id } } }`;
    expect(await codeOf(adminViewer(['MEMBERS_SUPPORT']), set)).toBe('FORBIDDEN');
  });

  it.each([
    ['LOT_AGE', 24, 'MONTH', 25],
    ['LOT_AGE', 12, 'YEAR', 24],
    ['FIXED_DATES', 0, 'DAY', 15],
    ['NEVER', 0, 'DAY', 36],
  ] as const)(
    'takes points that end by %s after %i (%s) for gone at %i months',
    (expiry, expiryMonths, expiryRounding, months) => {
      expect(maturityOf({ expiry, expiryMonths, expiryRounding, expiryMinimumDays: 70 })).toBe(
        months,
      );
    },
  );
});

describe('what goals measure', () => {
  const test = useTestDatabase();
  let members: Subgraph;
  beforeAll(async () => (members = await start(configOn(test), testPlatform())));
  afterAll(() => members.drain());
  const { ask } = callsOf(() => members);

  it('is what the period shows of it', async () => {
    const issuerId = await givenLedgerPartner(test);
    const partnerId = await givenPartner(test);
    const [memberId, other] = await Promise.all([
      givenMember(test, 0n, issuerId, day('2025-06-01')),
      givenMember(test, 0n, issuerId, day('2025-06-01')),
    ]);
    const dates = { effectiveAt: day('2026-03-10'), at: day('2026-03-10') };
    await accruePoints(
      test.db('partners'),
      anAccrual({ memberId, issuerId, points: 300n, ...dates }),
    );
    await redeemPoints(
      test.db('rewards-catalog'),
      aRedemption({ memberId, partnerId: issuerId, points: 100n, ...dates }),
    );
    await givenPurchases(partnerId, memberId, ['10.00', '10.01', '20.00']);
    await rows(
      test.owner(),
      `INSERT INTO community.post (id, member_id, kind, title, body, topics, idempotency_key,
         input_hash, created_at)
       VALUES (gen_random_uuid(), $1, 'TIP', 'A', 'B', '{}', 'k', 'h', $2)`,
      [other, day('2026-03-31')],
    );
    await rows(
      test.owner(),
      `INSERT INTO members.referral (id, referrer_id, friend_id, status, refused_for, joined_at, look_at,
         referrer_points, friend_points)
       VALUES (gen_random_uuid(), $1, $2, 'LAPSED', NULL, $3, $3, 0, 0),
              (gen_random_uuid(), $2, $1, 'REFUSED', 'TOO_MANY', $3, $3, 0, 0)`,
      [memberId, other, day('2026-03-31')],
    );
    const period = { from: '2026-03-01', to: '2026-03-31' };
    const goals = {
      CHURN: '0.1',
      AVERAGE_ORDER_VALUE: '20',
      REDEMPTION_RATE: '0.5',
      LIFETIME_VALUE: '90',
      ENGAGEMENT: '0.5',
      SATISFACTION: '9',
      REFERRALS: '10',
    } as const;
    for (const [measure, target] of Object.entries(goals)) {
      const goal = { measure: measure as keyof typeof goals, target, period };
      await setProgramGoal(test.db('members'), goal, { viewer: admin, clock: databaseClock });
    }

    const { program } = await ask<{ program: { goals: { measure: string }[] } }>(
      admin,
      '{ program { goals { measure target current percent period { from to } } } }',
    );
    const told = Object.fromEntries(program.goals.map(({ measure, ...goal }) => [measure, goal]));
    const unknown = { current: null, percent: null, period };
    expect(told).toEqual({
      // Nobody was active before.
      CHURN: { target: '0.1', ...unknown },
      // 40.01 / 3.
      AVERAGE_ORDER_VALUE: { target: '20', current: '13.336667', percent: 66, period },
      REDEMPTION_RATE: { target: '0.5', current: '0.333333', percent: 66, period },
      LIFETIME_VALUE: { target: '90', ...unknown },
      ENGAGEMENT: { target: '0.5', current: '0.5', percent: 100, period },
      SATISFACTION: { target: '9', ...unknown },
      REFERRALS: { target: '10', current: '1', percent: 10, period },
    });
  });

  async function givenPurchases(partnerId: string, memberId: string, amounts: string[]) {
    await rows(
      test.owner(),
      `INSERT INTO partners.activity (id, partner_id, member_id, sandbox, reference, input_hash, kind,
         status, amount, currency, points, qualifying_points, issue_price, contract_version, rule_set_version,
         explanation, occurred_at, posted_at)
       SELECT gen_random_uuid(), $1, $2, false, gen_random_uuid(), 'h', 'PURCHASE', 'POSTED',
              amount, 'EUR', 0, 0, 0, 1, 1, '[]', $4, $4
       FROM unnest($3::numeric[]) AS amount`,
      [partnerId, memberId, amounts, day('2026-03-12')],
    );
  }
});
