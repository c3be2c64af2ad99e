import { fieldsOrUserErrors } from '../../../platform/errors.ts';
import { requireMember } from '../../../platform/viewer.ts';
import type { SubgraphContext } from '../loaders.ts';
import { findCurrency } from '../program/currencies.ts';
import type { Resolvers } from '../types.generated.ts';
import { confirmConversion, refuseConversion } from './confirmations.ts';
import { convertPoints, findConversion } from './conversions.ts';
import type { Conversion } from './entities.ts';
import { quoteConversion } from './quotes.ts';
import type { ConversionPayload } from './rows.ts';

/** The ledger's side of a conversion: it was begun with the row. */
async function inLedger(conversion: Conversion, { loaders }: SubgraphContext) {
  return (await loaders.conversion.load(conversion))!;
}

/** Answers with the conversion, whose it is, and in what the points were. */
async function payloadOf(
  operation: () => Promise<Conversion>,
  context: SubgraphContext,
): Promise<ConversionPayload> {
  const { account = null, ...answer } = await fieldsOrUserErrors(async () => {
    const conversion = await operation();
    const { memberId, from: currency } = await inLedger(conversion, context);
    return { conversion, account: { memberId, currency } };
  });
  return { conversion: null, ...answer, account, memberId: account?.memberId ?? null };
}

export const resolvers: Resolvers = {
  Query: {
    quoteConversion: (_, asked, { db, viewer, clock, config: { sealKey } }) =>
      quoteConversion(db, asked, { memberId: requireMember(viewer), clock, sealKey }),
    conversion: (_, { id }, { db, viewer }) => findConversion(db, id, viewer),
  },

  Mutation: {
    convertPoints: (_, { input }, context) =>
      payloadOf(() => {
        const { db, viewer, clock, config } = context;
        const { steppedUpAt } = viewer;
        const by = { memberId: requireMember(viewer), steppedUpAt, clock };
        return convertPoints(db, input, { ...by, sealKey: config.sealKey });
      }, context),
    confirmConversion: (_, given, context) =>
      payloadOf(() => confirmConversion(context.db, given, context), context),
    refuseConversion: (_, given, context) =>
      payloadOf(() => refuseConversion(context.db, given, context), context),
  },

  ConversionPayload: {
    balance: ({ account }, _, { loaders }) => (account ? loaders.balance({}).load(account) : null),
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
