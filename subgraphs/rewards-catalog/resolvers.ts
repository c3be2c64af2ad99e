import { orUserErrors } from '../../platform/errors.ts';
import { newestConnection, readNewestPage } from '../../platform/paging.ts';
import { unseal } from '../../platform/seal.ts';
import { requireMember } from '../../platform/viewer.ts';
import { cancelRedemption } from './cancellations.ts';
import { findReward, listRewards } from './catalog.ts';
import { sumOf } from './households.ts';
import { quoteRedemption } from './quotes.ts';
import { findRedemption, redeemReward } from './redemptions.ts';
import { createReward, publishReward } from './rewards.ts';
import type { Resolvers } from './types.generated.ts';

export const resolvers: Resolvers = {
  Query: {
    reward: (_, by, { db, viewer }) => findReward(db, by, viewer),
    rewards: (_, asked, { db, viewer, config: { limits } }) =>
      listRewards(db, asked, { viewer, limits }),
    redemption: (_, by, { db }) => findRedemption(db, by),
    quoteRedemption: (_, { input }, { db, viewer, clock }) =>
      quoteRedemption(db, input, { memberId: requireMember(viewer), clock }),
  },

  Mutation: {
    redeemReward: (_, { input }, { db, viewer, clock, config: { sealKey } }) =>
      orUserErrors('redemption', () =>
        redeemReward(db, input, {
          memberId: requireMember(viewer),
          steppedUpAt: viewer.steppedUpAt,
          clock,
          sealKey,
        }),
      ),
    cancelRedemption: (_, input, { db, viewer, clock }) =>
      orUserErrors('redemption', () => cancelRedemption(db, input, { viewer, clock })),
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
    faceValue: ({ faceValue, faceCurrency }) =>
      faceValue === null ? null : { amount: faceValue, currency: faceCurrency! },
  },

  Redemption: {
    __resolveReference: ({ id }, { loaders }) => loaders.redemption.load(id),
    member: ({ memberId }) => ({ id: memberId }),
    reward: async ({ rewardId }, _, { loaders }) => (await loaders.reward.load(rewardId))!,
    householdPoints: async ({ id }, _, { loaders }) => sumOf(await loaders.sharesOf.load(id)),
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
