/** What a rule earns: exactly one of them. Numbers are JSON integers, since rules are kept as JSON. */
export interface Earning {
  /** Points for each unit of money spent, an exact decimal. */
  spend?: string;
  /** Points whatever the amount. */
  fixed?: number;
  /** Multiplies what the base rules earned, an exact decimal. */
  multiplier?: string;
  /** Share of the miles flown, an exact decimal. */
  distance?: string;
  /** Points for each night of each room. */
  night?: number;
  /** A stamp on a card. */
  stamp?: StampCard;
  /** A CEL expression that gives points. */
  expression?: string;
}

/** A card that is full after so many stamps, and then gives its points. */
export interface StampCard {
  code: string;
  stamps: number;
  points: number;
}

/** What counts as spend, of an amount after discounts, with tax, shipping and what was paid in points. */
export interface EarnBase {
  tax: boolean;
  shipping: boolean;
  beforeDiscount: boolean;
  pointsPaid: boolean;
}

/** The most that a rule earns a member in a time, by the program's calendar. */
export interface EarnCap {
  points: number;
  per: CapPeriod;
  mode: 'CLIP' | 'REJECT';
}

export type CapPeriod = 'ACTIVITY' | 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR' | 'EVER';

/** One earn rule, as a rule set keeps it. */
export interface EarnRule {
  code: string;
  name: string;
  priority: number;
  /** Of the bonuses of a group only the best counts. */
  stackingGroup: string | null;
  /** A CEL condition; always true where null. */
  when: string | null;
  earn: Earning;
  awards: 'SPENDABLE' | 'QUALIFYING' | 'BOTH';
  base: EarnBase;
  roundedPer: 'ACTIVITY' | 'ITEM';
  combine: 'ADDITIVE' | 'MULTIPLICATIVE';
  caps: EarnCap[];
  /** The partner's own currency that it earns; left out for the shared one. */
  currency?: string;
}

/** Why a rule counted or did not, as an activity keeps it. */
export interface EarnLine {
  rule: string;
  name: string;
  /** The offer whose rule it is; left out for the partner's own rules. */
  offerId?: string;
  /** What its points are of; left out for the shared currency. */
  currency?: string;
  /** What it multiplied, an exact decimal; null for a rule that multiplied nothing. */
  base: string | null;
  multiplier: string | null;
  /** Points before caps and after, JSON integers. */
  desired: number;
  points: number;
  cappedBy: CapPeriod | null;
  applied: boolean;
  reason: string;
}

/** What an activity counts against caps over a time, and how many stamps more it left on cards. */
export interface Counted {
  points: {
    rule: string;
    award: 'SPENDABLE' | 'QUALIFYING';
    per: CapPeriod;
    /** The first day of the period. */
    startsOn: string;
    /** A JSON integer. */
    points: number;
    /** What it was of; left out for the shared currency. */
    currency?: string;
  }[];
  stamps: { code: string; stamps: number }[];
}

/** How full a member's card is. */
export interface StampCardProgress {
  partnerId: string;
  code: string;
  name: string;
  current: number;
  target: number;
  points: number;
}
