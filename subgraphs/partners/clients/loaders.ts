import { In } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { rowsLoader } from '../../../platform/loaders.ts';
import { ApiClient } from './entities.ts';

export function clientLoaders({ db }: Context) {
  return {
    /** A partner's API clients, the oldest first: of those that are revoked, the last 50. */
    apiClientsOf: rowsLoader(
      (partnerIds) =>
        db
          .createQueryBuilder(ApiClient, 'client')
          .where({ partnerId: In(partnerIds) })
          .andWhere(
            `(client.revoked_at IS NULL OR client.client_id IN (
               SELECT revoked.client_id FROM partners.api_client revoked
               WHERE revoked.partner_id = client.partner_id AND revoked.revoked_at IS NOT NULL
               ORDER BY revoked.revoked_at DESC, revoked.client_id LIMIT 50))`,
          )
          .orderBy({ 'client.createdAt': 'ASC', 'client.clientId': 'ASC' })
          .getMany(),
      ({ partnerId }) => partnerId,
    ),
  };
}
