import DataLoader from 'dataloader';
import type { Context } from '../../../platform/context.ts';
import type { Tier } from './entities.ts';
import { listTiers } from './ladder.ts';
import type { TierStatus } from './rows.ts';
import { standingsOf } from './standings.ts';

export function tierLoaders({ db, clock }: Context) {
  let listed: Promise<Tier[]> | undefined;
  /** The program's tiers, the lowest first: few rows, read once. */
  const tiers = () => (listed ??= listTiers(db));
  return {
    tiers,

    /** Where a member stands; null for one who is unknown, and where the program has no tiers. */
    tierStatus: new DataLoader<string, TierStatus | null>(async (memberIds) => {
      const ladder = await tiers();
      if (ladder.length === 0) return memberIds.map(() => null);
      const standings = await standingsOf(db, [...memberIds], await clock.now(db));
      const byId = new Map(standings.map((standing) => [standing.memberId, standing]));
      const byCode = new Map(ladder.map((tier) => [tier.code, tier]));
      return memberIds.map((memberId) => {
        const standing = byId.get(memberId);
        const tier = standing && byCode.get(standing.tierCode ?? '');
        return tier ? { ...standing, tier, ladder } : null;
      });
    }),
  };
}
