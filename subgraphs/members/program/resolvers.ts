import { policyOf, sharedCurrency } from '../../../ledger/index.ts';
import { orUserErrors } from '../../../platform/errors.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { configureProgram } from './configuration.ts';
import { findCurrency, saveCurrency } from './currencies.ts';
import { Program } from './entities.ts';

export const resolvers: Resolvers = {
  Query: {
    program: async (_, __, { db }) => (await db.find(Program))[0] ?? null,
  },

  Mutation: {
    configureProgram: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('program', () => configureProgram(db, input, { viewer, clock })),
    saveCurrency: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('program', () => saveCurrency(db, input, { viewer, clock })),
  },

  Program: {
    __resolveReference: ({ id }, { db }) => db.findOneBy(Program, { id }),
    currencies: (_, __, { loaders }) => loaders.currencies(),
    tierPolicy: ({ qualificationPeriod: period, downgrade, graceDays, demoteOnReversal }) => ({
      period,
      downgrade,
      graceDays,
      demoteOnReversal,
    }),
    expiryPolicy: async ({ expiryNoticeDays }, _, { db }) => {
      // The shared currency is always there.
      const policy = (await policyOf(db, sharedCurrency))!;
      const isByMonths = policy.expiry === 'LOT_AGE' || policy.expiry === 'INACTIVITY';
      const isByDates = policy.expiry === 'FIXED_DATES';
      return {
        kind: policy.expiry,
        months: isByMonths ? policy.expiryMonths : null,
        dates: isByDates ? policy.expiryDates : [],
        minimumDays: isByDates ? policy.expiryMinimumDays : null,
        rounding: policy.expiryRounding,
        noticeDays: expiryNoticeDays,
      };
    },
  },

  PointsCurrency: {
    __resolveReference: ({ code }, context) => findCurrency(code, context),
    issuer: ({ issuer }) => partnerStub(issuer),
  },
};
