import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { createSandboxMember } from '../../../subgraphs/members/membership/sandbox.ts';
import { mergeMembers } from '../../../subgraphs/members/merging/merges.ts';
import { configureProgram } from '../../../subgraphs/members/program/configuration.ts';
import { recordActivities } from '../../../subgraphs/partners/activities/activities.ts';
import { issuanceOf } from '../../../subgraphs/partners/performance/issuance.ts';
import { performancesOf } from '../../../subgraphs/partners/performance/performance.ts';
import type { Days } from '../../../subgraphs/partners/performance/periods.ts';
import { refundActivity } from '../../../subgraphs/partners/refunds/refunds.ts';
import { start } from '../../../subgraphs/partners/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { tillOf } from '../../support/given-tills.ts';
import { sequence } from '../../support/random.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const juneThe = (day: number) => new Date(Date.UTC(2026, 5, day, 10));

interface Performance {
  activities: number;
  activeMembers: number | null;
  pointsIssued: number;
  pointsRedeemed: number;
  membersWonFromCoalition: number | null;
  averageSpend: { amount: string; currency: string } | null;
  daily: { day: string; issued: number; redeemed: number }[];
}

describe('figures of partners', () => {
  const test = useTestDatabase();
  let subgraph: Subgraph;
  let shop: string;
  let hotel: string;
  let members: string[];
  const { ask, codeOf } = callsOf(() => subgraph);

  beforeAll(async () => {
    subgraph = await start(configOn(test), testPlatform());
    [shop, hotel] = await Promise.all([givenPartner(test), givenPartner(test)]);
    members = await Promise.all(Array.from({ length: 12 }, () => givenMember(test)));
    for (const memberId of members) {
      for (const partnerId of [shop, hotel]) await givenConsent(test, memberId, partnerId);
    }
    // Eleven know the hotel first, and come to the shop a day later; the last one knows the shop alone.
    await buy(hotel, members.slice(0, 11), 1, '20');
    await buy(shop, members.slice(0, 11), 2, '10');
    await buy(shop, members.slice(11), 3, '25.50');
    await buy(hotel, members.slice(0, 1), 3, '5');
    const till = tillOf(test, shop, { at: juneThe(4) });
    const hold = await till.hold(members[0]!, { points: 7n });
    await till.capture(hold.id);
    await till.refund(hold.id, { points: 2n });
    await trySandbox();
    // Some is added up, and some is not yet.
    await rows(test.db('worker'), 'SELECT ledger.roll_up(10)');
  });
  afterAll(() => subgraph.drain());

  async function buy(partnerId: string, buyers: string[], day: number, amount: string) {
    const inputs = buyers.map((id) => ({
      member: { id },
      kind: 'PURCHASE' as const,
      reference: `${day} ${id}`,
      occurredAt: juneThe(day),
      amount: { amount, currency: 'EUR' },
    }));
    const how = { reporter: { partnerId, sandbox: false }, clock: new SetClock(juneThe(day)) };
    await recordActivities(test.db('partners'), inputs, how);
  }

  /** What test clients do is in no figure. */
  async function trySandbox(): Promise<void> {
    const at = juneThe(4);
    const viewer = { ...partnerViewer(shop), sandbox: true };
    const asked = { displayName: 'Trial', points: 1_000n };
    const how = { viewer, clock: new SetClock(at) };
    const { id } = await createSandboxMember(test.db('members'), asked, how);
    const input = {
      member: { id },
      kind: 'PURCHASE' as const,
      reference: 'Trial',
      occurredAt: at,
      amount: { amount: '1000', currency: 'EUR' },
    };
    const reporter = { partnerId: shop, sandbox: true };
    await recordActivities(test.db('partners'), [input], { reporter, clock: new SetClock(at) });
    const till = tillOf(test, shop, { at, sandbox: true });
    const hold = await till.hold(id, { points: 500n });
    await till.capture(hold.id);
  }

  async function performance(from: string, to: string, viewer = partnerViewer(shop), id = shop) {
    const { partner } = await ask<{ partner: { performance: Performance | null } }>(
      viewer,
      `query ($id: ID, $period: PeriodInput!) { partner(id: $id) { performance(period: $period) {
        activities activeMembers pointsIssued pointsRedeemed membersWonFromCoalition
        averageSpend { amount currency } daily { day issued redeemed } } } }`,
      { id, period: { from, to } },
    );
    return partner.performance;
  }

  it('are of the partner’s own members, activities and points', async () => {
    expect(await performance('2026-06-01', '2026-06-04')).toEqual({
      activities: 12,
      activeMembers: 12,
      // 11 x 10 and 25; 7 captured, of which 2 went back.
      pointsIssued: 135,
      pointsRedeemed: 5,
      // The month is not in it as a whole.
      membersWonFromCoalition: null,
      // 135.50 over 12.
      averageSpend: { amount: '11.29', currency: 'EUR' },
      daily: [
        { day: '2026-06-01', issued: 0, redeemed: 0 },
        { day: '2026-06-02', issued: 110, redeemed: 0 },
        { day: '2026-06-03', issued: 25, redeemed: 0 },
        { day: '2026-06-04', issued: 0, redeemed: 5 },
      ],
    });
    expect(await performance('2026-06-01', '2026-06-04', adminViewer(), hotel)).toMatchObject({
      activities: 12,
      activeMembers: 11,
      pointsIssued: 225,
      membersWonFromCoalition: null,
    });
  });

  it('tell nothing over fewer than ten members', async () => {
    expect(await performance('2026-06-03', '2026-06-03')).toMatchObject({
      activities: 1,
      activeMembers: null,
      averageSpend: null,
      pointsIssued: 25,
    });
  });

  it('tell of who was won in tens of whole months, so that no day tells of the one who was new', async () => {
    const won = async (from: string, to: string) =>
      (await performance(from, to))!.membersWonFromCoalition;

    // Eleven, all on one day: with it and without it the same, but for the whole month.
    expect(await won('2026-06-01', '2026-06-01')).toBeNull();
    expect(await won('2026-06-01', '2026-06-02')).toBeNull();
    expect(await won('2026-06-02', '2026-06-30')).toBeNull();
    expect(await won('2026-06-01', '2026-06-30')).toBe(10);
    expect(await won('2026-05-15', '2026-07-14')).toBe(10);
    // Nor does the month tell of anybody while it goes on.
    const days = { from: '2026-06-01', to: '2026-06-30' };
    const onThe = async (today: string) => {
      const found = await performancesOf(test.db('partners'), [shop], {
        days,
        timeZone: 'UTC',
        today,
      });
      return found.get(shop)!;
    };
    expect((await onThe('2026-06-30')).membersWonFromCoalition).toBeNull();
    expect((await onThe('2026-07-01')).membersWonFromCoalition).toBe(10);
    // Who came before the period is not won in it.
    await buy(shop, members.slice(0, 11), 35, '1');
    expect(await performance('2026-07-01', '2026-07-31')).toMatchObject({
      activeMembers: 11,
      membersWonFromCoalition: null,
    });
  });

  it('are nobody else’s', async () => {
    const tester = { ...partnerViewer(shop), sandbox: true };
    const others = [partnerViewer(hotel), memberViewer(members[0]!), tester];
    for (const viewer of others) {
      expect(await performance('2026-06-01', '2026-06-04', viewer)).toBeNull();
    }
  });

  it('are of a year at most', async () => {
    const query = `query ($id: ID, $period: PeriodInput!) {
      partner(id: $id) { performance(period: $period) { activities } } }`;
    const asked = (from: string, to: string) =>
      codeOf(adminViewer(), query, { id: shop, period: { from, to } });

    expect(await asked('2026-01-01', '2027-01-01')).toBeUndefined();
    expect(await asked('2026-01-01', '2027-01-02')).toBe('BAD_USER_INPUT');
    expect(await asked('2026-01-02', '2026-01-01')).toBe('BAD_USER_INPUT');
    expect(await asked('2026-02-30', '2026-03-01')).toBe('BAD_USER_INPUT');
  });

  it('tell the staff what all partners issued, and how many members know more than one', async () => {
    const query = `query ($period: PeriodInput!) {
      _entities(representations: [{ __typename: "Program", id: "1" }]) { ... on Program {
        issuance(period: $period) {
          points crossPartnerRate byPartner { partner { id } points activities } } } } }`;
    const issuance = async (from: string, to: string, viewer = adminViewer()) => {
      const { _entities } = await ask<{ _entities: { issuance: object | null }[] }>(viewer, query, {
        period: { from, to },
      });
      return _entities[0]!.issuance;
    };

    expect(await issuance('2026-06-01', '2026-06-04')).toEqual({
      points: 360,
      // Eleven of twelve.
      crossPartnerRate: '0.916667',
      byPartner: [
        { partner: { id: hotel }, points: 225, activities: 12 },
        { partner: { id: shop }, points: 135, activities: 12 },
      ],
    });
    // To six decimals, also where there is nothing behind the point.
    expect(await issuance('2026-06-01', '2026-06-01')).toMatchObject({
      crossPartnerRate: '0.000000',
    });
    expect(await issuance('2026-05-01', '2026-05-31')).toEqual({
      points: 0,
      crossPartnerRate: null,
      byPartner: [],
    });
    expect(await issuance('2026-06-01', '2026-06-04', partnerViewer(shop))).toBeNull();
  });
});

describe('issuance by counted months', () => {
  const test = useTestDatabase();
  const at = new Date('2026-06-20T10:00:00Z');
  const clock = new SetClock(at);
  const pick = sequence(20_260_620);
  const oneOf = <Each>(list: readonly Each[]) => list[pick(list.length)]!;
  /** So many days before. */
  const ago = (days: number) => new Date(at.getTime() - days * 86_400_000 - pick(86_400) * 1_000);
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const countMonths = (max = 1_000_000) =>
    rows<{ months: number }>(test.db('worker'), 'SELECT partners.count_months($1) AS months', [
      max,
    ]);
  let partnerIds: string[];
  let memberIds: string[];
  let trial: string;
  let references = 0;

  beforeAll(async () => {
    await configureProgram(
      test.db('members'),
      { timeZone: 'UTC' },
      { viewer: adminViewer(), clock },
    );
    // What is not confirmed in time earns nothing, and has happened all the same.
    const waiting = { pending: 'ON_CONFIRMATION' as const, backdateDays: 365 };
    partnerIds = [
      await givenPartner(test, { contract: { backdateDays: 365 } }),
      await givenPartner(test, { contract: { backdateDays: 365 } }),
      await givenPartner(test, { contract: waiting }),
    ];
    memberIds = await Promise.all(Array.from({ length: 9 }, () => givenMember(test, 0n, '', at)));
    for (const memberId of memberIds) {
      for (const partnerId of partnerIds) await givenConsent(test, memberId, partnerId);
    }
    const asked = { displayName: 'Trial', points: 1_000n };
    const viewer = { ...partnerViewer(partnerIds[0]!), sandbox: true };
    trial = (await createSandboxMember(test.db('members'), asked, { viewer, clock })).id;
  });

  async function record(count: number): Promise<void> {
    const isTrial = pick(5) === 0;
    const partnerId = isTrial ? partnerIds[0]! : oneOf(partnerIds);
    const inputs = Array.from({ length: count }, () => ({
      member: { id: isTrial ? trial : oneOf(memberIds) },
      kind: 'PURCHASE' as const,
      reference: `sale ${++references}`,
      // Most of the last weeks; some are late by months.
      occurredAt: ago(pick(3) === 0 ? pick(300) : pick(30)),
      amount: { amount: '10', currency: 'EUR' },
    }));
    const reporter = { partnerId, sandbox: isTrial };
    await recordActivities(test.db('partners'), inputs, { reporter, clock });
  }

  /** All of some, and of others a part. */
  async function refund(): Promise<void> {
    const open = await rows<{ activityId: string; partnerId: string; sandbox: boolean }>(
      test.owner(),
      `SELECT id AS "activityId", partner_id AS "partnerId", sandbox FROM partners.activity
       WHERE status = 'POSTED' ORDER BY length(reference), reference`,
    );
    const { activityId, partnerId, sandbox } = oneOf(open);
    const viewer = { ...partnerViewer(partnerId, ['ACCRUALS_REVERSE']), sandbox };
    const amount = pick(3) === 0 ? { amount: '4', currency: 'EUR' } : null;
    const returned = { activityId, amount, refundReference: `of ${activityId}` };
    await refundActivity(test.db('partners'), returned, { viewer, clock });
  }

  async function merge(): Promise<void> {
    const [fromId, intoId] = [memberIds.pop()!, memberIds[0]!];
    const asked = { fromId, intoId, reason: 'The same person.' };
    await mergeMembers(test.db('members'), asked, { viewer: adminViewer(), clock });
  }

  /** Another route: each activity, looked at one by one. */
  async function counted({ from, to }: Days, timeZone: string) {
    const all = await rows<{ partnerId: string; memberId: string; day: string }>(
      test.owner(),
      `SELECT partner_id AS "partnerId", member_id AS "memberId",
              (occurred_at AT TIME ZONE $1)::date::text AS day
       FROM partners.activity WHERE NOT sandbox AND status IN ('POSTED', 'PARTLY_REFUNDED')`,
      [timeZone],
    );
    const activities = new Map<string, number>();
    const met = new Map<string, Set<string>>();
    for (const each of all.filter(({ day }) => from <= day && day <= to)) {
      activities.set(each.partnerId, (activities.get(each.partnerId) ?? 0) + 1);
      met.set(each.memberId, (met.get(each.memberId) ?? new Set()).add(each.partnerId));
    }
    const crossing = [...met.values()].filter(({ size }) => size > 1).length;
    return { activities, rate: met.size === 0 ? null : (crossing / met.size).toFixed(6) };
  }

  async function expectExact(days: Days, timeZone = 'UTC'): Promise<void> {
    const { byPartner, crossPartnerRate } = await issuanceOf(test.db('partners'), {
      days,
      timeZone,
    });
    const { activities, rate } = await counted(days, timeZone);
    const told = byPartner.filter((each) => each.activities > 0);
    expect(new Map(told.map((each) => [each.partnerId, each.activities]))).toEqual(activities);
    expect(crossPartnerRate).toBe(rate);
  }

  it('is exact whatever comes late, goes back, is merged or is not counted yet', async () => {
    const year = { from: '2025-07-01', to: '2026-06-30' };
    for (let round = 0; round < 12; round++) {
      await record(1 + pick(12));
      if (round > 2) await refund();
      if (round % 4 === 3) await merge();
      // Sometimes nobody has counted since; sometimes some months alone.
      if (round % 3 === 1) await countMonths(oneOf([1, 10, 1_000]));
      const from = ago(300 - pick(150));
      for (const days of [year, { from: day(from), to: day(ago(pick(60))) }])
        await expectExact(days);
    }
    await countMonths();
    await expectExact(year);
    expect(await rows(test.owner(), 'SELECT FROM partners.activity_change')).toEqual([]);
    // There is nothing left to count.
    expect(await countMonths()).toEqual([{ months: 0 }]);
  });

  it('is by months that the worker has counted, which no activity is read for', async () => {
    await countMonths();
    await rows(
      test.owner(),
      `UPDATE partners.active_month SET activities = activities + 1000 WHERE begins_at = '2026-05-01Z' AND activities > 0`,
    );
    const issued = (days: Days) => issuanceOf(test.db('partners'), { days, timeZone: 'UTC' });
    const activitiesIn = async (days: Days) =>
      (await issued(days)).byPartner.reduce((sum, each) => sum + each.activities, 0);

    expect(await activitiesIn({ from: '2026-05-01', to: '2026-05-31' })).toBeGreaterThan(1_000);
    // A part of a month is read by the activities, and so is one in which something has changed.
    await expectExact({ from: '2026-05-01', to: '2026-05-30' });
    await rows(
      test.owner(),
      `UPDATE partners.activity SET status = 'REFUNDED' WHERE occurred_at < '2026-06-01Z'`,
    );
    await expectExact({ from: '2026-05-01', to: '2026-05-31' });
  });

  it('misses nothing that is recorded or given back while months are counted', async () => {
    for (let round = 0; round < 3; round++) {
      await Promise.all([record(20), countMonths(), record(20), refund(), countMonths()]);
      await expectExact({ from: '2025-07-01', to: '2026-06-30' });
    }
    await countMonths();
    await expectExact({ from: '2025-07-01', to: '2026-06-30' });
    expect(await countMonths()).toEqual([{ months: 0 }]);
  });

  it('goes by the months of the time zone that the program has now', async () => {
    await countMonths();
    const timeZone = 'Pacific/Auckland';
    const year = { from: '2025-07-01', to: '2026-06-30' };
    await expectExact(year, timeZone);
    await configureProgram(test.db('members'), { timeZone }, { viewer: adminViewer(), clock });

    await countMonths();

    await expectExact(year, timeZone);
    const begins = await rows<{ local: string }>(
      test.owner(),
      `SELECT DISTINCT to_char(begins_at AT TIME ZONE $1, 'DD HH24:MI') AS local FROM partners.active_month`,
      [timeZone],
    );
    expect(begins).toEqual([{ local: '01 00:00' }]);
  });
});
