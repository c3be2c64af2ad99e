import { fieldsOrUserErrors, orUserErrors } from '../../../platform/errors.ts';
import { newestConnection, readNewestPage } from '../../../platform/paging.ts';
import type { Resolvers } from '../types.generated.ts';
import { redeliverWebhook, testWebhook } from './deliveries.ts';
import { rotateWebhookSecret } from './secrets.ts';
import { registerWebhook, removeWebhook, updateWebhook } from './webhooks.ts';

export const resolvers: Resolvers = {
  Mutation: {
    registerWebhook: (_, { input }, { db, viewer, clock, config }) =>
      fieldsOrUserErrors(() => registerWebhook(db, input, { viewer, clock, config })),
    updateWebhook: (_, { id, input }, { db, viewer, clock, config }) =>
      fieldsOrUserErrors(() => updateWebhook(db, id, input, { viewer, clock, config })),
    rotateWebhookSecret: (_, { id }, { db, viewer, clock, config }) =>
      fieldsOrUserErrors(() => rotateWebhookSecret(db, id, { viewer, clock, config })),
    removeWebhook: (_, { id }, { db, viewer, clock }) =>
      orUserErrors('partner', () => removeWebhook(db, id, { viewer, clock })),
    testWebhook: (_, { id }, { db, viewer, clock }) =>
      fieldsOrUserErrors(() => testWebhook(db, id, { viewer, clock })),
    redeliverWebhook: (_, { deliveryId }, { db, viewer, clock }) =>
      orUserErrors('partner', () => redeliverWebhook(db, deliveryId, { viewer, clock })),
  },

  Partner: {
    webhooks: (partner, _, { loaders }) => loaders.webhooksOf.load(partner.id),
  },

  Webhook: {
    deliveries: async (webhook, { status, ...asked }, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      const read = await loaders.deliveriesOf(webhook.id, { status: status ?? null, page });
      return newestConnection(read, page);
    },
  },

  WebhookDelivery: {
    nextAttemptAt: ({ dueAt }) => dueAt,
  },
};
