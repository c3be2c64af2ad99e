import { z } from 'zod';
import type { Database } from '../../../platform/database.ts';
import { code, parseInput, title } from '../../../platform/input.ts';
import type { Limits } from '../../../platform/limits.ts';
import {
  type Connection,
  type PageRequest,
  connection,
  instantKey,
  readPage,
} from '../../../platform/paging.ts';
import { isInSegment } from '../segments/segments.ts';
import { isAtTier } from '../tiers/standings.ts';
import { Member } from './entities.ts';

const filters = z.object({
  search: title.nullish(),
  status: z.enum(['PROVISIONAL', 'ACTIVE', 'SUSPENDED', 'CLOSED']).nullish(),
  tier: code.nullish(),
  segment: code.nullish(),
});

const keys = z.tuple([instantKey, z.uuid()]);

/** By name, address or number, whichever begins so: a prefix is what people give at a counter. */
const matches = `(starts_with(lower(m.display_name), :prefix) OR starts_with(lower(m.given_name), :prefix)
  OR starts_with(lower(m.family_name), :prefix) OR starts_with(m.email_key, :prefix)
  OR starts_with(m.member_number, :digits))`;

/**
 * Members of the live program, those who joined last first.
 *
 * @throws Refusal INVALID with the path of the filter at fault
 * @throws GraphQLError BAD_USER_INPUT for the page
 */
export async function listMembers(
  db: Database,
  filter: z.input<typeof filters> | null | undefined,
  request: PageRequest,
  limits: Limits,
): Promise<Connection<Member> & { totalCount: null }> {
  const { search, status, tier, segment } = parseInput(filters, filter ?? {}, ['filter']);
  const page = readPage(request, keys, limits);
  const query = db
    .createQueryBuilder(Member, 'm')
    .where('NOT m.sandbox')
    .orderBy({ 'm.joinedAt': 'DESC', 'm.id': 'DESC' })
    .limit(page.first + 1);
  if (status) query.andWhere('m.status = :status', { status });
  if (tier) query.andWhere(isAtTier('m'), { tier });
  if (segment) query.andWhere(isInSegment('m'), { segment });
  if (search) {
    // As it stands on the card: in groups of four.
    const digits = search.replaceAll(/[\s-]/g, '');
    query.andWhere(matches, { prefix: search.toLowerCase(), digits });
  }
  if (page.after) {
    const [joinedAt, id] = page.after;
    query.andWhere('(m.joinedAt, m.id) < (:joinedAt, :id)', { joinedAt, id });
  }
  const read = await query.getMany();
  return {
    ...connection(read, page, ({ joinedAt, id }) => [joinedAt.toISOString(), id]),
    totalCount: null,
  };
}
