import { orUserErrors } from '../../../platform/errors.ts';
import { newestConnection, readNewest, readNewestPage } from '../../../platform/paging.ts';
import { Where } from '../../../platform/where.ts';
import { findCurrency } from '../program/currencies.ts';
import type { Resolvers } from '../types.generated.ts';
import { adjustPoints, approveAdjustment, rejectAdjustment } from './adjustments.ts';
import { Adjustment } from './entities.ts';

export const resolvers: Resolvers = {
  Query: {
    adjustments: async (_, { status, ...asked }, { db, config }) => {
      const page = readNewestPage(asked, config.limits);
      const where = new Where();
      if (status) where.and('one.status = ?', status);
      return newestConnection(await readNewest(db, Adjustment, where, page), page);
    },
  },

  Mutation: {
    adjustPoints: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('adjustment', () => adjustPoints(db, input, { viewer, clock })),
    approveAdjustment: (_, given, { db, viewer, clock }) =>
      orUserErrors('adjustment', () => approveAdjustment(db, given, { viewer, clock })),
    rejectAdjustment: (_, given, { db, viewer, clock }) =>
      orUserErrors('adjustment', () => rejectAdjustment(db, given, { viewer, clock })),
  },

  Adjustment: {
    member: async ({ memberId }, _, { loaders }) => (await loaders.member.load(memberId))!,
    // It is checked before the first is written, and currencies stay.
    currency: async ({ currency }, _, context) => (await findCurrency(currency, context))!,
    approvedBy: ({ status, decidedBy }) => (status === 'POSTED' ? decidedBy : null),
    rejectedBecause: ({ decidedBy, rejectedBecause }) =>
      rejectedBecause === null ? null : `${decidedBy}: ${rejectedBecause}`,
  },
};
