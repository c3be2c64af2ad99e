import { In, IsNull } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { rowsLoader } from '../../../platform/loaders.ts';
import { Consent } from './entities.ts';

export function consentLoaders({ db }: Context) {
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
  };
}
