import { createHash } from 'node:crypto';

/** An id that follows from a text: the same each time. */
export function idFrom(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex');
  // As RFC 9562 says of version 8: 122 bits of one's own.
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
