import type { Resolvers } from '../types.generated.ts';
import { issuanceOf } from './issuance.ts';
import { performanceOf } from './performance.ts';
import { requirePeriod } from './periods.ts';

export const resolvers: Resolvers = {
  Partner: {
    performance: async ({ id }, { period }, { db, viewer, loaders }) => {
      const days = requirePeriod(period);
      if (viewer.sandbox) return null;
      const { program, today } = await loaders.now();
      return performanceOf(db, id, { days, timeZone: program.timeZone, today });
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
