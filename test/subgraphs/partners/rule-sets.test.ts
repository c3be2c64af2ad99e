import { randomUUID } from 'node:crypto';
import { saveLedgerCurrency } from '../../../ledger/index.ts';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import {
  type DraftRuleSet,
  draftRuleSet,
  publishRuleSet,
  statusesOf,
  validAt,
} from '../../../subgraphs/partners/earning/rule-sets.ts';
import { RuleSet } from '../../../subgraphs/partners/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenCurrency } from '../../support/given-conversions.ts';
import { aPointAUnit, givenInvited, givenRules } from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

describe('draftRuleSet', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const draft = (
    partnerId: string,
    rules: DraftRuleSet['rules'] = [aPointAUnit],
    viewer: Viewer = adminViewer(),
  ) => draftRuleSet(db(), { partnerId, rules }, { viewer, clock: databaseClock });

  it('keeps the rules with their defaults, as the next version', async () => {
    const partnerId = await givenInvited(test);
    const own = partnerViewer(partnerId, ['RULES_MANAGE']);

    const first = await draft(partnerId, [aPointAUnit], own);
    const second = await draft(partnerId, [
      {
        ...aPointAUnit,
        priority: 3,
        when: ' activity.amount >= dec("50") ',
        combine: 'MULTIPLICATIVE',
        earn: { spend: null, fixed: 500n },
      },
    ]);

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

  it('keeps all that a rule may say', async () => {
    const partnerId = await givenInvited(test);
    const base = { tax: false, shipping: true, beforeDiscount: true, pointsPaid: true };
    const said = {
      code: 'CARD',
      name: 'Tenth coffee',
      when: 'item.category == "coffee" && "STUDENTS" in member.segments',
      awards: 'SPENDABLE' as const,
      base,
      roundedPer: 'ITEM' as const,
    };

    const { rules } = await draft(partnerId, [
      {
        ...said,
        earn: { stamp: { code: 'COFFEE', stamps: 10, points: 250n } },
        caps: [
          { points: 500n, per: 'WEEK' },
          { points: 5_000n, per: 'EVER', mode: 'REJECT' },
        ],
      },
      { code: 'MILES', name: 'Miles', earn: { distance: '0.5' }, base: { tax: false } },
      { code: 'NIGHTS', name: 'Nights', earn: { night: 500n } },
      {
        code: 'UNITS',
        name: 'Units',
        earn: { expression: 'item.quantity * 2' },
        stackingGroup: 'G',
      },
    ]);

    expect(rules[0]).toEqual({
      ...said,
      priority: 0,
      stackingGroup: null,
      combine: 'ADDITIVE',
      earn: { stamp: { code: 'COFFEE', stamps: 10, points: 250 } },
      caps: [
        { points: 500, per: 'WEEK', mode: 'CLIP' },
        { points: 5_000, per: 'EVER', mode: 'REJECT' },
      ],
    });
    expect(rules.slice(1)).toMatchObject([
      {
        earn: { distance: '0.5' },
        awards: 'BOTH',
        base: { tax: false, shipping: false, beforeDiscount: false, pointsPaid: false },
        roundedPer: 'ACTIVITY',
        stackingGroup: null,
        caps: [],
      },
      { earn: { night: 500 }, base: { tax: true } },
      { earn: { expression: 'item.quantity * 2' }, stackingGroup: 'G' },
    ]);
  });

  it('lets rules earn the partner’s own currency, which counts for no tier', async () => {
    const partnerId = await givenInvited(test);
    const currency = await givenCurrency(test, partnerId);

    const { id, rules } = await draft(partnerId, [
      aPointAUnit,
      { ...aPointAUnit, code: 'MILES', currency },
      { ...aPointAUnit, code: 'MORE', currency, awards: 'BOTH', earn: { fixed: 5n } },
    ]);

    expect(rules.map((rule) => [rule.currency, rule.awards])).toEqual([
      [undefined, 'BOTH'],
      [currency, 'SPENDABLE'],
      [currency, 'SPENDABLE'],
    ]);
    await saveLedgerCurrency(test.db('members'), {
      code: currency,
      name: 'Miles',
      kind: 'SPENDABLE',
      issuer: await givenInvited(test),
    });
    const published = publishRuleSet(db(), { id }, { viewer: adminViewer(), clock: databaseClock });
    await expect(published).rejects.toEqual(refusal('NOT_ALLOWED', ['rules', '1', 'currency']));
    expect(await db().findOneBy(RuleSet, { id })).toMatchObject({ validFrom: null });
  });

  it('refuses currencies that the partner cannot give, and keeps no draft', async () => {
    const partnerId = await givenInvited(test);
    const [own, another] = [
      await givenCurrency(test, partnerId),
      await givenCurrency(test, partnerId),
    ];
    const others = await givenCurrency(test, await givenInvited(test));
    const nights = await givenCurrency(test, partnerId, 'QUALIFYING');
    const earning = (currency: string, more: object = {}) => [
      { ...aPointAUnit, code: 'FIRST', currency: own },
      { ...aPointAUnit, currency, ...more },
    ];
    const alone = (currency: string) => [aPointAUnit, { ...aPointAUnit, code: 'X', currency }];
    const path = ['rules', '1', 'currency'];

    const attempts: [string, string[], DraftRuleSet['rules']][] = [
      ['NOT_FOUND', path, alone('NONE')],
      ['NOT_ALLOWED', path, alone('PTS')],
      ['NOT_ALLOWED', path, alone(others)],
      ['NOT_ALLOWED', path, alone(nights)],
      ['INVALID', path, alone('miles')],
      ['INVALID', path, earning(another)],
      ['INVALID', ['rules', '1', 'awards'], earning(own, { awards: 'QUALIFYING' })],
      [
        'INVALID',
        ['rules', '1', 'earn', 'stamp'],
        [undefined, own].map((currency, place) => ({
          code: `R${place}`,
          name: 'Tenth',
          currency,
          earn: { stamp: { code: 'CARD', stamps: 10, points: 5n } },
        })),
      ],
    ];
    for (const [code, at, rules] of attempts) {
      await expect(draft(partnerId, rules)).rejects.toMatchObject({ code, inputPath: at });
    }
    expect(await db().countBy(RuleSet, { partnerId })).toBe(0);
  });

  it('makes another draft of the same rules: it takes no key', async () => {
    const partnerId = await givenInvited(test);

    const first = await draft(partnerId);
    const again = await draft(partnerId);

    expect(again.id).not.toBe(first.id);
    expect(again).toMatchObject({ version: 2, rules: first.rules, validFrom: null });
    expect(await db().countBy(RuleSet, { partnerId })).toBe(2);
  });

  it.each<[string, string[], DraftRuleSet['rules']]>([
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
    [
      'an expression that gives no number',
      ['rules', '0', 'earn', 'expression'],
      [{ ...aPointAUnit, earn: { expression: 'item.sku' } }],
    ],
    [
      'a card without stamps',
      ['rules', '0', 'earn', 'stamp', 'stamps'],
      [{ ...aPointAUnit, earn: { stamp: { code: 'C', stamps: 0, points: 1n } } }],
    ],
    [
      'a group of what gives the base',
      ['rules', '0', 'stackingGroup'],
      [{ ...aPointAUnit, stackingGroup: 'G' }],
    ],
    [
      'stamps for the tier',
      ['rules', '0', 'awards'],
      [
        {
          ...aPointAUnit,
          awards: 'QUALIFYING',
          earn: { stamp: { code: 'C', stamps: 9, points: 1n } },
        },
      ],
    ],
    [
      'two cards of one code',
      ['rules', '1', 'earn', 'stamp'],
      [9, 10].map((stamps) => {
        const earn = { stamp: { code: 'C', stamps, points: 1n } };
        return { ...aPointAUnit, code: `R${stamps}`, earn };
      }),
    ],
    [
      'an expression of too many factors',
      ['rules', '0', 'earn', 'expression'],
      [{ ...aPointAUnit, earn: { expression: Array(9).fill('item.amount').join(' * ') } }],
    ],
    [
      'two caps for one period',
      ['rules', '0', 'caps', '1', 'per'],
      [{ ...aPointAUnit, caps: Array.from({ length: 2 }, () => ({ points: 1n, per: 'DAY' })) }],
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
    ].map((when): [string, string[], DraftRuleSet['rules']] => [
      when.slice(0, 40),
      ['rules', '1', 'when'],
      [aPointAUnit, { ...aPointAUnit, code: 'BONUS', when }],
    ]),
  ])('refuses %s, and keeps nothing', async (_, path, rules) => {
    const partnerId = await givenInvited(test);

    await expect(draft(partnerId, rules)).rejects.toEqual(refusal('INVALID', path));
    expect(await db().countBy(RuleSet, { partnerId })).toBe(0);
  });

  it('finds no partner for another one, nor where there is none', async () => {
    const partnerId = await givenInvited(test);
    const notFound = refusal('NOT_FOUND', ['partnerId']);
    const other = partnerViewer(randomUUID());
    await expect(draft(partnerId, [aPointAUnit], other)).rejects.toEqual(notFound);
    await expect(draft(randomUUID())).rejects.toEqual(notFound);
    expect(await db().countBy(RuleSet, { partnerId })).toBe(0);
  });

  it('is not for test clients: live ones would see it', async () => {
    const partnerId = await givenInvited(test);
    const client = { ...partnerViewer(partnerId, ['RULES_MANAGE']), sandbox: true };

    await expect(draft(partnerId, [aPointAUnit], client)).rejects.toEqual(refusal('NOT_ALLOWED'));

    expect(await db().countBy(RuleSet, { partnerId })).toBe(0);
  });

  it.each([
    [
      'activity.amount >= 50',
      'no such overload: dec >= int, at character 1: decimals are written dec("50")',
    ],
    [
      'member.status == "ACTIVE" && 0.5 < activity.amount',
      'no such overload: double < dec, at character 30: decimals are written dec("50")',
    ],
    ['activity.hour == "1"', 'no such overload: int == string, at character 1'],
    ['activity.hour >', 'Unexpected token: EOF, at character 16'],
  ])('says what is wrong with %s, and where', async (when, words) => {
    const partnerId = await givenInvited(test);

    await expect(draft(partnerId, [{ ...aPointAUnit, when }])).rejects.toThrow(
      `rules.0.when: ${words}.`,
    );
  });

  it('counts versions without a gap when drafts are made at once', async () => {
    const partnerId = await givenInvited(test);

    const { answers: drafts } = await race(db(), 8, () => draft(partnerId));

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
    const input = { partnerId, rules: [aPointAUnit] };
    return (await draftRuleSet(db(), input, { viewer: adminViewer(), clock: databaseClock })).id;
  }

  /** Publishes a draft; from the instant of the call where no other is named. */
  const publish = (id: string, validFrom: Date | null = null, at = now) =>
    publishRuleSet(db(), { id, validFrom }, { viewer: adminViewer(), clock: new SetClock(at) });

  it('makes a set valid from an instant, where the one before ends', async () => {
    const partnerId = await givenInvited(test);
    const first = await publish(await givenDraft(partnerId));
    const second = await publish(await givenDraft(partnerId), later);

    expect(first.validFrom).toEqual(now);
    const versionsAt = async (at: Date) =>
      (await db().findBy(RuleSet, { partnerId, ...validAt(at) })).map(({ version }) => version);
    expect(await versionsAt(new Date(now.getTime() - 1))).toEqual([]);
    expect(await versionsAt(now)).toEqual([1]);
    expect(await versionsAt(new Date(later.getTime() - 1))).toEqual([1]);
    expect(await versionsAt(later)).toEqual([2]);
    const draft = await givenDraft(partnerId);
    const statusesAt = (at: Date) => statusesOf(db(), [draft, second.id, first.id], at);
    expect(await statusesAt(now)).toEqual(['DRAFT', 'PUBLISHED', 'PUBLISHED']);
    expect(await statusesAt(later)).toEqual(['DRAFT', 'PUBLISHED', 'RETIRED']);
  });

  it('starts a set in the past where it is told to', async () => {
    const partnerId = await givenInvited(test);
    const earlier = new Date('2020-01-01T00:00:00Z');

    const first = await publish(await givenDraft(partnerId), earlier);
    const second = await publish(await givenDraft(partnerId), new Date(earlier.getTime() + 1));

    expect(first.validFrom).toEqual(earlier);
    expect(await db().findOneBy(RuleSet, { id: first.id })).toMatchObject({
      validFrom: earlier,
      validTo: second.validFrom,
    });
  });

  it('gives the same answer again', async () => {
    const id = await givenDraft(await givenInvited(test));

    const first = await publish(id);
    const again = await publish(id, later, later);

    expect(again).toEqual(first);
  });

  it('refuses a set that would not start after the latest one, and changes nothing', async () => {
    const partnerId = await givenInvited(test);
    const latest = await givenRules(db(), partnerId, [aPointAUnit], later);
    const id = await givenDraft(partnerId);

    await expect(publish(id)).rejects.toEqual(
      refusal('CONFLICT', ['validFrom'], { subject: latest.id }),
    );
    await expect(publish(randomUUID())).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    await expect(publish('rules')).rejects.toEqual(refusal('INVALID', ['id']));

    expect(await db().findOneBy(RuleSet, { id })).toMatchObject({ validFrom: null });
    expect(await db().findOneBy(RuleSet, { id: latest.id })).toMatchObject({ validTo: null });
  });

  it('publishes once when it is called many times at once', async () => {
    const partnerId = await givenInvited(test);
    const id = await givenDraft(partnerId);

    const { answers } = await race(db(), 8, (i) => publish(id, new Date(now.getTime() + i)));

    const [{ validFrom }] = answers as [RuleSet];
    expect(answers.map((each) => each.validFrom)).toEqual(Array(8).fill(validFrom));
    expect(await db().findBy(RuleSet, { partnerId })).toMatchObject([{ id, validFrom }]);
  });
});
