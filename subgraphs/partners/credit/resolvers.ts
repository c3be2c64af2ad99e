import { Big } from 'big.js';
import { orUserErrors } from '../../../platform/errors.ts';
import { connection, readPage } from '../../../platform/paging.ts';
import { moneyOf } from '../money.ts';
import type { Resolvers } from '../types.generated.ts';
import { blockKeys, blockKeysOf, blocksMax } from './lists.ts';
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
    prepaidPoints: ({ partnerId }, _, { loaders }) => loaders.prepaidPoints.load(partnerId),
    blocks: async ({ partnerId }, _, { loaders }) => {
      const last = await loaders.blocksOf(partnerId, { page: { first: blocksMax, after: null } });
      return last.slice(0, blocksMax).reverse();
    },
    purchases: async ({ partnerId }, asked, { loaders, config }) => {
      const page = readPage(asked, blockKeys, config.limits);
      return connection(await loaders.blocksOf(partnerId, { page }), page, blockKeysOf);
    },
  },

  PointBlock: {
    price: ({ price, currency }) => moneyOf(new Big(price), currency),
  },
};
