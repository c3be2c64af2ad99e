import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { type Database, transaction } from '../../platform/database.ts';
import { claimKey, hashOf, repeated } from '../../platform/idempotency.ts';
import { body, id, key, label, parseInput, title } from '../../platform/input.ts';
import { requireActiveMember } from '../../platform/members.ts';
import { emit } from '../../platform/outbox.ts';
import { type Page, newestOf, readNewest } from '../../platform/paging.ts';
import { Where } from '../../platform/where.ts';
import { Post } from './entities.ts';
import { requireLive, requireReward } from './subjects.ts';

/** As people write it, "#Hotels  in  Rome", to what is kept and compared: "hotels in rome". */
const topic = z
  .string()
  .transform((written) => written.trim().replace(/^#/, ''))
  .pipe(label);

const postInput = z
  .object({
    kind: z.enum(['TIP', 'QUESTION', 'STORY']),
    title,
    body,
    topics: z
      .array(topic)
      .max(10, 'must hold 10 at most')
      .nullish()
      .transform((topics) => [...new Set(topics)]),
    aboutRewardId: id.nullish(),
    aboutPartnerId: id.nullish(),
    idempotencyKey: key,
  })
  .refine(({ aboutRewardId, aboutPartnerId }) => !aboutRewardId || !aboutPartnerId, {
    error: 'must not stand beside aboutRewardId',
    path: ['aboutPartnerId'],
  });

export type CreatePost = z.input<typeof postInput>;

/**
 * Publishes a member's post. Calling again with the same key returns the first one.
 *
 * @throws Refusal INVALID; MEMBER_INACTIVE, or NOT_ALLOWED to a member of the sandbox; NOT_FOUND what
 *   it is about does not exist, or is not published or live now; IDEMPOTENCY_MISMATCH the key was
 *   used with another input; IN_PROGRESS it is still at work
 */
export async function createPost(
  db: Database,
  input: CreatePost,
  { memberId, clock }: { memberId: string; clock: Clock },
): Promise<Post> {
  const request = parseInput(postInput, input);
  const { idempotencyKey } = request;
  const inputHash = hashOf(request);
  return transaction(db, async (tx) => {
    const first = await tx.findOneBy(Post, { memberId, idempotencyKey });
    if (first) return repeated(first, inputHash);

    await requireActiveMember(tx, memberId);
    await requireSubject(tx, request);
    const post = tx.create(Post, {
      ...request,
      id: randomUUID(),
      memberId,
      aboutRewardId: request.aboutRewardId ?? null,
      aboutPartnerId: request.aboutPartnerId ?? null,
      inputHash,
      createdAt: await clock.now(tx),
    });
    if (!(await claimKey(tx, Post, post, { unique: ['memberId', 'idempotencyKey'] }))) {
      return repeated(await tx.findOneByOrFail(Post, { memberId, idempotencyKey }), inputHash);
    }
    await emit(tx, {
      type: 'post.created',
      memberId,
      payload: { postId: post.id },
      occurredAt: post.createdAt,
    });
    return post;
  });
}

/** What a post is about must be there while it is written. */
async function requireSubject(
  tx: Database,
  { aboutRewardId, aboutPartnerId }: Pick<CreatePost, 'aboutRewardId' | 'aboutPartnerId'>,
): Promise<void> {
  if (aboutRewardId) await requireReward(tx, aboutRewardId, ['aboutRewardId']);
  if (aboutPartnerId) await requireLive(tx, aboutPartnerId, ['aboutPartnerId']);
}

/** The post with this id, or null. */
export function findPost(db: Database, postId: string): Promise<Post | null> {
  return db.findOneBy(Post, { id: parseInput(id, postId, ['id']) });
}

/** All posts, or those of a topic or kind, newest first; at most one more than the page has. */
export function listPosts(
  db: Database,
  filter: { topic?: string | null | undefined; kind?: string | null | undefined },
  page: Page,
): Promise<Post[]> {
  const where = new Where();
  if (filter.topic != null) {
    where.and('one.topics @> ARRAY[?]', parseInput(topic, filter.topic, ['topic']));
  }
  if (filter.kind) where.and('one.kind = ?', filter.kind);
  return readNewest(db, Post, where, page);
}

/** The members' posts, newest first; of each at most one more than the page has. */
export function postsOf(db: Database, memberIds: string[], page: Page): Promise<Post[]> {
  return newestOf(db, Post, { owner: 'member_id', ownerIds: memberIds, page });
}
