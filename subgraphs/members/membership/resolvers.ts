import { fieldsOrUserErrors, orUserErrors } from '../../../platform/errors.ts';
import { parseInput } from '../../../platform/input.ts';
import { memberRef, resolveMember } from '../../../platform/members.ts';
import { requireMember } from '../../../platform/viewer.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { changeEmail } from './addresses.ts';
import { listMembers } from './directory.ts';
import { enrolMember, verifyEmail } from './enrolment.ts';
import { updateProfile } from './profiles.ts';
import { createSandboxMember } from './sandbox.ts';
import { setMemberStatus } from './statuses.ts';

export const resolvers: Resolvers = {
  Query: {
    viewer: (_, __, { viewer }) => viewer,
    me: (_, __, { loaders, viewer }) => loaders.member.load(requireMember(viewer)),
    member: async (_, { by }, { db, viewer, may, loaders }) => {
      const memberId = await resolveMember(db, parseInput(memberRef, by, ['by']), viewer);
      if (!memberId) return null;
      const isOpen = viewer.audience === 'ADMIN' || (await may({ memberId, scope: null }));
      return isOpen ? loaders.member.load(memberId) : null;
    },
    members: (_, { filter, ...page }, { db, config }) =>
      listMembers(db, filter, page, config.limits),
  },

  Mutation: {
    enrol: (_, { input }, { db, clock, mail }) =>
      fieldsOrUserErrors(() => enrolMember(db, input, { clock, mail })),
    verifyEmail: (_, { input }, { db, clock }) =>
      orUserErrors('member', () => verifyEmail(db, input, { clock })),
    updateProfile: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('member', () =>
        updateProfile(db, input, { memberId: requireMember(viewer), clock }),
      ),
    changeEmail: (_, input, { db, viewer, clock, mail }) =>
      fieldsOrUserErrors(() =>
        changeEmail(db, input, {
          memberId: requireMember(viewer),
          steppedUpAt: viewer.steppedUpAt,
          clock,
          mail,
        }),
      ),
    createSandboxMember: (_, input, { db, viewer, clock }) =>
      orUserErrors('member', () => createSandboxMember(db, input, { viewer, clock })),
    setMemberStatus: (_, input, { db, viewer, clock }) =>
      orUserErrors('member', () => setMemberStatus(db, input, { viewer, clock })),
  },

  Viewer: {
    member: ({ memberId }, _, { loaders }) => (memberId ? loaders.member.load(memberId) : null),
    partner: ({ partnerId }) => partnerStub(partnerId),
  },

  Member: {
    __resolveReference: ({ id }, { loaders }) => loaders.member.load(id),
    profile: ({ email, ...member }) => (email === null ? null : { ...member, email }),
  },

  MemberProfile: {
    emailVerified: ({ emailVerifiedAt }) => emailVerifiedAt !== null,
  },
};
