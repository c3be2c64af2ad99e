import { type Database, columnsOf, rows } from '../../../platform/database.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { type Page, newestOf } from '../../../platform/paging.ts';
import { Claim } from './entities.ts';

/** @throws Refusal INVALID */
export function findClaim(db: Database, claimId: string): Promise<Claim | null> {
  return db.findOneBy(Claim, { id: parseInput(id, claimId, ['id']) });
}

/** The claims of members, each one's newest first. */
export function memberClaimsOf(
  db: Database,
  memberIds: readonly string[],
  page: Page,
): Promise<Claim[]> {
  return newestOf(db, Claim, { owner: 'member_id', ownerIds: memberIds, page });
}

/**
 * The claims against partners, of each what has waited longest first: what is overdue comes before what
 * is not. One statement, however many partners.
 *
 * @param page its keys are createdAt and id
 * @param status null for all
 * @returns of each at most one row more than the page has
 */
export function partnerClaimsOf(
  db: Database,
  partnerIds: readonly string[],
  { status, page }: { status: Claim['status'] | null; page: Page },
): Promise<Claim[]> {
  const [at, lastId] = page.after ?? [null, null];
  return rows(
    db,
    `SELECT ${columnsOf(db, Claim, 'listed')}
     FROM unnest($1::uuid[]) AS owner (id) CROSS JOIN LATERAL (
       SELECT one.* FROM partners.claim one
       WHERE one.partner_id = owner.id AND ($5::text IS NULL OR one.status = $5)
         AND ($2::timestamptz IS NULL OR (one.created_at, one.id) > ($2, $3::uuid))
       ORDER BY one.created_at, one.id LIMIT $4) AS listed
     ORDER BY listed.created_at, listed.id`,
    [partnerIds, at, lastId, page.first + 1, status],
  );
}
