import { randomUUID } from 'node:crypto';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { Post } from '../../../subgraphs/community/entities.ts';
import { type CreatePost, createPost } from '../../../subgraphs/community/posts.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { givenDraft, givenReward } from '../../support/given-rewards.ts';
import { refusal } from '../../support/refusal.ts';

describe('createPost', () => {
  const test = useTestDatabase();

  const post = ({ memberId, ...input }: Partial<CreatePost> & { memberId: string }) =>
    createPost(
      test.db('community'),
      { kind: 'TIP', title: 'Rome', body: 'Go in May.', idempotencyKey: 'a', ...input },
      { memberId, clock: databaseClock },
    );

  it('publishes a post about a reward or a partner', async () => {
    const memberId = await givenMember(test);
    const reward = await givenReward(test);

    const { id } = await post({ memberId, aboutRewardId: reward.id });
    await post({ memberId, aboutPartnerId: reward.partnerId, idempotencyKey: 'b' });

    expect(await test.db('community').findOneBy(Post, { id })).toMatchObject({
      memberId,
      kind: 'TIP',
      title: 'Rome',
      body: 'Go in May.',
      topics: [],
      aboutRewardId: reward.id,
      aboutPartnerId: null,
    });
    expect(await events(memberId)).toBe(2);
  });

  it('keeps topics in one spelling, each once', async () => {
    const memberId = await givenMember(test);

    const topics = ['#Hotels', 'hotels', '  City \t Breaks ', 'CAFE\u0301', '#1'];
    expect(await post({ memberId, topics })).toMatchObject({
      topics: ['hotels', 'city breaks', 'caf\u00e9', '1'],
    });
  });

  it.each<[string, Partial<CreatePost>, string[]]>([
    ['11 topics', { topics: Array(11).fill('a') }, ['topics']],
    ['an empty topic', { topics: ['a', '# '] }, ['topics', '1']],
    ['a topic of 51 characters', { topics: ['a'.repeat(51)] }, ['topics', '0']],
    ['an empty title', { title: ' ' }, ['title']],
    ['an empty body', { body: '' }, ['body']],
    ['a body of 20,001 characters', { body: 'a'.repeat(20_001) }, ['body']],
    [
      'two subjects',
      { aboutRewardId: randomUUID(), aboutPartnerId: randomUUID() },
      ['aboutPartnerId'],
    ],
  ])('refuses %s, and keeps nothing', async (_, input, path) => {
    const memberId = await givenMember(test);

    await expect(post({ memberId, ...input })).rejects.toEqual(refusal('INVALID', path));
    expect(await count(memberId)).toBe(0);
  });

  it('refuses a subject that not everybody may see', async () => {
    const memberId = await givenMember(test);
    const draft = await givenDraft(test);
    const suspended = await givenReward(test);
    await suspend('partners.partner', suspended.partnerId);

    for (const aboutRewardId of [draft.id, suspended.id, randomUUID()]) {
      await expect(post({ memberId, aboutRewardId })).rejects.toEqual(
        refusal('NOT_FOUND', ['aboutRewardId']),
      );
    }
    for (const aboutPartnerId of [suspended.partnerId, randomUUID()]) {
      await expect(post({ memberId, aboutPartnerId })).rejects.toEqual(
        refusal('NOT_FOUND', ['aboutPartnerId']),
      );
    }
    expect(await count(memberId)).toBe(0);
    expect(await events(memberId)).toBe(0);
  });

  it('refuses a member whose account is suspended, and one of the sandbox', async () => {
    const [suspended, sandbox] = [await givenMember(test), await givenMember(test)];
    await suspend('members.member', suspended);
    await test.owner().query('UPDATE members.member SET sandbox = true WHERE id = $1', [sandbox]);

    await expect(post({ memberId: suspended })).rejects.toEqual(refusal('MEMBER_INACTIVE'));
    await expect(post({ memberId: sandbox })).rejects.toEqual(refusal('NOT_ALLOWED'));
    expect(await count(suspended)).toBe(0);
    expect(await count(sandbox)).toBe(0);
  });

  it('returns the first post when called again, though its subject has gone', async () => {
    const memberId = await givenMember(test);
    const partnerId = await givenPartner(test);
    const input = { memberId, aboutPartnerId: partnerId, topics: ['Rome'] };
    const first = await post(input);
    await suspend('partners.partner', partnerId);

    expect(await post({ ...input, topics: ['#rome'] })).toEqual(first);
    expect(await count(memberId)).toBe(1);
  });

  it('refuses a key that was used with another input, and names the first post', async () => {
    const memberId = await givenMember(test);
    const first = await post({ memberId });

    await expect(post({ memberId, body: 'Go in June.' })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: first.id }),
    );
    expect(await count(memberId)).toBe(1);
  });

  it('posts once when twenty calls with one key come at once', async () => {
    const memberId = await givenMember(test);

    const answers = await Promise.all(Array.from({ length: 20 }, () => post({ memberId })));

    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await count(memberId)).toBe(1);
    expect(await events(memberId)).toBe(1);
  });

  function count(memberId: string): Promise<number> {
    return test.db('community').countBy(Post, { memberId });
  }

  async function events(memberId: string): Promise<number> {
    const found = await rows(
      test.owner(),
      `SELECT FROM platform.outbox WHERE member_id = $1 AND type = 'post.created'`,
      [memberId],
    );
    return found.length;
  }

  async function suspend(table: string, id: string): Promise<void> {
    await test.owner().query(`UPDATE ${table} SET status = 'SUSPENDED' WHERE id = $1`, [id]);
  }
});
