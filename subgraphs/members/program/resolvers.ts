import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { findCurrency } from './currencies.ts';
import { Program } from './entities.ts';

export const resolvers: Resolvers = {
  Query: {
    program: async (_, __, { db }) => (await db.find(Program))[0] ?? null,
  },

  Program: {
    __resolveReference: ({ id }, { db }) => db.findOneBy(Program, { id }),
    currencies: (_, __, { loaders }) => loaders.currencies(),
  },

  PointsCurrency: {
    __resolveReference: ({ code }, context) => findCurrency(code, context),
    issuer: ({ issuer }) => partnerStub(issuer),
  },
};
