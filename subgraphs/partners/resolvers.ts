import { z } from 'zod';
import { badInput, fieldsOrUserErrors, orUserErrors } from '../../platform/errors.ts';
import { id, parseInput } from '../../platform/input.ts';
import { connection, readNewestPage, readPage } from '../../platform/paging.ts';
import { requirePartner } from '../../platform/viewer.ts';
import { costOf, recordActivity } from './activities.ts';
import { type ActivitySelection, findActivity, meets } from './activity-lists.ts';
import { createApiClient } from './api-clients.ts';
import { contractOn, signContract } from './contracts.ts';
import type { Activity } from './entities.ts';
import { type SubgraphContext, createLoaders } from './loaders.ts';
import { activatePartner, findPartner, invitePartner, listPartners } from './partners.ts';
import { draftRuleSet, publishRuleSet, statusOf } from './rule-sets.ts';
import type { Resolvers } from './types.generated.ts';

/** Mutations of one request follow one another: each starts with nothing remembered. */
function afresh(context: SubgraphContext): SubgraphContext {
  context.loaders = createLoaders(context);
  return context;
}

interface AskedPage {
  first: number;
  after?: string | null | undefined;
}
type Lists = 'partnerActivitiesOf' | 'memberActivitiesOf';

async function activityConnection(
  context: SubgraphContext,
  { list, ownerId }: { list: Lists; ownerId: string },
  { selection, ...asked }: AskedPage & { selection: ActivitySelection },
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
      const page = readPage({ first, after }, 2, config.limits);
      if (page.after && !z.uuid().safeParse(page.after[1]).success) {
        throw badInput('after: is no cursor of this list.');
      }
      return connection(await listPartners(db, filter, page, viewer), page, (row) => [
        row.name,
        row.id,
      ]);
    },
    myPartner: (_, __, { viewer, loaders }) => loaders.partner.load(requirePartner(viewer)),
    activity: (_, by, { db, viewer }) => findActivity(db, by, viewer),
  },

  Mutation: {
    recordActivity: (_, { input }, context) => {
      const { db, viewer, clock } = afresh(context);
      return orUserErrors('activity', () => recordActivity(db, viewer, input, clock));
    },
    invitePartner: (_, { input }, context) => {
      const { db, loaders } = afresh(context);
      return orUserErrors('partner', async () =>
        invitePartner(db, input, (await loaders.now()).at),
      );
    },
    signContract: (_, asked, context) => {
      const { db, loaders } = afresh(context);
      return orUserErrors('partner', async () => signContract(db, asked, await loaders.now()));
    },
    activatePartner: (_, { id: partnerId }, context) => {
      const { db, loaders } = afresh(context);
      return orUserErrors('partner', async () =>
        activatePartner(db, partnerId, await loaders.now()),
      );
    },
    draftRuleSet: (_, asked, context) => {
      const { db, viewer } = afresh(context);
      return orUserErrors('ruleSet', () => draftRuleSet(db, viewer, asked));
    },
    publishRuleSet: (_, asked, context) => {
      const { db, loaders } = afresh(context);
      return orUserErrors('ruleSet', async () =>
        publishRuleSet(db, asked, (await loaders.now()).at),
      );
    },
    createApiClient: (_, { input }, context) => {
      const { db, viewer, loaders, config } = afresh(context);
      return fieldsOrUserErrors(async () => {
        const { at } = await loaders.now();
        return createApiClient(db, viewer, input, { at, sealKey: config.sealKey });
      });
    },
  },

  Partner: {
    __resolveReference: (partner, { loaders }) => loaders.partner.load(partner.id),
    contract: async (partner, { on }, { loaders }) => {
      const day = on ?? (await loaders.now()).today;
      return contractOn(await loaders.contractsOf.load(partner.id), day);
    },
    contracts: (partner, _, { loaders }) => loaders.contractsOf.load(partner.id),
    ruleSets: async (partner, { status, ...asked }, { loaders, config }) => {
      const page = readPage(asked, 1, config.limits);
      if (page.after && !/^\d{1,9}$/.test(page.after[0]!)) {
        throw badInput('after: is no cursor of this list.');
      }
      const read = await loaders.ruleSetsOf(partner.id, { status: status ?? null, page });
      return connection(read, page, ({ version }) => [String(version)]);
    },
    onboarding: (partner, _, { loaders }) => loaders.onboardingOf.load(partner.id),
    apiClients: (partner, _, { loaders }) => loaders.apiClientsOf.load(partner.id),
    activities: (partner, { filter, ...asked }, context) => {
      const memberId = filter?.memberId && parseInput(id, filter.memberId, ['filter', 'memberId']);
      const list = { list: 'partnerActivitiesOf', ownerId: partner.id } as const;
      return activityConnection(context, list, { ...asked, selection: { ...filter, memberId } });
    },
  },

  RuleSet: {
    status: async (ruleSet, _, { loaders }) => statusOf(ruleSet, (await loaders.now()).at),
  },

  ApiClient: {
    authentication: () => 'SECRET',
  },

  Earning: {
    fixed: ({ fixed }) => (fixed === undefined ? null : BigInt(fixed)),
  },

  Activity: {
    __resolveReference: async (activity, { loaders, viewer }) => {
      const found = await loaders.activity.load(activity.id);
      return found && meets(viewer, found) ? found : null;
    },
    partner: async ({ partnerId }, _, { loaders }) => (await loaders.partner.load(partnerId))!,
    member: ({ memberId }) => ({ id: memberId }),
    amount: ({ amount, currency }) => ({ amount, currency }),
    cost: costOf,
  },

  EarnLine: {
    desired: ({ desired }) => BigInt(desired),
    points: ({ points }) => BigInt(points),
  },

  Member: {
    __resolveReference: (member) => member,
    activities: (member, { partnerId, ...asked }, context) => {
      const selection = { partnerId: partnerId && parseInput(id, partnerId, ['partnerId']) };
      const list = { list: 'memberActivitiesOf', ownerId: member.id } as const;
      return activityConnection(context, list, { ...asked, selection });
    },
  },
};
