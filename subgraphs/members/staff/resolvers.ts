import { orUserErrors } from '../../../platform/errors.ts';
import { id as anId } from '../../../platform/input.ts';
import { scopesOfRole } from '../../../platform/roles.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { inviteStaff, reinviteStaff } from './invitations.ts';
import { changeStaffRole, listStaff, setStaffLocale, setStaffStatus } from './staff.ts';

export const resolvers: Resolvers = {
  Query: {
    staff: (_, request, { db, viewer, config: { limits } }) =>
      listStaff(db, request, { viewer, limits }),
  },

  Mutation: {
    inviteStaff: (_, { input }, { db, ...context }) =>
      orUserErrors('staff', () => inviteStaff(db, input, context)),
    reinviteStaff: (_, input, { db, ...context }) =>
      orUserErrors('staff', () => reinviteStaff(db, input, context)),
    changeStaffRole: (_, input, { db, viewer, clock }) =>
      orUserErrors('staff', () => changeStaffRole(db, input, { viewer, clock })),
    setStaffStatus: (_, input, { db, viewer, clock }) =>
      orUserErrors('staff', () => setStaffStatus(db, input, { viewer, clock })),
    setStaffLocale: (_, input, { db, viewer, clock }) =>
      orUserErrors('staff', () => setStaffLocale(db, input, { viewer, clock })),
  },

  Viewer: {
    name: async ({ audience, subject }, _, { loaders }) => {
      const isOfStaff = audience === 'ADMIN' || audience === 'PARTNER';
      // Clients and other issuers have subjects of other forms.
      if (!isOfStaff || !anId.safeParse(subject).success) return null;
      return (await loaders.staff.load(subject!))?.name ?? null;
    },
  },

  Staff: {
    scopes: ({ role }) => [...scopesOfRole(role)],
    partner: ({ partnerId }) => partnerStub(partnerId),
    invitedAt: ({ createdAt }) => createdAt,
  },
};
