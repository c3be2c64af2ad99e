import { Big } from 'big.js';
import { orUserErrors } from '../../../platform/errors.ts';
import { moneyOf } from '../money.ts';
import type { Resolvers } from '../types.generated.ts';
import { sellPoints } from './sales.ts';

export const resolvers: Resolvers = {
  Mutation: {
    sellPoints: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('partner', () => sellPoints(db, input, { viewer, clock })),
  },

  Partner: {
    credit: async (partner, _, { loaders }) => {
      const { today } = await loaders.now();
      const [contract] = await loaders.contractsOn(partner.id, { day: today });
      if (!contract) return null;
      const { currency, creditLimit } = contract;
      return { partnerId: partner.id, currency, creditLimit };
    },
  },

  PartnerCredit: {
    owed: async ({ partnerId, currency }, _, { loaders }) => {
      const owed = await loaders.owedBy.load(partnerId);
      const own = owed.find((each) => each.currency === currency);
      return moneyOf(own?.amount ?? new Big(0), currency);
    },
    limit: ({ creditLimit, currency }) =>
      creditLimit === null ? null : moneyOf(new Big(creditLimit), currency),
    prepaidPoints: async ({ partnerId }, _, { loaders }) => {
      const blocks = await loaders.blocksOf.load(partnerId);
      return blocks.reduce((sum, { remaining }) => sum + remaining, 0n);
    },
    blocks: ({ partnerId }, _, { loaders }) => loaders.blocksOf.load(partnerId),
  },

  PointBlock: {
    price: ({ price, currency }) => moneyOf(new Big(price), currency),
  },
};
