import { randomUUID } from 'node:crypto';
import { IsNull } from 'typeorm';
import { z } from 'zod';
import { recordAct } from '../../platform/audit-log.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, columnsOf, rows, transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { body, id, parseInput, title } from '../../platform/input.ts';
import { requireActiveMember } from '../../platform/members.ts';
import { emit } from '../../platform/outbox.ts';
import { type Page, newestOf } from '../../platform/paging.ts';
import { readRowsById } from '../../platform/reads.ts';
import { type Viewer, requireMember } from '../../platform/viewer.ts';
import { Review } from './entities.ts';
import type { ReviewSummary, ReviewsBy } from './rows.ts';
import { requireLive, requireReward } from './subjects.ts';

const reviewInput = z.object({
  rating: z.int().min(1, 'must be 1 or more').max(5, 'must be 5 or less'),
  title: title.nullish().transform((given) => given ?? null),
  body,
});

export type WriteReview = z.input<typeof reviewInput>;

interface Author {
  memberId: string;
  clock: Clock;
}

/**
 * Writes a member's review of a reward that they redeemed. There is one for each member and reward:
 * another one replaces it, and the same again changes nothing.
 *
 * @throws Refusal INVALID; MEMBER_INACTIVE, or NOT_ALLOWED to a member of the sandbox; NOT_FOUND the
 *   reward does not exist, or is not published now; NOT_ELIGIBLE the member has not redeemed it;
 *   IN_PROGRESS another call holds the same review
 */
export async function reviewReward(
  db: Database,
  { rewardId, input }: { rewardId: string; input: WriteReview },
  author: Author,
): Promise<Review> {
  const path = ['rewardId'];
  const aboutRewardId = parseInput(id, rewardId, path);
  return write(db, { aboutRewardId }, input, author, async (tx) => {
    await requireReward(tx, aboutRewardId, path);
    const redeemed = await rows(tx, 'SELECT FROM rewards.has_redeemed($1, ARRAY[$2::uuid])', [
      author.memberId,
      aboutRewardId,
    ]);
    if (redeemed.length === 1) return;
    throw new Refusal('NOT_ELIGIBLE', 'Members review what they have redeemed.', path);
  });
}

/**
 * The same for a partner that has recorded an activity of the member.
 *
 * @throws Refusal as `reviewReward`; NOT_FOUND where the partner is not live now
 */
export async function reviewPartner(
  db: Database,
  { partnerId, input }: { partnerId: string; input: WriteReview },
  author: Author,
): Promise<Review> {
  const path = ['partnerId'];
  const aboutPartnerId = parseInput(id, partnerId, path);
  return write(db, { aboutPartnerId }, input, author, async (tx) => {
    await requireLive(tx, aboutPartnerId, path);
    const [was] = await rows<{ active: boolean }>(
      tx,
      'SELECT partners.was_active($1, $2) AS active',
      [author.memberId, aboutPartnerId],
    );
    if (was!.active) return;
    throw new Refusal(
      'NOT_ELIGIBLE',
      'Members review partners that know an activity of theirs.',
      path,
    );
  });
}

type About = { aboutRewardId: string } | { aboutPartnerId: string };

/** @param requireVerified refuses a subject that is not to be seen, or that the member does not know */
async function write(
  db: Database,
  about: About,
  input: WriteReview,
  { memberId, clock }: Author,
  requireVerified: (tx: Database) => Promise<void>,
): Promise<Review> {
  const content = parseInput(reviewInput, input);
  return transaction(db, async (tx) => {
    // A repetition has its answer, though the subject may have gone by now.
    const same = { ...content, title: content.title ?? IsNull() };
    const first = await tx.findOneBy(Review, { memberId, ...about, ...same });
    if (first) return first;

    await requireActiveMember(tx, memberId);
    await requireVerified(tx);
    const review = tx.create(Review, {
      id: randomUUID(),
      memberId,
      aboutRewardId: null,
      aboutPartnerId: null,
      ...about,
      ...content,
      verified: true,
      createdAt: await clock.now(tx),
      editedAt: null,
    });
    return put(tx, review);
  });
}

/** Inserts a review in one statement, or replaces the author's first one by it where that says otherwise. */
async function put(tx: Database, review: Review): Promise<Review> {
  const { id: drawn, memberId, aboutRewardId, aboutPartnerId, createdAt } = review;
  const by = aboutRewardId ? 'aboutRewardId' : 'aboutPartnerId';
  const [changed] = await rows<Review>(
    tx,
    `INSERT INTO community.review AS review
       (id, member_id, about_reward_id, about_partner_id, rating, title, body, verified, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (member_id, ${columnOf[by]}) DO UPDATE
       SET rating = excluded.rating, title = excluded.title, body = excluded.body,
           verified = excluded.verified, edited_at = excluded.created_at
       WHERE (review.rating, review.title, review.body)
         IS DISTINCT FROM (excluded.rating, excluded.title, excluded.body)
     RETURNING ${columnsOf(tx, Review, 'review')}`,
    [
      drawn,
      memberId,
      aboutRewardId,
      aboutPartnerId,
      review.rating,
      review.title,
      review.body,
      review.verified,
      createdAt,
    ],
  );
  // The same came from another call meanwhile. The conflict has locked its row: it is still there.
  if (!changed) return tx.findOneByOrFail(Review, { memberId, [by]: review[by]! });
  await tell(tx, changed.id === drawn ? 'review.created' : 'review.edited', changed, createdAt);
  return changed;
}

function tell(tx: Database, type: string, review: Review, occurredAt: Date): Promise<void> {
  const { id: reviewId, memberId, aboutPartnerId } = review;
  return emit(tx, {
    type,
    memberId,
    ...(aboutPartnerId && { partnerId: aboutPartnerId }),
    payload: { reviewId },
    occurredAt,
  });
}

/**
 * Deletes a review of the calling member, or any for staff.
 *
 * @returns the review as it was
 * @throws Refusal INVALID `id` is no id; NOT_FOUND there is none, or it is another member's
 */
export async function deleteReview(
  db: Database,
  reviewId: string,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Review> {
  const wanted = { id: parseInput(id, reviewId, ['id']) };
  const own = viewer.audience === 'ADMIN' ? {} : { memberId: requireMember(viewer) };
  return transaction(db, async (tx) => {
    const review = await tx.findOne(Review, {
      where: { ...wanted, ...own },
      lock: { mode: 'pessimistic_write' },
    });
    if (!review)
      throw new Refusal('NOT_FOUND', 'There is no such review, or it is not yours.', ['id']);
    await tx.delete(Review, wanted);
    const at = await clock.now(tx);
    await tell(tx, 'review.deleted', review, at);
    // The review's words go with it: the log keeps whose it was, and what it was about.
    const { memberId, aboutPartnerId, aboutRewardId } = review;
    await recordAct(tx, viewer, {
      action: 'deleteReview',
      subject: { type: 'Review', id: review.id },
      before: { memberId, aboutPartnerId, aboutRewardId },
      at,
    });
    return review;
  });
}

/** The review with this id, or null. */
export function findReview(db: Database, reviewId: string): Promise<Review | null> {
  return db.findOneBy(Review, { id: parseInput(id, reviewId, ['id']) });
}

/** The column that reviews are listed by. */
const columnOf: Record<ReviewsBy, string> = {
  memberId: 'member_id',
  aboutRewardId: 'about_reward_id',
  aboutPartnerId: 'about_partner_id',
};

/**
 * The reviews of many members, rewards or partners, newest first; of each at most one more than the
 * page has.
 */
export function reviewsOf(
  db: Database,
  by: ReviewsBy,
  ids: string[],
  page: Page,
): Promise<Review[]> {
  return newestOf(db, Review, { owner: columnOf[by], ownerIds: ids, page });
}

/**
 * What the same lists come to, whole, as they are now: counted, not kept, so that no write of one
 * member waits for another's.
 *
 * @returns one for each id, in their order
 */
export async function summariesOf(
  db: Database,
  by: ReviewsBy,
  ids: readonly string[],
): Promise<ReviewSummary[]> {
  const stars = [1, 2, 3, 4, 5].map((rating) => `count(*) FILTER (WHERE rating = ${rating})`);
  const found = await readRowsById<ReviewSummary & { id: string }>(
    db,
    `SELECT owner.id, count(rating)::integer AS count, round(avg(rating), 2)::text AS average,
            ARRAY[${stars.join(', ')}]::integer[] AS histogram
     FROM unnest($1::uuid[]) AS owner (id) LEFT JOIN community.review ON ${columnOf[by]} = owner.id
     GROUP BY owner.id`,
    ids,
  );
  const byId = new Map(found.map((summary) => [summary.id, summary]));
  return ids.map((id) => byId.get(id)!);
}
