import { orUserErrors } from '../../../platform/errors.ts';
import type { Resolvers } from '../types.generated.ts';
import { countFor, listSegments, saveSegment } from './segments.ts';

export const resolvers: Resolvers = {
  Query: {
    segments: (_, __, { db }) => listSegments(db),
  },

  Mutation: {
    saveSegment: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('segment', () => saveSegment(db, input, { viewer, clock })),
  },

  Segment: {
    when: ({ condition }) => condition,
    members: (segment, _, { viewer }) => countFor(viewer, segment),
  },

  Member: {
    // Who is closed is in none, whether the worker has looked since or not.
    segments: async ({ id, status }, _, { loaders }) =>
      status === 'CLOSED' ? [] : (await loaders.segmentsOf.load(id)).map(({ segment }) => segment),
  },
};
