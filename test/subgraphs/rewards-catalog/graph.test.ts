import { randomUUID } from 'node:crypto';
import { databaseClock } from '../../../platform/clock.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../../platform/viewer.ts';
import { Reward } from '../../../subgraphs/rewards-catalog/entities.ts';
import { redeemReward } from '../../../subgraphs/rewards-catalog/redemptions.ts';
import { start } from '../../../subgraphs/rewards-catalog/server.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenHousehold } from '../../support/given-households.ts';
import { givenMember } from '../../support/given-members.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { givenDraft, givenReward } from '../../support/given-rewards.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const test = useTestDatabase();
let subgraph: Subgraph;

beforeAll(async () => {
  subgraph = await start(configOn(test), testPlatform());
});
afterAll(() => subgraph.drain());

const { ask, codeOf } = callsOf(() => subgraph);

describe('reward', () => {
  const byId = 'query ($id: ID) { reward(id: $id) { id } }';

  it('answers with its prices, stock and partner', async () => {
    const { id, priceId, partnerId } = await givenReward(test, { price: 300n, stock: 2 });

    const query = `query ($id: ID) { reward(id: $id) {
      name kind status partner { id } prices { id points } availability { stock } } }`;
    expect(await ask(anonymous, query, { id })).toEqual({
      reward: {
        name: 'Night by the harbour',
        kind: 'NIGHT',
        status: 'PUBLISHED',
        partner: { id: partnerId },
        prices: [{ id: priceId, points: 300 }],
        availability: { stock: 2 },
      },
    });
  });

  it('keeps a draft for its partner and staff', async () => {
    const { id, partnerId } = await givenDraft(test);
    const other = await givenPartner(test);

    for (const viewer of [partnerViewer(partnerId), adminViewer()]) {
      expect(await ask(viewer, byId, { id })).toEqual({ reward: { id } });
    }
    for (const viewer of [anonymous, memberViewer(await givenMember(test)), partnerViewer(other)]) {
      expect(await ask(viewer, byId, { id })).toEqual({ reward: null });
    }
  });

  it('keeps a reward of a suspended partner for that partner and staff', async () => {
    const { id, partnerId } = await givenReward(test);
    await givenStatus(test, partnerId, 'SUSPENDED');

    expect(await ask(anonymous, byId, { id })).toEqual({ reward: null });
    expect(await ask(partnerViewer(partnerId), byId, { id })).toEqual({ reward: { id } });
    expect(await ask(adminViewer(), byId, { id })).toEqual({ reward: { id } });
  });

  it('is found by its SKU for its partner', async () => {
    const { id, partnerId } = await givenDraft(test);
    const { sku } = await test.db('rewards-catalog').findOneByOrFail(Reward, { id });
    const query = 'query ($sku: String) { reward(sku: $sku) { id } }';

    expect(await ask(partnerViewer(partnerId), query, { sku })).toEqual({ reward: { id } });
    const other = await givenPartner(test);
    expect(await ask(partnerViewer(other), query, { sku })).toEqual({ reward: null });
    expect(await codeOf(memberViewer('m'), query, { sku })).toBe('BAD_USER_INPUT');
  });

  it.each([
    '{ reward { id } }',
    '{ reward(id: "a", sku: "b") { id } }',
    '{ reward(id: "a") { id } }',
  ])('refuses %s', async (query) => {
    expect(await codeOf(anonymous, query)).toBe('BAD_USER_INPUT');
  });
});

describe('rewards', () => {
  const list = `query ($filter: RewardFilter, $first: Int, $after: String) {
    rewards(filter: $filter, first: $first, after: $after) {
      nodes { id } pageInfo { hasNextPage endCursor } } }`;
  interface Listed {
    rewards: {
      nodes: { id: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }
  const listed = async (viewer: Viewer, filter: object) =>
    (await ask<Listed>(viewer, list, { filter })).rewards.nodes.map(({ id }) => id);

  it('lists what everybody may see, newest first, page by page', async () => {
    const partnerId = await givenPartner(test);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await givenReward(test, { partnerId })).id);
    await givenDraft(test, { partnerId });

    const found: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 3; pages++) {
      const { rewards }: Listed = await ask(anonymous, list, {
        filter: { partnerIds: [partnerId] },
        first: 2,
        after,
      });
      found.push(...rewards.nodes.map(({ id }) => id));
      expect(rewards.pageInfo.hasNextPage).toBe(pages < 2);
      after = rewards.pageInfo.endCursor;
    }

    expect(found).toEqual(ids);
  });

  it('narrows by kind and status, drafts for the partner and staff alone', async () => {
    const partnerId = await givenPartner(test);
    const reward = await givenReward(test, { partnerId });
    const draft = await givenDraft(test, { partnerId });
    const filter = { partnerIds: [partnerId] };

    expect(await listed(anonymous, { ...filter, kinds: ['NIGHT'] })).toEqual([reward.id]);
    expect(await listed(anonymous, { ...filter, kinds: ['FLIGHT'] })).toEqual([]);
    expect(await listed(anonymous, { ...filter, status: 'DRAFT' })).toEqual([]);
    for (const viewer of [partnerViewer(partnerId), adminViewer()]) {
      expect(await listed(viewer, { ...filter, status: 'DRAFT' })).toEqual([draft.id]);
      expect(await listed(viewer, filter)).toEqual([draft.id, reward.id]);
    }
    expect(await listed(partnerViewer(await givenPartner(test)), filter)).toEqual([reward.id]);
  });

  it('narrows to rewards of any of the categories, however they are written', async () => {
    const partnerId = await givenPartner(test);
    const spa = await givenReward(test, { partnerId, categories: ['Spa', 'City breaks'] });
    const city = await givenReward(test, { partnerId, categories: ['city  BREAKS'] });
    await givenReward(test, { partnerId, categories: ['city'] });
    const of = (...categories: string[]) =>
      listed(anonymous, { partnerIds: [partnerId], categories });

    expect(await of('CITY breaks')).toEqual([city.id, spa.id]);
    expect(await of('spa', 'none')).toEqual([spa.id]);
    expect(await of('none')).toEqual([]);
    expect(await of()).toEqual([]);
    const query = 'query ($id: ID) { reward(id: $id) { categories } }';
    expect(await ask(anonymous, query, { id: spa.id })).toEqual({
      reward: { categories: ['spa', 'city breaks'] },
    });
  });

  it('narrows by the points of the usual price, both ends counted', async () => {
    const partnerId = await givenPartner(test);
    const ids: string[] = [];
    for (const price of [100n, 200n, 300n]) {
      ids.push((await givenReward(test, { partnerId, price })).id);
    }
    const of = (bounds: object) => listed(anonymous, { partnerIds: [partnerId], ...bounds });
    const [low, middle, high] = ids;

    expect(await of({ minPoints: 200 })).toEqual([high, middle]);
    expect(await of({ maxPoints: 200 })).toEqual([middle, low]);
    expect(await of({ minPoints: 101, maxPoints: 299 })).toEqual([middle]);
    expect(await of({ minPoints: 201, maxPoints: 199 })).toEqual([]);
  });

  const sorted = `query ($filter: RewardFilter, $sort: RewardSort, $after: String) {
    rewards(filter: $filter, sort: $sort, first: 2, after: $after) {
      nodes { id } pageInfo { hasNextPage endCursor } } }`;

  it('sorts by points, also through rewards of one price, page by page', async () => {
    const partnerId = await givenPartner(test);
    const filter = { partnerIds: [partnerId] };
    const ids = async (price: bigint) => (await givenReward(test, { partnerId, price })).id;
    // As text, 1000 would come before 90.
    const [dear, cheap] = [await ids(1_000n), await ids(90n)];
    const same = [await ids(200n), await ids(200n), await ids(200n)].sort();
    const ascending = [cheap, ...same, dear];

    for (const [sort, expected] of [
      ['POINTS_ASC', ascending],
      ['POINTS_DESC', ascending.toReversed()],
    ] as const) {
      const found: string[] = [];
      let after: string | null = null;
      for (let pages = 0; pages < 3; pages++) {
        const { rewards }: Listed = await ask(anonymous, sorted, { filter, sort, after });
        found.push(...rewards.nodes.map(({ id }) => id));
        expect(rewards.pageInfo.hasNextPage).toBe(pages < 2);
        after = rewards.pageInfo.endCursor;
      }
      expect(found).toEqual(expected);
    }
    const { rewards }: Listed = await ask(anonymous, sorted, { filter, sort: 'NEWEST' });
    const after = rewards.pageInfo.endCursor;
    expect(await codeOf(anonymous, sorted, { filter, sort: 'POINTS_ASC', after })).toBe(
      'BAD_USER_INPUT',
    );
  });

  it('leaves out what a suspended partner gives', async () => {
    const { id, partnerId } = await givenReward(test);
    await givenStatus(test, partnerId, 'SUSPENDED');

    expect(await listed(anonymous, {})).not.toContain(id);
  });

  it.each([
    { first: 0 },
    { first: 101 },
    { after: 'x' },
    { after: Buffer.from('["yesterday","x"]').toString('base64url') },
    { after: cursorAt('0000-01-01T00:00:00.000Z') },
    { after: cursorAt('2026-01-01T00:00:00.000Z\0') },
    { filter: { partnerIds: ['x'] } },
    { filter: { categories: [' '] } },
    { filter: { categories: Array(101).fill('a') } },
  ])('refuses %j', async (variables) => {
    expect(await codeOf(anonymous, list, variables)).toBe('BAD_USER_INPUT');
  });
});

describe('Partner.rewards', () => {
  const query = `query ($of: [_Any!]!, $status: RewardStatus) { _entities(representations: $of) {
    ... on Partner { rewards(status: $status, first: 1) { nodes { id } pageInfo { hasNextPage } } } } }`;
  const partners = (...ids: string[]) => ids.map((id) => ({ __typename: 'Partner', id }));
  const page = (ids: string[], hasNextPage: boolean) => ({
    rewards: { nodes: ids.map((id) => ({ id })), pageInfo: { hasNextPage } },
  });

  it('lists each of many partners its newest, and drafts for itself', async () => {
    const [one, two, none] = [
      await givenPartner(test),
      await givenPartner(test),
      await givenPartner(test),
    ];
    await givenReward(test, { partnerId: one });
    const newer = await givenReward(test, { partnerId: one });
    const only = await givenReward(test, { partnerId: two });
    const draft = await givenDraft(test, { partnerId: two });

    const of = partners(one, two, none);
    expect(await ask(anonymous, query, { of, status: 'PUBLISHED' })).toEqual({
      _entities: [page([newer.id], true), page([only.id], false), page([], false)],
    });
    expect(await ask(partnerViewer(two), query, { of, status: 'DRAFT' })).toEqual({
      _entities: [page([], false), page([draft.id], false), page([], false)],
    });
  });
});

describe('redeemReward', () => {
  const mutation = `mutation ($input: RedeemRewardInput!) { redeemReward(input: $input) {
    redemption { number points member { id } reward { availability { stock } } }
    userErrors { code path details { available required } } } }`;

  it('redeems for the calling member, and shows what is left', async () => {
    const memberId = await givenMember(test, 500n);
    const { id: rewardId } = await givenReward(test, { price: 200n, stock: 9 });
    const twice = `mutation ($a: RedeemRewardInput!, $b: RedeemRewardInput!) {
      a: redeemReward(input: $a) { redemption { points member { id } reward { availability { stock } } } }
      b: redeemReward(input: $b) { redemption { points reward { availability { stock } } } } }`;

    const answer = await ask(memberViewer(memberId), twice, {
      a: { rewardId, idempotencyKey: 'a' },
      b: { rewardId, idempotencyKey: 'b' },
    });

    expect(answer).toEqual({
      a: {
        redemption: {
          points: 200,
          member: { id: memberId },
          reward: { availability: { stock: 8 } },
        },
      },
      b: { redemption: { points: 200, reward: { availability: { stock: 7 } } } },
    });
  });

  it('answers a refusal with its figures', async () => {
    const memberId = await givenMember(test, 5n);
    const { id: rewardId } = await givenReward(test, { price: 200n });

    const input = { rewardId, idempotencyKey: 'a' };
    expect(await ask(memberViewer(memberId), mutation, { input })).toEqual({
      redeemReward: {
        redemption: null,
        userErrors: [
          { code: 'INSUFFICIENT_POINTS', path: [], details: { available: 5, required: 200 } },
        ],
      },
    });
  });

  it('is for members whose token may redeem', async () => {
    const input = { rewardId: 'r', idempotencyKey: 'a' };

    expect(await codeOf(anonymous, mutation, { input })).toBe('UNAUTHENTICATED');
    for (const viewer of [memberViewer('m', ['BALANCE']), partnerViewer('p'), adminViewer()]) {
      expect(await codeOf(viewer, mutation, { input })).toBe('FORBIDDEN');
    }
  });
});

describe('a redemption', () => {
  const byId = 'query ($id: ID) { redemption(id: $id) { id } }';
  const reference = `query ($id: ID!) { _entities(representations: [{ __typename: "Redemption", id: $id }]) {
    ... on Redemption { id } } }`;

  async function givenRedemption() {
    const memberId = await givenMember(test, 100n);
    const { id: rewardId } = await givenReward(test, { price: 100n });
    const caller = { memberId, clock: databaseClock, sealKey: testConfig().sealKey };
    const input = { rewardId, idempotencyKey: 'a' };
    return redeemReward(test.db('rewards-catalog'), input, caller);
  }

  it('is for its member, its partner and staff who support members, on every path', async () => {
    const { id, memberId, partnerId } = await givenRedemption();

    for (const viewer of [memberViewer(memberId), partnerViewer(partnerId), adminViewer()]) {
      expect(await ask(viewer, byId, { id })).toEqual({ redemption: { id } });
      expect(await ask(viewer, reference, { id })).toEqual({ _entities: [{ id }] });
    }
    for (const viewer of [
      memberViewer(await givenMember(test)),
      partnerViewer(await givenPartner(test)),
      adminViewer(['PARTNERS_MANAGE']),
    ]) {
      expect(await ask(viewer, byId, { id })).toEqual({ redemption: null });
      expect(await ask(viewer, reference, { id })).toEqual({ _entities: [null] });
    }
    expect(await codeOf(anonymous, byId, { id })).toBe('UNAUTHENTICATED');
    expect(await ask(anonymous, reference, { id })).toEqual({ _entities: [null] });
  });

  it('is not met by a test client of its partner', async () => {
    const { id, partnerId } = await givenRedemption();
    const viewer = { ...partnerViewer(partnerId), sandbox: true };

    expect(await ask(viewer, byId, { id })).toEqual({ redemption: null });
    expect(await ask(viewer, reference, { id })).toEqual({ _entities: [null] });
  });

  it('is found by its number, however it is typed', async () => {
    const { id, number, memberId } = await givenRedemption();

    expect(
      await ask(
        memberViewer(memberId),
        'query ($number: String) { redemption(number: $number) { id } }',
        { number: ` ${number.toLowerCase()} ` },
      ),
    ).toEqual({ redemption: { id } });
    expect(await codeOf(memberViewer(memberId), '{ redemption { id } }')).toBe('BAD_USER_INPUT');
  });

  it('leads to its reward after the partner was suspended', async () => {
    const { id, memberId, partnerId } = await givenRedemption();
    await givenStatus(test, partnerId, 'SUSPENDED');

    expect(
      await ask(
        memberViewer(memberId),
        'query ($id: ID) { redemption(id: $id) { reward { name } } }',
        {
          id,
        },
      ),
    ).toEqual({ redemption: { reward: { name: 'Night by the harbour' } } });
  });
});

describe('a redemption that the household pays', () => {
  it('is quoted, redeemed and cancelled by its member, and tells a partner not who paid', async () => {
    const [id, otherId] = [await givenMember(test, 10n), await givenMember(test, 90n)];
    await givenHousehold(test, [id, otherId]);
    const { id: rewardId, partnerId } = await givenReward(test, { price: 40n });
    const member = memberViewer(id);
    const input = { rewardId, useHousehold: true };

    const quote = `query ($input: RedemptionQuoteInput!) { quoteRedemption(input: $input) {
      points householdPoints balanceAfter eligibility { eligible reasons { code } pointsShort } } }`;
    expect(await ask(member, quote, { input })).toEqual({
      quoteRedemption: {
        points: 40,
        householdPoints: 30,
        balanceAfter: 0,
        eligibility: { eligible: true, reasons: [], pointsShort: 0 },
      },
    });
    expect(await codeOf(member, quote, { input: { ...input, quantity: 0 } })).toBe(
      'BAD_USER_INPUT',
    );
    expect(await codeOf(partnerViewer(partnerId), quote, { input })).toBe('FORBIDDEN');
    const redeem = `mutation ($input: RedeemRewardInput!) { redeemReward(input: $input) {
      redemption { id householdPoints cancellableUntil } } }`;
    const { redeemReward: payload } = await ask<{
      redeemReward: { redemption: { id: string; householdPoints: number } };
    }>(member, redeem, { input: { ...input, idempotencyKey: 'a' } });
    expect(payload.redemption.householdPoints).toBe(30);

    const byId = 'query ($id: ID) { redemption(id: $id) { points householdPoints } }';
    const asked = { id: payload.redemption.id };
    expect(await ask(partnerViewer(partnerId), byId, asked)).toEqual({
      redemption: { points: 40, householdPoints: null },
    });
    expect(await ask(memberViewer(otherId), byId, asked)).toEqual({ redemption: null });
    const cancel = `mutation ($id: ID!) { cancelRedemption(id: $id, reason: "Rain") {
      redemption { status endedBecause } userErrors { code } } }`;
    expect(await codeOf(partnerViewer(partnerId), cancel, asked)).toBe('FORBIDDEN');
    expect(await codeOf(adminViewer(['PARTNERS_MANAGE']), cancel, asked)).toBe('FORBIDDEN');
    expect(await ask(adminViewer(), cancel, asked)).toEqual({
      cancelRedemption: {
        redemption: { status: 'CANCELLED', endedBecause: 'Rain' },
        userErrors: [],
      },
    });
  });
});

describe('Member.redemptions', () => {
  const query = `query ($id: ID!, $after: String) { _entities(representations: [{ __typename: "Member", id: $id }]) {
    ... on Member { redemptions(first: 2, after: $after) { nodes { points } pageInfo { hasNextPage endCursor } } } } }`;
  interface Answer {
    _entities: [
      {
        redemptions: {
          nodes: { points: number }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        } | null;
      },
    ];
  }

  it('lists what the member redeemed, newest first, for the member and staff', async () => {
    const id = await givenMember(test, 6n);
    for (const price of [1n, 2n, 3n]) {
      const { id: rewardId } = await givenReward(test, { price });
      await redeemReward(
        test.db('rewards-catalog'),
        { rewardId, idempotencyKey: `${price}` },
        { memberId: id, clock: databaseClock, sealKey: testConfig().sealKey },
      );
    }

    const first = await ask<Answer>(memberViewer(id), query, { id });
    const { nodes, pageInfo } = first._entities[0].redemptions!;
    expect(nodes).toEqual([{ points: 3 }, { points: 2 }]);
    expect(pageInfo.hasNextPage).toBe(true);
    const second = await ask<Answer>(adminViewer(), query, { id, after: pageInfo.endCursor });
    expect(second._entities[0].redemptions?.nodes).toEqual([{ points: 1 }]);
    for (const viewer of [anonymous, memberViewer(await givenMember(test)), partnerViewer('p')]) {
      expect(await ask(viewer, query, { id })).toEqual({ _entities: [{ redemptions: null }] });
    }
  });
});

function cursorAt(instant: string): string {
  return Buffer.from(JSON.stringify([instant, randomUUID()])).toString('base64url');
}
