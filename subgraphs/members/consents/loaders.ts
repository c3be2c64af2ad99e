import { In, IsNull } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { rowsLoader } from '../../../platform/loaders.ts';
import { Consent } from './entities.ts';
import { openRequestsOf } from './requests.ts';

export function consentLoaders({ db, clock }: Context) {
  return {
    /** Live consents by member, the oldest first. */
    consentsOf: rowsLoader(
      (memberIds) =>
        db.find(Consent, {
          where: { memberId: In(memberIds), revokedAt: IsNull() },
          order: { grantedAt: 'ASC', partnerId: 'ASC' },
        }),
      ({ memberId }) => memberId,
    ),

    consentRequestsOf: rowsLoader(
      async (memberIds) => openRequestsOf(db, memberIds, await clock.now(db)),
      ({ memberId }) => memberId,
    ),
  };
}
