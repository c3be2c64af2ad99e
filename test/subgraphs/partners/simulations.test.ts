import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import { simulateActivity } from '../../../subgraphs/partners/activities/simulations.ts';
import { type DraftRuleSet, draftRuleSet } from '../../../subgraphs/partners/earning/rule-sets.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

describe('simulateActivity', () => {
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
