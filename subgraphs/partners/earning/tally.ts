import type { Bases } from './bases.ts';
import type { CompiledRule, Match } from './compiled.ts';
import { Exact, none, one } from './exact.ts';
import type { EarnRule } from './rows.ts';

/** In what is shown: as many as the contract's Decimal has. */
const decimalsMax = 12;

/** What one item earns, or what no item is for: exact until it is rounded. */
interface Portion {
  /** The rule that gave the base; null where none does. */
  rule: EarnRule | null;
  /** Points of the base, over the activity's denominator. */
  points: Exact;
  /** 1 + Σ(m − 1) of the additive multipliers so far, and the product of the others. */
  additive: Exact;
  multiplicative: Exact;
  /** What all that makes, over the denominator. */
  exact: Exact;
  /** In millionths of a point; of one that is rounded on its own, what it is rounded to. */
  share: bigint;
}

/** What a base rule gives of one portion: money and its rate, or points of another measure. */
export interface BaseRate {
  /** Points for each unit. */
  rate: Exact;
  /** Units that are no money, of the whole activity: miles, nights. */
  units: Exact | null;
}

/** What a rule that counts adds to. */
export interface Counted {
  base: string | null;
  multiplier: string | null;
  points: bigint;
  /** How much of it is each item's, and at last no item's; none where it goes by no amount. */
  shares: bigint[];
}

/**
 * What an activity earns, rule after rule. An item takes its base of the narrowest rule that is for
 * it, and of those for the whole activity where none is; what no item is for takes that one, too.
 */
export class Tally {
  private readonly portions: Portion[];
  private readonly bases: Bases;
  /** Of the portions that are rounded together, over the denominator, and of those rounded each. */
  private together = none;
  private apart = 0n;
  private points = 0n;

  /** @param items how many the activity has */
  constructor(bases: Bases, items: number) {
    this.bases = bases;
    this.portions = Array.from({ length: items + 1 }, () => ({
      rule: null,
      points: none,
      additive: one,
      multiplicative: one,
      exact: none,
      share: 0n,
    }));
  }

  /** Gives the portions that have no base yet the rule's. @returns null where none is left */
  applyBase(
    { rule, byItem }: CompiledRule,
    match: Match,
    { rate, units }: BaseRate,
  ): Counted | null {
    const taken = this.portionsOf(match, byItem).filter((place) => !this.portions[place]!.rule);
    if (taken.length === 0) return null;
    let measured = none;
    const added = this.change(taken, (portion, place) => {
      const base = units ? this.unitsOf(place, units) : this.moneyOf(place, rule);
      measured = measured.plus(base);
      portion.rule = rule;
      portion.points = base.times(rate);
    });
    return { base: this.shown(measured), multiplier: rate.toString(), ...added };
  }

  /** What a rule gives for each unit on top of the base, whoever gave that: counted, and rounded, apart. */
  extraOf(rule: CompiledRule, match: Match, rate: BaseRate): Counted {
    return new Tally(this.bases, this.portions.length - 1).applyBase(rule, match, rate)!;
  }

  /** Multiplies what the rule applies to. @returns null where nothing gave it a base */
  applyMultiplier({ rule, step, byItem }: CompiledRule, match: Match): Counted | null {
    const multiplier = rule.earn.multiplier!;
    const taken = this.portionsOf(match, byItem).filter((place) => this.portions[place]!.rule);
    if (taken.length === 0) return null;
    const factor = Exact.of(multiplier);
    let multiplied = none;
    const added = this.change(taken, (portion) => {
      multiplied = multiplied.plus(portion.points);
      if (step === 'MULTIPLICATIVE') portion.multiplicative = portion.multiplicative.times(factor);
      else portion.additive = portion.additive.plus(factor).minus(one);
    });
    return { base: this.shown(multiplied), multiplier, ...added };
  }

  /** What a multiplier would add if it were the only one: by that, bonuses of a group compare. */
  worthOf({ rule, byItem }: CompiledRule, match: Match): bigint {
    const factor = Exact.of(rule.earn.multiplier!).minus(one);
    const base = this.portionsOf(match, byItem).reduce(
      (sum, place) => sum.plus(this.portions[place]!.points),
      none,
    );
    return this.whole(base.times(factor));
  }

  /** Changes some portions. @returns what all earn more by it, and how much of it is each portion's */
  private change(places: number[], by: (portion: Portion, place: number) => void) {
    const shares = this.portions.map(() => 0n);
    for (const place of places) {
      const portion = this.portions[place]!;
      const { exact: before, share } = portion;
      by(portion, place);
      portion.exact = exactly(portion);
      if (portion.rule?.roundedPer === 'ITEM') {
        const whole = this.whole(portion.exact);
        portion.share = (whole < 0n ? -whole : whole) * 1_000_000n;
        this.apart += whole - this.whole(before);
      } else {
        const millionths = portion.exact.over(this.bases.over, 6).digits;
        portion.share = millionths < 0n ? -millionths : millionths;
        this.together = this.together.plus(portion.exact).minus(before);
      }
      shares[place] = portion.share - share;
    }
    const before = this.points;
    // Rounded toward zero once for all, and once for each of the others.
    this.points = this.apart + this.whole(this.together);
    return { points: this.points - before, shares };
  }

  private shown(measured: Exact): string {
    return measured.over(this.bases.over, decimalsMax).toString();
  }

  private portionsOf(match: Match, byItem: boolean): number[] {
    if ('obstacle' in match) return [];
    return byItem ? match.items! : this.portions.map((_, place) => place);
  }

  private isRest(place: number): boolean {
    return place === this.portions.length - 1;
  }

  private unitsOf(place: number, units: Exact): Exact {
    return this.isRest(place) ? units.times(this.bases.over) : none;
  }

  private moneyOf(place: number, { base }: EarnRule): Exact {
    return this.isRest(place) ? this.bases.rest(base) : this.bases.item(place, base);
  }

  private whole(exact: Exact): bigint {
    return exact.over(this.bases.over).digits;
  }
}

function exactly({ points, additive, multiplicative }: Portion): Exact {
  return points.times(additive).times(multiplicative);
}
