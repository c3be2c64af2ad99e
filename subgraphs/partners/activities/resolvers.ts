import { fieldsOrUserErrors, orUserErrors } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { type PageRequest, connection, readNewestPage } from '../../../platform/paging.ts';
import { askerOf } from '../../../platform/viewer.ts';
import { summaryOfLines } from '../earning/summaries.ts';
import type { SubgraphContext } from '../loaders.ts';
import type { Resolvers } from '../types.generated.ts';
import {
  activityIn,
  amountOf,
  costOf,
  earnedBy,
  itemsOf,
  recordActivities,
  recordActivity,
  refundedAmountOf,
} from './activities.ts';
import { awardedIn } from './currencies.ts';
import type { Activity } from './entities.ts';
import { followedActivities, followedKey } from './followed.ts';
import { type ActivitySelection, findActivity, statusOf } from './lists.ts';
import { previewPoints } from './previews.ts';
import { reporterOf } from './reports.ts';
import { simulateActivity } from './simulations.ts';

/** Narrows a list; null does not. */
const idOrAny = id.nullable();

type Lists = 'partnerActivitiesOf' | 'memberActivitiesOf';

async function activityConnection(
  context: SubgraphContext,
  { list, ownerId }: { list: Lists; ownerId: string },
  { selection, ...asked }: PageRequest & { selection: ActivitySelection },
) {
  const page = readNewestPage(asked, context.config.limits);
  const { at, program } = await context.loaders.now();
  const { timeZone } = program;
  const read = await context.loaders[list](ownerId, { selection, page, timeZone, at });
  return connection(read, page, keysOf);
}

function keysOf({ occurredAt, id: activityId }: Activity): string[] {
  return [occurredAt.toISOString(), activityId];
}

/** When it is asked. Most wait for nothing: nobody looks at the clock for them. */
async function instantFor(
  { expectedBy, confirmBy, postedAt }: Activity,
  { loaders }: SubgraphContext,
): Promise<Date> {
  return expectedBy || confirmBy ? (await loaders.now()).at : postedAt;
}

export const resolvers: Resolvers = {
  Query: {
    activity: (_, by, { db, viewer }) => findActivity(db, by, viewer),
    previewPoints: async (_, { input }, { db, viewer, clock }) => {
      const earned = await previewPoints(db, input, { viewer, clock });
      if (!earned) return null;
      const { points, qualifying, lines } = earned;
      return {
        points,
        qualifyingPoints: qualifying,
        awarded: awardedIn(earned),
        summary: summaryOfLines(lines),
      };
    },
    simulateActivity: (_, asked, { db, viewer, clock }) =>
      fieldsOrUserErrors(async () => {
        const earned = await simulateActivity(db, asked, { viewer, clock });
        const { points, qualifying, lines } = earned;
        return {
          points,
          qualifyingPoints: qualifying,
          awarded: awardedIn(earned),
          explanation: lines,
        };
      }),
  },

  Subscription: {
    activityPosted: {
      subscribe: (_, __, { viewer, follow }) =>
        follow(followedActivities, followedKey(askerOf(viewer))),
      resolve: (activity: Activity) => activity,
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
  },

  Partner: {
    activities: (partner, { filter, ...asked }, context) => {
      const memberId = parseInput(idOrAny, filter?.memberId ?? null, ['filter', 'memberId']);
      const list = { list: 'partnerActivitiesOf', ownerId: partner.id } as const;
      return activityConnection(context, list, { ...asked, selection: { ...filter, memberId } });
    },
  },

  Activity: {
    __resolveReference: (activity, { loaders }) => loaders.activity.load(activity.id),
    partner: async ({ partnerId }, _, { loaders }) => (await loaders.partner.load(partnerId))!,
    member: ({ memberId }) => ({ id: memberId }),
    status: async (activity, _, context) => statusOf(activity, await instantFor(activity, context)),
    amount: amountOf,
    exchangeRate: ({ exchangeRateId }, _, { loaders }) =>
      exchangeRateId === null ? null : loaders.exchangeRate.load(exchangeRateId),
    refundedAmount: refundedAmountOf,
    items: itemsOf,
    points: async (activity, _, context) =>
      earnedBy(activity, await instantFor(activity, context)).points,
    qualifyingPoints: async (activity, _, context) =>
      earnedBy(activity, await instantFor(activity, context)).qualifying,
    awarded: async (activity, _, context) => {
      const { points, own } = earnedBy(activity, await instantFor(activity, context));
      const { ownCurrency: currency } = activity;
      return awardedIn({ points, own: currency === null ? null : { currency, points: own } });
    },
    cost: async (activity, _, context) => {
      const contracts = await context.loaders.contractsOf.load(activity.partnerId);
      const contract = contracts.find(({ version }) => version === activity.contractVersion)!;
      const { points } = earnedBy(activity, await instantFor(activity, context));
      return costOf(activity, contract, points);
    },
    rejectedBecause: async (activity, _, context) =>
      statusOf(activity, await instantFor(activity, context)) === 'REJECTED'
        ? 'The partner has not confirmed it in time.'
        : null,
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
