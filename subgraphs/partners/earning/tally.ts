import { Big } from 'big.js';
import type { Bases } from './bases.ts';
import type { CompiledRule, Match } from './compiled.ts';
import type { EarnRule } from './rows.ts';

/** Cuts what is behind the point off, exactly: 2/3 of 3 is 2. */
const Whole = Big();
Whole.DP = 0;
Whole.RM = Big.roundDown;
/** For what is shown: as many decimals as the contract's Decimal has. */
const Shown = Big();
Shown.DP = 12;
Shown.RM = Big.roundDown;

/** What one item earns, or what no item is for: exact until it is rounded. */
interface Portion {
  /** The rule that gave the base; null where none does. */
  rule: EarnRule | null;
  /** Points of the base, over the activity's denominator. */
  points: Big;
  /** 1 + Σ(m − 1) of the additive multipliers so far, and the product of the others. */
  additive: Big;
  multiplicative: Big;
}

/** What a base rule gives of one portion: money and its rate, or points of another measure. */
export interface BaseRate {
  /** Points for each unit. */
  rate: Big;
  /** Units that are no money, of the whole activity: miles, nights. */
  units: Big | null;
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

  /** @param items how many the activity has */
  constructor(bases: Bases, items: number) {
    this.bases = bases;
    this.portions = Array.from({ length: items + 1 }, () => ({
      rule: null,
      points: new Big(0),
      additive: new Big(1),
      multiplicative: new Big(1),
    }));
  }

  /** What all portions earn, rounded toward zero once for each that their rules round by. */
  get points(): bigint {
    let together = new Big(0);
    let apart = 0n;
    for (const portion of this.portions) {
      const exact = exactly(portion);
      if (portion.rule?.roundedPer === 'ITEM') apart += this.whole(exact);
      else together = together.plus(exact);
    }
    return apart + this.whole(together);
  }

  /**
   * What each portion earns, in millionths of a point, in the items' order, the rest last: of one that is
   * rounded on its own, what it is rounded to.
   */
  private get shares(): bigint[] {
    return this.portions.map((portion) => {
      const exact = exactly(portion).abs();
      if (portion.rule?.roundedPer === 'ITEM') return this.whole(exact) * 1_000_000n;
      return this.whole(exact.times(1_000_000));
    });
  }

  /** Gives the portions that have no base yet the rule's. @returns null where none is left */
  applyBase(
    { rule, byItem }: CompiledRule,
    match: Match,
    { rate, units }: BaseRate,
  ): Counted | null {
    const taken = this.portionsOf(match, byItem).filter((place) => !this.portions[place]!.rule);
    if (taken.length === 0) return null;
    const before = this.now();
    let measured = new Big(0);
    for (const place of taken) {
      const base = units ? this.unitsOf(place, units) : this.moneyOf(place, rule);
      measured = measured.plus(base);
      Object.assign(this.portions[place]!, { rule, points: base.times(rate) });
    }
    const shown = new Shown(measured).div(this.bases.over);
    return { base: shown.toFixed(), multiplier: rate.toFixed(), ...this.since(before) };
  }

  /** Multiplies what the rule applies to. @returns null where nothing gave it a base */
  applyMultiplier({ rule, step, byItem }: CompiledRule, match: Match): Counted | null {
    const multiplier = rule.earn.multiplier!;
    const taken = this.portionsOf(match, byItem).filter((place) => this.portions[place]!.rule);
    if (taken.length === 0) return null;
    const before = this.now();
    let multiplied = new Big(0);
    for (const place of taken) {
      const portion = this.portions[place]!;
      multiplied = multiplied.plus(portion.points);
      if (step === 'MULTIPLICATIVE')
        portion.multiplicative = portion.multiplicative.times(multiplier);
      else portion.additive = portion.additive.plus(multiplier).minus(1);
    }
    const base = new Shown(multiplied).div(this.bases.over).toFixed();
    return { base, multiplier, ...this.since(before) };
  }

  /** What a multiplier would add if it were the only one: by that, bonuses of a group compare. */
  worthOf({ rule, byItem }: CompiledRule, match: Match): bigint {
    const factor = new Big(rule.earn.multiplier!).minus(1);
    const base = this.portionsOf(match, byItem).reduce(
      (sum, place) => sum.plus(this.portions[place]!.points),
      new Big(0),
    );
    return this.whole(base.times(factor));
  }

  private now() {
    return { points: this.points, shares: this.shares };
  }

  private since(before: { points: bigint; shares: bigint[] }) {
    const shares = this.shares.map((share, place) => share - before.shares[place]!);
    return { points: this.points - before.points, shares };
  }

  private portionsOf(match: Match, byItem: boolean): number[] {
    if ('obstacle' in match) return [];
    return byItem ? match.items! : this.portions.map((_, place) => place);
  }

  private isRest(place: number): boolean {
    return place === this.portions.length - 1;
  }

  private unitsOf(place: number, units: Big): Big {
    return this.isRest(place) ? units.times(this.bases.over) : new Big(0);
  }

  private moneyOf(place: number, { base }: EarnRule): Big {
    return this.isRest(place) ? this.bases.rest(base) : this.bases.item(place, base);
  }

  private whole(exact: Big): bigint {
    return BigInt(new Whole(exact).div(this.bases.over).toFixed());
  }
}

function exactly({ points, additive, multiplicative }: Portion): Big {
  return points.times(additive).times(multiplicative);
}
