import { fieldsOrUserErrors, orUserErrors } from '../../../platform/errors.ts';
import { parseInput } from '../../../platform/input.ts';
import { memberRef, resolveMember } from '../../../platform/members.ts';
import { requireMember } from '../../../platform/viewer.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { enrolMember, verifyEmail } from './enrolment.ts';

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
  },

  Mutation: {
    enrol: (_, { input }, { db, clock, mail }) =>
      fieldsOrUserErrors(() => enrolMember(db, input, { clock, mail })),
    verifyEmail: (_, { input }, { db, clock }) =>
      orUserErrors('member', () => verifyEmail(db, input, { clock })),
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
