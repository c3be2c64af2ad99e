import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { revokeConsent } from '../../../subgraphs/members/consents/consents.ts';
import { createSandboxMember } from '../../../subgraphs/members/membership/sandbox.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import { type DraftRuleSet, draftRuleSet } from '../../../subgraphs/partners/earning/rule-sets.ts';
import { Activity, RuleSet, RuleSetReplay } from '../../../subgraphs/partners/entities.ts';
import { setExchangeRates } from '../../../subgraphs/partners/rates/rates.ts';
import { refundActivity } from '../../../subgraphs/partners/refunds/refunds.ts';
import { type StartReplay, startReplay } from '../../../subgraphs/partners/replays/replays.ts';
import { start } from '../../../subgraphs/partners/server.ts';
import { replayNext } from '../../../worker/replays.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenCurrency } from '../../support/given-conversions.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenOffer, givenSegment } from '../../support/given-offers.ts';
import { givenContract, givenPartner } from '../../support/given-partners.ts';
import { runJob } from '../../support/jobs.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';
import { untilOneWaits } from '../../support/until.ts';

type Rules = DraftRuleSet['rules'];
type Bought = Omit<RecordActivity, 'member' | 'reference' | 'occurredAt'>;

const june = { from: '2026-06-01', to: '2026-06-30' };
const clock = new SetClock(new Date('2026-06-20T10:00:00Z'));
const { limits } = testConfig();

const aPointAEuro: Rules[number] = { code: 'BASE', name: 'Base', earn: { spend: '1' } };
/** Half a point a euro, ten more each time up to 25 a month, and 100 for each third time. */
const others: Rules = [
  { code: 'BASE', name: 'Base', earn: { spend: '0.5' } },
  { code: 'TEN', name: 'Ten', earn: { fixed: 10n }, caps: [{ points: 25n, per: 'MONTH' }] },
  { code: 'CARD', name: 'Third', earn: { stamp: { code: 'CARD', stamps: 3, points: 100n } } },
];

describe('replays', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');

  interface Brand {
    partnerId: string;
    memberIds: string[];
  }

  async function given(
    brand: Parameters<typeof givenPartner>[1] = {},
    members = 1,
  ): Promise<Brand> {
    const partnerId = await givenPartner(test, { rules: [aPointAEuro], ...brand });
    const memberIds = await Promise.all(Array.from({ length: members }, () => givenMember(test)));
    for (const memberId of memberIds) await givenConsent(test, memberId, partnerId);
    return { partnerId, memberIds };
  }

  const euros = (amount: string): Bought => {
    return { kind: 'PURCHASE', amount: { amount, currency: 'EUR' } };
  };

  /** Records what a member did at noon of a day of June. */
  function record({ partnerId, memberIds }: Brand, day: number, bought: Bought, member = 0) {
    const occurredAt = new Date(`2026-06-${day}T10:00:00Z`);
    const input = { member: { id: memberIds[member]! }, reference: randomUUID(), occurredAt };
    const viewer = partnerViewer(partnerId, ['ACCRUALS_WRITE']);
    return recordActivity(db(), { ...input, ...bought }, { viewer, clock });
  }

  async function draft(partnerId: string, rules: Rules): Promise<string> {
    const by = { viewer: adminViewer(), clock };
    return (await draftRuleSet(db(), { partnerId, rules }, by)).id;
  }

  const begin = (input: StartReplay, viewer = adminViewer()) =>
    startReplay(db(), input, { viewer, clock });
  const stored = (id: string) => db().findOneByOrFail(RuleSetReplay, { id });
  const step = () => replayNext(test.db('worker'), limits);

  /** Replays a partner's June, or other days of it, under these rules. */
  async function replay({ partnerId }: Brand, rules: Rules, period = june) {
    const { id } = await begin({ ruleSetId: await draft(partnerId, rules), period });
    await runJob(test, 'replay-activities');
    return stored(id);
  }

  /** Three purchases of one member, in three days, and one of another. */
  async function givenJune(): Promise<Brand> {
    const shop = await given({}, 2);
    await record(shop, 10, euros('20.00'));
    await record(shop, 11, euros('30.00'));
    await record(shop, 12, euros('41.00'));
    await record(shop, 12, euros('50.00'), 1);
    return shop;
  }

  /**
   * What the four were given, 141 points, and are by the others: 10 + 15 + 20, of thirty more 25, and the
   * 100 of the card; 25 + 10. A point costs 0.012.
   */
  const ofJune = {
    status: 'DONE',
    activities: 4,
    pointsThen: 141n,
    pointsNow: 205n,
    currency: 'EUR',
    costThen: '1.692',
    costNow: '2.46',
    membersBetterOff: 1,
    membersWorseOff: 1,
  };

  /** All that recording would write. */
  const written = async () => {
    const [counts] = await rows(
      test.owner(),
      `SELECT (SELECT count(*) FROM partners.activity) AS activities,
              (SELECT sum(points) FROM partners.earn_usage) AS usage,
              (SELECT sum(stamps) FROM partners.collected_stamps) AS stamps,
              (SELECT count(*) FROM ledger.transfer) AS movements,
              (SELECT count(*) FROM platform.outbox) AS events,
              (SELECT count(*) FROM members.tier_credit) AS credits`,
    );
    return counts;
  };

  describe('work out', () => {
    it('what was recorded under other rules, with caps and stamps, and post nothing', async () => {
      const shop = await givenJune();
      const before = await written();

      expect(await replay(shop, others)).toMatchObject(ofJune);
      expect(await written()).toEqual(before);
    });

    it('shared points alone, which rules of the partner’s own currency do not change', async () => {
      const shop = await givenJune();
      const currency = await givenCurrency(test, shop.partnerId);
      const own: Rules = [
        { code: 'OWN', name: 'Own', earn: { spend: '7' }, priority: 9, currency },
        { code: 'TWICE', name: 'Twice', earn: { multiplier: '2' }, currency },
      ];

      expect(await replay(shop, [...own, ...others])).toMatchObject(ofJune);
    });

    it('days alone, by the program’s calendar, for this partner, and without grants and what was not confirmed', async () => {
      const shop = await givenJune();
      await record(await givenJune(), 11, euros('5.00'));
      await record(shop, 11, { kind: 'GRANT', grant: { points: 7n, reason: 'Ten years' } });
      const { id: late } = await record(shop, 11, euros('9.00'));
      await db().update(Activity, { id: late }, { confirmBy: new Date('2026-06-12') });
      const viewer = { ...partnerViewer(shop.partnerId), sandbox: true };
      const asked = { displayName: 'Trial', points: 1n };
      const trial = await createSandboxMember(test.db('members'), asked, { viewer, clock });
      await recordActivity(
        db(),
        {
          member: { id: trial.id },
          reference: 'trial',
          occurredAt: new Date('2026-06-11T10:00:00Z'),
          ...euros('5.00'),
        },
        { viewer, clock },
      );

      const day = { from: '2026-06-11', to: '2026-06-11' };

      // A point for two euros of the 30.
      const half: Rules = [{ ...aPointAEuro, earn: { spend: '0.5' } }];
      expect(await replay(shop, half, day)).toMatchObject({
        activities: 1,
        pointsThen: 30n,
        pointsNow: 15n,
      });
    });

    it('stays by their nights, and flights by the chart of now', async () => {
      const details = {
        airline: {
          iataCode: 'SK',
          earnChart: [{ cabin: 'BUSINESS' as const, bookingClasses: ['C'], rate: '1.25' }],
        },
      };
      const rules: Rules = [{ code: 'MILES', name: 'Miles', earn: { distance: '1' } }];
      const air = await given({ kind: 'AIRLINE', details, rules });
      const hotel = await given({
        kind: 'HOTEL',
        rules: [{ code: 'NIGHT', name: 'Nights', earn: { night: 500n } }],
      });
      await record(air, 12, {
        kind: 'FLIGHT',
        flight: {
          flightNumber: 'SK401',
          origin: 'CPH',
          destination: 'ARN',
          cabin: 'BUSINESS',
          bookingClass: 'C',
          distanceMiles: 339,
        },
      });
      const stay = { property: 'HARBOUR', checkIn: '2026-06-10', checkOut: '2026-06-13', rooms: 2 };
      await record(hotel, 13, { kind: 'STAY', stay });

      const twice: Rules = [{ ...rules[0]!, earn: { distance: '2' } }];
      const less: Rules = [
        {
          code: 'NIGHT',
          name: 'Nights',
          earn: { night: 400n },
          when: 'activity.stay.property == "HARBOUR"',
        },
      ];

      // 339 x 1.25 is 423.75, and twice that is 847.5; three nights in two rooms.
      expect(await replay(air, twice)).toMatchObject({ pointsThen: 423n, pointsNow: 847n });
      expect(await replay(hotel, less)).toMatchObject({ pointsThen: 3_000n, pointsNow: 2_400n });
    });

    it('with members as they are now, who are strangers without consent', async () => {
      const shop = await givenJune();
      await givenSegment(test, 'VIP', shop.memberIds);
      const vip = [{ ...aPointAEuro, when: '"VIP" in member.segments' }];

      expect(await replay(shop, vip)).toMatchObject({ pointsNow: 141n });
      const { partnerId, memberIds } = shop;
      await revokeConsent(test.db('members'), { partnerId }, { memberId: memberIds[1]!, clock });
      expect(await replay(shop, vip)).toMatchObject({ pointsNow: 91n, membersWorseOff: 1 });
    });

    it('the same points by the set they were recorded under, from any day on', async () => {
      await setExchangeRates(db(), [{ from: 'USD', to: 'EUR', on: '2026-06-13', rate: '0.9' }], {
        viewer: adminViewer(),
        clock,
      });
      const forever: Rules = [
        ...others,
        { code: 'HELLO', name: 'Once', earn: { fixed: 7n }, caps: [{ points: 7n, per: 'EVER' }] },
      ];
      const shop = await given({ rules: forever });
      await record(shop, 10, euros('20.00'));
      await record(shop, 11, euros('30.00'));
      // What the offer gives is on neither side.
      await givenOffer(test, shop.partnerId);
      const third = await record(shop, 12, euros('40.00'));
      await record(shop, 14, { kind: 'PURCHASE', amount: { amount: '10', currency: 'USD' } });
      // Before refunds, as well.
      await refundActivity(
        db(),
        { activityId: third.id, refundReference: 'r', amount: { amount: '10', currency: 'EUR' } },
        { viewer: partnerViewer(shop.partnerId, ['ACCRUALS_REVERSE']), clock },
      );

      // 20, the last 5 of the month, and the card that is full; then 4.5, and nothing more. Before that 10, 15,
      // twice ten, and seven once.
      const rest = { from: '2026-06-12', to: '2026-06-30' };
      expect(await replay(shop, forever, rest)).toMatchObject({
        activities: 2,
        pointsThen: 129n,
        pointsNow: 129n,
        membersBetterOff: 0,
        membersWorseOff: 0,
      });
      expect(third.points).toBe(125n + 50n);
      const all = await replay(shop, forever);
      expect([all.pointsThen, all.pointsNow]).toEqual([181n, 181n]);
    });

    it('no cost where contracts of the days are in two currencies, and nothing of nothing', async () => {
      const shop = await givenJune();
      await givenContract(db(), shop.partnerId, { validFrom: '2026-06-25', currency: 'SEK' });

      expect(await replay(shop, others)).toMatchObject({ status: 'DONE', currency: null });
      expect(await replay(shop, others, { from: '2025-06-01', to: '2025-06-01' })).toMatchObject({
        status: 'DONE',
        activities: 0,
        pointsNow: 0n,
        currency: 'EUR',
      });
    });
  });

  describe('are started', () => {
    it('once while they run, and anew after that', async () => {
      const { partnerId } = await givenJune();
      const asked = { ruleSetId: await draft(partnerId, others), period: june };

      const { answers } = await race(db(), 4, () => begin(asked, partnerViewer(partnerId)));

      const [{ id } = { id: '' }, ...more] = answers;
      expect(more.map((each) => each.id)).toEqual([id, id, id]);
      const told = await rows(
        test.owner(),
        `SELECT subject_type AS type FROM platform.audit_event WHERE subject_id = $1`,
        [id],
      );
      expect(told).toEqual([{ type: 'RuleSetReplay' }]);
      await runJob(test, 'replay-activities');
      const again = await begin(asked);
      expect(again.id).not.toBe(id);
      await runJob(test, 'replay-activities');
      expect(await stored(again.id)).toMatchObject(ofJune);
    });

    it('three at a time, under published sets as well', async () => {
      const { partnerId } = await given();
      const { id: ruleSetId } = await db().findOneByOrFail(RuleSet, { partnerId });
      const of = (day: number) => ({ ...june, from: `2026-06-0${day}` });

      const { answers, reasons } = await race(db(), 5, (index) =>
        begin({ ruleSetId, period: of(index + 1) }),
      );

      expect(answers).toHaveLength(3);
      const tooMany = refusal('LIMIT_REACHED', ['ruleSetId'], { limit: '3' });
      expect(reasons).toEqual([tooMany, tooMany]);
      expect(await db().countBy(RuleSetReplay, { partnerId })).toBe(3);
      await runJob(test, 'replay-activities');
      await begin({ ruleSetId, period: of(9) });
    });

    it('for a partner’s own sets, by live clients, and for a year at most', async () => {
      const { partnerId } = await given();
      const ruleSetId = await draft(partnerId, others);
      const before = await db().count(RuleSetReplay);
      const by = partnerViewer((await given()).partnerId);
      const own = partnerViewer(partnerId);

      const unknown = refusal('NOT_FOUND', ['ruleSetId']);
      await expect(begin({ ruleSetId, period: june }, by)).rejects.toEqual(unknown);
      await expect(begin({ ruleSetId: randomUUID(), period: june })).rejects.toEqual(unknown);
      await expect(begin({ ruleSetId, period: june }, { ...own, sandbox: true })).rejects.toEqual(
        refusal('NOT_ALLOWED'),
      );
      for (const [period, path] of [
        [{ from: '2026-06-02', to: '2026-06-01' }, ['period', 'from']],
        [{ from: '2025-01-01', to: '2026-01-02' }, ['period', 'to']],
        [{ from: '2026-02-30', to: '2026-06-01' }, ['period', 'from']],
      ] as const) {
        await expect(begin({ ruleSetId, period }, own)).rejects.toEqual(
          refusal('INVALID', [...path]),
        );
      }
      expect(await db().count(RuleSetReplay)).toBe(before);
    });
  });

  describe('are worked on', () => {
    beforeEach(() => runJob(test, 'replay-activities'));
    /** The shop's June, begun, in parts of one member each. */
    async function givenParts(): Promise<string> {
      const { partnerId } = await givenJune();
      const { id } = await begin({ ruleSetId: await draft(partnerId, others), period: june });
      await replayNext(test.db('worker'), { ...limits, replayActivities: 1 });
      return id;
    }
    const parts = async (id: string) =>
      (await rows(test.owner(), 'SELECT FROM partners.replay_part WHERE replay_id = $1', [id]))
        .length;

    it('part by part, each counted once, by several workers and some rows at a time', async () => {
      const id = await givenParts();
      expect(await parts(id)).toBe(2);

      const single = { ...limits, replayRows: 1 };
      await race(test.db('worker'), 4, () => replayNext(test.db('worker'), single));
      await runJob(test, 'replay-activities');

      expect(await stored(id)).toMatchObject(ofJune);
      expect(await parts(id)).toBe(0);
    });

    it('again where a worker was killed, which leaves nothing of its part', async () => {
      const id = await givenParts();

      await test.owner().transaction(async (tx) => {
        await rows(tx, 'SELECT FROM partners.replay_part WHERE replay_id = $1 FOR UPDATE', [id]);
        const killed = step().catch((error: unknown) => error);
        await untilOneWaits(test);
        await rows(
          test.owner(),
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        expect(await killed).toBeInstanceOf(Error);
      });

      expect(await stored(id)).toMatchObject({ status: 'RUNNING', activities: 0, faults: 1 });
      await runJob(test, 'replay-activities');
      expect(await stored(id)).toMatchObject({ ...ofJune, faults: 0 });
    });

    it('after others where they fail, and given up in the end', async () => {
      const id = await givenParts();
      const good = await givenParts();
      const { ruleSetId } = await stored(id);
      await db().update(RuleSet, { id: ruleSetId }, { rules: [{ caps: [] }] as never });

      for (let faults = 0; faults < limits.replayFaultsMax; faults++) {
        await expect(runJob(test, 'replay-activities')).rejects.toBeInstanceOf(Error);
      }
      await runJob(test, 'replay-activities');

      expect(await stored(id)).toMatchObject({ status: 'FAILED', activities: 0 });
      expect(await stored(good)).toMatchObject(ofJune);
      // Nothing of it is left to do.
      expect(await step()).toBe(0);
    });

    it('and kept for 30 days', async () => {
      const [old, young] = [await givenParts(), await givenParts()];
      const keep = (id: string, days: number) =>
        rows(
          test.owner(),
          `UPDATE partners.replay SET started_at = now() - make_interval(days => $2) WHERE id = $1`,
          [id, days],
        );
      await keep(old, 30);
      await keep(young, 29);

      await runJob(test, 'clear-replays');

      expect(await db().existsBy(RuleSetReplay, { id: old })).toBe(false);
      expect(await db().existsBy(RuleSetReplay, { id: young })).toBe(true);
      expect(await parts(old)).toBe(0);
    });
  });

  describe('in the graph', () => {
    let subgraph: Subgraph;
    const { ask, codeOf } = callsOf(() => subgraph);
    beforeAll(async () => {
      subgraph = await start(configOn(test), testPlatform(clock));
    });
    afterAll(() => subgraph.drain());
    const figures = `id status ruleSet { id status } period { from to } activities pointsThen pointsNow
      costThen { amount currency } costNow { amount } membersBetterOff membersWorseOff`;

    it('show figures when they are done, to the partner and to staff alone', async () => {
      const { partnerId, memberIds } = await givenJune();
      const ruleSetId = await draft(partnerId, others);
      const viewer = partnerViewer(partnerId, ['RULES_MANAGE']);
      const starting = `mutation { startReplay(ruleSetId: "${ruleSetId}",
        period: { from: "2026-06-01", to: "2026-06-30" }) { replay { ${figures} } userErrors { code } } }`;
      const asked = await ask<{ startReplay: { replay: { id: string } } }>(viewer, starting);
      const unknown = { activities: null, pointsThen: null, pointsNow: null };

      const { replay: running } = asked.startReplay;
      expect(running).toEqual({
        id: running.id,
        status: 'RUNNING',
        ruleSet: { id: ruleSetId, status: 'DRAFT' },
        period: june,
        ...unknown,
        costThen: null,
        costNow: null,
        membersBetterOff: null,
        membersWorseOff: null,
      });
      await runJob(test, 'replay-activities');

      const reading = `{ replay(id: "${running.id}") { ${figures} } }`;
      for (const reader of [viewer, adminViewer()]) {
        expect((await ask<{ replay: object }>(reader, reading)).replay).toMatchObject({
          status: 'DONE',
          activities: 4,
          pointsThen: 141,
          pointsNow: 205,
          costThen: { amount: '1.692', currency: 'EUR' },
          costNow: { amount: '2.46' },
          membersBetterOff: 1,
          membersWorseOff: 1,
        });
      }
      const stranger = partnerViewer((await given()).partnerId, ['RULES_MANAGE']);
      for (const reader of [stranger, { ...viewer, sandbox: true }]) {
        expect(await ask(reader, reading)).toEqual({ replay: null });
      }
      expect(await codeOf(memberViewer(memberIds[0]!), reading)).toBe('FORBIDDEN');
      expect(await codeOf(partnerViewer(partnerId), starting)).toBe('FORBIDDEN');
    });
  });
});
