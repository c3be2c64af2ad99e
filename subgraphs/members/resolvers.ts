import { sharedCurrency } from '../../ledger/index.ts';
import { badInput, fieldsOrUserErrors, forbidden, orUserErrors } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import { memberRef, resolveMember } from '../../platform/members.ts';
import { requireMember } from '../../platform/viewer.ts';
import { grantConsent, revokeConsent } from './consents.ts';
import { enrolMember, verifyEmail } from './enrolment.ts';
import { Program } from './entities.ts';
import type { SubgraphContext } from './loaders.ts';
import {
  entryIdOf,
  entryKeyOf,
  readPeriod,
  readStatementPage,
  statementConnection,
} from './statements.ts';
import type { StatementEntry } from './rows.ts';
import type { Resolvers } from './types.generated.ts';

/** A year: what expires later is no news. */
const expiringDaysMax = 366;

const partnerStub = (id: string | null) => (id ? { id } : null);

/** What an entry is about, where it is one of these. */
const sourceStub =
  (kind: StatementEntry['sourceKind']) =>
  ({ sourceKind, sourceId }: StatementEntry) =>
    sourceKind === kind && sourceId ? { id: sourceId } : null;

async function findCurrency(code: string, { loaders }: SubgraphContext) {
  return (await loaders.currencies()).find((currency) => currency.code === code) ?? null;
}

/** A balance or an entry is in a currency that the ledger has: it holds no other. */
async function currencyOf(
  { currency }: { currency: string },
  _: unknown,
  context: SubgraphContext,
) {
  return (await findCurrency(currency, context))!;
}

export const resolvers: Resolvers = {
  Query: {
    program: async (_, __, { db }) => (await db.find(Program))[0] ?? null,
    viewer: (_, __, { viewer }) => viewer,
    me: (_, __, { loaders, viewer }) => loaders.member.load(requireMember(viewer)),
    member: async (_, { by }, { db, viewer, may, loaders }) => {
      const memberId = await resolveMember(db, parseInput(memberRef, by, ['by']), viewer);
      if (!memberId) return null;
      const isOpen = viewer.audience === 'ADMIN' || (await may({ memberId, scope: null }));
      return isOpen ? loaders.member.load(memberId) : null;
    },
  },

  Mutation: {
    enrol: (_, { input }, { db, clock, mail }) =>
      fieldsOrUserErrors(() => enrolMember(db, input, { clock, mail })),
    verifyEmail: (_, { input }, { db, clock }) =>
      orUserErrors('member', () => verifyEmail(db, input, { clock })),
    grantConsent: (_, consent, { db, viewer, clock }) =>
      orUserErrors('member', () =>
        grantConsent(db, consent, { memberId: requireMember(viewer), clock }),
      ),
    revokeConsent: (_, consent, { db, viewer, clock }) =>
      orUserErrors('member', () =>
        revokeConsent(db, consent, { memberId: requireMember(viewer), clock }),
      ),
  },

  Program: {
    __resolveReference: ({ id }, { db }) => db.findOneBy(Program, { id }),
    currencies: (_, __, { loaders }) => loaders.currencies(),
  },

  PointsCurrency: {
    __resolveReference: ({ code }, context) => findCurrency(code, context),
    issuer: ({ issuer }) => partnerStub(issuer),
  },

  Viewer: {
    member: ({ memberId }, _, { loaders }) => (memberId ? loaders.member.load(memberId) : null),
    partner: ({ partnerId }) => partnerStub(partnerId),
  },

  Member: {
    __resolveReference: ({ id }, { loaders }) => loaders.member.load(id),
    profile: ({ email, ...member }) => (email === null ? null : { ...member, email }),
    balances: async ({ id }, _, { loaders }) => {
      const counted = await loaders.currencies();
      const all = await Promise.all(
        counted.map(({ code }) => loaders.balance({}).load({ memberId: id, currency: code })),
      );
      return all.filter(({ currency, opened }) => currency === sharedCurrency || opened);
    },
    balance: async ({ id }, { currency: code, asOf, knownAt }, context) => {
      const { viewer, loaders } = context;
      if (viewer.audience === 'PARTNER' && (asOf ?? knownAt)) throw forbidden();
      const currency = await findCurrency(code ?? sharedCurrency, context);
      return (
        currency &&
        loaders.balance({ asOf, knownAt }).load({ memberId: id, currency: currency.code })
      );
    },
    statement: async ({ id }, { currency: code, kinds, period, ...asked }, context) => {
      const page = readStatementPage(asked, context.config.limits);
      const days = readPeriod(period);
      const currency = await findCurrency(code ?? sharedCurrency, context);
      if (!currency) return statementConnection([], page);
      const wanted = { currency: currency.code, kinds: kinds ?? null, period: days, page };
      return statementConnection(await context.loaders.entriesOf(id, wanted), page);
    },
    consents: ({ id }, _, { loaders }) => loaders.consentsOf.load(id),
  },

  MemberProfile: {
    emailVerified: ({ emailVerifiedAt }) => emailVerifiedAt !== null,
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

  Consent: {
    partner: ({ partnerId }) => partnerStub(partnerId),
  },
};
