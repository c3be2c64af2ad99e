import { randomUUID } from 'node:crypto';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { type Page, newestOf } from '../../../platform/paging.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Partner } from '../brands/entities.ts';
import { Webhook, WebhookDelivery } from './entities.ts';
import { lockWebhook } from './locking.ts';
import type { DeliveryStatus } from './rows.ts';

interface Facts {
  viewer: Viewer;
  clock: Clock;
}

/** Tests that may wait for one webhook. */
const testsMax = 10;

/**
 * Lets a webhook be called once with a TEST event, in its turn. Its `deliveries` tell what came of it.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED it is switched off; LIMIT_REACHED too many tests wait
 */
export async function testWebhook(
  db: Database,
  webhookId: string,
  { viewer, clock }: Facts,
): Promise<{ webhook: Webhook; secret: null }> {
  return transaction(db, async (tx) => {
    const { webhook } = await lockWebhook(tx, webhookId, viewer);
    requireEnabled(webhook, ['id']);
    const waiting = { webhookId: webhook.id, event: 'TEST', status: 'WAITING' } as const;
    if ((await tx.countBy(WebhookDelivery, waiting)) >= testsMax) {
      const figures = { limit: String(testsMax) };
      throw new Refusal('LIMIT_REACHED', 'Too many tests wait for it.', ['id'], figures);
    }
    const at = await clock.now(tx);
    await tx.insert(WebhookDelivery, {
      ...waiting,
      id: randomUUID(),
      // Before what has happened: whoever tests waits for it.
      sequence: 0n,
      memberId: null,
      payload: {},
      occurredAt: at,
      attempts: 0,
      createdAt: at,
      dueAt: at,
      deliveredAt: null,
      responseStatus: null,
    });
    await recordAct(tx, viewer, {
      action: 'testWebhook',
      subject: { type: 'Webhook', id: webhook.id },
      at,
    });
    return { webhook, secret: null };
  });
}

/**
 * Sends a delivery again, with the same id and as many tries as at first; one that waits is tried at once.
 *
 * @throws Refusal INVALID; NOT_FOUND also for another partner's; NOT_ALLOWED its webhook is switched off
 */
export async function redeliverWebhook(
  db: Database,
  deliveryId: string,
  { viewer, clock }: Facts,
): Promise<Partner> {
  const path = ['deliveryId'];
  const notFound = new Refusal('NOT_FOUND', 'There is no such delivery.', path);
  return transaction(db, async (tx) => {
    const delivery = await tx.findOneBy(WebhookDelivery, { id: parseInput(id, deliveryId, path) });
    if (!delivery) throw notFound;
    const { webhook, partner } = await lockWebhook(tx, delivery.webhookId, viewer, path);
    requireEnabled(webhook, path);
    const at = await clock.now(tx);
    const again = { status: 'WAITING', attempts: 0, dueAt: at, deliveredAt: null } as const;
    await tx.update(WebhookDelivery, { id: delivery.id }, again);
    await tx.update(Webhook, { id: webhook.id }, { failures: 0, dueAt: at });
    await recordAct(tx, viewer, {
      action: 'redeliverWebhook',
      subject: { type: 'WebhookDelivery', id: delivery.id },
      before: { status: delivery.status },
      after: { status: again.status },
      at,
    });
    return partner;
  });
}

/** The deliveries of webhooks, each one's newest first. */
export function deliveriesOf(
  db: Database,
  webhookIds: string[],
  { status, page }: { status: DeliveryStatus | null; page: Page },
): Promise<WebhookDelivery[]> {
  return newestOf(db, WebhookDelivery, {
    owner: 'webhook_id',
    ownerIds: webhookIds,
    page,
    // What is older is about to be cleared.
    where: `one.created_at > now() - interval '30 days' AND ($5::text IS NULL OR one.status = $5)`,
    values: [status],
  });
}

function requireEnabled({ enabled, disabledBecause }: Webhook, path: string[]): void {
  if (enabled) return;
  const message = disabledBecause ?? 'It was switched off.';
  throw new Refusal('NOT_ALLOWED', `The webhook is switched off: ${message}`, path);
}
