import { randomUUID } from 'node:crypto';
import { MoreThan } from 'typeorm';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { newToken } from '../../../platform/codes.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { hashOf, repeated } from '../../../platform/idempotency.ts';
import { id, key, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { lockPartner, requireNotTerminated } from '../brands/partners.ts';
import { type MadeClient, findOwnClient, requireHeld } from './api-clients.ts';
import { ApiClient, ClientRotation } from './entities.ts';
import { clientKeys } from './keys.ts';
import type { ClientKey } from './rows.ts';
import { keepSecret, shownSecret } from './secrets.ts';

const rotation = z.object({
  clientId: id,
  jwks: clientKeys.nullish(),
  idempotencyKey: key.nullish(),
});

export type RotateApiClient = z.input<typeof rotation>;

/** How long what was replaced works beside what replaced it. */
const overlapMs = 24 * 60 * 60 * 1_000;

/** How many replaced secrets, or sets of keys, of one client work at a time. */
const formerMax = 5;

/**
 * Gives an API client another secret, or other keys: it keeps its id, its scopes and its way to prove
 * itself. What it had before works for 24 hours more, so that its systems can change over one by one.
 * Calling again with the same key within the hour shows the same secret; without a key, each call rotates.
 *
 * @throws Refusal INVALID also where keys are left out for a client that has keys, are given for one that
 *   has a secret, or use the id of another key that still works; NOT_FOUND also for another partner's
 *   client; NOT_ALLOWED the client was revoked, its partner is gone, or the caller holds less than it;
 *   LIMIT_REACHED five that were replaced still work; IDEMPOTENCY_MISMATCH the key was used with other keys
 */
export async function rotateApiClient(
  db: Database,
  input: RotateApiClient,
  { viewer, clock, sealKey }: { viewer: Viewer; clock: Clock; sealKey: string },
): Promise<MadeClient> {
  const { clientId, jwks, idempotencyKey } = parseInput(rotation, input);
  const inputHash = hashOf({ keys: jwks ?? null });
  return transaction(db, async (tx) => {
    const { partnerId } = await findOwnClient(tx, clientId, viewer);
    const partner = await lockPartner(tx, partnerId, ['clientId']);
    // As it is now that nobody else changes it.
    const client = await tx.findOneByOrFail(ApiClient, { clientId });
    requireHeld(viewer, client, ['clientId']);
    const caller = viewer.audience === 'ADMIN' ? 'ADMIN' : 'PARTNER';
    const at = await clock.now(tx);
    const first =
      idempotencyKey != null &&
      (await tx.findOneBy(ClientRotation, { clientId, caller, idempotencyKey }));
    if (first) {
      repeated(first, inputHash);
      return { client, clientSecret: await shownSecret(first, { at, sealKey }) };
    }
    requireNotTerminated(partner);
    requireRotatable(client, jwks ?? null);
    await requireFewFormer(tx, client, { keys: jwks ?? [], at });

    const clientSecret = jwks ? null : newToken();
    const { secretHash, ...sealed } = await keepSecret(clientSecret, { at, sealKey });
    await tx.insert(ClientRotation, {
      id: randomUUID(),
      clientId,
      formerSecretHash: client.secretHash,
      formerKeys: client.keys,
      formerUntil: new Date(at.getTime() + overlapMs),
      caller,
      idempotencyKey: idempotencyKey ?? null,
      inputHash,
      ...sealed,
    });
    await recordAct(tx, viewer, {
      action: 'rotateApiClient',
      subject: { type: 'ApiClient', id: clientId },
      before: { keys: client.keys },
      after: { keys: jwks ?? null },
      at,
    });
    const rotated = Object.assign(client, { secretHash, keys: jwks ?? null });
    return { client: await tx.save(rotated), clientSecret };
  });
}

/** @throws Refusal NOT_ALLOWED, INVALID */
function requireRotatable({ revokedAt, keys }: ApiClient, wanted: ClientKey[] | null): void {
  if (revokedAt) throw new Refusal('NOT_ALLOWED', 'This client was revoked.', ['clientId']);
  if (keys && !wanted) {
    throw new Refusal('INVALID', 'This client has keys: give the ones that follow.', ['jwks']);
  }
  if (!keys && wanted) {
    throw new Refusal('INVALID', 'This client has a secret: make another one for keys.', ['jwks']);
  }
}

/**
 * What was replaced is bounded, and no two keys that work have one id: a signature names its key by it.
 *
 * @throws Refusal LIMIT_REACHED with when the next one ends; INVALID
 */
async function requireFewFormer(
  tx: Database,
  { clientId, keys: current }: ApiClient,
  { keys, at }: { keys: ClientKey[]; at: Date },
): Promise<void> {
  const former = await tx.find(ClientRotation, {
    where: { clientId, formerUntil: MoreThan(at) },
    order: { formerUntil: 'ASC' },
  });
  if (former.length >= formerMax) {
    const details = { limit: String(formerMax), retryAt: former[0]!.formerUntil };
    throw new Refusal('LIMIT_REACHED', 'Too many that were replaced still work.', [], details);
  }
  const working = [...(current ?? []), ...former.flatMap(({ formerKeys }) => formerKeys ?? [])];
  const place = keys.findIndex(({ kid, x }) =>
    working.some((other) => other.kid === kid && other.x !== x),
  );
  if (place < 0) return;
  const message = 'A key that works already has this id: give the new one another.';
  throw new Refusal('INVALID', message, ['jwks', 'keys', String(place), 'kid']);
}
