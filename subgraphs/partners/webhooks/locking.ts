import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { type Viewer, isOwn } from '../../../platform/viewer.ts';
import type { Partner } from '../brands/entities.ts';
import { lockPartner } from '../brands/partners.ts';
import { Webhook } from './entities.ts';

/**
 * The webhook, with its partner, both locked: the partner first, as where one is registered.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED
 */
export async function lockWebhook(
  tx: Database,
  webhookId: string,
  viewer: Viewer,
  path = ['id'],
): Promise<{ webhook: Webhook; partner: Partner }> {
  const notFound = new Refusal('NOT_FOUND', 'There is no such webhook.', path);
  const found = await tx.findOneBy(Webhook, { id: parseInput(id, webhookId, path) });
  if (!found || !isOwn(viewer, found.partnerId)) throw notFound;
  requireHalf(viewer, found, path);
  const partner = await lockPartner(tx, found.partnerId, path);
  const lock = { mode: 'for_no_key_update' } as const;
  const webhook = await tx.findOne(Webhook, { where: { id: found.id }, lock });
  if (!webhook) throw notFound;
  return { webhook, partner };
}

/** Test clients have no say in what live systems hear. @throws Refusal NOT_ALLOWED */
export function requireHalf(
  viewer: Viewer,
  { sandbox }: { sandbox: boolean },
  path: string[],
): void {
  if (!viewer.sandbox || sandbox) return;
  throw new Refusal('NOT_ALLOWED', 'A test client has webhooks of the sandbox only.', path);
}
