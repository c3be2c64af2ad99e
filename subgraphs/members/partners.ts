/** What members knows of partners, by the functions that partners publishes. */
import { type Database, rows } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Asking } from '../../platform/members.ts';

/** A partner's status; null where there is none. */
export async function statusOf(db: Database, partnerId: string): Promise<string | null> {
  const [partner] = await rows<{ status: string }>(
    db,
    'SELECT status FROM partners.snapshot(ARRAY[$1::uuid])',
    [partnerId],
  );
  return partner?.status ?? null;
}

/**
 * Lets a partner act that takes part: LIVE, for its test clients at least in the SANDBOX.
 *
 * @throws Refusal PARTNER_INACTIVE
 */
export function requireTakingPart(status: string | null, { sandbox }: Asking): void {
  if (status === 'LIVE' || (sandbox && status === 'SANDBOX')) return;
  throw new Refusal('PARTNER_INACTIVE', 'This partner takes no part now.');
}
