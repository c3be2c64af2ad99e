import type { Database } from './database.ts';
import { readRows } from './reads.ts';
import type { Viewer } from './viewer.ts';

/**
 * Whether the caller is an API client that was revoked since it got its token. Tokens are verified
 * without asking anyone, and live on for minutes: each part looks here before it answers a partner.
 */
export async function isRevoked(db: Database, { audience, subject }: Viewer): Promise<boolean> {
  if (audience !== 'PARTNER') return false;
  const [row] = await readRows<{ revoked: boolean }>(
    db,
    'SELECT partners.is_revoked($1) AS revoked',
    [subject],
  );
  return row!.revoked;
}
