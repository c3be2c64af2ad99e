import { orUserErrors } from '../../../platform/errors.ts';
import { requireMember } from '../../../platform/viewer.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { grantConsent, revokeConsent } from './consents.ts';

export const resolvers: Resolvers = {
  Mutation: {
    grantConsent: (_, consent, { db, viewer, clock }) =>
      orUserErrors('member', () =>
        grantConsent(db, consent, { memberId: requireMember(viewer), clock }),
      ),
    revokeConsent: (_, consent, { db, viewer, clock }) =>
      orUserErrors('member', () =>
        revokeConsent(db, consent, { memberId: requireMember(viewer), clock }),
      ),
  },

  Member: {
    consents: ({ id }, _, { loaders }) => loaders.consentsOf.load(id),
  },

  Consent: {
    partner: ({ partnerId }) => partnerStub(partnerId),
  },
};
