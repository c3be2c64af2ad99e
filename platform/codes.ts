/** What people and partners prove themselves by once: codes that they type, and tokens in links. */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** Digits for somebody to type, six as a rule. A few tries are all that may be given for one. */
export function newCode(digits = 6): string {
  return String(randomInt(10 ** digits)).padStart(digits, '0');
}

/** A code as it is kept: with the id of its row, so that two rows with one code do not show it. */
export function codeHash(id: string, code: string): Buffer {
  return hashOf(`${id}:${code}`);
}

/** Whether it is the code that was kept; takes as long whichever digit differs. None is none's. */
export function isCode(kept: Buffer | null, id: string, code: string): boolean {
  return kept !== null && timingSafeEqual(kept, codeHash(id, code));
}

/** 256 random bits, for a link that is good once. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A token as it is kept: nobody guesses what it was made of. */
export function tokenHash(token: string): Buffer {
  return hashOf(token);
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
