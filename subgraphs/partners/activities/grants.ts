import type { Earned } from '../earning/earning.ts';
import type { GrantParticulars } from './rows.ts';

/** What is given: to spend, and by no rule. The line's rule is in small letters, as no partner's is. */
export function granted({ points, reason }: GrantParticulars): Earned {
  const given = { base: null, multiplier: null, desired: points, points, cappedBy: null };
  return {
    points: BigInt(points),
    qualifying: 0n,
    lines: [{ rule: 'grant', name: 'A gift', ...given, applied: true, reason }],
    items: [],
    stamps: new Map(),
    counted: [],
    own: null,
    byOffer: new Map(),
    most: BigInt(points),
  };
}
