import DataLoader from 'dataloader';
import type { Context } from '../../../platform/context.ts';
import type { Tier } from './entities.ts';
import { listTiers } from './ladder.ts';
import type { TierStatus } from './rows.ts';
import { standingsOf, tierCodesOf } from './standings.ts';

export function tierLoaders({ db, clock }: Context) {
  let listed: Promise<Tier[]> | undefined;
  /** The program's tiers, the lowest first: few rows, read once. */
  const tiers = () => (listed ??= listTiers(db));

  const statuses = new DataLoader<string, TierStatus | null>(async (memberIds) => {
    const [ladder, at] = await Promise.all([tiers(), clock.now(db)]);
    if (ladder.length === 0) return memberIds.map(() => null);
    const standings = await standingsOf(db, [...memberIds], at);
    const byId = new Map(standings.map((standing) => [standing.memberId, standing]));
    const byCode = new Map(ladder.map((tier) => [tier.code, tier]));
    return memberIds.map((memberId) => {
      const standing = byId.get(memberId);
      const tier = standing && byCode.get(standing.tierCode ?? '');
      return tier ? { ...standing, tier, ladder } : null;
    });
  });
  /** Whose standing is read, which has the tier. */
  const known = new Set<string>();

  const levels = new DataLoader<string, Tier | null>(async (memberIds) => {
    const others = memberIds.filter((id) => !known.has(id));
    const [ladder, at] = await Promise.all([tiers(), clock.now(db)]);
    const isRead = others.length > 0 && ladder.length > 0;
    const codes = isRead ? await tierCodesOf(db, others, at) : null;
    return Promise.all(
      memberIds.map(async (id) => {
        if (known.has(id)) return (await statuses.load(id))?.tier ?? null;
        return ladder.find(({ code }) => code === codes?.get(id)) ?? null;
      }),
    );
  });

  return {
    tiers,

    /** Where a member stands; null for one who is unknown, and where the program has no tiers. */
    tierStatus: (memberId: string) => {
      known.add(memberId);
      return statuses.load(memberId);
    },

    /** The member's tier, which takes less than where they stand; null likewise. */
    level: (memberId: string) => levels.load(memberId),
  };
}
