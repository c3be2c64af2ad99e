import type { SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import type { Database } from '../../platform/database.ts';
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
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { Reward } from './entities.ts';

/**
 * The reward with this id, or the calling partner's with this SKU; null where the caller may see none.
 *
 * @throws GraphQLError BAD_USER_INPUT where not exactly one is given, or a SKU by another than a partner
 */
export function findReward(
  db: Database,
  by: { id?: string | null | undefined; sku?: string | null | undefined },
  viewer: Viewer,
): Promise<Reward | null> {
  requireOne(by, ['id', 'sku']);
  const wanted = visibleTo(db, viewer);
  if (by.id != null) {
    return wanted.andWhere('reward.id = :id', { id: parseInput(id, by.id, ['id']) }).getOne();
  }
  const { partnerId } = viewer;
  if (!partnerId) throw badInput('sku: is for partners; use the id.');
  const sku = parseInput(key, by.sku, ['sku']);
  return wanted
    .andWhere('reward.partnerId = :partnerId AND reward.sku = :sku', { partnerId, sku })
    .getOne();
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
  const list = narrow(visibleTo(db, viewer), filter ?? {});
  if (!sort || sort === 'NEWEST') {
    const page = readNewestPage(asked, limits);
    return newestConnection(await readNewest(list, page), page);
  }
  const page = readPage(asked, pointsKeys, limits);
  const [direction, beyond] =
    sort === 'POINTS_ASC' ? (['ASC', '>'] as const) : (['DESC', '<'] as const);
  if (page.after) {
    const [lastPoints, lastId] = page.after;
    list.andWhere(`(reward.points, reward.id) ${beyond} (:lastPoints, :lastId)`, {
      lastPoints,
      lastId,
    });
  }
  const read = await list
    .orderBy({ 'reward.points': direction, 'reward.id': direction })
    .limit(page.first + 1)
    .getMany();
  return connection(read, page, (reward) => [`${reward.points}`, reward.id]);
}

const pointsKeys = z.tuple([z.string().regex(/^[1-9]\d{0,12}$/), z.uuid()]);

function narrow(
  list: SelectQueryBuilder<Reward>,
  { kinds, partnerIds, categories, minPoints, maxPoints, status }: RewardFilter,
): SelectQueryBuilder<Reward> {
  if (kinds) list.andWhere('reward.kind = ANY (:kinds)', { kinds });
  if (partnerIds) {
    const ids = parseInput(z.array(id).max(100), partnerIds, ['filter', 'partnerIds']);
    list.andWhere('reward.partnerId = ANY (:ids)', { ids });
  }
  if (categories) {
    const named = parseInput(z.array(label).max(100), categories, ['filter', 'categories']);
    list.andWhere('reward.categories && CAST(:named AS text[])', { named });
  }
  if (minPoints != null) list.andWhere('reward.points >= :minPoints', { minPoints });
  if (maxPoints != null) list.andWhere('reward.points <= :maxPoints', { maxPoints });
  if (status) list.andWhere('reward.status = :status', { status });
  return list;
}

/** As `rewards.published` tells other parts. */
const published = (reward: string) =>
  `${reward}.status = 'PUBLISHED' AND ${reward}.partner_id IN (SELECT * FROM partners.live())`;

/** Published rewards of live partners; those of the calling partner, and all for staff, whatever their state. */
function visibleTo(db: Database, viewer: Viewer): SelectQueryBuilder<Reward> {
  const query = db.createQueryBuilder(Reward, 'reward');
  if (viewer.audience === 'ADMIN') return query.where('true');
  const { partnerId } = viewer;
  return query.where(`(reward.partner_id = :own OR ${published('reward')})`, { own: partnerId });
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
    where: `($5 OR one.partner_id = $6 OR ${published('one')}) AND ($7::text IS NULL OR one.status = $7)`,
    values: [viewer.audience === 'ADMIN', viewer.partnerId, status],
  });
}
