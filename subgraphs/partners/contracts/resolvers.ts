import { orUserErrors } from '../../../platform/errors.ts';
import type { Resolvers } from '../types.generated.ts';
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
    contracts: (partner, _, { loaders }) => loaders.contractsOf.load(partner.id),
  },
};
