/** What a rule earns: exactly one of them. */
export interface Earning {
  /** Points for each unit of money spent, an exact decimal. */
  spend?: string;
  /** Points whatever the amount; a JSON integer, since rules are kept as JSON. */
  fixed?: number;
  /** Multiplies what the base rule earned, an exact decimal. */
  multiplier?: string;
}

/** One earn rule, as a rule set keeps it. */
export interface EarnRule {
  code: string;
  name: string;
  priority: number;
  /** A CEL condition; always true where null. */
  when: string | null;
  earn: Earning;
  combine: 'ADDITIVE' | 'MULTIPLICATIVE';
}

/** Why a rule counted or did not, as an activity keeps it. */
export interface EarnLine {
  rule: string;
  name: string;
  /** What it multiplied, an exact decimal; null for a rule that multiplied nothing. */
  base: string | null;
  multiplier: string | null;
  /** Points, JSON integers. */
  desired: number;
  points: number;
  applied: boolean;
  reason: string;
}
