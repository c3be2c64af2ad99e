import { CompactEncrypt, compactDecrypt } from 'jose';

/**
 * Seals a text for the database with the system's seal key (JWE, direct A256GCM): what a backup or a
 * reader of the tables finds is of no use without the key.
 *
 * @param key 32 bytes, base64url
 */
export async function seal(text: string, key: string): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(Buffer.from(key, 'base64url'));
}

/** @throws where the text was sealed with another key, or changed */
export async function unseal(sealed: string, key: string): Promise<string> {
  const { plaintext } = await compactDecrypt(sealed, Buffer.from(key, 'base64url'));
  return new TextDecoder().decode(plaintext);
}
