import { In } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { listLoader, rowsLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import { deliveriesOf } from './deliveries.ts';
import { Webhook } from './entities.ts';
import type { DeliveryStatus } from './rows.ts';

export function webhookLoaders({ db }: Context) {
  return {
    /** A partner's webhooks, the oldest first. */
    webhooksOf: rowsLoader(
      (partnerIds) =>
        db.find(Webhook, {
          where: { partnerId: In(partnerIds) },
          order: { createdAt: 'ASC', id: 'ASC' },
        }),
      ({ partnerId }) => partnerId,
    ),

    deliveriesOf: listLoader(
      (webhookIds, asked: { status: DeliveryStatus | null; page: Page }) =>
        deliveriesOf(db, webhookIds, asked),
      ({ webhookId }) => webhookId,
    ),
  };
}
