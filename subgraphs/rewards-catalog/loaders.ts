import { Any } from 'typeorm';
import type { Context } from '../../platform/context.ts';
import { selectOf } from '../../platform/database.ts';
import { listLoader, rowLoader, rowsLoader } from '../../platform/loaders.ts';
import type { Page } from '../../platform/paging.ts';
import { readRowsById } from '../../platform/reads.ts';
import { type RewardsOf, rewardsOf } from './catalog.ts';
import { HouseholdShare, Redemption, Reward, RewardPrice, Voucher } from './entities.ts';
import { redemptionsOf } from './redemptions.ts';

export type SubgraphContext = Context & { loaders: ReturnType<typeof createLoaders> };

export function createLoaders({ db, viewer }: Context) {
  return {
    reward: rowLoader(db, Reward),
    redemption: rowLoader(db, Redemption),
    /** A reward's prices, the first first. */
    pricesOf: rowsLoader(
      (rewardIds) =>
        readRowsById<RewardPrice>(
          db,
          selectOf(db, RewardPrice, 'WHERE one.reward_id = ANY ($1) ORDER BY one.position'),
          rewardIds,
        ),
      ({ rewardId }) => rewardId,
    ),
    /** What the household paid of a redemption. */
    sharesOf: rowsLoader(
      (redemptionIds) => db.findBy(HouseholdShare, { redemptionId: Any(redemptionIds) }),
      ({ redemptionId }) => redemptionId,
    ),
    /** A redemption's codes, the first first. */
    vouchersOf: rowsLoader(
      (redemptionIds) =>
        db.find(Voucher, {
          where: { redemptionId: Any(redemptionIds) },
          order: { position: 'ASC' },
        }),
      ({ redemptionId }) => redemptionId,
    ),
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
