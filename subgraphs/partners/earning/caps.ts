import type { CapPeriod, EarnRule } from './rows.ts';

/** Spendable points, or those that count for the tier: each has its own caps. */
export type Award = 'SPENDABLE' | 'QUALIFYING';

/** Under which name points of a rule are counted: of another currency, a rule's code begins anew. */
export function countedAs({ code, currency }: Pick<EarnRule, 'code' | 'currency'>): string {
  return currency === undefined ? code : `${currency}/${code}`;
}

/** What a member has by rules already. */
export interface Usage {
  /** Points by a rule, as it is counted, in the period of the activity's day. */
  points: (rule: string, per: CapPeriod, award: Award) => bigint;
  /** Stamps on the card in hand. */
  stamps: (card: string) => bigint;
}

/** What is left of points under the caps of their rule. */
export interface Capped {
  points: bigint;
  /** The cap that bound; null where none did. */
  cappedBy: CapPeriod | null;
}

/** Holds points to the caps of their rule: clipped to what is left, or refused as a whole. */
export function capped(
  desired: bigint,
  rule: EarnRule,
  { award, usage }: { award: Award; usage: Usage },
): Capped {
  let held: Capped = { points: desired, cappedBy: null };
  for (const { points, per, mode } of rule.caps) {
    const used = per === 'ACTIVITY' ? 0n : usage.points(countedAs(rule), per, award);
    const left = BigInt(points) > used ? BigInt(points) - used : 0n;
    if (desired <= left) continue;
    const allowed = mode === 'CLIP' ? left : 0n;
    if (allowed < held.points) held = { points: allowed, cappedBy: per };
  }
  return held;
}
