import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { hashOf, repeated } from '../../../platform/idempotency.ts';
import { id, key, parseInput, url } from '../../../platform/input.ts';
import {
  type ReceiverSettings,
  UnusableReceiver,
  checkReceiver,
} from '../../../platform/receivers.ts';
import { seal } from '../../../platform/seal.ts';
import { type Viewer, requireOwn } from '../../../platform/viewer.ts';
import type { Partner } from '../brands/entities.ts';
import { lockPartner, requireNotTerminated } from '../brands/partners.ts';
import { Webhook } from './entities.ts';
import { lockWebhook, requireHalf } from './locking.ts';
import { webhookEvents } from './rows.ts';
import { type ShownWebhook, newSecret, shownAgain } from './secrets.ts';

const events = z
  .array(z.enum(webhookEvents, 'is no event'))
  .min(1, 'needs an event')
  .transform((chosen) => [...new Set(chosen)].sort());

const registration = z.object({
  partnerId: id,
  url,
  events,
  sandbox: z.boolean().nullish(),
  idempotencyKey: key,
});

export type RegisterWebhook = z.input<typeof registration>;

const changes = z.object({
  url: url.nullish(),
  events: events.nullish(),
  enabled: z.boolean().nullish(),
});

export type UpdateWebhook = z.input<typeof changes>;

/** What rules about webhooks go by. */
export interface WebhookFacts {
  viewer: Viewer;
  clock: Clock;
  config: Pick<Config, 'sealKey' | 'localReceivers' | 'limits'>;
  /** Finds a host's addresses; the system's way where left out. */
  resolve?: ReceiverSettings['resolve'];
}

/**
 * Registers an address at which the partner is told of what happens from now on, with a secret of 256
 * random bits. Calling again with the same key within the hour shows the same secret.
 *
 * @throws Refusal INVALID also for an address that is none of the internet's; NOT_FOUND; NOT_ALLOWED the
 *   caller is a test client that asks for a live one, or the partner is gone; LIMIT_REACHED;
 *   IDEMPOTENCY_MISMATCH the key was used for another webhook
 */
export async function registerWebhook(
  db: Database,
  input: RegisterWebhook,
  facts: WebhookFacts,
): Promise<ShownWebhook> {
  const { viewer, clock, config } = facts;
  const { partnerId, idempotencyKey, sandbox, ...asked } = parseInput(registration, input);
  const wanted = { ...asked, sandbox: sandbox ?? false };
  requireOwn(viewer, partnerId);
  requireHalf(viewer, wanted, ['sandbox']);
  const caller = viewer.audience === 'ADMIN' ? 'ADMIN' : 'PARTNER';
  const command = { partnerId, caller, idempotencyKey } as const;
  // Nobody waits with a lock for an answer from outside, and what was registered is not asked for again.
  if (!(await db.existsBy(Webhook, command))) await requireReceiver(wanted.url, facts);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['partnerId']);
    const inputHash = hashOf(wanted);
    const at = await clock.now(tx);
    const first = await tx.findOneBy(Webhook, command);
    if (first) return shownAgain(repeated(first, inputHash), at, config.sealKey);
    requireNotTerminated(partner);
    await requireRoom(tx, partnerId, config.limits.partnerWebhooks);
    const secret = newSecret();
    const webhook = tx.create(Webhook, {
      id: randomUUID(),
      ...command,
      ...wanted,
      inputHash,
      enabled: true,
      disabledBecause: null,
      createdAt: at,
      sealedSecret: await seal(secret, config.sealKey),
      previousSecret: null,
      rotatedAt: null,
      answeredAt: null,
      ...afresh(at),
    });
    await tx.insert(Webhook, webhook);
    await recordAct(tx, viewer, {
      action: 'registerWebhook',
      subject: { type: 'Webhook', id: webhook.id },
      after: { partnerId, ...wanted },
      at,
    });
    return { webhook, secret };
  });
}

/**
 * Changes a webhook. One that is switched on starts afresh, with what waited for it; what happened while
 * it was off it is not told.
 *
 * @throws Refusal INVALID; NOT_FOUND also for another partner's; NOT_ALLOWED a test client asks for a live one's
 */
export async function updateWebhook(
  db: Database,
  webhookId: string,
  input: UpdateWebhook,
  facts: WebhookFacts,
): Promise<ShownWebhook> {
  const { viewer, clock } = facts;
  const given = parseInput(changes, input);
  if (given.url) await requireReceiver(given.url, facts);
  return transaction(db, async (tx) => {
    const { webhook } = await lockWebhook(tx, webhookId, viewer);
    const at = await clock.now(tx);
    const before = shown(webhook);
    webhook.url = given.url ?? webhook.url;
    webhook.events = given.events ?? webhook.events;
    webhook.enabled = given.enabled ?? webhook.enabled;
    if (given.enabled != null) webhook.disabledBecause = null;
    if (given.enabled || given.url) Object.assign(webhook, afresh(at));
    await tx.save(webhook);
    await recordAct(tx, viewer, {
      action: 'updateWebhook',
      subject: { type: 'Webhook', id: webhook.id },
      before,
      after: shown(webhook),
      at,
    });
    return { webhook, secret: null };
  });
}

/**
 * Removes a webhook with the log of its deliveries. Its secret, and what waited for it, are gone.
 *
 * @throws Refusal NOT_FOUND; NOT_ALLOWED
 */
export async function removeWebhook(
  db: Database,
  webhookId: string,
  { viewer, clock }: Pick<WebhookFacts, 'viewer' | 'clock'>,
): Promise<Partner> {
  return transaction(db, async (tx) => {
    const { webhook, partner } = await lockWebhook(tx, webhookId, viewer);
    const { url: address, events: chosen, sandbox } = webhook;
    await tx.delete(Webhook, { id: webhook.id });
    await recordAct(tx, viewer, {
      action: 'removeWebhook',
      subject: { type: 'Webhook', id: webhook.id },
      before: { url: address, events: chosen, sandbox },
      at: await clock.now(tx),
    });
    return partner;
  });
}

async function requireRoom(tx: Database, partnerId: string, max: number): Promise<void> {
  if ((await tx.countBy(Webhook, { partnerId })) < max) return;
  const message = `A partner has ${max} webhooks at most.`;
  throw new Refusal('LIMIT_REACHED', message, ['partnerId'], { limit: String(max) });
}

async function requireReceiver(address: string, { config, resolve }: WebhookFacts): Promise<void> {
  try {
    await checkReceiver(address, { ...config, resolve });
  } catch (error) {
    if (!(error instanceof UnusableReceiver)) throw error;
    throw new Refusal('INVALID', `url: ${error.message}.`, ['url']);
  }
}

function shown({ url: address, events: chosen, enabled, disabledBecause }: Webhook) {
  return { url: address, events: chosen, enabled, disabledBecause };
}

/** As if it had never failed. */
function afresh(at: Date) {
  return { failures: 0, failingSince: null, dueAt: at };
}
