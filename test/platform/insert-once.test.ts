import { randomUUID } from 'node:crypto';
import { type Database, insertOnce, transaction } from '../../platform/database.ts';
import { claimKey } from '../../platform/idempotency.ts';
import { Post } from '../../subgraphs/community/entities.ts';
import { useTestDatabase } from '../support/database.ts';
import { refusal } from '../support/refusal.ts';

describe('insertOnce', () => {
  const test = useTestDatabase();
  const db = () => test.db('community');
  const aPost = (change: Partial<Post> = {}) =>
    db().create(Post, {
      id: randomUUID(),
      memberId: randomUUID(),
      kind: 'TIP',
      title: 'Rome',
      body: 'Go in May.',
      topics: [],
      idempotencyKey: 'a',
      inputHash: 'hash',
      createdAt: new Date(),
      ...change,
    });

  it('inserts a row, and none that conflicts with it', async () => {
    const first = aPost();
    const { memberId } = first;

    expect(await insertOnce(db(), Post, first)).toBe(true);
    expect(await insertOnce(db(), Post, aPost({ memberId }))).toBe(false);

    expect(await db().findBy(Post, { memberId })).toMatchObject([{ id: first.id }]);
  });

  it('takes no other conflict for the one that is meant', async () => {
    const unique: (keyof Post)[] = ['memberId', 'idempotencyKey'];
    const first = aPost();
    const { id, memberId } = first;

    expect(await insertOnce(db(), Post, first, unique)).toBe(true);
    expect(await insertOnce(db(), Post, aPost({ memberId }), unique)).toBe(false);
    await expect(insertOnce(db(), Post, aPost({ id }), unique)).rejects.toThrow('post_pk');
  });

  it('waits for who claimed a key before, and refuses where that takes too long', async () => {
    const unique: (keyof Post)[] = ['memberId', 'idempotencyKey'];
    const first = aPost();
    const second = aPost({ memberId: first.memberId });
    const claim = (tx: Database, post: Post) => claimKey(tx, Post, post, { unique });

    await transaction(db(), async (tx) => {
      expect(await claim(tx, first)).toBe(true);

      const late = transaction(db(), async (other) => {
        await other.query(`SET LOCAL lock_timeout = '50ms'`);
        return claim(other, second);
      });

      await expect(late).rejects.toEqual(refusal('IN_PROGRESS', ['idempotencyKey']));
    });
    expect(await claim(db(), second)).toBe(false);
  });
});
