import DataLoader from 'dataloader';
import { In } from 'typeorm';
import type { Context } from '../../platform/context.ts';
import { listLoader, rowLoader } from '../../platform/loaders.ts';
import type { Page } from '../../platform/paging.ts';
import { type RewardsOf, rewardsOf } from './catalog.ts';
import { Redemption, Reward, RewardPrice } from './entities.ts';
import { redemptionsOf } from './redemptions.ts';

export type SubgraphContext = Context & { loaders: ReturnType<typeof createLoaders> };

export function createLoaders({ db, viewer }: Context) {
  return {
    reward: rowLoader(db, Reward),
    redemption: rowLoader(db, Redemption),
    /** A reward's prices, the first first. */
    pricesOf: new DataLoader<string, RewardPrice[]>(async (rewardIds) => {
      const prices = await db.find(RewardPrice, {
        where: { rewardId: In([...rewardIds]) },
        order: { position: 'ASC' },
      });
      return rewardIds.map((id) => prices.filter(({ rewardId }) => rewardId === id));
    }),
    rewardsOf: listLoader(
      (partnerIds, asked: RewardsOf) => rewardsOf(db, partnerIds, asked, viewer),
      ({ partnerId }) => partnerId,
    ),
    redemptionsOf: listLoader(
      (memberIds, page: Page) => redemptionsOf(db, memberIds, page),
      ({ memberId }) => memberId,
    ),
  };
}
