import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database.ts';
import { requireOne, id, key, parseInput } from '../../../platform/input.ts';
import { type Page, newestOf } from '../../../platform/paging.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { HoldStatus } from './acts.ts';
import { Hold } from './entities.ts';

/**
 * The hold with this id, or of the calling partner with this reference; null for none.
 *
 * @throws GraphQLError BAD_USER_INPUT where not exactly one is given
 */
export async function findHold(
  db: Database,
  by: { id?: string | null | undefined; reference?: string | null | undefined },
  { partnerId, sandbox }: Viewer,
): Promise<Hold | null> {
  requireOne(by, ['id', 'reference']);
  if (by.id != null) return db.findOneBy(Hold, { id: parseInput(id, by.id, ['id']) });
  const reference = parseInput(key, by.reference, ['reference']);
  if (!partnerId) return null;
  return db.findOneBy(Hold, { partnerId, sandbox, reference });
}

/** The members' holds, the last placed first; of each at most one more than the page has. */
export async function holdsOf(
  db: Database,
  memberIds: string[],
  { page, status, clock }: { page: Page; status: HoldStatus | null; clock: Clock },
): Promise<Hold[]> {
  return newestOf(db, Hold, {
    owner: 'member_id',
    ownerIds: memberIds,
    page,
    // As `statusAt` has it.
    where: `$5::text IS NULL OR $5 = CASE WHEN one.status = 'ACTIVE' AND one.expires_at <= $6
      THEN 'EXPIRED' ELSE one.status END`,
    values: [status, await clock.now(db)],
  });
}
