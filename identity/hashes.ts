import { createHmac, hkdfSync } from 'node:crypto';

/** The key of the hashes, from the system's seal key. */
export function hashKeyOf(sealKey: string): Buffer {
  return Buffer.from(
    hkdfSync('sha256', Buffer.from(sealKey, 'base64url'), '', 'identity codes', 32),
  );
}

/** A keyed hash of what is shown once, and of what it is for. */
export function hashOf(key: Buffer, ...parts: string[]): Buffer {
  return createHmac('sha256', key).update(parts.join('\n')).digest();
}
