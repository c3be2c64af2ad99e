import { tokenHash } from '../../../platform/codes.ts';
import { seal, unseal } from '../../../platform/seal.ts';

/** How long a repeated call shows the secret again. */
const shownMs = 60 * 60 * 1_000;

/** What is kept so that a repeated call can show a secret again; null where there is none. */
export interface SealedSecret {
  sealedSecret: string | null;
  sealedUntil: Date | null;
}

/**
 * What is kept of a secret: its hash, and itself, sealed, until the worker forgets it. Nothing where
 * there is none.
 */
export async function keepSecret(
  secret: string | null,
  { at, sealKey }: { at: Date; sealKey: string },
): Promise<SealedSecret & { secretHash: string | null }> {
  if (secret === null) return { secretHash: null, sealedSecret: null, sealedUntil: null };
  return {
    secretHash: tokenHash(secret).toString('hex'),
    sealedSecret: await seal(secret, sealKey),
    sealedUntil: new Date(at.getTime() + shownMs),
  };
}

/** The secret as a repeated call shows it: null once its hour is over. */
export async function shownSecret(
  { sealedSecret, sealedUntil }: SealedSecret,
  { at, sealKey }: { at: Date; sealKey: string },
): Promise<string | null> {
  const isShown = sealedSecret !== null && at < sealedUntil!;
  return isShown ? unseal(sealedSecret, sealKey) : null;
}
