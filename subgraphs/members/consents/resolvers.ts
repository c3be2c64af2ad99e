import { fieldsOrUserErrors, orUserErrors } from '../../../platform/errors.ts';
import { requireMember } from '../../../platform/viewer.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { grantConsent, revokeConsent } from './consents.ts';
import { declineConsentRequest, requestConsent } from './requests.ts';

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
    declineConsentRequest: (_, request, { db, viewer, clock }) =>
      orUserErrors('member', () =>
        declineConsentRequest(db, request, { memberId: requireMember(viewer), clock }),
      ),
    requestConsent: (_, { input }, { db, viewer, clock }) =>
      fieldsOrUserErrors(() => requestConsent(db, input, { viewer, clock })),
  },

  Member: {
    consents: ({ id }, _, { loaders }) => loaders.consentsOf.load(id),
    consentRequests: ({ id }, _, { loaders }) => loaders.consentRequestsOf.load(id),
  },

  Consent: {
    partner: ({ partnerId }) => partnerStub(partnerId),
  },

  ConsentRequest: {
    partner: ({ partnerId }) => partnerStub(partnerId),
  },
};
