import { orUserErrors } from '../../platform/errors.ts';
import { newestConnection, readNewestPage } from '../../platform/paging.ts';
import { unseal } from '../../platform/seal.ts';
import { requireMember } from '../../platform/viewer.ts';
import { findReward, listRewards } from './catalog.ts';
import { findRedemption, redeemReward } from './redemptions.ts';
import { createReward, publishReward } from './rewards.ts';
import type { Resolvers } from './types.generated.ts';

export const resolvers: Resolvers = {
  Query: {
    reward: (_, by, { db, viewer }) => findReward(db, by, viewer),
    rewards: (_, asked, { db, viewer, config: { limits } }) =>
      listRewards(db, asked, { viewer, limits }),
    redemption: (_, by, { db }) => findRedemption(db, by),
  },

  Mutation: {
    redeemReward: (_, { input }, { db, viewer, clock, config: { sealKey } }) =>
      orUserErrors('redemption', () =>
        redeemReward(db, input, { memberId: requireMember(viewer), clock, sealKey }),
      ),
    createReward: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('reward', () => createReward(db, input, { viewer, clock })),
    publishReward: (_, wanted, { db, viewer, clock }) =>
      orUserErrors('reward', () => publishReward(db, wanted, { viewer, clock })),
  },

  Reward: {
    __resolveReference: ({ id }, { loaders }) => loaders.reward.load(id),
    partner: ({ partnerId }) => ({ id: partnerId }),
    prices: ({ id }, _, { loaders }) => loaders.pricesOf.load(id),
    availability: ({ stock }) => ({ stock }),
  },

  Redemption: {
    __resolveReference: ({ id }, { loaders }) => loaders.redemption.load(id),
    member: ({ memberId }) => ({ id: memberId }),
    reward: async ({ rewardId }, _, { loaders }) => (await loaders.reward.load(rewardId))!,
    vouchers: ({ id }, _, { loaders }) => loaders.vouchersOf.load(id),
  },

  Voucher: {
    code: ({ sealedCode }, _, { config: { sealKey } }) => unseal(sealedCode, sealKey),
  },

  Member: {
    redemptions: async ({ id }, asked, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      return newestConnection(await loaders.redemptionsOf(id, page), page);
    },
  },

  Partner: {
    rewards: async ({ id }, { status, ...asked }, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      return newestConnection(await loaders.rewardsOf(id, { status: status ?? null, page }), page);
    },
  },
};
