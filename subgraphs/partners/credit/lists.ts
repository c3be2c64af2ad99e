import { z } from 'zod';
import { type Database, columnsOf, rows } from '../../../platform/database.ts';
import { type Page, instantKey } from '../../../platform/paging.ts';
import { PointBlock } from './entities.ts';

/** How many of a partner's blocks are listed without pages. */
export const blocksMax = 100;

/** The keys of lists of blocks. */
export const blockKeys = z.tuple([z.iso.date(), instantKey, z.uuid()]);

export const blockKeysOf = ({ validFrom, soldAt, id }: PointBlock) => [
  validFrom,
  soldAt.toISOString(),
  id,
];

/** Partners' blocks, of each the last to be used first: at most one more than the page has. */
export function blocksOf(
  db: Database,
  partnerIds: readonly string[],
  { first, after }: Page,
): Promise<PointBlock[]> {
  return rows(
    db,
    `SELECT ${columnsOf(db, PointBlock, 'listed')}
     FROM unnest($1::uuid[]) AS owner (id) CROSS JOIN LATERAL (
       SELECT * FROM partners.point_block b
       WHERE b.partner_id = owner.id
         AND ($2::date IS NULL OR (b.valid_from, b.sold_at, b.id) < ($2, $3::timestamptz, $4::uuid))
       ORDER BY b.valid_from DESC, b.sold_at DESC, b.id DESC LIMIT $5) AS listed
     ORDER BY listed.valid_from DESC, listed.sold_at DESC, listed.id DESC`,
    [partnerIds, ...(after ?? [null, null, null]), first + 1],
  );
}

/** What is left of partners' blocks, in their order. */
export async function leftOf(db: Database, partnerIds: readonly string[]): Promise<bigint[]> {
  const found = await rows<{ points: bigint }>(
    db,
    `SELECT (SELECT coalesce(sum(b.remaining), 0)::bigint FROM partners.point_block b
             WHERE b.partner_id = asked.id AND b.remaining > 0) AS points
     FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place) ORDER BY asked.place`,
    [partnerIds],
  );
  return found.map(({ points }) => points);
}
