import type { Standing } from './standings.ts';
import type { Tier } from './entities.ts';

/** Where a member or a business stands, with the program's tiers: it resolves without another look. */
export type TierStatus = Omit<Standing, 'memberId'> & { tier: Tier; ladder: readonly Tier[] };
