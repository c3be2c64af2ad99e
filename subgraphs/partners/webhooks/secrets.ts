import { randomBytes } from 'node:crypto';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { seal, unseal } from '../../../platform/seal.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Webhook } from './entities.ts';
import { lockWebhook } from './locking.ts';

export interface ShownWebhook {
  webhook: Webhook;
  /** Null where it is not shown any more. */
  secret: string | null;
}

/** How long a repeated call shows the secret again. */
const shownMs = 60 * 60 * 1_000;

/**
 * Gives a webhook another secret: that one and the last sign for a day. Again: yet another.
 *
 * @throws Refusal NOT_FOUND; NOT_ALLOWED
 */
export async function rotateWebhookSecret(
  db: Database,
  webhookId: string,
  { viewer, clock, config }: { viewer: Viewer; clock: Clock; config: Pick<Config, 'sealKey'> },
): Promise<ShownWebhook> {
  return transaction(db, async (tx) => {
    const { webhook } = await lockWebhook(tx, webhookId, viewer);
    const at = await clock.now(tx);
    const secret = newSecret();
    webhook.previousSecret = webhook.sealedSecret;
    webhook.sealedSecret = await seal(secret, config.sealKey);
    webhook.rotatedAt = at;
    await tx.save(webhook);
    await recordAct(tx, viewer, {
      action: 'rotateWebhookSecret',
      subject: { type: 'Webhook', id: webhook.id },
      after: { rotatedAt: at },
      at,
    });
    return { webhook, secret };
  });
}

/** As Standard Webhooks writes them: of 24 to 64 bytes, in base64. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** One that was rotated is another secret, which the key was not promised. */
export async function shownAgain(
  webhook: Webhook,
  at: Date,
  sealKey: string,
): Promise<ShownWebhook> {
  const { createdAt, rotatedAt, sealedSecret } = webhook;
  const isShown = rotatedAt === null && at.getTime() - createdAt.getTime() < shownMs;
  return { webhook, secret: isShown ? await unseal(sealedSecret, sealKey) : null };
}
