import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { anonymous } from '../../../platform/viewer.ts';
import { start } from '../../../subgraphs/community/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { givenCustomer, givenRedeemer, givenReview } from '../../support/given-reviews.ts';
import { givenReward } from '../../support/given-rewards.ts';
import { race } from '../../support/race.ts';
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

const errors = 'userErrors { code path }';
const reviewReward = `mutation ($rewardId: ID!, $input: ReviewInput!) {
  reviewReward(rewardId: $rewardId, input: $input) {
    review { id rating title body verified createdAt editedAt author { id }
      about { __typename ... on Reward { id rating { count } } } } ${errors} } }`;
const reviewPartner = `mutation ($partnerId: ID!, $input: ReviewInput!) {
  reviewPartner(partnerId: $partnerId, input: $input) {
    review { about { __typename ... on Partner { id rating { average } } } } ${errors} } }`;
const deleteReview = `mutation ($id: ID!) { deleteReview(id: $id) { review { id } ${errors} } }`;
const byId = 'query ($id: ID!) { review(id: $id) { id } }';
const input = { rating: 4, body: 'I slept well.' };

describe('reviews', () => {
  it('are written by the calling member, and counted at once', async () => {
    const { id: rewardId } = await givenReward(test);
    const memberId = await givenRedeemer(test, rewardId);
    clock.at = new Date('2026-03-02T08:30:00Z');

    const review = {
      id: expect.any(String) as string,
      rating: 4,
      title: null,
      body: 'I slept well.',
      verified: true,
      createdAt: '2026-03-02T08:30:00.000Z',
      editedAt: null,
      author: { id: memberId },
      about: { __typename: 'Reward', id: rewardId, rating: { count: 1 } },
    };
    expect(await ask(memberViewer(memberId), reviewReward, { rewardId, input })).toEqual({
      reviewReward: { review, userErrors: [] },
    });
  });

  it('are written of partners', async () => {
    const partnerId = await givenPartner(test);
    const memberId = await givenCustomer(test, partnerId);

    const about = { __typename: 'Partner', id: partnerId, rating: { average: '4.00' } };
    expect(await ask(memberViewer(memberId), reviewPartner, { partnerId, input })).toEqual({
      reviewPartner: { review: { about }, userErrors: [] },
    });
  });

  it('answer what the rules refuse', async () => {
    const { id: rewardId, partnerId } = await givenReward(test);
    const viewer = memberViewer(await givenMember(test));

    const refused = (path: string) => ({
      review: null,
      userErrors: [{ code: 'NOT_ELIGIBLE', path: [path] }],
    });
    expect(await ask(viewer, reviewReward, { rewardId, input })).toEqual({
      reviewReward: refused('rewardId'),
    });
    expect(await ask(viewer, reviewPartner, { partnerId, input })).toEqual({
      reviewPartner: refused('partnerId'),
    });
  });

  it('are deleted by their author and by staff who moderate', async () => {
    const { id: rewardId } = await givenReward(test);
    const [one, two] = [await givenReview(test, rewardId, 1), await givenReview(test, rewardId, 2)];
    const removed = (id: string) => ({ deleteReview: { review: { id }, userErrors: [] } });

    expect(await ask(memberViewer(one.memberId), deleteReview, { id: one.id })).toEqual(
      removed(one.id),
    );
    expect(await ask(adminViewer(['COMMUNITY_MODERATE']), deleteReview, { id: two.id })).toEqual(
      removed(two.id),
    );
    expect(await ask(anonymous, byId, { id: one.id })).toEqual({ review: null });
  });

  it('are for members whose token may write, and deleted by no other staff', async () => {
    const { id: rewardId } = await givenReward(test);
    const review = await givenReview(test, rewardId, 1);
    const { memberId, id } = review;
    const calls: [string, object][] = [
      [reviewReward, { rewardId, input }],
      [reviewPartner, { partnerId: rewardId, input }],
      [deleteReview, { id }],
    ];

    for (const [mutation, variables] of calls) {
      expect(await codeOf(anonymous, mutation, variables)).toBe('UNAUTHENTICATED');
      for (const viewer of [
        memberViewer(memberId, ['REDEEM']),
        partnerViewer('p', ['CATALOG_MANAGE']),
        adminViewer(),
      ]) {
        expect(await codeOf(viewer, mutation, variables)).toBe('FORBIDDEN');
      }
    }
    const other = memberViewer(await givenMember(test));
    expect(await ask(other, deleteReview, { id })).toEqual({
      deleteReview: { review: null, userErrors: [{ code: 'NOT_FOUND', path: ['id'] }] },
    });
    expect(await ask(anonymous, byId, { id })).toEqual({ review: { id } });
  });

  it('are for everybody to read, by id and by reference, though their subject has gone', async () => {
    const { id: rewardId, partnerId } = await givenReward(test);
    const { id } = await givenReview(test, rewardId, 3);
    await givenStatus(test, partnerId, 'SUSPENDED');
    const reference = `query ($id: ID!) { _entities(representations: [{ __typename: "Review", id: $id }]) {
      ... on Review { rating about { ... on Reward { id } } } } }`;

    for (const viewer of [anonymous, partnerViewer(partnerId), adminViewer([])]) {
      expect(await ask(viewer, byId, { id })).toEqual({ review: { id } });
      expect(await ask(viewer, reference, { id })).toEqual({
        _entities: [{ rating: 3, about: { id: rewardId } }],
      });
    }
    expect(await codeOf(anonymous, byId, { id: 'r1' })).toBe('BAD_USER_INPUT');
  });
});

describe('Reward.rating and Reward.reviews', () => {
  const query = `query ($of: [_Any!]!, $after: String) { _entities(representations: $of) {
    ... on Reward { rating { count average histogram }
      reviews(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor }
        summary { count } } } } }`;
  const rewards = (...ids: string[]) => ids.map((id) => ({ __typename: 'Reward', id }));
  interface Rated {
    rating: object;
    reviews: {
      nodes: { id: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
      summary: object;
    };
  }

  it('answer for each of many rewards, the newest first', async () => {
    const { id: many } = await givenReward(test);
    const { id: few } = await givenReward(test);
    const { id: none } = await givenReward(test);
    clock.at = new Date('2026-03-03T12:00:00Z');
    const noon = [];
    // 5 + 5 + 3 = 13 stars of 3 reviews: 4.333...; with 4 more 17 of 4: 4.25.
    for (const rating of [5, 5, 3]) noon.push(await givenReview(test, many, rating, clock));
    clock.at = new Date('2026-03-03T12:00:01Z');
    const newest = await givenReview(test, many, 4, clock);
    // 1 + 2 + 2 = 5 stars of 3: 1.666...
    for (const rating of [1, 2, 2]) await givenReview(test, few, rating, clock);

    const { _entities: first } = await ask<{ _entities: Rated[] }>(anonymous, query, {
      of: rewards(few, none, many),
    });

    expect(first.map(({ rating }) => rating)).toEqual([
      { count: 3, average: '1.67', histogram: [1, 2, 0, 0, 0] },
      { count: 0, average: null, histogram: [0, 0, 0, 0, 0] },
      { count: 4, average: '4.25', histogram: [0, 0, 1, 1, 2] },
    ]);
    expect(first.map(({ reviews }) => reviews.summary)).toEqual([
      { count: 3 },
      { count: 0 },
      { count: 4 },
    ]);
    const { nodes, pageInfo } = first[2]!.reviews;
    expect(pageInfo.hasNextPage).toBe(true);
    const { _entities: second } = await ask<{ _entities: Rated[] }>(anonymous, query, {
      of: rewards(many),
      after: pageInfo.endCursor,
    });
    const inOrder = noon
      .map(({ id }) => id)
      .sort()
      .reverse();
    expect([...nodes, ...second[0]!.reviews.nodes].map(({ id }) => id)).toEqual([
      newest.id,
      ...inOrder,
    ]);
    expect(second[0]!.reviews.pageInfo.hasNextPage).toBe(false);
    expect(second[0]!.reviews.summary).toEqual({ count: 4 });
  });

  it('are right after members have written at once', async () => {
    const { id: rewardId } = await givenReward(test);
    const members: string[] = [];
    for (let i = 0; i < 10; i++) members.push(await givenRedeemer(test, rewardId));

    await race(test.db('community'), 20, (index) =>
      ask(memberViewer(members[index % 10]!), reviewReward, {
        rewardId,
        input: { rating: (index % 5) + 1, body: `${index}` },
      }),
    );

    // Member n wrote n and n + 10, which have the same stars: each of 1 to 5 twice.
    const { _entities: rated } = await ask<{ _entities: Rated[] }>(anonymous, query, {
      of: rewards(rewardId),
    });
    expect(rated[0]!.rating).toEqual({ count: 10, average: '3.00', histogram: [2, 2, 2, 2, 2] });
    const [row] = await rows<{ stars: number }>(
      test.owner(),
      'SELECT sum(rating)::integer AS stars FROM community.review WHERE about_reward_id = $1',
      [rewardId],
    );
    expect(row).toEqual({ stars: 30 });
  });
});

describe('Partner.reviews and Member.reviews', () => {
  it('list what is about the partner itself, and all that the member wrote', async () => {
    const { id: rewardId, partnerId } = await givenReward(test);
    const memberId = await givenCustomer(test, partnerId);
    const viewer = memberViewer(memberId);
    await ask(viewer, reviewPartner, { partnerId, input: { rating: 2, body: 'Slow.' } });
    await givenReview(test, rewardId, 5);

    const list = '{ nodes { rating } summary { count average histogram } }';
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Partner { rating { count } reviews ${list} } ... on Member { reviews ${list} } } }`;
    const of = [
      { __typename: 'Partner', id: partnerId },
      { __typename: 'Member', id: memberId },
      { __typename: 'Member', id: await givenMember(test) },
    ];
    const summary = { count: 1, average: '2.00', histogram: [0, 1, 0, 0, 0] };
    const one = { nodes: [{ rating: 2 }], summary };
    const empty = { count: 0, average: null, histogram: [0, 0, 0, 0, 0] };
    expect(await ask(anonymous, query, { of })).toEqual({
      _entities: [
        { rating: { count: 1 }, reviews: one },
        { reviews: one },
        { reviews: { nodes: [], summary: empty } },
      ],
    });
  });

  it.each(['first: 0', 'first: 101', 'after: "x"'])('refuse %s', async (page) => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Partner { reviews(${page}) { nodes { id } } } } }`;
    const of = [{ __typename: 'Partner', id: await givenPartner(test) }];

    expect(await codeOf(anonymous, query, { of })).toBe('BAD_USER_INPUT');
  });
});
