import { Big } from 'big.js';
import { orUserErrors } from '../../../platform/errors.ts';
import { newestConnection, readNewestPage } from '../../../platform/paging.ts';
import { requireMember } from '../../../platform/viewer.ts';
import { moneyOf } from '../money.ts';
import type { Resolvers } from '../types.generated.ts';
import { claimMissingPoints } from './claims.ts';
import { decideClaim } from './decisions.ts';
import { findClaim } from './lists.ts';

export const resolvers: Resolvers = {
  Query: {
    claim: (_, { id }, { db }) => findClaim(db, id),
  },

  Mutation: {
    claimMissingPoints: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('claim', () =>
        claimMissingPoints(db, input, { memberId: requireMember(viewer), clock }),
      ),
    decideClaim: (_, decision, { db, viewer, clock }) =>
      orUserErrors('claim', () => decideClaim(db, decision, { viewer, clock })),
  },

  Partner: {
    claims: async (partner, { status, ...asked }, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      const wanted = { status: status ?? null, page };
      return newestConnection(await loaders.partnerClaimsOf(partner.id, wanted), page);
    },
  },

  Claim: {
    partner: async ({ partnerId }, _, { loaders }) => (await loaders.partner.load(partnerId))!,
    member: ({ memberId }) => ({ id: memberId }),
    amount: ({ amount, currency }) =>
      amount && currency ? moneyOf(new Big(amount), currency) : null,
    activity: ({ activityId }, _, { loaders }) =>
      activityId === null ? null : loaders.activity.load(activityId),
  },

  Member: {
    claims: async (member, asked, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      return newestConnection(await loaders.memberClaimsOf(member.id, { page }), page);
    },
  },
};
