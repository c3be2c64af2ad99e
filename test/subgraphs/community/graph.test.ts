import { SetClock } from '../../../platform/clock.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { anonymous } from '../../../platform/viewer.ts';
import { type CreatePost, createPost } from '../../../subgraphs/community/posts.ts';
import { start } from '../../../subgraphs/community/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { givenReward } from '../../support/given-rewards.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const test = useTestDatabase();
const clock = new SetClock(new Date('2026-03-01T12:00:00Z'));
let subgraph: Subgraph;

beforeAll(async () => {
  subgraph = await start(configOn(test), testPlatform(clock));
});
afterAll(() => subgraph.drain());

const { ask, codeOf } = callsOf(() => subgraph);

let key = 0;

function givenPost(memberId: string, input: Partial<CreatePost> = {}) {
  const request = { kind: 'TIP' as const, title: 'Rome', body: 'Go in May.', ...input };
  return createPost(
    test.db('community'),
    { idempotencyKey: `${key++}`, ...request },
    { memberId, clock },
  );
}

interface Posts {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}
const posts = 'nodes { id } pageInfo { hasNextPage endCursor }';

describe('feed', () => {
  const feed = `query ($topic: String, $kind: PostKind, $first: Int, $after: String) {
    feed(topic: $topic, kind: $kind, first: $first, after: $after) { ${posts} } }`;

  it('goes from the newest to the oldest, also through posts of one instant', async () => {
    const memberId = await givenMember(test);
    const topics = ['order'];
    clock.at = new Date('2026-03-01T12:00:00Z');
    const noon = [];
    for (let i = 0; i < 3; i++) noon.push((await givenPost(memberId, { topics })).id);
    clock.at = new Date('2026-03-01T12:00:01Z');
    const later = await givenPost(memberId, { topics });

    const found: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 2; pages++) {
      const answer: { feed: Posts } = await ask(anonymous, feed, {
        topic: 'order',
        first: 2,
        after,
      });
      found.push(...answer.feed.nodes.map(({ id }) => id));
      expect(answer.feed.pageInfo.hasNextPage).toBe(pages === 0);
      after = answer.feed.pageInfo.endCursor;
    }

    expect(found).toEqual([later.id, ...noon.sort().reverse()]);
  });

  it('narrows by topic, however it is written, and by kind', async () => {
    const memberId = await givenMember(test);
    const tip = await givenPost(memberId, { topics: ['Narrow Streets', 'rome'] });
    const story = await givenPost(memberId, { topics: ['narrow streets'], kind: 'STORY' });
    await givenPost(memberId, { topics: ['narrow'] });
    const found = async (variables: object) =>
      (await ask<{ feed: Posts }>(anonymous, feed, variables)).feed.nodes.map(({ id }) => id);

    const topic = '#NARROW  streets';
    expect((await found({ topic })).sort()).toEqual([tip.id, story.id].sort());
    expect(await found({ topic, kind: 'STORY' })).toEqual([story.id]);
    expect(await found({ topic, kind: 'QUESTION' })).toEqual([]);
  });

  it.each([{ first: 0 }, { first: 101 }, { after: 'x' }, { topic: '#' }])(
    'refuses %j',
    async (variables) => {
      expect(await codeOf(anonymous, feed, variables)).toBe('BAD_USER_INPUT');
    },
  );
});

describe('post', () => {
  it('leads to its author and what it is about', async () => {
    const memberId = await givenMember(test);
    const { id: rewardId, partnerId } = await givenReward(test);
    const ofReward = await givenPost(memberId, { aboutRewardId: rewardId });
    const ofPartner = await givenPost(memberId, { aboutPartnerId: partnerId });
    const ofNone = await givenPost(memberId);

    const query = `query ($id: ID!) { post(id: $id) { author { id } about { __typename
      ... on Reward { id } ... on Partner { id } } } }`;
    const author = { id: memberId };
    expect(await ask(anonymous, query, { id: ofReward.id })).toEqual({
      post: { author, about: { __typename: 'Reward', id: rewardId } },
    });
    expect(await ask(anonymous, query, { id: ofPartner.id })).toEqual({
      post: { author, about: { __typename: 'Partner', id: partnerId } },
    });
    expect(await ask(anonymous, query, { id: ofNone.id })).toEqual({
      post: { author, about: null },
    });
    expect(await ask(anonymous, query, { id: memberId })).toEqual({ post: null });
    expect(await codeOf(anonymous, query, { id: 'p1' })).toBe('BAD_USER_INPUT');
  });
});

describe('createPost', () => {
  const mutation = `mutation ($input: PostInput!) { createPost(input: $input) {
    post { kind title topics author { id } createdAt } userErrors { code path } } }`;
  const input = {
    kind: 'QUESTION',
    title: 'Where in Rome?',
    body: 'And when?',
    topics: ['Rome'],
    idempotencyKey: 'asked',
  };

  it('posts for the calling member', async () => {
    const memberId = await givenMember(test);
    clock.at = new Date('2026-03-02T08:30:00Z');

    expect(await ask(memberViewer(memberId), mutation, { input })).toEqual({
      createPost: {
        post: {
          kind: 'QUESTION',
          title: 'Where in Rome?',
          topics: ['rome'],
          author: { id: memberId },
          createdAt: '2026-03-02T08:30:00.000Z',
        },
        userErrors: [],
      },
    });
  });

  it('is for members whose token may post', async () => {
    expect(await codeOf(anonymous, mutation, { input })).toBe('UNAUTHENTICATED');
    for (const viewer of [memberViewer('m', ['REDEEM']), partnerViewer('p'), adminViewer()]) {
      expect(await codeOf(viewer, mutation, { input })).toBe('FORBIDDEN');
    }
  });
});

describe('Member.posts', () => {
  it('lists each of many members their newest', async () => {
    const [one, two, none] = [
      await givenMember(test),
      await givenMember(test),
      await givenMember(test),
    ];
    clock.at = new Date('2026-03-03T12:00:00Z');
    await givenPost(one);
    clock.at = new Date('2026-03-03T12:00:01Z');
    const newer = await givenPost(one);
    const only = await givenPost(two);

    const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Member { posts(first: 1) { nodes { id } pageInfo { hasNextPage } } } } }`;
    const of = [one, two, none].map((id) => ({ __typename: 'Member', id }));
    expect(await ask(anonymous, query, { of })).toEqual({
      _entities: [
        { posts: { nodes: [{ id: newer.id }], pageInfo: { hasNextPage: true } } },
        { posts: { nodes: [{ id: only.id }], pageInfo: { hasNextPage: false } } },
        { posts: { nodes: [], pageInfo: { hasNextPage: false } } },
      ],
    });
  });
});
