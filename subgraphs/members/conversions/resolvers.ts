import { fieldsOrUserErrors } from '../../../platform/errors.ts';
import { requireMember } from '../../../platform/viewer.ts';
import type { SubgraphContext } from '../loaders.ts';
import { findCurrency } from '../program/currencies.ts';
import type { Resolvers } from '../types.generated.ts';
import { confirmConversion, refuseConversion } from './confirmations.ts';
import { convertPoints, findConversion } from './conversions.ts';
import type { Conversion } from './entities.ts';
import { quoteConversion } from './quotes.ts';

/** The ledger's side of a conversion: it was begun with the row. */
async function inLedger(conversion: Conversion, { loaders }: SubgraphContext) {
  return (await loaders.conversion.load(conversion))!;
}

/** What the payloads show of a conversion, read after the call. */
async function outcomeOf(conversion: Conversion, context: SubgraphContext) {
  const { loaders, viewer, may } = context;
  loaders.conversion.clear(conversion);
  const { from: currency, memberId } = await inLedger(conversion, context);
  const seesBalance =
    viewer.audience !== 'PARTNER' ||
    (viewer.scopes.includes('BALANCES_READ') && (await may({ memberId, scope: 'READ_BALANCE' })));
  const account = { memberId, currency };
  const balance = seesBalance ? await loaders.balance({}).clear(account).load(account) : null;
  return { conversion, balance };
}

export const resolvers: Resolvers = {
  Query: {
    quoteConversion: (_, asked, { db, viewer, clock, config: { sealKey } }) =>
      quoteConversion(db, asked, { memberId: requireMember(viewer), clock, sealKey }),
    conversion: (_, { id }, { db, viewer }) => findConversion(db, id, viewer),
  },

  Mutation: {
    convertPoints: (_, { input }, context) =>
      fieldsOrUserErrors(async () => {
        const { db, viewer, clock, config } = context;
        const memberId = requireMember(viewer);
        const { steppedUpAt } = viewer;
        const { sealKey } = config;
        const by = { memberId, steppedUpAt, clock, sealKey };
        return outcomeOf(await convertPoints(db, input, by), context);
      }),
    confirmConversion: (_, given, context) =>
      fieldsOrUserErrors(async () =>
        outcomeOf(await confirmConversion(context.db, given, context), context),
      ),
    refuseConversion: (_, given, context) =>
      fieldsOrUserErrors(async () =>
        outcomeOf(await refuseConversion(context.db, given, context), context),
      ),
  },

  Conversion: {
    status: async (row, _, context) => (await inLedger(row, context)).status,
    from: async (row, _, context) =>
      (await findCurrency((await inLedger(row, context)).from, context))!,
    to: async (row, _, context) =>
      (await findCurrency((await inLedger(row, context)).to, context))!,
    moved: async (row, _, context) => (await inLedger(row, context)).moved,
    credited: async (row, _, context) => (await inLedger(row, context)).credited,
    debited: ({ id: entryId, memberId }, _, { loaders }) =>
      loaders.entry.load({ memberId, entryId }),
    estimatedCompletionAt: async (row, _, context) =>
      (await inLedger(row, context)).status === 'PENDING' ? row.timesOutAt : null,
    completedAt: async (row, _, context) => (await inLedger(row, context)).endedAt,
  },
};
