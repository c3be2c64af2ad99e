import { z } from 'zod';
import { listSeals } from '../../ledger/index.ts';
import { fieldsOrUserErrors, orUserErrors } from '../../platform/errors.ts';
import { id, parseInput } from '../../platform/input.ts';
import { type PageRequest, connection, readNewestPage, readPage } from '../../platform/paging.ts';
import { requirePartner } from '../../platform/viewer.ts';
import { activityIn, amountOf, costOf, recordActivities, recordActivity } from './activities.ts';
import { type ActivitySelection, findActivity } from './activity-lists.ts';
import { reporterOf } from './activity-reports.ts';
import { createApiClient, revokeApiClient } from './api-clients.ts';
import { signContract } from './contracts.ts';
import type { Activity } from './entities.ts';
import type { SubgraphContext } from './loaders.ts';
import { activatePartner } from './onboarding.ts';
import {
  findPartner,
  invitePartner,
  listPartners,
  suspendPartner,
  updatePartner,
} from './partners.ts';
import { draftRuleSet, publishRuleSet } from './rule-sets.ts';
import type { Resolvers } from './types.generated.ts';

/** By the name, which is not unique, and the id. */
const partnerKeys = z.tuple([z.string(), z.uuid()]);
const sealKeys = z.tuple([z.string().regex(/^\d{1,18}$/)]);
const ruleSetKeys = z.tuple([z.string().regex(/^\d{1,9}$/)]);
/** Narrows a list; null does not. */
const idOrAny = id.nullable();

const detailsTypes = {
  AIRLINE: 'AirlineDetails',
  HOTEL: 'HotelDetails',
  CARD_ISSUER: 'CardIssuerDetails',
  RETAILER: 'RetailerDetails',
  MOBILITY: 'MobilityDetails',
} as const;

type Lists = 'partnerActivitiesOf' | 'memberActivitiesOf';

async function activityConnection(
  context: SubgraphContext,
  { list, ownerId }: { list: Lists; ownerId: string },
  { selection, ...asked }: PageRequest & { selection: ActivitySelection },
) {
  const page = readNewestPage(asked, context.config.limits);
  const { timeZone } = (await context.loaders.now()).program;
  const read = await context.loaders[list](ownerId, { selection, page, timeZone });
  return connection(read, page, keysOf);
}

function keysOf({ occurredAt, id: activityId }: Activity): string[] {
  return [occurredAt.toISOString(), activityId];
}

export const resolvers: Resolvers = {
  Query: {
    partner: (_, by, { db, viewer }) => findPartner(db, by, viewer),
    partners: async (_, { first, after, ...filter }, { db, viewer, config }) => {
      const page = readPage({ first, after }, partnerKeys, config.limits);
      return connection(await listPartners(db, filter, page, viewer), page, (row) => [
        row.name,
        row.id,
      ]);
    },
    myPartner: (_, __, { viewer, loaders }) => loaders.partner.load(requirePartner(viewer)),
    activity: (_, by, { db, viewer }) => findActivity(db, by, viewer),
    ledgerSeals: async (_, asked, { db, config }) => {
      const page = readPage(asked, sealKeys, config.limits);
      return connection(await listSeals(db, page), page, ({ number }) => [String(number)]);
    },
  },

  Mutation: {
    recordActivity: (_, { input }, { db, viewer, clock, batches }) =>
      orUserErrors('activity', () => recordActivity(db, input, { viewer, clock, batches })),
    recordActivities: async (_, { inputs }, { db, viewer, clock }) => {
      const by = { reporter: reporterOf(viewer), clock };
      const { recorded } = await recordActivities(db, inputs, by);
      return Promise.all(
        recorded.map((each) => orUserErrors('activity', async () => activityIn(each))),
      );
    },
    invitePartner: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('partner', () => invitePartner(db, input, { viewer, clock })),
    updatePartner: (_, { id: partnerId, input }, { db, viewer, clock }) =>
      orUserErrors('partner', () =>
        updatePartner(db, { ...input, id: partnerId }, { viewer, clock }),
      ),
    signContract: (_, { partnerId, input }, { db, viewer, clock }) =>
      orUserErrors('partner', () => signContract(db, { partnerId, ...input }, { viewer, clock })),
    activatePartner: (_, activation, { db, viewer, clock }) =>
      orUserErrors('partner', () => activatePartner(db, activation, { viewer, clock })),
    suspendPartner: (_, partner, { db, viewer, clock }) =>
      orUserErrors('partner', () => suspendPartner(db, partner, { viewer, clock })),
    draftRuleSet: (_, draft, { db, viewer, clock }) =>
      orUserErrors('ruleSet', () => draftRuleSet(db, draft, { viewer, clock })),
    publishRuleSet: (_, publication, { db, viewer, clock }) =>
      orUserErrors('ruleSet', () => publishRuleSet(db, publication, { viewer, clock })),
    createApiClient: (_, { input }, { db, viewer, clock, config }) =>
      fieldsOrUserErrors(() =>
        createApiClient(db, input, { viewer, clock, sealKey: config.sealKey }),
      ),
    revokeApiClient: (_, client, { db, viewer, clock }) =>
      orUserErrors('partner', () => revokeApiClient(db, client, { viewer, clock })),
  },

  Partner: {
    __resolveReference: (partner, { loaders }) => loaders.partner.load(partner.id),
    contract: async (partner, { on }, { loaders }) => {
      const day = on ?? (await loaders.now()).today;
      const [contract] = await loaders.contractsOn(partner.id, { day });
      return contract ?? null;
    },
    contracts: (partner, _, { loaders }) => loaders.contractsOf.load(partner.id),
    ruleSets: async (partner, { status, ...asked }, { loaders, config }) => {
      const page = readPage(asked, ruleSetKeys, config.limits);
      const read = await loaders.ruleSetsOf(partner.id, { status: status ?? null, page });
      return connection(read, page, ({ version }) => [String(version)]);
    },
    onboarding: (partner, _, { loaders }) => loaders.onboardingOf.load(partner.id),
    apiClients: (partner, _, { loaders }) => loaders.apiClientsOf.load(partner.id),
    activities: (partner, { filter, ...asked }, context) => {
      const memberId = parseInput(idOrAny, filter?.memberId ?? null, ['filter', 'memberId']);
      const list = { list: 'partnerActivitiesOf', ownerId: partner.id } as const;
      return activityConnection(context, list, { ...asked, selection: { ...filter, memberId } });
    },
  },

  LedgerSeal: {
    number: ({ number }) => Number(number),
  },

  PartnerDetails: {
    __resolveType: ({ kind }) => detailsTypes[kind],
  },

  RuleSet: {
    status: ({ id: ruleSetId }, _, { loaders }) => loaders.ruleSetStatus.load(ruleSetId),
  },

  ApiClient: {
    authentication: ({ keys }) => (keys ? 'PRIVATE_KEY' : 'SECRET'),
  },

  Earning: {
    fixed: ({ fixed }) => (fixed === undefined ? null : BigInt(fixed)),
  },

  Activity: {
    __resolveReference: (activity, { loaders }) => loaders.activity.load(activity.id),
    partner: async ({ partnerId }, _, { loaders }) => (await loaders.partner.load(partnerId))!,
    member: ({ memberId }) => ({ id: memberId }),
    amount: amountOf,
    cost: costOf,
  },

  EarnLine: {
    desired: ({ desired }) => BigInt(desired),
    points: ({ points }) => BigInt(points),
  },

  Member: {
    __resolveReference: (member) => member,
    activities: (member, { partnerId, ...asked }, context) => {
      const selection = { partnerId: parseInput(idOrAny, partnerId ?? null, ['partnerId']) };
      const list = { list: 'memberActivitiesOf', ownerId: member.id } as const;
      return activityConnection(context, list, { ...asked, selection });
    },
  },
};
