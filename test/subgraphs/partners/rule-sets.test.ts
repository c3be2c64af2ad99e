import { randomUUID } from 'node:crypto';
import { RuleSet } from '../../../subgraphs/partners/entities.ts';
import {
  draftRuleSet,
  publishRuleSet,
  ruleSetAt,
  statusOf,
} from '../../../subgraphs/partners/rule-sets.ts';
import { useTestDatabase } from '../../support/database.ts';
import { aPointAUnit, givenInvited, givenRules } from '../../support/given-partners.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

describe('draftRuleSet', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');

  it('keeps the rules with their defaults, as the next version', async () => {
    const partnerId = await givenInvited(test);
    const own = partnerViewer(partnerId, ['RULES_MANAGE']);

    const first = await draftRuleSet(db(), own, { partnerId, rules: [aPointAUnit] });
    const second = await draftRuleSet(db(), adminViewer(), {
      partnerId,
      rules: [
        {
          ...aPointAUnit,
          priority: 3,
          when: ' activity.amount >= dec("50") ',
          combine: 'MULTIPLICATIVE',
          earn: { spend: null, fixed: 500n },
        },
      ],
    });

    expect(first).toMatchObject({ version: 1, createdBy: 'client', validFrom: null });
    expect(await db().findOneBy(RuleSet, { id: second.id })).toMatchObject({
      version: 2,
      createdBy: 'admin',
      rules: [
        {
          code: 'BASE',
          name: 'A point a unit',
          priority: 3,
          when: 'activity.amount >= dec("50")',
          earn: { fixed: 500 },
          combine: 'MULTIPLICATIVE',
        },
      ],
    });
    expect(first.rules[0]).toMatchObject({ priority: 0, when: null, combine: 'ADDITIVE' });
  });

  it.each<[string, string[], object[]]>([
    ['no rule', ['rules'], []],
    [
      'too many rules',
      ['rules'],
      Array.from({ length: 101 }, (_, i) => ({ ...aPointAUnit, code: `R${i}` })),
    ],
    ['a code twice', ['rules', '1', 'code'], [aPointAUnit, aPointAUnit]],
    ['nothing earned', ['rules', '0', 'earn'], [{ ...aPointAUnit, earn: {} }]],
    [
      'two ways to earn',
      ['rules', '0', 'earn'],
      [{ ...aPointAUnit, earn: { spend: '1', fixed: 1n } }],
    ],
    [
      'a multiplier below 1',
      ['rules', '0', 'earn', 'multiplier'],
      [{ ...aPointAUnit, earn: { multiplier: '0.5' } }],
    ],
    ['a small letter in the code', ['rules', '0', 'code'], [{ ...aPointAUnit, code: 'base' }]],
    ...[
      '(((',
      'activity.amount',
      '1 + 1',
      'activity.amount >= 50.0',
      'activity.price > dec("1")',
      'nobody.name == "x"',
      'activity.amount >= dec("lots")',
      'activity.amount >= dec(activity.reference)',
      'activity.amount >= dec("1e999999")',
      'dyn(activity.kind)',
      '[1, 2].all(x, x > 0)',
      'has(activity.kind)',
      'cel.bind(x, 1, x == 1)',
      '{"a": ["b"].exists(x, x == "b")}["a"]',
      'activity.reference.matches("(a+)+$")',
      `${'!('.repeat(40)}true${')'.repeat(40)}`,
      `activity.reference == "${'x'.repeat(2_000)}"`,
    ].map((when): [string, string[], object[]] => [
      when.slice(0, 40),
      ['rules', '1', 'when'],
      [aPointAUnit, { ...aPointAUnit, code: 'BONUS', when }],
    ]),
  ])('refuses %s, and keeps nothing', async (_, path, rules) => {
    const partnerId = await givenInvited(test);

    const drafting = async () => draftRuleSet(db(), adminViewer(), { partnerId, rules });

    await expect(drafting()).rejects.toEqual(refusal('INVALID', path));
    expect(await db().countBy(RuleSet, { partnerId })).toBe(0);
  });

  it('finds no partner for another one, nor where there is none', async () => {
    const partnerId = await givenInvited(test);
    const draft = async (viewer = adminViewer(), id = partnerId) =>
      draftRuleSet(db(), viewer, { partnerId: id, rules: [aPointAUnit] });

    const notFound = refusal('NOT_FOUND', ['partnerId']);
    await expect(draft(partnerViewer(randomUUID()))).rejects.toEqual(notFound);
    await expect(draft(adminViewer(), randomUUID())).rejects.toEqual(notFound);
    expect(await db().countBy(RuleSet, { partnerId })).toBe(0);
  });

  it('counts versions without a gap when drafts are made at once', async () => {
    const partnerId = await givenInvited(test);

    const drafts = await Promise.all(
      Array.from({ length: 8 }, () =>
        draftRuleSet(db(), adminViewer(), { partnerId, rules: [aPointAUnit] }),
      ),
    );

    expect(new Set(drafts.map(({ version }) => version))).toEqual(
      new Set([1, 2, 3, 4, 5, 6, 7, 8]),
    );
  });
});

describe('publishRuleSet', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const now = new Date('2026-03-01T12:00:00Z');
  const later = new Date('2026-04-01T00:00:00Z');

  async function givenDraft(partnerId: string): Promise<string> {
    const viewer = adminViewer();
    return (await draftRuleSet(db(), viewer, { partnerId, rules: [aPointAUnit] })).id;
  }

  it('makes a set valid from an instant, where the one before ends', async () => {
    const partnerId = await givenInvited(test);
    const first = await publishRuleSet(db(), { id: await givenDraft(partnerId) }, now);
    const second = await publishRuleSet(
      db(),
      { id: await givenDraft(partnerId), validFrom: later },
      now,
    );

    expect(first.validFrom).toEqual(now);
    const versionAt = async (at: Date) => (await ruleSetAt(db(), partnerId, at))?.version;
    expect(await versionAt(new Date(now.getTime() - 1))).toBeUndefined();
    expect(await versionAt(now)).toBe(1);
    expect(await versionAt(new Date(later.getTime() - 1))).toBe(1);
    expect(await versionAt(later)).toBe(2);
    const ended = await db().findOneByOrFail(RuleSet, { id: first.id });
    expect([now, later].map((at) => statusOf(ended, at))).toEqual(['PUBLISHED', 'RETIRED']);
    expect(statusOf(second, now)).toBe('PUBLISHED');
  });

  it('gives the same answer again', async () => {
    const id = await givenDraft(await givenInvited(test));

    const first = await publishRuleSet(db(), { id }, now);
    const again = await publishRuleSet(db(), { id, validFrom: later }, later);

    expect(again).toEqual(first);
  });

  it('refuses a set that would not start after the latest one, and changes nothing', async () => {
    const partnerId = await givenInvited(test);
    const latest = await givenRules(db(), partnerId, [aPointAUnit], later);
    const id = await givenDraft(partnerId);

    await expect(publishRuleSet(db(), { id }, now)).rejects.toEqual(
      refusal('CONFLICT', ['validFrom'], { subject: latest.id }),
    );
    await expect(publishRuleSet(db(), { id: randomUUID() }, now)).rejects.toEqual(
      refusal('NOT_FOUND', ['id']),
    );

    expect(await db().findOneBy(RuleSet, { id })).toMatchObject({ validFrom: null });
    expect(await db().findOneBy(RuleSet, { id: latest.id })).toMatchObject({ validTo: null });
  });

  it('publishes once when it is called many times at once', async () => {
    const partnerId = await givenInvited(test);
    const id = await givenDraft(partnerId);

    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        publishRuleSet(db(), { id, validFrom: new Date(now.getTime() + i) }, now),
      ),
    );

    expect(new Set(answers.map(({ validFrom }) => validFrom!.getTime())).size).toBe(1);
  });
});
