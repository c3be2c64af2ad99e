import { orUserErrors } from '../../../platform/errors.ts';
import type { Resolvers } from '../types.generated.ts';
import { setTier } from './grants.ts';
import { progressOf } from './standings.ts';

export const resolvers: Resolvers = {
  Mutation: {
    setTier: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('member', () => setTier(db, input, { viewer, clock })),
  },

  Program: {
    tiers: (_, __, { loaders }) => loaders.tiers(),
  },

  Member: {
    level: ({ id, showLevel }, _, { loaders }) => (showLevel ? loaders.level(id) : null),
    tier: ({ id }, _, { loaders }) => loaders.tierStatus(id),
  },

  Tier: {
    // Those of the past are for nobody to see.
    rank: ({ rank }) => rank!,
  },

  TierStatus: {
    qualifyingPoints: ({ points }) => points,
    qualificationPeriod: ({ periodFrom, periodTo }) => ({ from: periodFrom, to: periodTo }),
    next: ({ tier, ladder, ...standing }) => progressOf(standing, tier, ladder),
  },
};
