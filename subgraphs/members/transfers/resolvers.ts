import { sharedCurrency } from '../../../ledger/index.ts';
import { fieldsOrUserErrors } from '../../../platform/errors.ts';
import { requireMember } from '../../../platform/viewer.ts';
import type { Resolvers } from '../types.generated.ts';
import { transferPoints } from './transfers.ts';

export const resolvers: Resolvers = {
  Mutation: {
    transferPoints: (_, { input }, { db, viewer, clock, loaders }) =>
      fieldsOrUserErrors(async () => {
        const memberId = requireMember(viewer);
        const { steppedUpAt } = viewer;
        const transfer = await transferPoints(db, input, { memberId, steppedUpAt, clock });
        const { status, entryId } = transfer;
        const account = { memberId, currency: sharedCurrency };
        // Another operation of the request may have read it before.
        const balance = loaders.balance({}).clear(account).load(account);
        const debited = entryId ? loaders.entry.load({ memberId, entryId }) : null;
        return { status, debited: await debited, balance: await balance };
      }),
  },

  StatementEntry: {
    transfer: ({ sourceKind, sourceId }, _, { loaders }) =>
      sourceKind === 'transfer' && sourceId ? loaders.transfer.load(sourceId) : null,
  },

  PointsTransfer: {
    from: async ({ memberId }, _, { loaders }) => (await loaders.member.load(memberId))!,
    to: async ({ receiverId }, _, { loaders }) => (await loaders.member.load(receiverId))!,
  },
};
