import { Big } from 'big.js';
import { orUserErrors } from '../../../platform/errors.ts';
import { moneyOf } from '../money.ts';
import type { Resolvers } from '../types.generated.ts';
import { conversionsOf } from './conversions.ts';
import { signContract } from './contracts.ts';

export const resolvers: Resolvers = {
  Mutation: {
    signContract: (_, { partnerId, input }, { db, viewer, clock }) =>
      orUserErrors('partner', () => signContract(db, { partnerId, ...input }, { viewer, clock })),
  },

  Partner: {
    contract: async (partner, { on }, { loaders }) => {
      const day = on ?? (await loaders.now()).today;
      const [contract] = await loaders.contractsOn(partner.id, { day });
      return contract ?? null;
    },
    contracts: async (partner, _, { loaders }) =>
      (await loaders.contractsOf.load(partner.id)).slice(0, 100),
    conversions: async (partner, _, { loaders }) => {
      const { today } = await loaders.now();
      const contracts = await loaders.contractsOf.load(partner.id);
      return contracts
        .filter(({ validTo }) => validTo === null || today <= validTo)
        .reverse()
        .flatMap(conversionsOf);
    },
  },

  Contract: {
    conversions: conversionsOf,
    creditLimit: ({ creditLimit, currency }) =>
      creditLimit === null ? null : moneyOf(new Big(creditLimit), currency),
    alertAt: ({ alertAt, currency }) =>
      alertAt === null ? null : moneyOf(new Big(alertAt), currency),
  },
};
