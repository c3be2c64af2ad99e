import { orUserErrors } from '../../../platform/errors.ts';
import type { Resolvers } from '../types.generated.ts';
import { eraseMember, findErasure } from './erasures.ts';

export const resolvers: Resolvers = {
  Query: {
    erasure: (_, { id }, { db }) => findErasure(db, id),
  },

  Mutation: {
    eraseMember: (_, input, { db, viewer, clock }) =>
      orUserErrors('erasure', () => eraseMember(db, input, { viewer, clock })),
  },

  Erasure: {
    status: ({ doneAt }) => (doneAt ? 'DONE' : 'RUNNING'),
    receipts: ({ id }, _, { loaders }) => loaders.receiptsOf.load(id),
  },
};
