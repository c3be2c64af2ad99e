import { randomUUID } from 'node:crypto';
import { IsNull } from 'typeorm';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { newToken } from '../../../platform/codes.ts';
import type { Scope } from '../../../platform/contract.generated.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { hashOf, repeated } from '../../../platform/idempotency.ts';
import { id, key, parseInput, title } from '../../../platform/input.ts';
import { scopesOf } from '../../../platform/scopes.ts';
import { type Viewer, isOwn, requireOwn } from '../../../platform/viewer.ts';
import type { Partner } from '../brands/entities.ts';
import { lockPartner, requireNotTerminated } from '../brands/partners.ts';
import { ApiClient, ClientRotation } from './entities.ts';
import { clientKeys } from './keys.ts';
import { keepSecret, shownSecret } from './secrets.ts';

const clientInput = z.object({
  partnerId: id,
  name: title,
  scopes: z
    .array(z.enum(scopesOf('PARTNER'), 'is no scope of partners'))
    .min(1, 'needs a scope')
    .transform((scopes) => [...new Set(scopes)].sort()),
  sandbox: z.boolean().nullish(),
  jwks: clientKeys.nullish(),
  idempotencyKey: key,
});

/** Of a partner's, those that are not revoked. */
const clientsMax = 50;

export type CreateApiClient = z.input<typeof clientInput>;

export interface MadeClient {
  client: ApiClient;
  /** Null for a client with keys, and once the hour in which it is shown is over. */
  clientSecret: string | null;
}

/**
 * Makes an API client with the public keys that are given, or with a secret of 256 random bits, of
 * which the hash is kept. Calling again with the same key within the hour shows the same secret.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED the caller holds not all of the scopes, is a test
 *   client that asks for a live one, or the partner is gone; LIMIT_REACHED 50 of the partner's are not
 *   revoked; IDEMPOTENCY_MISMATCH the key was used for another client
 */
export async function createApiClient(
  db: Database,
  input: CreateApiClient,
  { viewer, clock, sealKey }: { viewer: Viewer; clock: Clock; sealKey: string },
): Promise<MadeClient> {
  const { partnerId, idempotencyKey, sandbox, jwks, ...asked } = parseInput(clientInput, input);
  const wanted = { ...asked, sandbox: sandbox ?? false, keys: jwks ?? null };
  requireOwn(viewer, partnerId);
  requireHeld(viewer, wanted);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['partnerId']);
    const caller = viewer.audience === 'ADMIN' ? 'ADMIN' : 'PARTNER';
    const inputHash = hashOf(wanted);
    const first = await tx.findOneBy(ApiClient, { partnerId, caller, idempotencyKey });
    const at = await clock.now(tx);
    if (first) {
      repeated({ id: first.clientId, inputHash: first.inputHash }, inputHash);
      return { client: first, clientSecret: await shownSecret(first, { at, sealKey }) };
    }
    requireNotTerminated(partner);
    await requireRoom(tx, partnerId);

    const clientSecret = wanted.keys ? null : newToken();
    const client = tx.create(ApiClient, {
      clientId: randomUUID(),
      partnerId,
      ...wanted,
      createdAt: at,
      lastUsedAt: null,
      revokedAt: null,
      caller,
      idempotencyKey,
      inputHash,
      ...(await keepSecret(clientSecret, { at, sealKey })),
    });
    await tx.insert(ApiClient, client);
    const { name, scopes, keys } = client;
    await recordAct(tx, viewer, {
      action: 'createApiClient',
      subject: { type: 'ApiClient', id: client.clientId },
      after: { partnerId, name, scopes, sandbox: client.sandbox, keys },
      at,
    });
    return { client, clientSecret };
  });
}

/** @throws Refusal LIMIT_REACHED */
async function requireRoom(tx: Database, partnerId: string): Promise<void> {
  if ((await tx.countBy(ApiClient, { partnerId, revokedAt: IsNull() })) < clientsMax) return;
  const message = `A partner has ${clientsMax} API clients at most: revoke one that is no longer used.`;
  throw new Refusal('LIMIT_REACHED', message, ['partnerId'], { limit: String(clientsMax) });
}

const revocation = z.object({ clientId: id });

export type RevokeApiClient = z.input<typeof revocation>;

/**
 * Revokes an API client, the last one of its partner too, and one of a partner that has left: from
 * the next request on neither the client nor a token that it got is known. Again: the same answer.
 *
 * @throws Refusal INVALID; NOT_FOUND also for another partner's client; NOT_ALLOWED a test client asks
 *   for a live one's end
 */
export async function revokeApiClient(
  db: Database,
  input: RevokeApiClient,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Partner> {
  const { clientId } = parseInput(revocation, input);
  return transaction(db, async (tx) => {
    const client = await findOwnClient(tx, clientId, viewer);
    if (viewer.sandbox && !client.sandbox) {
      throw new Refusal('NOT_ALLOWED', 'A test client revokes test clients only.', ['clientId']);
    }
    // Who makes the partner live meanwhile counts its clients.
    const partner = await lockPartner(tx, client.partnerId, ['clientId']);
    const revokedAt = await clock.now(tx);
    const unrevoked = { clientId, revokedAt: IsNull() };
    const { affected } = await tx.update(ApiClient, unrevoked, { revokedAt, sealedSecret: null });
    if (affected === 1) {
      await tx.update(ClientRotation, { clientId }, { sealedSecret: null });
      await recordAct(tx, viewer, {
        action: 'revokeApiClient',
        subject: { type: 'ApiClient', id: clientId },
        after: { revokedAt },
        at: revokedAt,
      });
    }
    return partner;
  });
}

/**
 * The client, of the caller's own partner.
 *
 * @throws Refusal NOT_FOUND also for another partner's client
 */
export async function findOwnClient(
  tx: Database,
  clientId: string,
  viewer: Viewer,
): Promise<ApiClient> {
  const client = await tx.findOneBy(ApiClient, { clientId });
  if (!client || !isOwn(viewer, client.partnerId)) {
    throw new Refusal('NOT_FOUND', 'There is no such client.', ['clientId']);
  }
  return client;
}

/**
 * A caller gives no more than it has.
 *
 * @param path of the input field that names the client, where it is there already
 * @throws Refusal NOT_ALLOWED
 */
export function requireHeld(
  viewer: Viewer,
  wanted: { scopes: Scope[]; sandbox: boolean },
  path?: string[],
): void {
  if (viewer.audience === 'ADMIN') return;
  const missing = wanted.scopes.filter((scope) => !viewer.scopes.includes(scope));
  if (missing.length > 0) {
    const subject = missing.join(', ');
    const message = 'The caller does not hold all of its scopes.';
    throw new Refusal('NOT_ALLOWED', message, path ?? ['scopes'], { subject });
  }
  if (viewer.sandbox && !wanted.sandbox) {
    const message = 'A test client makes test clients only.';
    throw new Refusal('NOT_ALLOWED', message, path ?? ['sandbox']);
  }
}
