import { type JWK, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { seal, unseal } from '../../../platform/seal.ts';
import { WalletKey } from './entities.ts';

export const walletAlgorithm = 'ES256';

/** The private keys of wallet tokens, the newest first: it signs. */
export async function walletKeys(
  db: Database,
  sealKey: string,
): Promise<(JWK & { kid: string })[]> {
  const stored = await readKeys(db);
  const keys = stored.length > 0 ? stored : await makeFirstKey(db, sealKey);
  return Promise.all(
    keys.map(async ({ kid, sealedJwk }) => ({
      ...(JSON.parse(await unseal(sealedJwk, sealKey)) as JWK),
      kid,
    })),
  );
}

/** What the world may know of them: a JWK set, as JSON. */
export async function publicWalletKeys(db: Database, sealKey: string): Promise<string> {
  const keys = await walletKeys(db, sealKey);
  return JSON.stringify({
    keys: keys.map(({ kty, crv, x, y, kid }) => {
      return { kty, crv, x, y, kid, alg: walletAlgorithm, use: 'sig' };
    }),
  });
}

function readKeys(db: Database): Promise<WalletKey[]> {
  return db.find(WalletKey, { order: { createdAt: 'DESC', kid: 'ASC' } });
}

function makeFirstKey(db: Database, sealKey: string): Promise<WalletKey[]> {
  return transaction(db, async (tx) => {
    // No row to lock yet: of two first tokens the second waits here, and looks.
    await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', ['wallet key']);
    const made = await readKeys(tx);
    if (made.length > 0) return made;
    const { privateKey } = await generateKeyPair(walletAlgorithm, { extractable: true });
    const jwk = await exportJWK(privateKey);
    // Short, since it stands in a QR code.
    const kid = (await calculateJwkThumbprint(jwk)).slice(0, 8);
    const sealedJwk = await seal(JSON.stringify(jwk), sealKey);
    return [await tx.save(tx.create(WalletKey, { kid, sealedJwk }))];
  });
}
