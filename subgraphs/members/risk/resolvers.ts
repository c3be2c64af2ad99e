import { orUserErrors } from '../../../platform/errors.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { readCasePage, riskCases } from './cases.ts';
import { decideRiskCase } from './decisions.ts';
import { riskLimits, setRiskLimits } from './limits.ts';

export const resolvers: Resolvers = {
  Query: {
    riskCases: async (_, { status, ...asked }, { db, clock, config }) => {
      const page = readCasePage(asked, config.limits);
      return riskCases(db, status ?? null, page, await clock.now(db));
    },
  },

  Mutation: {
    decideRiskCase: (_, decision, { db, viewer, clock }) =>
      orUserErrors('riskCase', () => decideRiskCase(db, decision, { viewer, clock })),
    setRiskLimits: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('program', () => setRiskLimits(db, input, { viewer, clock })),
  },

  Program: {
    riskLimits: (_, __, { db }) => riskLimits(db),
  },

  RiskCase: {
    member: ({ memberId }, _, { loaders }) => loaders.member.load(memberId),
    partner: ({ partnerId }) => partnerStub(partnerId),
  },
};
