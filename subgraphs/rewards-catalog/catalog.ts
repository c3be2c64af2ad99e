import { z } from 'zod';
import { type Database, selectOf } from '../../platform/database.ts';
import { badInput } from '../../platform/errors.ts';
import { id, key, label, parseInput, requireOne } from '../../platform/input.ts';
import type { Limits } from '../../platform/limits.ts';
import {
  type Connection,
  type Page,
  type PageRequest,
  connection,
  newestConnection,
  newestOf,
  readNewest,
  readNewestPage,
  readPage,
} from '../../platform/paging.ts';
import { readRows } from '../../platform/reads.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { Where } from '../../platform/where.ts';
import { Reward } from './entities.ts';

/**
 * The reward with this id, or the calling partner's with this SKU; null where the caller may see none.
 *
 * @throws GraphQLError BAD_USER_INPUT where not exactly one is given, or a SKU by another than a partner
 */
export async function findReward(
  db: Database,
  by: { id?: string | null | undefined; sku?: string | null | undefined },
  viewer: Viewer,
): Promise<Reward | null> {
  requireOne(by, ['id', 'sku']);
  const wanted = visibleTo(viewer);
  if (by.id != null) {
    wanted.and('one.id = ?', parseInput(id, by.id, ['id']));
  } else {
    const { partnerId } = viewer;
    if (!partnerId) throw badInput('sku: is for partners; use the id.');
    wanted.and('one.partner_id = ? AND one.sku = ?', partnerId, parseInput(key, by.sku, ['sku']));
  }
  const [found] = await readRows<Reward>(db, selectOf(db, Reward, wanted.text), wanted.values);
  return found ?? null;
}

/** The reward, if everybody may see it. */
export function findPublished(db: Database, rewardId: string): Promise<Reward | null> {
  return findReward(db, { id: rewardId }, anonymous);
}

/** What is left out does not narrow. */
interface RewardFilter {
  kinds?: readonly string[] | null;
  partnerIds?: readonly string[] | null;
  categories?: readonly string[] | null;
  minPoints?: bigint | null;
  maxPoints?: bigint | null;
  status?: string | null;
}

/** What `rewards` asks for. */
interface RewardsAsked extends PageRequest {
  filter?: RewardFilter | null | undefined;
  /** Newest first where left out. */
  sort?: 'NEWEST' | 'POINTS_ASC' | 'POINTS_DESC' | null | undefined;
}

/** A page of the rewards that the caller may see. A cursor is good in the order that it comes from. */
export async function listRewards(
  db: Database,
  { filter, sort, ...asked }: RewardsAsked,
  { viewer, limits }: { viewer: Viewer; limits: Limits },
): Promise<Connection<Reward>> {
  const wanted = narrow(visibleTo(viewer), filter ?? {});
  if (!sort || sort === 'NEWEST') {
    const page = readNewestPage(asked, limits);
    return newestConnection(await readNewest(db, Reward, wanted, page), page);
  }
  const page = readPage(asked, pointsKeys, limits);
  const [direction, beyond] =
    sort === 'POINTS_ASC' ? (['ASC', '>'] as const) : (['DESC', '<'] as const);
  if (page.after) wanted.and(`(one.points, one.id) ${beyond} (?, ?)`, ...page.after);
  const order = `ORDER BY one.points ${direction}, one.id ${direction}`;
  const which = `${wanted.text} ${order} LIMIT ${wanted.parameter(page.first + 1)}`;
  const read = await readRows<Reward>(db, selectOf(db, Reward, which), wanted.values);
  return connection(read, page, (reward) => [`${reward.points}`, reward.id]);
}

const pointsKeys = z.tuple([z.string().regex(/^[1-9]\d{0,12}$/), z.uuid()]);

function narrow(
  wanted: Where,
  { kinds, partnerIds, categories, minPoints, maxPoints, status }: RewardFilter,
): Where {
  if (kinds) wanted.and('one.kind = ANY (?)', kinds);
  if (partnerIds) {
    const ids = parseInput(z.array(id).max(100), partnerIds, ['filter', 'partnerIds']);
    wanted.and('one.partner_id = ANY (?)', ids);
  }
  if (categories) {
    const named = parseInput(z.array(label).max(100), categories, ['filter', 'categories']);
    wanted.and('one.categories && CAST(? AS text[])', named);
  }
  if (minPoints != null) wanted.and('one.points >= ?', minPoints);
  if (maxPoints != null) wanted.and('one.points <= ?', maxPoints);
  if (status) wanted.and('one.status = ?', status);
  return wanted;
}

/** As `rewards.published` tells other parts. */
const published = `one.status = 'PUBLISHED' AND one.partner_id IN (SELECT * FROM partners.live())`;

/** Published rewards of live partners; those of the calling partner, and all for staff, whatever their state. */
function visibleTo(viewer: Viewer): Where {
  const wanted = new Where();
  if (viewer.audience === 'ADMIN') return wanted;
  return wanted.and(`one.partner_id = ? OR ${published}`, viewer.partnerId);
}

/** What `Partner.rewards` asks for, of one partner or many. */
export interface RewardsOf {
  status: string | null;
  page: Page;
}

/** The partners' rewards that the caller may see, newest first; of each at most one more than the page has. */
export function rewardsOf(
  db: Database,
  partnerIds: string[],
  { status, page }: RewardsOf,
  viewer: Viewer,
): Promise<Reward[]> {
  return newestOf(db, Reward, {
    owner: 'partner_id',
    ownerIds: partnerIds,
    page,
    where: `($5 OR one.partner_id = $6 OR ${published}) AND ($7::text IS NULL OR one.status = $7)`,
    values: [viewer.audience === 'ADMIN', viewer.partnerId, status],
  });
}
