import { randomBytes } from 'node:crypto';
import { SignJWT, importJWK } from 'jose';
import { MoreThan } from 'typeorm';
import type { Clock } from '../../../platform/clock.ts';
import { tokenHash } from '../../../platform/codes.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { lockActive } from '../membership/members.ts';
import { WalletToken } from './entities.ts';
import { walletAlgorithm, walletKeys } from './wallet-keys.ts';

const lifetimeMs = 90_000;
const madeMax = 20;
const windowMs = 60_000;

/**
 * Makes what the member's wallet shows as a QR code: good once, for 90 seconds. It names nobody: who
 * reads it over a shoulder learns nothing, and only a partner's client can do something with it.
 *
 * @throws Refusal MEMBER_INACTIVE; LIMIT_REACHED 20 were made within a minute
 */
export async function createWalletToken(
  db: Database,
  { memberId, clock, sealKey }: { memberId: string; clock: Clock; sealKey: string },
): Promise<{ token: string; expiresAt: Date }> {
  const [jwk] = await walletKeys(db, sealKey);
  const { kid } = jwk!;
  const key = await importJWK(jwk!, walletAlgorithm);
  return transaction(db, async (tx) => {
    await lockActive(tx, memberId);
    const at = await clock.now(tx);
    await requireRoom(tx, memberId, at);
    // Whole seconds, as the token itself says it.
    const exp = Math.floor((at.getTime() + lifetimeMs) / 1_000);
    const expiresAt = new Date(exp * 1_000);
    const token = await new SignJWT({ jti: randomBytes(12).toString('base64url'), exp })
      .setProtectedHeader({ alg: walletAlgorithm, kid })
      .sign(key);
    await tx.insert(WalletToken, {
      tokenHash: tokenHash(token),
      memberId,
      createdAt: at,
      expiresAt,
    });
    return { token, expiresAt };
  });
}

async function requireRoom(tx: Database, memberId: string, at: Date): Promise<void> {
  const createdAt = MoreThan(new Date(at.getTime() - windowMs));
  if ((await tx.countBy(WalletToken, { memberId, createdAt })) < madeMax) return;
  throw new Refusal('LIMIT_REACHED', 'Too many were made: show the last one.', [], {
    limit: String(madeMax),
    retryAt: new Date(at.getTime() + windowMs),
  });
}
