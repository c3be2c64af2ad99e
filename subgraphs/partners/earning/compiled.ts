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

/** In which order rules build on one another. */
type Step = 'BASE' | 'ADDITIVE' | 'MULTIPLICATIVE' | 'FLAT';

/** A rule that is ready to be asked. */
export interface CompiledRule {
  rule: EarnRule;
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

const cachedSetsMax = 200;
/** By rule set, the last used at the end: a set's rules never change. */
const cache = new Map<string, CompiledRule[]>();

/** The rules of a set, ready to be asked, in the order in which they build on one another. */
export function compiled({ id, rules }: Pick<RuleSet, 'id' | 'rules'>): CompiledRule[] {
  const known = cache.get(id) ?? rules.map(compileEarnRule).sort(byStep);
  cache.delete(id);
  cache.set(id, known);
  if (cache.size > cachedSetsMax) cache.delete(cache.keys().next().value!);
  return known;
}

function compileEarnRule(rule: EarnRule): CompiledRule {
  const when = rule.when === null ? null : compileRule(rule.when);
  const expression =
    rule.earn.expression === undefined ? null : compilePoints(rule.earn.expression);
  const asked = [...(when?.reads ?? [])];
  const reads = [...asked, ...(expression?.reads ?? [])];
  return {
    rule,
    step: stepOf(rule),
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

const steps: Step[] = ['BASE', 'ADDITIVE', 'MULTIPLICATIVE', 'FLAT'];

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
