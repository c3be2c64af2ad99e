import { orUserErrors } from '../../../platform/errors.ts';
import type { Resolvers } from '../types.generated.ts';
import { confirmActivity } from './confirmations.ts';
import { refundActivity } from './refunds.ts';

export const resolvers: Resolvers = {
  Mutation: {
    confirmActivity: (_, { reference }, { db, viewer, clock }) =>
      orUserErrors('activity', () => confirmActivity(db, { reference }, { viewer, clock })),
    refundActivity: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('activity', () => refundActivity(db, input, { viewer, clock })),
  },
};
