import { sharedCurrency, sharedCurrencyIn, testCurrency } from '../../../ledger/index.ts';
import { badInput, forbidden } from '../../../platform/errors.ts';
import { requireMember } from '../../../platform/viewer.ts';
import type { SubgraphContext } from '../loaders.ts';
import { findCurrency } from '../program/currencies.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { followedMovements } from './followed.ts';
import type { StatementEntry } from './rows.ts';
import {
  entryIdOf,
  entryKeyOf,
  readPeriod,
  readStatementPage,
  statementConnection,
} from './statements.ts';

/** A year: what expires later is no news. */
const expiringDaysMax = 366;

/** What an entry is about, where it is one of these. */
const sourceStub =
  (kind: StatementEntry['sourceKind']) =>
  ({ sourceKind, sourceId }: StatementEntry) =>
    sourceKind === kind && sourceId ? { id: sourceId } : null;

/** Test points are shown as what they stand for: to a test client, all is as it will be. */
const shownCode = (code: string) => (code === testCurrency ? sharedCurrency : code);
const countedCode = (code: string, member: { sandbox: boolean }) =>
  code === sharedCurrency ? sharedCurrencyIn(member) : code;

/** A balance or an entry is in a currency that the ledger has: it holds no other. */
async function currencyOf(
  { currency }: { currency: string },
  _: unknown,
  context: SubgraphContext,
) {
  return (await findCurrency(shownCode(currency), context))!;
}

export const resolvers: Resolvers = {
  Subscription: {
    pointsMoved: {
      subscribe: (_, __, { viewer, follow }) => follow(followedMovements, requireMember(viewer)),
      resolve: (entry: StatementEntry) => entry,
    },
  },

  Member: {
    balances: async (member, _, { loaders }) => {
      const counted = await loaders.currencies();
      const all = await Promise.all(
        counted.map(({ code }) =>
          loaders.balance({}).load({ memberId: member.id, currency: countedCode(code, member) }),
        ),
      );
      return all.filter(({ currency, opened }) => shownCode(currency) === sharedCurrency || opened);
    },
    balance: async (member, { currency: code, asOf, knownAt }, context) => {
      const { viewer, loaders } = context;
      if (viewer.audience === 'PARTNER' && (asOf ?? knownAt)) throw forbidden();
      const currency = await findCurrency(code ?? sharedCurrency, context);
      return (
        currency &&
        loaders
          .balance({ asOf, knownAt })
          .load({ memberId: member.id, currency: countedCode(currency.code, member) })
      );
    },
    statement: async (member, { currency: code, kinds, period, ...asked }, context) => {
      const page = readStatementPage(asked, context.config.limits);
      const days = readPeriod(period);
      const currency = await findCurrency(code ?? sharedCurrency, context);
      if (!currency) return statementConnection([], page);
      const counted = countedCode(currency.code, member);
      const wanted = { currency: counted, kinds: kinds ?? null, period: days, page };
      return statementConnection(await context.loaders.entriesOf(member.id, wanted), page);
    },
  },

  Balance: {
    currency: currencyOf,
    lifetimeEarned: ({ at, asOf, knownAt, ...account }, _, { loaders }) =>
      loaders.lifetimeEarned({ at, asOf, knownAt }).load(account),
    expiring: ({ asOf, knownAt, at, ...account }, { within }, { loaders }) => {
      if (within < 1 || within > expiringDaysMax) {
        throw badInput(`within: must be 1 to ${expiringDaysMax}.`);
      }
      return loaders.expiring({ within, at, asOf, knownAt }).load(account);
    },
  },

  IssuerBalance: {
    issuer: ({ issuerId }) => partnerStub(issuerId),
  },

  StatementEntry: {
    __resolveReference: ({ id }, { loaders }) => {
      const key = entryKeyOf(id);
      return key && loaders.entry.load(key);
    },
    id: entryIdOf,
    currency: currencyOf,
    partner: ({ partnerId }) => partnerStub(partnerId),
    reverses: ({ memberId, reverses }, _, { loaders }) =>
      reverses ? loaders.entry.load({ memberId, entryId: reverses }) : null,
    reversedBy: (entry, _, { loaders }) => loaders.reversal.load(entry),
    activity: sourceStub('activity'),
    redemption: sourceStub('redemption'),
  },
};
