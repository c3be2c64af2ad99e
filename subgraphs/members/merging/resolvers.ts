import { fieldsOrUserErrors } from '../../../platform/errors.ts';
import type { Resolvers } from '../types.generated.ts';
import { mergeMembers, undoMerge } from './merges.ts';

export const resolvers: Resolvers = {
  Mutation: {
    mergeMembers: (_, { input }, { db, viewer, clock }) =>
      fieldsOrUserErrors(() => mergeMembers(db, input, { viewer, clock })),
    undoMerge: (_, input, { db, viewer, clock }) =>
      fieldsOrUserErrors(() => undoMerge(db, input, { viewer, clock })),
  },
};
