import { Big } from 'big.js';
import { type Condition, type Facts, compileRule } from './conditions.ts';
import type { RuleSet } from './entities.ts';
import type { EarnLine, EarnRule } from './rows.ts';

/** What an activity earns, and why: one line for each rule. */
export interface Earned {
  points: bigint;
  /** What counts for the member's tier: the base without what multiplies it or comes on top. */
  qualifying: bigint;
  lines: EarnLine[];
}

/**
 * Works out what an activity earns under a rule set.
 *
 * The matching `spend` rule of highest priority gives the base. Additive multipliers, that of the
 * member's tier among them, make it base × (1 + Σ(m − 1)), multiplicative ones multiply that. It is
 * exact until here, and rounded down once; then come the fixed points. A rule whose condition fails
 * does not apply.
 *
 * @param tierMultiplier an exact decimal; 1 for a tier that multiplies nothing, and for no tier
 */
export function earn(
  facts: Facts,
  ruleSet: Pick<RuleSet, 'id' | 'rules'>,
  tierMultiplier = '1',
): Earned {
  const tally = new Tally(new Big(facts.activity.amount));
  const conditions = conditionsOf(ruleSet);
  const matches = new Map(ruleSet.rules.map((rule, i) => [rule, match(conditions[i]!, facts)]));
  const bonus = new Big(tierMultiplier).gt(1) ? [tierRule(tierMultiplier)] : [];
  for (const rule of inOrder([...bonus, ...ruleSet.rules])) {
    const obstacle = matches.get(rule);
    if (obstacle) tally.pass(rule, obstacle);
    else tally.apply(rule);
  }
  return { points: tally.points, qualifying: tally.qualifying, lines: tally.lines };
}

/**
 * The program's own rule, which every partner's rules go together with: first of what multiplies. It
 * does not name the tier, which not every partner may know.
 */
function tierRule(multiplier: string): EarnRule {
  // In small letters, as no partner's rule has its code.
  const named = { code: 'tier', name: "The member's tier", when: null };
  return { ...named, priority: Infinity, earn: { multiplier }, combine: 'ADDITIVE' };
}

/** Adds up a rule after the other, in the order in which they build on one another. */
class Tally {
  readonly lines: EarnLine[] = [];
  private readonly amount: Big;
  private base: Big | null = null;
  /** 1 + Σ(m − 1) of the additive multipliers so far. */
  private additive = new Big(1);
  private multiplicative = new Big(1);
  private fixed = 0n;

  constructor(amount: Big) {
    this.amount = amount;
  }

  get points(): bigint {
    const exact = (this.base ?? new Big(0)).times(this.additive).times(this.multiplicative);
    return BigInt(exact.round(0, Big.roundDown).toFixed()) + this.fixed;
  }

  get qualifying(): bigint {
    return BigInt((this.base ?? new Big(0)).round(0, Big.roundDown).toFixed());
  }

  apply(rule: EarnRule): void {
    const { spend, fixed, multiplier } = rule.earn;
    if (spend !== undefined) this.applySpend(rule, spend);
    else if (multiplier !== undefined) this.applyMultiplier(rule, multiplier);
    else if (fixed !== undefined) this.count(rule, null, null, () => (this.fixed += BigInt(fixed)));
  }

  /** The rule does not count. */
  pass(rule: EarnRule, reason: string): void {
    const nothing = { base: null, multiplier: null, desired: 0, points: 0 };
    this.lines.push({ rule: rule.code, name: rule.name, ...nothing, applied: false, reason });
  }

  private applySpend(rule: EarnRule, rate: string): void {
    if (this.base) return this.pass(rule, 'A more important rule gave the base.');
    this.count(rule, this.amount, rate, () => (this.base = this.amount.times(rate)));
  }

  private applyMultiplier(rule: EarnRule, multiplier: string): void {
    if (!this.base) return this.pass(rule, 'No rule gave a base that it could multiply.');
    this.count(rule, this.base, multiplier, () => {
      if (rule.combine === 'MULTIPLICATIVE') {
        this.multiplicative = this.multiplicative.times(multiplier);
      } else this.additive = this.additive.plus(multiplier).minus(1);
    });
  }

  /** Writes the line of a rule that counts: its points are what the rounded sum grows by. */
  private count(rule: EarnRule, base: Big | null, multiplier: string | null, add: () => void) {
    const before = this.points;
    add();
    const points = Number(this.points - before);
    this.lines.push({
      rule: rule.code,
      name: rule.name,
      base: base?.toFixed() ?? null,
      multiplier,
      desired: points,
      points,
      applied: true,
      reason: rule.when === null ? 'It always applies.' : 'Its condition holds.',
    });
  }
}

/** Base rules, then additive and multiplicative multipliers, then fixed points; each by priority. */
function inOrder(rules: EarnRule[]): EarnRule[] {
  return rules.toSorted((a, b) => stepOf(a) - stepOf(b) || b.priority - a.priority);
}

function stepOf({ earn: { spend, multiplier }, combine }: EarnRule): number {
  if (spend !== undefined) return 0;
  if (multiplier === undefined) return 3;
  return combine === 'ADDITIVE' ? 1 : 2;
}

/** Why a rule does not apply; null where it does. */
function match(condition: Condition, facts: Facts): string | null {
  try {
    return condition(facts) ? null : 'Its condition does not hold.';
  } catch {
    return 'Its condition could not be worked out for this activity.';
  }
}

const cachedSetsMax = 1_000;
/** Compiled conditions by rule set, the last used at the end: a set's rules never change. */
const cache = new Map<string, Condition[]>();

function conditionsOf({ id, rules }: Pick<RuleSet, 'id' | 'rules'>): Condition[] {
  const conditions =
    cache.get(id) ?? rules.map(({ when }) => (when === null ? () => true : compileRule(when)));
  cache.delete(id);
  cache.set(id, conditions);
  if (cache.size > cachedSetsMax) cache.delete(cache.keys().next().value!);
  return conditions;
}
