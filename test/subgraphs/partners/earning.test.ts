import { Big } from 'big.js';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { earn } from '../../../subgraphs/partners/earning/earning.ts';
import { earnRule as rule, earningFacts as facts, judged } from '../../support/earn-rules.ts';
import { Exact } from '../../../subgraphs/partners/earning/exact.ts';
import type { EarnRule } from '../../../subgraphs/partners/rows.ts';

describe('earn', () => {
  it.each<[string, string, EarnRule[], bigint]>([
    ['rounds down once', '49.99', [rule({ spend: '1' })], 49n],
    [
      'rounds after the multiplier',
      '33.33',
      [rule({ spend: '1' }), rule({ multiplier: '1.5' })],
      49n,
    ],
    ['rounds a negative amount toward zero', '-49.99', [rule({ spend: '1' })], -49n],
    ['converts first and rounds once', '12345', [rule({ spend: '0.0061' })], 75n],
    ['keeps what binary fractions lose', '0.1', [rule({ spend: '30' })], 3n],
    ['gives the points of a cent', '101.00', [rule({ spend: '1' })], 101n],
    [
      'adds additive multipliers: 1 + 1 + 2',
      '100',
      [rule({ spend: '1' }), rule({ multiplier: '2' }), rule({ multiplier: '3' })],
      400n,
    ],
    [
      'multiplies multiplicative ones: 2 x 3',
      '100',
      [
        rule({ spend: '1' }),
        rule({ multiplier: '2' }, { combine: 'MULTIPLICATIVE' }),
        rule({ multiplier: '3' }, { combine: 'MULTIPLICATIVE' }),
      ],
      600n,
    ],
    [
      'multiplies what the additive ones gave: (1 + 1) x 3',
      '100',
      [
        rule({ multiplier: '3' }, { combine: 'MULTIPLICATIVE' }),
        rule({ multiplier: '2' }),
        rule({ spend: '1' }),
      ],
      600n,
    ],
    [
      'adds fixed points last, not multiplied',
      '100',
      [rule({ fixed: 500 }), rule({ multiplier: '2' }), rule({ spend: '1' })],
      700n,
    ],
    ['gives fixed points whatever the amount', '0', [rule({ spend: '1' }), rule({ fixed: 5 })], 5n],
    ['gives nothing without a rule that matches', '100', [rule({ multiplier: '2' })], 0n],
  ])('%s', (_, amount, rules, points) => {
    const earned = earn(judged(facts({ amount })), { id: randomUUID(), rules });

    expect(earned.points).toBe(points);
    expect(earned.lines.reduce((sum, line) => sum + BigInt(line.points), 0n)).toBe(points);
    expect(earned.lines).toHaveLength(rules.length);
  });

  it.each<[string, EarnRule[], bigint]>([
    ['the base, rounded down', [rule({ spend: '1' })], 49n],
    [
      'the base without its multipliers',
      [rule({ spend: '1' }), rule({ multiplier: '3' }, { combine: 'MULTIPLICATIVE' })],
      49n,
    ],
    ['the base without fixed points', [rule({ spend: '2' }), rule({ fixed: 500 })], 99n],
    ['nothing of fixed points alone', [rule({ fixed: 500 })], 0n],
  ])('counts towards tiers %s', (_, rules, qualifying) => {
    const earned = earn(judged(facts({ amount: '49.99' })), { id: randomUUID(), rules });

    expect(earned.qualifying).toBe(qualifying);
  });

  it.each<[string, string, string, EarnRule[], bigint]>([
    ['multiplies the base: 100 x 1.25', '100', '1.25', [rule({ spend: '1' })], 125n],
    ['rounds down once, after it', '33.33', '1.5', [rule({ spend: '1' })], 49n],
    ['rounds a negative amount toward zero', '-33.33', '1.5', [rule({ spend: '1' })], -49n],
    [
      'adds up with additive multipliers: 1 + 0.25 + 1',
      '100',
      '1.25',
      [rule({ spend: '1' }), rule({ multiplier: '2' })],
      225n,
    ],
    [
      'is multiplied by multiplicative ones: 1.25 x 3',
      '100',
      '1.25',
      [rule({ multiplier: '3' }, { combine: 'MULTIPLICATIVE' }), rule({ spend: '1' })],
      375n,
    ],
    ['leaves fixed points', '100', '1.5', [rule({ fixed: 500 }), rule({ spend: '1' })], 650n],
    ['gives nothing without a base', '100', '2', [rule({ fixed: 7 })], 7n],
  ])('with a tier %s', (_, amount, tierMultiplier, rules, points) => {
    const ruleSet = { id: randomUUID(), rules };

    const earned = earn(judged(facts({ amount }), { tierMultiplier }), ruleSet);

    expect(earned.points).toBe(points);
    expect(earned.lines.reduce((sum, { points: each }) => sum + BigInt(each), 0n)).toBe(points);
    expect(earned.lines).toHaveLength(rules.length + 1);
    // What counts for tiers is not multiplied by them.
    expect(earned.qualifying).toBe(earn(judged(facts({ amount })), ruleSet).qualifying);
  });

  it('explains what the tier gave in a line of its own, before other multipliers', () => {
    const rules = [
      rule({ multiplier: '2' }, { code: 'DOUBLE', priority: 9 }),
      rule({ spend: '1' }, { code: 'BASE' }),
    ];

    const { lines } = earn(judged(facts({ amount: '33.33' }), { tierMultiplier: '1.50' }), {
      id: randomUUID(),
      rules,
    });

    // 33.33 make 33, 49.995 make 49, and 83.325 make 83.
    expect(lines.map(({ rule: code, points }) => [code, points])).toEqual([
      ['BASE', 33],
      ['tier', 16],
      ['DOUBLE', 34],
    ]);
    expect(lines[1]).toMatchObject({ base: '33.33', multiplier: '1.50', applied: true });
  });

  it('is what it was for a member whose tier multiplies nothing', () => {
    const ruleSet = { id: randomUUID(), rules: [rule({ spend: '1' }), rule({ multiplier: '2' })] };

    const asked = judged(facts());
    expect(earn({ ...asked, tierMultiplier: '1.0' }, ruleSet)).toEqual(earn(asked, ruleSet));
  });

  it('takes the base of the rule with the highest priority that matches, and explains each rule', () => {
    const rules = [
      rule({ spend: '1' }, { code: 'LOW', priority: 1 }),
      rule({ spend: '5' }, { code: 'TUESDAY', priority: 9, when: 'activity.dayOfWeek == 2' }),
      rule({ spend: '2' }, { code: 'HIGH', priority: 5, when: 'activity.dayOfWeek == 1' }),
      rule({ multiplier: '1.5' }, { code: 'HALF' }),
    ];

    const { points, lines } = earn(judged(facts({ amount: '33.33' })), { id: randomUUID(), rules });

    // 66.66 of the base make 66; 99.99 with the half more make 99, so that it added 33.
    expect(points).toBe(99n);
    expect(lines).toEqual([
      line('TUESDAY', { reason: 'Its condition does not hold.' }),
      line('HIGH', {
        base: '33.33',
        multiplier: '2',
        desired: 66,
        points: 66,
        applied: true,
        reason: 'Its condition holds.',
      }),
      line('LOW', { reason: 'A narrower or more important rule gave the base.' }),
      line('HALF', {
        base: '66.66',
        multiplier: '1.5',
        desired: 33,
        points: 33,
        applied: true,
        reason: 'It always applies.',
      }),
    ]);
  });

  it('passes over a rule whose condition fails, and goes on', () => {
    const rules = [
      rule({ spend: '1' }),
      rule(
        { fixed: 7 },
        { code: 'BROKEN', when: 'timestamp(activity.reference) < activity.occurredAt' },
      ),
    ];

    const { points, lines } = earn(judged(facts({ reference: 'no time' })), {
      id: randomUUID(),
      rules,
    });

    expect(points).toBe(10n);
    expect(lines[1]).toMatchObject({
      rule: 'BROKEN',
      applied: false,
      points: 0,
      reason: 'Its condition could not be worked out for this activity.',
    });
  });

  it.each([
    ['activity.amount >= dec("50")', '50.00', true],
    ['activity.amount >= dec("50")', '49.9999', false],
    ['activity.amount == dec("0.3")', '0.3', true],
    ['activity.amount - dec("0.2") == dec("0.1")', '0.3', true],
    [
      'activity.amount * dec("3") > dec("0.9") || activity.amount + dec("1") < dec("1")',
      '0.3',
      false,
    ],
    ['activity.dayOfWeek in [1, 7] && activity.hour >= 12', '1', true],
    ['activity.occurredAt < timestamp("2026-03-02T00:00:00Z")', '1', false],
    ['member.status == "ACTIVE" && partner.kind != "HOTEL"', '1', true],
    ['partner.code.startsWith("SH") && activity.reference.contains("-")', '1', true],
    ['activity.kind == "PURCHASE" ? activity.currency == "EUR" : false', '1', true],
  ])('decides %s of %s: %s', (when, amount, applies) => {
    const rules = [rule({ fixed: 1 }, { when })];

    expect(earn(judged(facts({ amount })), { id: randomUUID(), rules }).points).toBe(
      applies ? 1n : 0n,
    );
  });
});

function line(code: string, rest: object) {
  const nothing = { base: null, multiplier: null, desired: 0, points: 0, cappedBy: null };
  const passed = { ...nothing, applied: false };
  return { rule: code, name: code, ...passed, ...rest };
}

describe('Exact', () => {
  const decimals = fc
    .tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.nat(12))
    .map(([digits, scale]) => new Big(`${digits}e-${scale}`).toFixed());

  it('counts as a library for decimals does', () => {
    fc.assert(
      fc.property(decimals, decimals, fc.nat(12), (a, b, places) => {
        const [left, right] = [Exact.of(a), Exact.of(b)];
        const Cut = Big();
        Cut.DP = places;
        Cut.RM = Big.roundDown;
        const cut = new Cut(a);
        expect(left.plus(right).toString()).toBe(new Big(a).plus(b).toFixed());
        expect(left.minus(right).toString()).toBe(new Big(a).minus(b).toFixed());
        expect(left.times(right).toString()).toBe(new Big(a).times(b).toFixed());
        expect(left.sign).toBe(new Big(a).cmp(0));
        if (right.sign === 0) return;
        expect(left.over(right, places).toString()).toBe(cut.div(b).toFixed().replace(/^-0$/, '0'));
      }),
    );
  });
});
