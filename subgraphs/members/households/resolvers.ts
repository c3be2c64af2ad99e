import { sharedCurrency } from '../../../ledger/index.ts';
import type { Database } from '../../../platform/database.ts';
import { orUserErrors } from '../../../platform/errors.ts';
import { requireMember } from '../../../platform/viewer.ts';
import type { SubgraphContext } from '../loaders.ts';
import type { Resolvers } from '../types.generated.ts';
import type { Household } from './entities.ts';
import {
  createHousehold,
  leaveHousehold,
  removeFromHousehold,
  setHouseholdSharing,
} from './households.ts';
import { type Inviting, inviteToHousehold, masked, withdrawInvitation } from './invitations.ts';
import { joinHousehold } from './joining.ts';
import { seatsOf } from './places.ts';
import { seenBy } from './rows.ts';
import { setHouseholdSpending } from './spending.ts';

/** A change by the calling member, with what the rules need, and the household as that member sees it. */
function change(
  { db, viewer, clock, mail, config: { limits } }: SubgraphContext,
  rule: (db: Database, acting: Inviting) => Promise<Household | null>,
) {
  const memberId = requireMember(viewer);
  return orUserErrors('household', async () => {
    const household = await rule(db, { memberId, clock, mail, limits });
    return household && seenBy(household, memberId);
  });
}

export const resolvers: Resolvers = {
  Mutation: {
    createHousehold: (_, input, context) =>
      change(context, (db, acting) => createHousehold(db, input, acting)),
    inviteToHousehold: (_, input, context) =>
      change(context, (db, acting) => inviteToHousehold(db, input, acting)),
    withdrawHouseholdInvitation: (_, input, context) =>
      change(context, (db, acting) => withdrawInvitation(db, input, acting)),
    joinHousehold: (_, input, context) =>
      change(context, (db, acting) => joinHousehold(db, input, acting)),
    leaveHousehold: (_, __, context) => change(context, leaveHousehold),
    removeFromHousehold: (_, input, context) =>
      change(context, (db, acting) => removeFromHousehold(db, input, acting)),
    setHouseholdSharing: (_, input, context) =>
      change(context, (db, acting) => setHouseholdSharing(db, input, acting)),
    setHouseholdSpending: (_, input, context) =>
      change(context, (db, acting) => setHouseholdSpending(db, input, acting)),
  },

  Member: {
    household: ({ id }, _, { loaders }) => loaders.householdOf.load(id),
  },

  Household: {
    owner: async ({ ownerId }, _, { loaders }) => (await loaders.member.load(ownerId))!,
    members: ({ id }, _, { loaders }) => loaders.membersOfHousehold.load(id),
    memberLimit: (household, _, { config: { limits } }) => seatsOf(household, limits),
    invitations: ({ id, ownerId, seenBy }, _, { loaders }) =>
      ownerId === seenBy ? loaders.invitationsOfHousehold.load(id) : null,
    tier: ({ id }, _, { loaders }) => loaders.businessTier.load(id),
    available: async ({ id }, _, { loaders }) => {
      const sharing = (await loaders.membersOfHousehold.load(id)).filter(
        ({ sharesPoints }) => sharesPoints,
      );
      const each = await Promise.all(
        sharing.map(async ({ memberId }) => {
          if ((await loaders.member.load(memberId))?.status !== 'ACTIVE') return 0n;
          const account = { memberId, currency: sharedCurrency };
          return (await loaders.balance({}).load(account)).available;
        }),
      );
      return each.reduce((sum, points) => sum + points, 0n);
    },
  },

  HouseholdMember: {
    monthlyLimit: ({ spendingLimit }) => spendingLimit,
    member: async ({ memberId }, _, { loaders }) => (await loaders.member.load(memberId))!,
  },

  HouseholdInvitation: {
    email: ({ email }) => masked(email),
  },
};
