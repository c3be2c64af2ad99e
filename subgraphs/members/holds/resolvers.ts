import { sharedCurrency, sharedCurrencyIn, testCurrency } from '../../../ledger/index.ts';
import { fieldsOrUserErrors } from '../../../platform/errors.ts';
import { newestConnection, readNewestPage } from '../../../platform/paging.ts';
import { askerOf } from '../../../platform/viewer.ts';
import type { SubgraphContext } from '../loaders.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { statusAt } from './acts.ts';
import { captureHold, releaseHold } from './captures.ts';
import type { Hold } from './entities.ts';
import { findHold } from './lists.ts';
import { holdPoints } from './placing.ts';
import { quotePayment, worthOf } from './prices.ts';
import { refundCapture } from './refunds.ts';
import type { HoldPayload } from './rows.ts';

/** Answers with the hold, and whose it is. */
async function payloadOf(operation: () => Promise<Hold>): Promise<HoldPayload> {
  const { hold = null, userErrors } = await fieldsOrUserErrors(async () => ({
    hold: await operation(),
  }));
  return { hold, memberId: hold?.memberId ?? null, userErrors };
}

export const resolvers: Resolvers = {
  Query: {
    hold: (_, by, { db, viewer }) => findHold(db, by, viewer),
    quotePayment: (_, asked, { db, viewer, clock }) =>
      quotePayment(db, asked, { by: askerOf(viewer), clock }),
  },

  Mutation: {
    holdPoints: (_, { input }, context) =>
      payloadOf(() => holdPoints(context.db, input, tillOf(context))),
    captureHold: (_, { input }, context) =>
      payloadOf(() => captureHold(context.db, input, tillOf(context))),
    releaseHold: (_, input, context) =>
      payloadOf(() => releaseHold(context.db, input, tillOf(context))),
    refundCapture: (_, { input }, context) =>
      payloadOf(() => refundCapture(context.db, input, context)),
  },

  HoldPayload: {
    balance: ({ hold }, _, { loaders }) =>
      hold &&
      loaders.balance({}).load({ memberId: hold.memberId, currency: sharedCurrencyIn(hold) }),
  },

  Hold: {
    __resolveReference: ({ id }, { loaders }) => loaders.hold.load(id),
    member: async ({ memberId }, _, { loaders }) => (await loaders.member.load(memberId))!,
    partner: ({ partnerId }) => partnerStub(partnerId),
    worth: ({ worth, currency }) => ({ amount: worth, currency }),
    status: async (hold, _, { loaders }) => statusAt(hold, await loaders.now()),
  },

  Member: {
    holds: async ({ id }, { status, ...asked }, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      return newestConnection(await loaders.holdsOf(id, { page, status: status ?? null }), page);
    },
  },

  StatementEntry: {
    hold: ({ holdId }, _, { loaders }) => (holdId ? loaders.hold.load(holdId) : null),
  },

  Balance: {
    worth: async ({ currency: code, available }, _, { loaders }) => {
      // Partners redeem the shared currency alone.
      const isShared = code === sharedCurrency || code === testCurrency;
      const lowest = isShared ? await loaders.lowestRate() : null;
      return lowest && { amount: worthOf(available, lowest), currency: lowest.currency };
    },
  },
};

const tillOf = ({ viewer, clock }: SubgraphContext) => ({ by: askerOf(viewer), clock });
