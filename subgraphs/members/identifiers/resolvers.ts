import { fieldsOrUserErrors, orUserErrors } from '../../../platform/errors.ts';
import { requireMember } from '../../../platform/viewer.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { confirmIdentifier, linkIdentifier, unlinkIdentifier } from './links.ts';
import { maskedOf } from './lists.ts';
import { publicWalletKeys } from './wallet-keys.ts';
import { createWalletToken } from './wallet-tokens.ts';

export const resolvers: Resolvers = {
  Mutation: {
    linkIdentifier: (_, { input }, { db, viewer, clock, texts, config: { audience } }) =>
      fieldsOrUserErrors(() =>
        // What does not fit the kind is refused with the path to it.
        linkIdentifier(db, input as never, {
          memberId: requireMember(viewer),
          clock,
          audience,
          texts,
        }),
      ),
    confirmIdentifier: (_, input, { db, viewer, clock, config: { audience } }) =>
      fieldsOrUserErrors(() =>
        confirmIdentifier(db, input, { memberId: requireMember(viewer), clock, audience }),
      ),
    unlinkIdentifier: (_, input, { db, viewer, clock }) =>
      orUserErrors('member', () =>
        unlinkIdentifier(db, input, { memberId: requireMember(viewer), clock }),
      ),
    createWalletToken: (_, __, { db, viewer, clock, config: { sealKey } }) =>
      fieldsOrUserErrors(() =>
        createWalletToken(db, { memberId: requireMember(viewer), clock, sealKey }),
      ),
  },

  Program: {
    walletKeys: (_, __, { db, config: { sealKey } }) => publicWalletKeys(db, sealKey),
  },

  Member: {
    identifiers: ({ id }, _, { loaders }) => loaders.identifiersOf.load(id),
  },

  MemberIdentifier: {
    masked: ({ value }) => maskedOf(value),
    partner: ({ partnerId }) => partnerStub(partnerId),
    verified: ({ verifiedAt }) => verifiedAt !== null,
  },
};
