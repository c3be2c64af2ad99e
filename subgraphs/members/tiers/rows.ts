import type { Standing } from './standings.ts';
import type { Tier } from './entities.ts';

/** Where a member stands, with the program's tiers: it resolves without another look. */
export type TierStatus = Standing & { tier: Tier; ladder: readonly Tier[] };
