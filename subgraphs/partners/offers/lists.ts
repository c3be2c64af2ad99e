import { type Database, columnsOf, toJson } from '../../../platform/database.ts';
import { type Page, newestOf } from '../../../platform/paging.ts';
import { readRows } from '../../../platform/reads.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { type MemberSnapshot, memberSnapshots } from '../activities/members.ts';
import { Offer } from './entities.ts';
import type { OfferStatus } from './offers.ts';

/** Who asks for offers, and when. */
export interface Asking {
  viewer: Viewer;
  at: Date;
}

/**
 * Whether the offer `one` stands so. By `ends_at`, as indexes have it, so that offers whose time is over are
 * not read for those that are open.
 *
 * @param at the number of the parameter that is the instant
 */
function standsAt(status: OfferStatus | null, at: number): string {
  const instant = `$${at}::timestamptz`;
  const open = `one.published_at IS NOT NULL AND one.ends_at > ${instant}
    AND (one.ended_at IS NULL OR one.ended_at > ${instant})`;
  switch (status) {
    case null:
      return 'true';
    case 'DRAFT':
      return 'one.published_at IS NULL';
    case 'SCHEDULED':
      return `${open} AND one.starts_at > ${instant}`;
    case 'ACTIVE':
      return `${open} AND one.starts_at <= ${instant}`;
    case 'ENDED':
      return `one.published_at IS NOT NULL AND coalesce(one.ended_at, one.ends_at) <= ${instant}`;
  }
}

/**
 * Whether the caller may see the offer `one`: its brand and staff do; all others once it has started, unless
 * it is for segments that they are not in.
 *
 * @param at the number of the first of four parameters: see `valuesFor`
 */
const isShown = (at: number) => `($${at + 1}::boolean OR one.partner_id = $${at + 2}
  OR one.published_at IS NOT NULL AND one.starts_at <= $${at}::timestamptz
     AND (one.ended_at IS NULL OR one.ended_at > one.starts_at)
     AND (one.segments = '{}' OR one.segments && $${at + 3}::text[])
     AND EXISTS (SELECT FROM partners.partner p WHERE p.id = one.partner_id AND p.status = 'LIVE'))`;

/** The instant, whether all offers are the caller's, the caller's brand, and the caller's segments. */
async function valuesFor(db: Database, { viewer, at }: Asking): Promise<unknown[]> {
  return [at, viewer.audience === 'ADMIN', viewer.partnerId, await segmentsOf(db, viewer, at)];
}

async function segmentsOf(db: Database, { memberId }: Viewer, at: Date): Promise<string[]> {
  if (memberId === null) return [];
  return (await memberSnapshots(db, [memberId], at)).get(memberId)?.segments ?? [];
}

/** Those of these offers that the caller may see. */
export async function findOffers(
  db: Database,
  offerIds: readonly string[],
  asking: Asking,
): Promise<Offer[]> {
  return readRows(
    db,
    `SELECT ${columnsOf(db, Offer, 'one')} FROM partners.offer one
     WHERE one.id = ANY ($1::uuid[]) AND ${isShown(2)}`,
    [offerIds, ...(await valuesFor(db, asking))],
  );
}

export interface AskedOffers {
  /** Of every status where null. */
  status: OfferStatus | null;
  /** Its keys are startsAt and id. */
  page: Page;
}

/**
 * The offers of these brands that the caller may see, of each the last to start first. One statement,
 * however many brands.
 *
 * @returns of each at most one row more than the page has
 */
export async function offersOf(
  db: Database,
  partnerIds: readonly string[],
  { status: wanted, page }: AskedOffers,
  asking: Asking,
): Promise<Offer[]> {
  return newestOf(db, Offer, {
    owner: 'partner_id',
    ownerIds: partnerIds,
    page,
    by: 'starts_at',
    where: `${standsAt(wanted, 5)} AND ${isShown(5)}`,
    values: await valuesFor(db, asking),
  });
}

/** Those of all brands, likewise. */
export async function listOffers(
  db: Database,
  { status: wanted, page }: AskedOffers,
  asking: Asking,
): Promise<Offer[]> {
  const [startsAt, lastId] = page.after ?? [null, null];
  return readRows(
    db,
    `SELECT ${columnsOf(db, Offer, 'one')} FROM partners.offer one
     WHERE ($1::timestamptz IS NULL OR (one.starts_at, one.id) < ($1, $2::uuid))
       AND ${standsAt(wanted, 4)} AND ${isShown(4)}
     ORDER BY one.starts_at DESC, one.id DESC LIMIT $3`,
    [startsAt, lastId, page.first + 1, ...(await valuesFor(db, asking))],
  );
}

/**
 * The offers that are active and open to these members, by tier and segment, of each the last to have
 * started first.
 *
 * @returns of each member at most one row more than the page has
 */
export async function openOffersOf(
  db: Database,
  memberIds: readonly string[],
  page: Page,
  at: Date,
): Promise<(Offer & { memberId: string })[]> {
  const members = [...(await memberSnapshots(db, [...memberIds], at)).values()];
  const [startsAt, lastId] = page.after ?? [null, null];
  return readRows(
    db,
    `SELECT member.id AS "memberId", ${columnsOf(db, Offer, 'listed')}
     FROM jsonb_to_recordset($1) AS member (id uuid, tier text, segments text[])
     CROSS JOIN LATERAL (
       SELECT one.* FROM partners.offer one JOIN partners.partner p ON p.id = one.partner_id
       WHERE ($2::timestamptz IS NULL OR (one.starts_at, one.id) < ($2, $3::uuid))
         AND ${standsAt('ACTIVE', 5)} AND p.status = 'LIVE'
         AND (one.tiers = '{}' OR member.tier = ANY (one.tiers))
         AND (one.segments = '{}' OR one.segments && member.segments)
       ORDER BY one.starts_at DESC, one.id DESC LIMIT $4) AS listed
     ORDER BY listed.starts_at DESC, listed.id DESC`,
    [toJson(members.filter(takesPart)), startsAt, lastId, page.first + 1, at],
  );
}

function takesPart({ status: standing }: MemberSnapshot): boolean {
  return standing !== 'CLOSED';
}
