import { randomUUID } from 'node:crypto';
import type { Usage } from '../../../subgraphs/partners/earning/caps.ts';
import { earn } from '../../../subgraphs/partners/earning/earning.ts';
import { summaryOfLines } from '../../../subgraphs/partners/earning/summaries.ts';
import type { CapPeriod, EarnRule } from '../../../subgraphs/partners/rows.ts';
import { earnRule as rule, earningFacts, judged, unused } from '../../support/earn-rules.ts';

const earnt = (
  rules: EarnRule[],
  facts = earningFacts({ amount: '100' }),
  more: Parameters<typeof judged>[1] = {},
) => earn(judged(facts, more), { id: randomUUID(), rules });
const given = ({ lines }: ReturnType<typeof earn>) =>
  Object.fromEntries(lines.map(({ rule: code, points }) => [code, points]));

describe('rules of the partner’s own currency', () => {
  it('are worked out beside the others: neither gives the other a base, multiplies it or beats it', () => {
    const inMiles = { currency: 'MILES', awards: 'SPENDABLE' as const };
    const rules = [
      rule({ spend: '1' }, { code: 'BASE' }),
      rule({ fixed: 70 }, { code: 'WELCOME', stackingGroup: 'HI' }),
      rule({ spend: '0.5' }, { code: 'MILES', ...inMiles }),
      rule({ spend: '2' }, { code: 'WINE', when: 'item.category == "wine"', ...inMiles }),
      rule({ multiplier: '2' }, { code: 'DOUBLE', ...inMiles }),
      rule({ fixed: 30 }, { code: 'HELLO', stackingGroup: 'HI', ...inMiles }),
      rule(
        { fixed: 40 },
        {
          code: 'DAILY',
          name: 'Daily',
          caps: [{ points: 65, per: 'DAY', mode: 'CLIP' }],
          ...inMiles,
        },
      ),
    ];
    const items = [{ amount: '21', category: 'wine' }];
    // Of the shared currency, a rule with this code has given as much already.
    const points: Usage['points'] = (code) => (code === 'MILES/DAILY' ? 40n : 1_000n);
    const more = { tierMultiplier: '1.5', usage: { ...unused, points } };

    const earned = earnt(rules, earningFacts({ amount: '101' }, items), more);

    // 101 x 1.5 = 151.5, and 70; (21 x 2 + 80 x 0.5) x 2 = 164, and 30, and 65 - 40.
    expect(earned).toMatchObject({
      points: 221n,
      qualifying: 101n,
      own: { currency: 'MILES', points: 219n, items: [84n] },
    });
    expect(given(earned)).toEqual({
      BASE: 101,
      tier: 50,
      WELCOME: 70,
      WINE: 42,
      MILES: 40,
      DOUBLE: 82,
      HELLO: 30,
      DAILY: 25,
    });
    const ofMiles = earned.lines.filter(({ currency }) => currency === 'MILES');
    expect(ofMiles.reduce((sum, line) => sum + line.points, 0)).toBe(219);
    expect(earned.counted.map((each) => [each.rule.code, each.points])).toEqual([['DAILY', 25n]]);
    expect(summaryOfLines(earned.lines)).toContain('Daily: 25 MILES, the most there is a day');
  });
});

describe('bonuses', () => {
  it('multiply the items that they are for, and no other', () => {
    const items = [
      { amount: '40', category: 'shoes' },
      { amount: '60', category: 'hats' },
    ];
    const rules = [
      rule({ spend: '1' }, { code: 'BASE' }),
      rule({ multiplier: '2' }, { code: 'SHOES', when: 'item.category == "shoes"' }),
    ];

    const earned = earnt(rules, earningFacts({ amount: '100' }, items));

    expect(given(earned)).toEqual({ BASE: 100, SHOES: 40 });
    expect(earned.items).toEqual([80n, 60n]);
  });

  it('count once in a stacking group: the best, of equals the more important', () => {
    const rules = [
      rule({ spend: '1' }, { code: 'BASE' }),
      rule({ multiplier: '2' }, { code: 'DOUBLE', stackingGroup: 'WEEKEND' }),
      rule({ fixed: 150 }, { code: 'FLAT', stackingGroup: 'WEEKEND' }),
      rule({ fixed: 150 }, { code: 'EQUAL', stackingGroup: 'WEEKEND', priority: 1 }),
      rule({ fixed: 500 }, { code: 'NOT', stackingGroup: 'WEEKEND', when: 'activity.hour == 3' }),
      rule({ fixed: 7 }, { code: 'OTHER', stackingGroup: 'APP' }),
    ];

    expect(given(earnt(rules))).toEqual({
      BASE: 100,
      DOUBLE: 0,
      EQUAL: 150,
      FLAT: 0,
      NOT: 0,
      OTHER: 7,
    });
  });

  it('compare by what their caps leave of them', () => {
    const rules = [
      rule({ spend: '1' }, { code: 'BASE' }),
      rule(
        { multiplier: '3' },
        { code: 'SPENT', stackingGroup: 'A', caps: [{ points: 100, per: 'DAY', mode: 'CLIP' }] },
      ),
      rule({ fixed: 50 }, { code: 'FIFTY', stackingGroup: 'A' }),
    ];
    const usage = { ...unused, points: () => 100n };

    expect(given(earnt(rules, undefined, { usage }))).toEqual({ BASE: 100, SPENT: 0, FIFTY: 50 });
  });

  it('have the member’s tier among them, which counts for no tier', () => {
    const rules = [
      rule({ spend: '1' }, { code: 'BASE' }),
      rule({ multiplier: '2' }, { code: 'TWO' }),
    ];

    const earned = earnt(rules, undefined, { tierMultiplier: '1.5' });

    // 100 x (1 + 0.5 + 1)
    expect(given(earned)).toEqual({ BASE: 100, tier: 50, TWO: 100 });
    expect(earned).toMatchObject({ points: 250n, qualifying: 100n });
  });

  it('are to spend, for the tier, or both, each rounded on its own', () => {
    const rules = [
      rule({ spend: '0.5' }, { code: 'SPEND', awards: 'SPENDABLE' }),
      rule({ spend: '1' }, { code: 'TIER', awards: 'QUALIFYING' }),
      rule({ multiplier: '1.5' }, { code: 'BOTH', awards: 'BOTH' }),
    ];

    const earned = earnt(rules, earningFacts({ amount: '33' }));

    // 16.5 x 1.5 = 24.75; 33 x 1.5 = 49.5
    expect(earned).toMatchObject({ points: 24n, qualifying: 49n });
    expect(given(earned)).toEqual({ SPEND: 16, TIER: 0, BOTH: 8 });
    expect(earned.lines.find((line) => line.rule === 'TIER')!.reason).toBe(
      'It always applies. It counts for the tier alone: 33.',
    );
  });

  it('may be worked out, for the activity or for its items, and are never negative', () => {
    const items = [
      { amount: '10', quantity: 3, brand: 'ACME' },
      { amount: '10', quantity: 2, brand: 'ACME' },
      { amount: '10', quantity: 9, brand: 'OTHER' },
    ];
    const points = (expression: string, when: string | null = null) =>
      earnt([rule({ expression }, { when })], earningFacts({ amount: '30' }, items)).points;

    expect(points('100 * item.quantity', 'item.brand == "ACME"')).toBe(500n);
    expect(points('activity.amount * dec("0.25")')).toBe(7n);
    expect(points('5 - 9')).toBe(0n);
    // One brand's item takes nothing from another's; halves are cut off each, or once.
    expect(points('4 - item.quantity')).toBe(3n);
    const halves = (roundedPer: EarnRule['roundedPer']) =>
      earnt(
        [rule({ expression: 'item.amount * dec("0.05")' }, { roundedPer })],
        earningFacts({ amount: '30' }, items),
      ).points;
    expect([halves('ACTIVITY'), halves('ITEM')]).toEqual([1n, 0n]);
  });

  it('see the member’s tier and segments', () => {
    const facts = earningFacts();
    facts.member = { status: 'ACTIVE', tier: 'GOLD', segments: ['STUDENTS'] };
    const rules = [
      rule({ fixed: 3 }, { when: 'member.tier == "GOLD" && "STUDENTS" in member.segments' }),
    ];

    expect(earnt(rules, facts).points).toBe(3n);
    expect(earnt(rules).points).toBe(0n);
  });
});

describe('stamps', () => {
  const coffee = { code: 'COFFEE', stamps: 10, points: 250 };
  const having = (stamps: bigint) => ({ usage: { ...unused, stamps: () => stamps } });

  it.each([
    [0n, 1, 0n],
    [8n, 1, 0n],
    [9n, 1, 250n],
    // What is over goes to the next card: 9 and 12 fill two.
    [9n, 12, 500n],
    [0n, 9, 0n],
  ])('with %d there, %d more give %d', (before, quantity, points) => {
    const facts = earningFacts({}, [{ sku: 'CUP', quantity, amount: '1' }]);
    const rules = [rule({ stamp: coffee }, { when: 'item.sku == "CUP"' })];

    const earned = earnt(rules, facts, having(before));

    expect(earned.points).toBe(points);
    const full = points / 250n;
    expect(earned.stamps).toEqual(new Map([['COFFEE', BigInt(quantity) - 10n * full]]));
  });

  it('are one for an activity, and of two rules on one card', () => {
    const rules = [rule({ stamp: coffee }), rule({ stamp: coffee })];

    const earned = earnt(rules, undefined, having(8n));

    expect(earned.points).toBe(250n);
    expect(earned.stamps.get('COFFEE')).toBe(-8n);
  });
});

describe('caps', () => {
  const cap = (points: number, per: CapPeriod, mode: 'CLIP' | 'REJECT' = 'CLIP') => ({
    points,
    per,
    mode,
  });
  const used =
    (rows: Partial<Record<CapPeriod, bigint>>): Usage['points'] =>
    (_, per) =>
      rows[per] ?? 0n;

  it.each<
    [string, ReturnType<typeof cap>[], Partial<Record<CapPeriod, bigint>>, number, CapPeriod | null]
  >([
    ['leaves what is within', [cap(100, 'DAY')], {}, 100, null],
    ['clips', [cap(60, 'ACTIVITY')], {}, 60, 'ACTIVITY'],
    ['clips to what is left', [cap(120, 'DAY')], { DAY: 50n }, 70, 'DAY'],
    ['refuses as a whole', [cap(120, 'DAY', 'REJECT')], { DAY: 50n }, 0, 'DAY'],
    ['gives nothing beyond', [cap(120, 'MONTH')], { MONTH: 500n }, 0, 'MONTH'],
    [
      'names the narrowest of several',
      [cap(90, 'DAY'), cap(200, 'YEAR')],
      { YEAR: 150n },
      50,
      'YEAR',
    ],
    ['refuses before it clips', [cap(90, 'DAY'), cap(95, 'YEAR', 'REJECT')], {}, 0, 'YEAR'],
  ])('%s', (_, caps, rows, points, cappedBy) => {
    const rules = [rule({ spend: '1' }, { code: 'BASE', caps })];

    const earned = earnt(rules, undefined, { usage: { ...unused, points: used(rows) } });

    expect(earned.points).toBe(BigInt(points));
    expect(earned.lines[0]).toMatchObject({ desired: 100, points, cappedBy });
  });

  it('hold a rule, and not those that build on it', () => {
    const rules = [
      rule({ spend: '1' }, { code: 'BASE', caps: [cap(30, 'DAY')] }),
      rule({ multiplier: '2' }, { code: 'TWO' }),
    ];

    expect(given(earnt(rules))).toEqual({ BASE: 30, TWO: 100 });
  });

  it('count points for the tier apart', () => {
    const usage: Usage = {
      ...unused,
      points: (_, __, award) => (award === 'QUALIFYING' ? 40n : 90n),
    };
    const rules = [rule({ spend: '1' }, { caps: [cap(100, 'YEAR')] })];

    expect(earnt(rules, undefined, { usage })).toMatchObject({ points: 10n, qualifying: 60n });
  });
});

describe('the rules of offers', () => {
  const offer = (rules: EarnRule[], left: bigint | null = null) => {
    return { id: randomUUID(), version: 1, rules, left };
  };
  const base = rule({ spend: '1' }, { code: 'BASE' });
  /** Of 100.00, by the codes that the offers gave their rules. */
  const points = (earned: ReturnType<typeof earn>) =>
    Object.fromEntries(
      earned.lines.map(({ rule: code, points: each }) => [code.split('/').at(-1), each]),
    );

  it('come on top of the base, and are told from those of the set', () => {
    const items = [
      { amount: '40', category: 'shoes' },
      { amount: '60', category: 'hats' },
    ];
    const shoes = { when: 'item.category == "shoes"' };
    const spring = offer([
      rule({ multiplier: '3' }, { code: 'TRIPLE', ...shoes }),
      rule({ spend: '0.5' }, { code: 'BASE', ...shoes }),
      rule({ fixed: 7 }, { code: 'WELCOME' }),
    ]);
    const rules = [base, rule({ multiplier: '2' }, { code: 'DOUBLE', combine: 'MULTIPLICATIVE' })];

    const earned = earnt(rules, earningFacts({ amount: '100' }, items), { offers: [spring] });

    // 100; two more times 40; (100 + 80) once more; half of 40, which nothing multiplies; 7.
    expect(earned.lines.map((line) => [line.rule, line.offerId, line.points])).toEqual([
      ['BASE', undefined, 100],
      [`${spring.id}/TRIPLE`, spring.id, 80],
      ['DOUBLE', undefined, 180],
      [`${spring.id}/BASE`, spring.id, 20],
      [`${spring.id}/WELCOME`, spring.id, 7],
    ]);
    expect(earned.points).toBe(387n);
    // 40 + 80 + 120 + 20, and 60 + 60.
    expect(earned.items).toEqual([260n, 120n]);
    expect(earned.byOffer).toEqual(new Map([[spring.id, 107n]]));
  });

  it.each([
    ['ACTIVITY', 3],
    ['ITEM', 2],
  ] as const)('round what they give for each unit once for each %s', (roundedPer, extra) => {
    const items = [{ amount: '3.33' }, { amount: '3.33' }];
    const half = offer([
      rule({ spend: '0.5' }, { code: 'HALF', roundedPer, when: 'item.quantity == 1' }),
    ]);

    const earned = earnt([base], earningFacts({ amount: '6.66' }, items), { offers: [half] });

    // 1.665 and 1.665.
    expect(points(earned)).toEqual({ BASE: 6, HALF: extra });
  });

  it('give no miles to what is no flight', () => {
    const flying = offer([rule({ distance: '1' }, { code: 'MILES' })]);

    const { lines } = earnt([base], undefined, { offers: [flying] });

    expect(lines[1]).toMatchObject({ applied: false, reason: 'It is for flights.' });
  });

  it('give what is left of the budget, and no more', () => {
    const spring = offer(
      [
        rule({ fixed: 50 }, { code: 'A', awards: 'BOTH', priority: 1 }),
        rule({ fixed: 5 }, { code: 'B', when: 'activity.hour == 12' }),
      ],
      30n,
    );
    const summer = offer([rule({ fixed: 9 }, { code: 'C' })], 10n);

    const earned = earnt([base], undefined, { offers: [spring, summer] });

    expect(points(earned)).toEqual({ BASE: 100, A: 30, B: 0, C: 9 });
    expect(earned.lines[1]).toMatchObject({
      desired: 50,
      cappedBy: null,
      reason: 'It always applies. The budget of its offer has no more than this.',
    });
    expect(earned.lines[2]).toMatchObject({
      desired: 5,
      reason: 'Its condition holds. The budget of its offer has no more than this.',
    });
    expect(earned.byOffer).toEqual(
      new Map([
        [spring.id, 30n],
        [summer.id, 9n],
      ]),
    );
    // A tier's points are of no budget.
    expect(earned.qualifying).toBe(150n);
  });

  it('give nothing, of neither kind, once the budget is used up, and beat nobody', () => {
    const spent = offer(
      [
        rule({ fixed: 50 }, { code: 'MORE', awards: 'BOTH', stackingGroup: 'WEEKEND' }),
        rule({ stamp: { code: 'CARD', stamps: 2, points: 9 } }, { code: 'STAMP' }),
      ],
      0n,
    );
    const rules = [base, rule({ fixed: 20 }, { code: 'LESS', stackingGroup: 'WEEKEND' })];

    const earned = earnt(rules, undefined, { offers: [spent] });

    expect(points(earned)).toEqual({ BASE: 100, LESS: 20, MORE: 0, STAMP: 0 });
    expect(earned.lines[2]).toMatchObject({
      applied: false,
      reason: 'The budget of its offer is used up.',
    });
    expect(earned.qualifying).toBe(100n);
    expect(earned.stamps).toEqual(new Map());
  });

  it('share groups with the set, and no caps and no cards', () => {
    const day: Pick<EarnRule, 'caps'> = { caps: [{ points: 10, per: 'DAY', mode: 'CLIP' }] };
    const card = { code: 'CARD', stamps: 10, points: 9 };
    const set = [
      base,
      rule({ fixed: 20 }, { code: 'SAME', ...day }),
      rule({ stamp: card }, { code: 'STAMP' }),
      rule({ fixed: 20 }, { code: 'GROUPED', stackingGroup: 'A' }),
    ];
    const spring = offer([
      rule({ fixed: 20 }, { code: 'SAME', ...day }),
      rule({ stamp: card }, { code: 'STAMP' }),
      rule({ fixed: 30 }, { code: 'BETTER', stackingGroup: 'A' }),
    ]);
    const own = `${spring.id}/CARD`;
    const usage: Usage = {
      points: (code) => (code === 'SAME' ? 10n : 0n),
      stamps: (code) => (code === own ? 9n : 0n),
    };

    const earned = earnt(set, undefined, { offers: [spring], usage });

    const given = new Map(earned.lines.map(({ rule: code, points: each }) => [code, each]));
    expect([given.get('SAME'), given.get(`${spring.id}/SAME`)]).toEqual([0, 10]);
    expect([given.get('STAMP'), given.get(`${spring.id}/STAMP`)]).toEqual([0, 9]);
    expect([given.get('GROUPED'), given.get(`${spring.id}/BETTER`)]).toEqual([0, 30]);
    expect(earned.stamps).toEqual(
      new Map([
        ['CARD', 1n],
        [own, -9n],
      ]),
    );
  });
});
