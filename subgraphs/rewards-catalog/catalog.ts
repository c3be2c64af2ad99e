import type { SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { type Database, columnsOf, rows } from '../../platform/database.ts';
import { badInput } from '../../platform/errors.ts';
import { id, key, parseInput } from '../../platform/input.ts';
import type { Page } from '../../platform/paging.ts';
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
  if ((by.id == null) === (by.sku == null)) throw badInput('Exactly one of id and sku is given.');
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
  status?: string | null;
}

/** The rewards that the caller may see, newest first; at most one more than the page has. */
export function listRewards(
  db: Database,
  filter: RewardFilter,
  page: Page,
  viewer: Viewer,
): Promise<Reward[]> {
  const { kinds, partnerIds, status } = filter;
  const list = visibleTo(db, viewer);
  if (kinds) list.andWhere('reward.kind = ANY (:kinds)', { kinds });
  if (partnerIds) {
    const ids = parseInput(z.array(id).max(100), partnerIds, ['filter', 'partnerIds']);
    list.andWhere('reward.partnerId = ANY (:ids)', { ids });
  }
  if (status) list.andWhere('reward.status = :status', { status });
  if (page.after) {
    const [createdAt, lastId] = page.after;
    list.andWhere('(reward.createdAt, reward.id) < (:createdAt, :lastId)', { createdAt, lastId });
  }
  return list
    .orderBy({ 'reward.createdAt': 'DESC', 'reward.id': 'DESC' })
    .limit(page.first + 1)
    .getMany();
}

/** As `rewards.published` tells other parts. */
const published = `reward.status = 'PUBLISHED' AND reward.partner_id IN (SELECT * FROM partners.live())`;

/** Published rewards of live partners; those of the calling partner, and all for staff, whatever their state. */
function visibleTo(db: Database, viewer: Viewer): SelectQueryBuilder<Reward> {
  const query = db.createQueryBuilder(Reward, 'reward');
  if (viewer.audience === 'ADMIN') return query.where('true');
  const { partnerId } = viewer;
  return query.where(`(reward.partner_id = :own OR ${published})`, { own: partnerId });
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
  const [createdAt, lastId] = page.after ?? [null, null];
  return rows(
    db,
    `SELECT ${columnsOf(db, Reward, 'listed')}
     FROM unnest($1::uuid[]) AS partner (id) CROSS JOIN LATERAL (
       SELECT * FROM rewards.reward
       WHERE partner_id = partner.id
         AND ($2 OR partner_id = $3 OR ${published})
         AND ($4::text IS NULL OR status = $4)
         AND ($5::timestamptz IS NULL OR (created_at, reward.id) < ($5, $6::uuid))
       ORDER BY created_at DESC, reward.id DESC
       LIMIT $7) AS listed`,
    [
      partnerIds,
      viewer.audience === 'ADMIN',
      viewer.partnerId,
      status,
      createdAt,
      lastId,
      page.first + 1,
    ],
  );
}
