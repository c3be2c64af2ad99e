import type { Resolvers } from '../types.generated.ts';
import { issuanceOf } from './issuance.ts';
import { requirePeriod } from './periods.ts';

export const resolvers: Resolvers = {
  Partner: {
    performance: ({ id }, { period }, { viewer, loaders }) => {
      const days = requirePeriod(period);
      return viewer.sandbox ? null : loaders.performanceIn(days).load(id);
    },
  },

  Program: {
    __resolveReference: ({ id }) => ({ id }),
    issuance: async (_, { period }, { db, loaders }) => {
      const days = requirePeriod(period);
      const { program } = await loaders.now();
      return issuanceOf(db, { days, timeZone: program.timeZone });
    },
  },

  PartnerIssuance: {
    partner: async ({ partnerId }, _, { loaders }) => (await loaders.partner.load(partnerId))!,
  },
};
