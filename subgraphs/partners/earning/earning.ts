import { split } from '../../../ledger/index.ts';
import { type Asked, type Awarded, awarded } from './awards.ts';
import type { Award, Usage } from './caps.ts';
import {
  type CompiledRule,
  type OfferRules,
  compiled,
  compiledOffer,
  inOrder,
  match,
} from './compiled.ts';
import { seen, seenItem } from './conditions.ts';
import type { RuleSet } from './entities.ts';
import { Exact, one } from './exact.ts';
import type { Facts } from './facts.ts';
import { ownCurrencyIn } from './own-currencies.ts';
import type { EarnLine, EarnRule } from './rows.ts';
import type { TradeRates } from './trade-rates.ts';

/** What an activity is judged by: with the rule set, all that its points depend on. */
export interface EarnCase {
  facts: Facts;
  /** Of the member's tier, an exact decimal; 1 for none. */
  tierMultiplier: string;
  /** What the brand's own particulars say of this activity. */
  rates: TradeRates;
  /** What the member has by rules with caps and by stamps already. */
  usage: Usage;
  /** The offers that count; none where left out. */
  offers?: readonly RunningOffer[];
}

/** An offer that is for this member and this activity. */
export interface RunningOffer extends OfferRules {
  /** What is left of its budget; null where it has none. */
  left: bigint | null;
}

/** What an activity earns, and why: one line for each rule. */
export interface Earned {
  points: bigint;
  /** What counts for the member's tier. */
  qualifying: bigint;
  lines: EarnLine[];
  /** The points of each item, in the activity's order; what no item is for is left out. */
  items: bigint[];
  /** How many stamps more are on cards in hand, or fewer where they were full. */
  stamps: ReadonlyMap<string, bigint>;
  /** What rules with caps over a time have given, which counts against them. */
  counted: CappedPoints[];
  /** What it earns of the partner's own currency; null for nothing. */
  own: OwnPoints | null;
  /** What each offer gave of `points`. */
  byOffer: ReadonlyMap<string, bigint>;
  /** The most of all these numbers, and of what caps have held. */
  most: bigint;
}

/** Points of a partner's own currency. */
export interface OwnPoints {
  currency: string;
  points: bigint;
  /** Those of each item, likewise. */
  items: bigint[];
}

/** Points of one kind that a rule gave. */
interface CappedPoints {
  rule: EarnRule;
  award: Award;
  points: bigint;
}

/**
 * Works out what an activity earns under a rule set.
 *
 * Each item, and what no item is for, takes its base of the narrowest rule that applies: for a
 * product, its type, its category, the merchant's category, the partner; of equals the more important.
 * Additive multipliers, that of the member's tier among them, make it base × (1 + Σ(m − 1)),
 * multiplicative ones multiply that. Exact until here, it is rounded toward zero once for the activity
 * or for each item. Then come points that go by no amount, and last the caps of each rule. Of the
 * bonuses of a stacking group the best counts alone.
 *
 * The rules of offers go together with those of the set. All of them are bonuses, and what an offer gives
 * in all is held by its budget.
 *
 * The rules of the partner's own currency are worked out by themselves, in the same way: neither the member's
 * tier nor offers add to them, and none of them counts for the tier.
 */
export function earn(earnCase: EarnCase, ruleSet: Pick<RuleSet, 'id' | 'rules'>): Earned {
  const asked = askedOf(earnCase, ruleSet);
  const spendable = awarded(asked, 'SPENDABLE');
  const qualifying = awarded(asked, 'QUALIFYING');
  const currency = ownCurrencyIn(ruleSet.rules);
  const own = currency === null ? nothing : awarded(asked, 'SPENDABLE', currency);
  const count = earnCase.facts.items.length;
  return {
    points: spendable.points,
    qualifying: qualifying.points,
    lines: asked.rules.map((each) => lineOf(each, { spendable, qualifying, own })),
    items: itemsOf(spendable, count),
    stamps: new Map([...spendable.stamps, ...own.stamps]),
    counted: [
      ...countedIn(spendable, 'SPENDABLE'),
      ...countedIn(qualifying, 'QUALIFYING'),
      ...countedIn(own, 'SPENDABLE'),
    ],
    own:
      currency !== null && own.points > 0n
        ? { currency, points: own.points, items: itemsOf(own, count) }
        : null,
    byOffer: spendable.byOffer,
    most: [spendable, qualifying, own].flatMap(numbersIn).reduce((a, b) => (a > b ? a : b), 0n),
  };
}

/** What rules earn that there are none of. */
const nothing: Awarded = {
  outcomes: new Map(),
  points: 0n,
  stamps: new Map(),
  byOffer: new Map(),
};

/**
 * The points to spend alone, with what the next ones depend on: what `earn` says of them, in half the time.
 * Points for the tier, and those of the partner's own currency, have caps of their own.
 */
export function earnToSpend(
  earnCase: EarnCase,
  ruleSet: Pick<RuleSet, 'id' | 'rules'>,
): Pick<Earned, 'points' | 'stamps' | 'counted'> {
  const spendable = awarded(askedOf(earnCase, ruleSet), 'SPENDABLE');
  const { points, stamps } = spendable;
  return { points, stamps, counted: countedIn(spendable, 'SPENDABLE') };
}

function askedOf(earnCase: EarnCase, ruleSet: Pick<RuleSet, 'id' | 'rules'>): Asked {
  const { facts, tierMultiplier, rates, usage, offers = [] } = earnCase;
  const [whole, seenItems] = [seen(facts), facts.items.map(seenItem)];
  const rules = withTier(together(compiled(ruleSet), offers), tierMultiplier);
  return {
    facts,
    seen: whole,
    seenItems,
    rates,
    usage,
    rules,
    matches: new Map(rules.map((each) => [each, match(each, whole, seenItems)])),
    expressed: new Map(),
    budgets: new Map(offers.flatMap(({ id, left }) => (left === null ? [] : [[id, left]]))),
  };
}

function together(rules: CompiledRule[], offers: readonly RunningOffer[]): CompiledRule[] {
  return offers.length > 0 ? inOrder([...rules, ...offers.flatMap(compiledOffer)]) : rules;
}

/**
 * The program's own rule, which every partner's rules go together with: first of what multiplies. It
 * does not name the tier, which not every partner may know.
 */
function withTier(rules: CompiledRule[], multiplier: string): CompiledRule[] {
  if (Exact.of(multiplier).minus(one).sign <= 0) return rules;
  const rule: EarnRule = {
    // In small letters, as no partner's rule has its code.
    code: 'tier',
    name: "The member's tier",
    priority: Infinity,
    stackingGroup: null,
    when: null,
    earn: { multiplier },
    awards: 'SPENDABLE',
    base: { tax: true, shipping: false, beforeDiscount: false, pointsPaid: false },
    roundedPer: 'ACTIVITY',
    combine: 'ADDITIVE',
    caps: [],
  };
  const tier: CompiledRule = {
    rule,
    offerId: null,
    step: 'ADDITIVE',
    byItem: false,
    level: 0,
    when: null,
    expression: null,
  };
  const first = rules.findIndex(({ step }) => step !== 'BASE');
  return first < 0 ? [...rules, tier] : rules.toSpliced(first, 0, tier);
}

/** Why a rule counted or did not. One that counts for the tier alone gives no points to spend. */
function lineOf(
  each: CompiledRule,
  { spendable, qualifying, own }: Record<'spendable' | 'qualifying' | 'own', Awarded>,
): EarnLine {
  const { code, name, awards, when, currency } = each.rule;
  const isForTier = awards === 'QUALIFYING';
  const award = isForTier ? qualifying : currency === undefined ? spendable : own;
  const outcome = award.outcomes.get(each)!;
  const none = { base: null, multiplier: null, desired: 0, points: 0, cappedBy: null };
  const offer = each.offerId === null ? {} : { offerId: each.offerId };
  const ofOwn = currency === undefined ? {} : { currency };
  const line = { rule: code, name, ...offer, ...ofOwn, ...none, applied: false };
  if ('obstacle' in outcome) return { ...line, reason: outcome.obstacle };
  const { base, multiplier, desired, points, cappedBy, isShort } = outcome;
  const applies = when === null ? 'It always applies.' : 'Its condition holds.';
  const reason = isShort ? `${applies} The budget of its offer has no more than this.` : applies;
  const counted = { ...line, base, multiplier, cappedBy, applied: true };
  return isForTier
    ? { ...counted, reason: `${reason} It counts for the tier alone: ${points}.` }
    : { ...counted, desired: Number(desired), points: Number(points), reason };
}

function countedIn({ outcomes }: Awarded, award: Award): CappedPoints[] {
  return [...outcomes].flatMap(([{ rule }, outcome]) => {
    const counts = 'points' in outcome && outcome.points > 0n;
    const isHeld = rule.caps.some(({ per }) => per !== 'ACTIVITY');
    return counts && isHeld ? [{ rule, award, points: outcome.points }] : [];
  });
}

/** Points by item: of each rule what it gave for them. Points of no amount are the activity's own. */
function itemsOf({ outcomes }: Awarded, count: number): bigint[] {
  const items = Array.from({ length: count }, () => 0n);
  for (const outcome of outcomes.values()) {
    if ('obstacle' in outcome || outcome.shares.every((share) => share <= 0n)) continue;
    split(outcome.points, outcome.shares)
      .slice(0, count)
      .forEach((points, place) => (items[place]! += points));
  }
  return items;
}

function numbersIn({ outcomes, points }: Awarded): bigint[] {
  const desired = [...outcomes.values()].map((each) => ('desired' in each ? each.desired : 0n));
  return [points, ...desired];
}
