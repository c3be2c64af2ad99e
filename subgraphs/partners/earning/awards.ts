import { Big } from 'big.js';
import { basesOf } from './bases.ts';
import { type Award, type Capped, type Usage, capped } from './caps.ts';
import type { CompiledRule, Match } from './compiled.ts';
import type { Seen, SeenItem } from './conditions.ts';
import type { Facts } from './facts.ts';
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
}

/** What a rule gives before its caps. */
interface Given extends Counted {
  /** Stamps on its card. */
  stamps: number;
}

interface Obstacle {
  obstacle: string;
}

/** What a rule did: it counted, or it did not for a reason. */
type Outcome = Obstacle | (Given & Capped & { desired: bigint });

/** What an activity earns of one kind of points. */
export interface Awarded {
  outcomes: ReadonlyMap<CompiledRule, Outcome>;
  points: bigint;
  /** How much each item counts for, and at last what no item is for. */
  weights: bigint[];
  /** Stamps by card. */
  stamps: ReadonlyMap<string, number>;
}

/** Goes through the rules that award this kind of points. */
export function awarded(asked: Asked, award: Award): Awarded {
  const tally = new Tally(basesOf(asked.facts), asked.facts.items.length);
  const outcomes = new Map<CompiledRule, Outcome>();
  // Two rules may stamp one card.
  const cards = new Map<string, number>();
  const stamps = (card: string) => asked.usage.stamps(card) + BigInt(cards.get(card) ?? 0);
  const counting: Asked = { ...asked, usage: { ...asked.usage, stamps } };
  let points = 0n;
  const rules = asked.rules.filter(({ rule: { awards } }) => [award, 'BOTH'].includes(awards));
  let beaten: ReadonlySet<CompiledRule> | undefined;
  for (const each of rules) {
    if (each.step !== 'BASE') beaten ??= beatenIn(rules, tally, asked);
    const given = beaten?.has(each) ? beatenByOther : give(each, tally, counting);
    if ('obstacle' in given) {
      outcomes.set(each, given);
      continue;
    }
    const held = capped(given.points, each.rule, { award, usage: asked.usage });
    outcomes.set(each, { ...given, desired: given.points, ...held });
    points += held.points;
    const card = each.rule.earn.stamp?.code;
    if (card !== undefined) cards.set(card, (cards.get(card) ?? 0) + given.stamps);
  }
  return { outcomes, points, weights: tally.weights, stamps: cards };
}

const beatenByOther: Obstacle = { obstacle: 'Another bonus of its group is worth more.' };

/** The bonuses that give way to a better one of their group; of equals, to the one before. */
function beatenIn(rules: CompiledRule[], tally: Tally, asked: Asked): Set<CompiledRule> {
  const best = new Map<string, { each: CompiledRule; worth: Big }>();
  const beaten = new Set<CompiledRule>();
  for (const each of rules) {
    const group = each.rule.stackingGroup;
    const worth = group === null || each.step === 'BASE' ? null : worthOf(each, tally, asked);
    if (group === null || !worth) continue;
    const leader = best.get(group);
    if (leader && leader.worth.gte(worth)) beaten.add(each);
    else {
      if (leader) beaten.add(leader.each);
      best.set(group, { each, worth });
    }
  }
  return beaten;
}

/** What a bonus is worth alone; null where it does not apply. */
function worthOf(each: CompiledRule, tally: Tally, asked: Asked): Big | null {
  const match = asked.matches.get(each)!;
  if ('obstacle' in match) return null;
  if (each.step !== 'FLAT') return tally.worthOf(each, match);
  const flat = flatOf(each, match, asked);
  return 'obstacle' in flat ? null : new Big(flat.points.toString());
}

function give(each: CompiledRule, tally: Tally, asked: Asked): Given | Obstacle {
  const match = asked.matches.get(each)!;
  if ('obstacle' in match) return match;
  if (each.step === 'FLAT') return flatOf(each, match, asked);
  if (each.step !== 'BASE') {
    const counted = tally.applyMultiplier(each, match);
    return counted
      ? { ...counted, stamps: 0 }
      : { obstacle: 'No rule gave a base that it could multiply.' };
  }
  if (asked.rates.excluded) return { obstacle: asked.rates.excluded };
  const counted = tally.applyBase(each, match, baseRateOf(each, asked));
  return counted
    ? { ...counted, stamps: 0 }
    : { obstacle: 'A narrower or more important rule gave the base.' };
}

function baseRateOf({ rule: { earn } }: CompiledRule, { facts, rates }: Asked): BaseRate {
  const { flight, stay } = facts.activity;
  if (earn.distance !== undefined) {
    const rate = new Big(earn.distance).times(rates.distance);
    return { rate, units: new Big(flight.distanceMiles) };
  }
  if (earn.night !== undefined) {
    return { rate: new Big(earn.night), units: new Big(stay.nights * stay.rooms) };
  }
  return { rate: new Big(earn.spend!).times(rates.spend), units: null };
}

/** Points that go by no amount: the same, by an expression, or those of cards that are full now. */
function flatOf(each: CompiledRule, match: Match, asked: Asked): Given | Obstacle {
  const { fixed, stamp } = each.rule.earn;
  const flat = { base: null, multiplier: null, stamps: 0 };
  if (fixed !== undefined) return { ...flat, points: BigInt(fixed) };
  if (!stamp) return expressed(each, match, asked);
  const places = 'items' in match ? match.items : null;
  const stamps = places?.reduce((sum, place) => sum + asked.facts.items[place]!.quantity, 0) ?? 1;
  const before = asked.usage.stamps(stamp.code);
  const full = (before + BigInt(stamps)) / BigInt(stamp.stamps) - before / BigInt(stamp.stamps);
  return { ...flat, stamps, points: full * BigInt(stamp.points) };
}

/** Worked out for the activity, or added up over the items that it is for; never less than nothing. */
function expressed({ expression }: CompiledRule, match: Match, asked: Asked): Given | Obstacle {
  const places = 'items' in match ? match.items : null;
  try {
    const worth = places
      ? places.reduce(
          (sum, place) => sum.plus(expression!.evaluate(asked.seen, asked.seenItems[place])),
          new Big(0),
        )
      : expression!.evaluate(asked.seen);
    const whole = BigInt(worth.round(0, Big.roundDown).toFixed());
    return { base: null, multiplier: null, stamps: 0, points: whole > 0n ? whole : 0n };
  } catch {
    return { obstacle: 'Its expression could not be worked out for this activity.' };
  }
}
