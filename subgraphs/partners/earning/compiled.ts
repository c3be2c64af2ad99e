import type { Big } from 'big.js';
import {
  type RuleExpression,
  type Seen,
  type SeenItem,
  compilePoints,
  compileRule,
} from './conditions.ts';
import type { RuleSet } from './entities.ts';
import type { EarnRule } from './rows.ts';

/** In which order rules build on one another. What offers give for each unit is EXTRA: nothing builds on it. */
type Step = 'BASE' | 'ADDITIVE' | 'MULTIPLICATIVE' | 'EXTRA' | 'FLAT';

/** A rule that is ready to be asked. */
export interface CompiledRule {
  rule: EarnRule;
  /** Whose it is; null for the partner's own rules. */
  offerId: string | null;
  step: Step;
  /** Asked of each item, since it reads them. */
  byItem: boolean;
  /** How narrow it is: a rule for a product comes before one for a category. */
  level: number;
  when: RuleExpression<boolean> | null;
  /** Of a rule that earns by an expression. */
  expression: RuleExpression<Big> | null;
}

/** What applies: the items, by their places, or the activity as a whole; or why not. */
export type Match = { items: number[] | null } | { obstacle: string };

const cachedSetsMax = 500;
/** By rule set, or offer and version, the last used at the end: their rules never change. */
const cache = new Map<string, CompiledRule[]>();

/** The rules of a set, ready to be asked, in the order in which they build on one another. */
export function compiled({ id, rules }: Pick<RuleSet, 'id' | 'rules'>): CompiledRule[] {
  return cached(id, () => rules.map((rule) => compileEarnRule(rule)));
}

/** An offer, as far as its rules go. */
export interface OfferRules {
  id: string;
  version: number;
  rules: EarnRule[];
}

/**
 * The rules of an offer, likewise: all come on top of a base that others give. What is counted by their
 * codes, and by those of their cards, is the offer's own.
 */
export function compiledOffer({ id, version, rules }: OfferRules): CompiledRule[] {
  return cached(`${id} ${version}`, () =>
    rules.map((rule) => compileEarnRule({ ...rule, ...ownCodes(rule, id) }, id)),
  );
}

/** The rule that the offer's explanations, caps and stamps go by. */
export function ownCode(offerId: string, code: string): string {
  return `${offerId}/${code}`;
}

function ownCodes({ code, earn }: EarnRule, offerId: string): Pick<EarnRule, 'code' | 'earn'> {
  const { stamp } = earn;
  const own = stamp && { ...stamp, code: ownCode(offerId, stamp.code) };
  return { code: ownCode(offerId, code), earn: own ? { stamp: own } : earn };
}

/** Rules of a set and of offers, in the order in which they build on one another: of equals, the set's first. */
export function inOrder(rules: readonly CompiledRule[]): CompiledRule[] {
  return rules.toSorted(byStep);
}

function cached(name: string, compile: () => CompiledRule[]): CompiledRule[] {
  const known = cache.get(name) ?? inOrder(compile());
  cache.delete(name);
  cache.set(name, known);
  if (cache.size > cachedSetsMax) cache.delete(cache.keys().next().value!);
  return known;
}

function compileEarnRule(rule: EarnRule, offerId: string | null = null): CompiledRule {
  const when = rule.when === null ? null : compileRule(rule.when);
  const expression =
    rule.earn.expression === undefined ? null : compilePoints(rule.earn.expression);
  const asked = [...(when?.reads ?? [])];
  const reads = [...asked, ...(expression?.reads ?? [])];
  const step = stepOf(rule);
  return {
    rule,
    offerId,
    step: step === 'BASE' && offerId !== null ? 'EXTRA' : step,
    byItem: reads.some((path) => path.startsWith('item.')),
    level: levelOf(asked),
    when,
    expression,
  };
}

function stepOf({ earn: { multiplier, fixed, stamp, expression }, combine }: EarnRule): Step {
  if (multiplier !== undefined) return combine;
  return (fixed ?? stamp ?? expression) ? 'FLAT' : 'BASE';
}

/** Product, type, category, merchant category, partner; by what a rule's condition asks about. */
function levelOf(reads: string[]): number {
  if (reads.includes('item.sku')) return 4;
  if (reads.includes('item.productType')) return 3;
  if (reads.some((path) => path.startsWith('item.'))) return 2;
  return reads.includes('activity.card.mcc') ? 1 : 0;
}

const steps: Step[] = ['BASE', 'ADDITIVE', 'MULTIPLICATIVE', 'EXTRA', 'FLAT'];

function byStep(a: CompiledRule, b: CompiledRule): number {
  return (
    steps.indexOf(a.step) - steps.indexOf(b.step) ||
    (a.step === 'BASE' ? b.level - a.level : 0) ||
    b.rule.priority - a.rule.priority
  );
}

/** Whether a rule applies to an activity, or to which of its items. */
export function match({ when, byItem }: CompiledRule, facts: Seen, items: SeenItem[]): Match {
  try {
    if (!byItem) {
      return !when || when.evaluate(facts) ? { items: null } : { obstacle: notMet };
    }
    const met = items.flatMap((item, place) =>
      !when || when.evaluate(facts, item) ? [place] : [],
    );
    return met.length > 0 ? { items: met } : { obstacle: 'No item meets its condition.' };
  } catch {
    return { obstacle: 'Its condition could not be worked out for this activity.' };
  }
}

const notMet = 'Its condition does not hold.';
