import { Big } from 'big.js';
import { basesOf } from './bases.ts';
import { type Award, type Capped, type Usage, capped } from './caps.ts';
import type { CompiledRule, Match } from './compiled.ts';
import type { Seen, SeenItem } from './conditions.ts';
import { Exact } from './exact.ts';
import type { Facts } from './facts.ts';
import type { StampCard } from './rows.ts';
import { type BaseRate, type Counted, Tally } from './tally.ts';
import type { TradeRates } from './trade-rates.ts';

/** What the rules of an activity are asked about. */
export interface Asked {
  facts: Facts;
  seen: Seen;
  seenItems: SeenItem[];
  rates: TradeRates;
  usage: Usage;
  /** In the order in which they build on one another. */
  rules: CompiledRule[];
  matches: ReadonlyMap<CompiledRule, Match>;
  /** What was worked out already: an expression costs time, and both kinds of points ask for it. */
  expressed: Map<CompiledRule, Given | Obstacle>;
  /** What is left of the budgets of offers that have one, in points to spend; by offer. */
  budgets: ReadonlyMap<string, bigint>;
}

/** What a rule gives before its caps. */
interface Given extends Counted {
  /** How many stamps more are on the card in hand, or fewer where it was full. */
  stamps: bigint;
}

interface Obstacle {
  obstacle: string;
}

/** What is left of points under the caps of their rule, and the budget of its offer. */
interface Held extends Capped {
  /** Whether it was the budget that bound. */
  isShort: boolean;
}

/** What a rule did: it counted, or it did not for a reason. */
type Outcome = Obstacle | (Given & Held & { desired: bigint });

/** What an activity earns of one kind of points. */
export interface Awarded {
  outcomes: ReadonlyMap<CompiledRule, Outcome>;
  points: bigint;
  /** How many stamps more, by card. */
  stamps: ReadonlyMap<string, bigint>;
  /** What offers have given of them. */
  byOffer: ReadonlyMap<string, bigint>;
}

/**
 * Goes through the rules that award this kind of points.
 *
 * @param currency a partner's own; the shared one where left out
 */
export function awarded(asked: Asked, award: Award, currency?: string): Awarded {
  const tally = new Tally(basesOf(asked.facts), asked.facts.items.length);
  const outcomes = new Map<CompiledRule, Outcome>();
  // Two rules may stamp one card.
  const cards = new Map<string, bigint>();
  const stamps = (card: string) => asked.usage.stamps(card) + (cards.get(card) ?? 0n);
  const byOffer = new Map<string, bigint>();
  const budgets = new Map(asked.budgets);
  const counting: Asked = { ...asked, usage: { ...asked.usage, stamps } };
  let points = 0n;
  const rules = asked.rules.filter(
    ({ rule }) => rule.currency === currency && [award, 'BOTH'].includes(rule.awards),
  );
  let beaten: ReadonlySet<CompiledRule> | undefined;
  for (const each of rules) {
    if (each.step !== 'BASE')
      beaten ??= beatenIn(rules, (rule) => worthOf(rule, tally, { ...asked, award }));
    const given = beaten?.has(each) ? beatenByOther : give(each, tally, counting);
    if ('obstacle' in given) {
      outcomes.set(each, given);
      continue;
    }
    const held = heldOf(given.points, each, { award, usage: asked.usage, budgets });
    outcomes.set(each, { ...given, desired: given.points, ...held });
    points += held.points;
    if (each.offerId !== null) {
      byOffer.set(each.offerId, (byOffer.get(each.offerId) ?? 0n) + held.points);
      const left = budgets.get(each.offerId);
      if (left !== undefined) budgets.set(each.offerId, left - held.points);
    }
    const card = each.rule.earn.stamp?.code;
    if (card !== undefined) cards.set(card, (cards.get(card) ?? 0n) + given.stamps);
  }
  return { outcomes, points, stamps: cards, byOffer };
}

type Limits = Pick<Asked, 'usage' | 'budgets'> & { award: Award };

/** A budget is of points to spend: those for the tier alone cost nobody anything. */
function heldOf(desired: bigint, { rule, offerId }: CompiledRule, limits: Limits): Held {
  const held = capped(desired, rule, limits);
  const left = offerId === null ? undefined : limits.budgets.get(offerId);
  if (limits.award === 'QUALIFYING' || left === undefined || held.points <= left) {
    return { ...held, isShort: false };
  }
  return { points: left, cappedBy: null, isShort: true };
}

const beatenByOther: Obstacle = { obstacle: 'Another bonus of its group is worth more.' };
const spent: Obstacle = { obstacle: 'The budget of its offer is used up.' };

function isSpent({ offerId }: CompiledRule, { budgets }: Asked): boolean {
  return offerId !== null && budgets.get(offerId) === 0n;
}

/** The bonuses that give way to a better one of their group; of equals, to the one before. */
function beatenIn(
  rules: CompiledRule[],
  worthBy: (rule: CompiledRule) => bigint | null,
): Set<CompiledRule> {
  const best = new Map<string, { each: CompiledRule; worth: bigint }>();
  const beaten = new Set<CompiledRule>();
  for (const each of rules) {
    const group = each.rule.stackingGroup;
    const worth = group === null ? null : worthBy(each);
    if (group === null || worth === null) continue;
    const leader = best.get(group);
    if (leader && leader.worth >= worth) beaten.add(each);
    else {
      if (leader) beaten.add(leader.each);
      best.set(group, { each, worth });
    }
  }
  return beaten;
}

/** What a bonus is worth alone, under its caps; null where it does not apply. */
function worthOf(each: CompiledRule, tally: Tally, asked: Asked & { award: Award }): bigint | null {
  const match = asked.matches.get(each)!;
  if ('obstacle' in match || isSpent(each, asked)) return null;
  if (each.step !== 'FLAT') return heldOf(tally.worthOf(each, match), each, asked).points;
  const flat = flatOf(each, match, asked);
  return 'obstacle' in flat ? null : heldOf(flat.points, each, asked).points;
}

function give(each: CompiledRule, tally: Tally, asked: Asked): Given | Obstacle {
  const match = asked.matches.get(each)!;
  if ('obstacle' in match) return match;
  if (isSpent(each, asked)) return spent;
  if (each.step === 'FLAT') return flatOf(each, match, asked);
  if (each.step !== 'BASE' && each.step !== 'EXTRA') {
    const counted = tally.applyMultiplier(each, match);
    return counted
      ? { ...counted, stamps: 0n }
      : { obstacle: 'No rule gave a base that it could multiply.' };
  }
  const obstacle = asked.rates.excluded ?? otherKind(each, asked);
  if (obstacle) return { obstacle };
  if (each.step === 'EXTRA') {
    return { ...tally.extraOf(each, match, baseRateOf(each, asked)), stamps: 0n };
  }
  const counted = tally.applyBase(each, match, baseRateOf(each, asked));
  return counted
    ? { ...counted, stamps: 0n }
    : { obstacle: 'A narrower or more important rule gave the base.' };
}

/** Miles are flown, nights are stayed, and spend was paid: no other activity has any. */
function otherKind({ rule: { earn } }: CompiledRule, { facts }: Asked): string | null {
  const { kind, currency } = facts.activity;
  // What gives nothing keeps others from giving, also where nothing was paid.
  if (Number(earn.spend) > 0 && currency === '') return 'Nothing was paid.';
  if (earn.distance !== undefined && kind !== 'FLIGHT') return 'It is for flights.';
  if (earn.night !== undefined && kind !== 'STAY') return 'It is for stays.';
  return null;
}

function baseRateOf({ rule: { earn } }: CompiledRule, { facts, rates }: Asked): BaseRate {
  const { flight, stay } = facts.activity;
  if (earn.distance !== undefined) {
    const rate = Exact.of(earn.distance).times(Exact.of(rates.distance));
    return { rate, units: Exact.of(flight.distanceMiles) };
  }
  if (earn.night !== undefined) {
    return { rate: Exact.of(earn.night), units: Exact.of(stay.nights * stay.rooms) };
  }
  return { rate: Exact.of(earn.spend!).times(Exact.of(rates.spend)), units: null };
}

const flatly = { base: null, multiplier: null, shares: [], stamps: 0n };

/** Points that go by no amount: the same, by an expression, or those of cards that are full now. */
function flatOf(each: CompiledRule, match: Match, asked: Asked): Given | Obstacle {
  const { fixed, stamp } = each.rule.earn;
  if (fixed !== undefined) return { ...flatly, points: BigInt(fixed) };
  if (stamp) return stamped(stamp, match, asked);
  const known = asked.expressed.get(each) ?? expressed(each, match, asked);
  asked.expressed.set(each, known);
  return known;
}

function stamped(card: StampCard, match: Match, { facts, usage }: Asked): Given {
  const places = 'items' in match ? match.items : null;
  const added = places?.reduce((sum, place) => sum + facts.items[place]!.quantity, 0) ?? 1;
  const size = BigInt(card.stamps);
  const full = (usage.stamps(card.code) + BigInt(added)) / size;
  return { ...flatly, stamps: BigInt(added) - full * size, points: full * BigInt(card.points) };
}

/** Worked out for the activity, or added up over the items that it is for; none takes points away. */
function expressed(
  { rule, expression }: CompiledRule,
  match: Match,
  asked: Asked,
): Given | Obstacle {
  const places = 'items' in match ? match.items : null;
  const whole = (worth: Big) => worth.round(0, Big.roundDown);
  const atLeastNone = (worth: Big) => (worth.gt(0) ? worth : new Big(0));
  try {
    const worths = places
      ? places.map((place) => expression!.evaluate(asked.seen, asked.seenItems[place]))
      : [expression!.evaluate(asked.seen)];
    const rounded = rule.roundedPer === 'ITEM' ? worths.map(whole) : worths;
    const sum = rounded.map(atLeastNone).reduce((added, worth) => added.plus(worth), new Big(0));
    return { ...flatly, points: BigInt(whole(sum).toFixed()) };
  } catch {
    return { obstacle: 'Its expression could not be worked out for this activity.' };
  }
}
