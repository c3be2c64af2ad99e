import {
  type JSONWebKeySet,
  type JWK,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
} from 'jose';
import { type Database, rows, transaction } from '../platform/database.ts';
import { seal, unseal } from '../platform/seal.ts';
import { SigningKey } from './entities.ts';

/** The one algorithm of the provider's signatures. */
export const signingAlgorithm = 'ES256';

/** A private key with its `kid`. */
export type PrivateKey = JWK & { kid: string };

/**
 * The keys that sign tokens, the newest first; makes one where there is none yet. Processes that
 * start together find the same.
 *
 * @param sealKey seals the private keys in the database
 * @throws Error where they were sealed with another key
 */
export async function signingKeys(
  db: Database,
  sealKey: string,
): Promise<[PrivateKey, ...PrivateKey[]]> {
  const stored = await readKeys(db);
  const [newest, ...older] = stored.length > 0 ? stored : await makeFirstKey(db, sealKey);
  return [
    await openKey(newest!, sealKey),
    ...(await Promise.all(older.map((key) => openKey(key, sealKey)))),
  ];
}

/** What the world may know of the keys. */
export function publicKeys(keys: readonly PrivateKey[]): JSONWebKeySet {
  return {
    keys: keys.map(({ kty, crv, x, y, kid }) => {
      return { kty, crv, x, y, kid, alg: signingAlgorithm, use: 'sig' };
    }),
  } as JSONWebKeySet;
}

function readKeys(db: Database): Promise<SigningKey[]> {
  return db.find(SigningKey, { order: { createdAt: 'DESC', kid: 'ASC' } });
}

function makeFirstKey(db: Database, sealKey: string): Promise<SigningKey[]> {
  return transaction(db, async (tx) => {
    // No row to lock yet: the table itself makes the second of two first starts wait and look.
    await rows(tx, 'LOCK TABLE identity.signing_key IN EXCLUSIVE MODE');
    const made = await readKeys(tx);
    if (made.length > 0) return made;
    const { privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true });
    const jwk = await exportJWK(privateKey);
    const kid = await calculateJwkThumbprint(jwk);
    const sealedJwk = await seal(JSON.stringify({ ...jwk, kid }), sealKey);
    return [await tx.save(tx.create(SigningKey, { kid, sealedJwk }))];
  });
}

async function openKey({ kid, sealedJwk }: SigningKey, sealKey: string): Promise<PrivateKey> {
  try {
    return JSON.parse(await unseal(sealedJwk, sealKey)) as PrivateKey;
  } catch (cause) {
    throw new Error(`The signing key ${kid} is sealed with another SEAL_KEY.`, { cause });
  }
}
