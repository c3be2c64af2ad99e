import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { createSandboxMember } from '../../../subgraphs/members/membership/sandbox.ts';
import { recordActivities } from '../../../subgraphs/partners/activities/activities.ts';
import { performancesOf } from '../../../subgraphs/partners/performance/performance.ts';
import { start } from '../../../subgraphs/partners/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { tillOf } from '../../support/given-tills.ts';
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
