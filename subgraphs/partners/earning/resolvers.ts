import { z } from 'zod';
import { orUserErrors } from '../../../platform/errors.ts';
import { connection, readPage } from '../../../platform/paging.ts';
import type { Resolvers } from '../types.generated.ts';
import { draftRuleSet, publishRuleSet } from './rule-sets.ts';
import { summaryOf } from './summaries.ts';

const ruleSetKeys = z.tuple([z.string().regex(/^\d{1,9}$/)]);

export const resolvers: Resolvers = {
  Mutation: {
    draftRuleSet: (_, draft, { db, viewer, clock }) =>
      orUserErrors('ruleSet', () => draftRuleSet(db, draft, { viewer, clock })),
    publishRuleSet: (_, publication, { db, viewer, clock }) =>
      orUserErrors('ruleSet', () => publishRuleSet(db, publication, { viewer, clock })),
  },

  Partner: {
    earningSummary: async ({ id }, _, { loaders }) => {
      const [ruleSet] = await loaders.currentRulesOf.load(id);
      const [contract] = await loaders.contractsOn(id, { day: (await loaders.now()).today });
      return ruleSet && contract ? summaryOf(ruleSet, contract.currency) : [];
    },
    ruleSets: async (partner, { status, ...asked }, { loaders, config }) => {
      const page = readPage(asked, ruleSetKeys, config.limits);
      const read = await loaders.ruleSetsOf(partner.id, { status: status ?? null, page });
      return connection(read, page, ({ version }) => [String(version)]);
    },
  },

  RuleSet: {
    status: ({ id }, _, { loaders }) => loaders.ruleSetStatus.load(id),
  },

  EarnRule: {
    currency: ({ currency }) => currency ?? null,
  },

  Earning: {
    fixed: ({ fixed }) => (fixed === undefined ? null : BigInt(fixed)),
    night: ({ night }) => (night === undefined ? null : BigInt(night)),
  },

  Member: {
    stampCards: ({ id }, _, { loaders }) => loaders.stampCardsOf.load(id),
  },

  StampCardProgress: {
    partner: async ({ partnerId }, _, { loaders }) => (await loaders.partner.load(partnerId))!,
    points: ({ points }) => BigInt(points),
  },

  StampCard: {
    points: ({ points }) => BigInt(points),
  },

  EarnCap: {
    points: ({ points }) => BigInt(points),
  },

  EarnLine: {
    offer: ({ offerId }, _, { loaders }) => (offerId ? loaders.offer.load(offerId) : null),
    currency: ({ currency }) => currency ?? null,
    desired: ({ desired }) => BigInt(desired),
    points: ({ points }) => BigInt(points),
  },
};
