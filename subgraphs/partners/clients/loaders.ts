import { In } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { rowsLoader } from '../../../platform/loaders.ts';
import { ApiClient } from './entities.ts';

export function clientLoaders({ db }: Context) {
  return {
    /** A partner's API clients, the oldest first. */
    apiClientsOf: rowsLoader(
      (partnerIds) =>
        db.find(ApiClient, {
          where: { partnerId: In(partnerIds) },
          order: { createdAt: 'ASC', clientId: 'ASC' },
        }),
      ({ partnerId }) => partnerId,
    ),
  };
}
