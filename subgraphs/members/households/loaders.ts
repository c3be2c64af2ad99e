import DataLoader from 'dataloader';
import { In, IsNull } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { rowsLoader } from '../../../platform/loaders.ts';
import { listTiers } from '../tiers/ladder.ts';
import type { TierStatus } from '../tiers/rows.ts';
import { businessStandings } from '../tiers/standings.ts';
import { Household, HouseholdInvitation, HouseholdMember } from './entities.ts';
import { isOpen } from './invitations.ts';
import { type Household as SeenHousehold, seenBy } from './rows.ts';

export function householdLoaders({ db, clock }: Context) {
  return {
    /** The household that a member is in; null for none. */
    householdOf: new DataLoader<string, SeenHousehold | null>(async (memberIds) => {
      const places = await db.findBy(HouseholdMember, {
        memberId: In([...memberIds]),
        leftAt: IsNull(),
      });
      const ids = places.map(({ householdId }) => householdId);
      const households = await db.findBy(Household, { id: In(ids) });
      return memberIds.map((memberId) => {
        const place = places.find((each) => each.memberId === memberId);
        const household = households.find(({ id }) => id === place?.householdId);
        return household ? seenBy(household, memberId) : null;
      });
    }),

    /** Who is in a household, the first to join first. */
    membersOfHousehold: rowsLoader(
      (householdIds) =>
        db.find(HouseholdMember, {
          where: { householdId: In(householdIds), leftAt: IsNull() },
          order: { joinedAt: 'ASC', memberId: 'ASC' },
        }),
      ({ householdId }) => householdId,
    ),

    /** Where a business stands; null for a family, and where the program has no tiers. */
    businessTier: new DataLoader<string, TierStatus | null>(async (householdIds) => {
      const ladder = await listTiers(db);
      const standings = await businessStandings(db, [...householdIds], await clock.now(db));
      const byId = new Map(standings.map((standing) => [standing.householdId, standing]));
      return householdIds.map((householdId) => {
        const standing = byId.get(householdId);
        const tier = ladder.find(({ code }) => code === standing?.tierCode);
        return standing && tier ? { ...standing, tier, ladder } : null;
      });
    }),

    /** Its invitations that can be accepted, the first first. */
    invitationsOfHousehold: rowsLoader(
      async (householdIds) =>
        db.find(HouseholdInvitation, {
          where: { ...isOpen(await clock.now(db)), householdId: In(householdIds) },
          order: { createdAt: 'ASC', id: 'ASC' },
        }),
      ({ householdId }) => householdId,
    ),
  };
}
