import { orUserErrors } from '../../../platform/errors.ts';
import type { Resolvers } from '../types.generated.ts';
import { referralRules, setReferralRules } from './rules.ts';

export const resolvers: Resolvers = {
  Mutation: {
    setReferralRules: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('program', () => setReferralRules(db, input, { viewer, clock })),
  },

  Program: {
    referralRules: (_, __, { db }) => referralRules(db),
  },

  Member: {
    referral: ({ id }, _, { loaders }) => loaders.referral.load(id),
  },
};
