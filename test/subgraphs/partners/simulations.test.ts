import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { type Viewer, anonymous } from '../../../platform/viewer.ts';
import { configureProgram } from '../../../subgraphs/members/program/configuration.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import { previewPoints } from '../../../subgraphs/partners/activities/previews.ts';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import { simulateActivity } from '../../../subgraphs/partners/activities/simulations.ts';
import { type DraftRuleSet, draftRuleSet } from '../../../subgraphs/partners/earning/rule-sets.ts';
import { summaryOfLines } from '../../../subgraphs/partners/earning/summaries.ts';
import { UsageBook } from '../../../subgraphs/partners/earning/usage.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenOffer } from '../../support/given-offers.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, memberViewer, partnerViewer } from '../../support/subgraph.ts';

describe('what is not recorded', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const now = new Date('2026-06-15T10:00:00Z');
  const clock = new SetClock(now);
  const rules: DraftRuleSet['rules'] = [
    {
      code: 'BASE',
      name: 'A point a unit',
      earn: { spend: '1' },
      caps: [{ points: 100n, per: 'DAY' }],
    },
  ];
  let partnerId: string;
  let input: RecordActivity;
  let till: Viewer;
  beforeEach(async () => {
    partnerId = await givenPartner(test, { rules });
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    till = partnerViewer(partnerId, ['ACCRUALS_WRITE']);
    input = {
      member: { id: memberId },
      kind: 'PURCHASE',
      reference: 'till-1',
      occurredAt: now,
      amount: { amount: '60.00', currency: 'EUR' },
    };
  });
  const simulate = (more: Partial<RecordActivity> = {}, ruleSetId?: string, viewer = till) =>
    simulateActivity(
      db(),
      { input: { ...input, ...more }, ...(ruleSetId && { ruleSetId }) },
      { viewer, clock },
    );
  const record = (reference: string) =>
    recordActivity(db(), { ...input, reference }, { viewer: till, clock });
  const draft = async (owner = partnerId) => {
    const drafted = {
      partnerId: owner,
      rules: [{ ...rules[0]!, caps: null, earn: { spend: '3' } }],
    };
    return (await draftRuleSet(db(), drafted, { viewer: adminViewer(), clock })).id;
  };
  const flight = {
    flightNumber: 'SK401',
    origin: 'CPH',
    destination: 'ARN',
    cabin: 'ECONOMY' as const,
    bookingClass: 'K',
  };
  /** All that a recording writes. */
  const written = async () => {
    const [counts] = await rows(
      test.owner(),
      `SELECT (SELECT count(*) FROM partners.activity) AS activities,
              (SELECT count(*) FROM partners.earn_usage) AS usage,
              (SELECT count(*) FROM ledger.transfer) AS movements,
              (SELECT count(*) FROM platform.outbox) AS events,
              (SELECT count(*) FROM members.tier_credit) AS credits`,
    );
    return counts;
  };

  describe('simulateActivity', () => {
    it('answers what recording it then answers, and writes nothing', async () => {
      await record('before');
      const before = await written();

      const { points, qualifying, lines } = await simulate();

      expect(await written()).toEqual(before);
      expect(points).toBe(40n);
      expect(await record('till-1')).toMatchObject({
        points,
        qualifyingPoints: qualifying,
        explanation: lines,
      });
    });

    it('answers the same again, and spends nothing of a cap', async () => {
      const { answers } = await race(db(), 4, () => simulate());
      expect(answers.map(({ points }) => points)).toEqual([60n, 60n, 60n, 60n]);
      expect((await simulate({ reference: 'another' })).points).toBe(60n);
    });

    it('goes by a draft of the partner, for the partner and for staff', async () => {
      const ruleSetId = await draft();

      expect((await simulate({}, ruleSetId)).points).toBe(180n);
      expect((await simulate({}, ruleSetId, adminViewer())).points).toBe(180n);
      await expect(simulate({}, undefined, adminViewer())).rejects.toEqual(
        refusal('INVALID', ['ruleSetId']),
      );
    });

    it('knows no rules of others, and no members who do not trust the partner', async () => {
      const others = await draft(await givenPartner(test));
      await expect(simulate({}, others)).rejects.toEqual(refusal('NOT_FOUND', ['ruleSetId']));
      await expect(simulate({}, randomUUID())).rejects.toEqual(refusal('NOT_FOUND', ['ruleSetId']));
      await expect(simulate({ member: { id: await givenMember(test) } })).rejects.toEqual(
        refusal('NOT_FOUND', ['member']),
      );
    });

    it('is for partners that are LIVE', async () => {
      await givenStatus(test, partnerId, 'SUSPENDED');
      await expect(simulate()).rejects.toEqual(refusal('PARTNER_INACTIVE'));
    });
  });

  describe('previewPoints', () => {
    type Asked = Partial<Parameters<typeof previewPoints>[1]>;
    const preview = (more: Asked = {}, viewer: Viewer = anonymous) =>
      previewPoints(
        db(),
        { partnerId, kind: 'PURCHASE', amount: { amount: '60.00', currency: 'EUR' }, ...more },
        { viewer, clock },
      );

    it('tells anybody what the rules give, in words, and writes nothing', async () => {
      const before = await written();

      const { points, qualifying, lines } = (await preview())!;

      expect(await written()).toEqual(before);
      expect([points, qualifying]).toEqual([60n, 60n]);
      expect(summaryOfLines(lines)).toEqual(['A point a unit: 60 points']);
    });

    it('goes by the tier of the member who asks, and by what caps have left', async () => {
      const setTiers = (tiers: { code: string; threshold: bigint; earnMultiplier: string }[]) =>
        configureProgram(
          test.db('members'),
          { tiers: tiers.map((tier) => ({ ...tier, name: tier.code, benefits: [] })) },
          { viewer: adminViewer(), clock },
        );
      await setTiers([
        { code: 'BASE', threshold: 0n, earnMultiplier: '1' },
        { code: 'GOLD', threshold: 50n, earnMultiplier: '1.5' },
      ]);
      const { memberId } = await record('before');

      const mine = (await preview({}, memberViewer(memberId)))!;
      const another = (await preview({}, memberViewer(await givenMember(test))))!;
      const recorded = await record('after');
      await setTiers([]);

      // 40 are left of 100, and half of 60 is for the tier.
      expect(mine.points).toBe(70n);
      expect(summaryOfLines(mine.lines)).toEqual([
        'A point a unit: 40 points, the most there is a day',
        "The member's tier: 30 points",
      ]);
      expect(another.points).toBe(60n);
      expect(recorded).toMatchObject({ points: mine.points, explanation: mine.lines });
    });

    it('tells members of what offers give them, and others of the rules alone', async () => {
      await givenOffer(test, partnerId);
      const member = memberViewer(await givenMember(test));

      const mine = (await preview({}, member))!;

      expect(mine.points).toBe(110n);
      expect(summaryOfLines(mine.lines)).toContain('Fifty more: 50 points');
      expect((await preview())!.points).toBe(60n);
    });

    it('waits for nobody who is recording', async () => {
      const { memberId } = await record('before');

      await db().transaction(async (tx) => {
        await UsageBook.open(tx, [{ memberId, partnerId, day: '2026-06-15' }]);
        expect((await preview({}, memberViewer(memberId)))?.points).toBe(40n);
      });
    });

    it('says why nothing is given', async () => {
      const { lines } = (await preview({ kind: 'OTHER', amount: null }))!;

      expect(summaryOfLines(lines)).toEqual(['A point a unit: Nothing was paid.']);
    });

    it('is null where nobody can earn now', async () => {
      expect(await preview({ partnerId: randomUUID() })).toBeNull();
      const later = await givenPartner(test, { rulesFrom: new Date('2026-06-16') });
      expect(await preview({ partnerId: later })).toBeNull();
      await givenStatus(test, partnerId, 'SUSPENDED');
      expect(await preview()).toBeNull();
    });

    it.each(['SUSPENDED', 'CLOSED'])('is null for a member who is %s', async (status) => {
      const memberId = await givenMember(test);
      await rows(test.owner(), 'UPDATE members.member SET status = $2 WHERE id = $1', [
        memberId,
        status,
      ]);

      expect(await preview({}, memberViewer(memberId))).toBeNull();
      expect((await preview())!.points).toBe(60n);
    });

    it.each<[string, Asked]>([
      ['kind', { kind: 'FLIGHT', flight }],
      ['amount', { amount: null }],
      ['amount.currency', { amount: { amount: '1', currency: 'SEK' } }],
      ['amount', { amount: { amount: '999999999999999', currency: 'EUR' } }],
      ['grant', { kind: 'GRANT', amount: null }],
      ['partnerId', { partnerId: 'SHOP' }],
    ])('refuses what is wrong with %s', async (path, asked) => {
      await expect(preview(asked)).rejects.toEqual(refusal('INVALID', path.split('.')));
    });
  });
});
