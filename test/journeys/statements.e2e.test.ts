import { jest } from '@jest/globals';
import pg from 'pg';
import { questions } from '../../bench/end-to-end/questions.ts';
import { accruePoints } from '../../ledger/index.ts';
import { databaseClock } from '../../platform/clock.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { createPost } from '../../subgraphs/community/posts.ts';
import { CollectedStamps } from '../../subgraphs/partners/earning/entities.ts';
import { type System, startSystem } from '../../system.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenConsent, givenMember, givenMemberAt } from '../support/given-members.ts';
import { givenOffer } from '../support/given-offers.ts';
import { givenPartner } from '../support/given-partners.ts';
import { anAccrual } from '../support/given-points.ts';
import { givenReward } from '../support/given-rewards.ts';
import { givenTiers } from '../support/given-tiers.ts';
import { statementsHeard } from '../support/statements.ts';
import { configOn, memberViewer, partnerViewer, testPlatform } from '../support/subgraph.ts';

const hourMs = 3_600_000;

/** What whole requests ask of the database, where no other request asks the same at the same moment. */
describe('the statements of a request', () => {
  const test = useTestDatabase();
  const [few, many] = [3, 12];
  const brands = 4;
  let system: System;
  let partnerIds: string[];

  beforeAll(async () => {
    const config = configOn(test);
    // One by one: which reads of two parts of a request meet in one group is a matter of chance.
    const limits = { ...config.limits, groupedReads: 1 };
    system = await startSystem({ ...config, limits }, testPlatform(databaseClock));
    await givenTiers(test);
    const at = { startsAt: new Date(Date.now() - hourMs), endsAt: new Date(Date.now() + hourMs) };
    partnerIds = await Promise.all(Array.from({ length: brands }, () => givenPartner(test)));
    const memberIds = await Promise.all(
      partnerIds.map((issuerId) => givenMember(test, 5n, issuerId)),
    );
    // Neighbours in a list differ in whose they are.
    for (let place = 0; place < many; place++) {
      const [partnerId, memberId] = [partnerIds[place % brands]!, memberIds[place % brands]!];
      const reward = await givenReward(test, { partnerId });
      await givenOffer(test, partnerId, at);
      const post = { kind: 'TIP' as const, title: 'Look', body: 'There is more.' };
      const about = { aboutRewardId: reward.id, idempotencyKey: `${place}` };
      const by = { memberId, clock: databaseClock };
      await createPost(test.db('community'), { ...post, ...about }, by);
    }
  });
  afterAll(() => system.drain());

  /** What is answered, and the texts of the statements. */
  async function answered(viewer: Viewer, name: string, variables: object) {
    const spy = jest.spyOn(pg.Client.prototype, 'query');
    try {
      const asked = { query: questions[name]!.query, variables: { ...variables } };
      const { data, errors } = await system.gateway.execute(asked, viewer);
      expect(errors).toBeUndefined();
      return { data: data as object, texts: statementsHeard(spy).map(([text]) => text) };
    } finally {
      spy.mockRestore();
    }
  }

  /** How often each table, or function, is the first that a statement reads. */
  function countsOf(texts: string[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const text of texts) {
      const [, table] = /\b(?:FROM|JOIN)\s+("?[a-z_]+"?\."?[a-z_]+)/.exec(text) ?? [];
      const [, called] = /\b([a-z_]+\.[a-z_]+)\(/.exec(text) ?? [];
      const target = (table ?? called ?? text).replaceAll('"', '');
      counts[target] = (counts[target] ?? 0) + 1;
    }
    return counts;
  }

  /** Home, with lists of so many, for one whom as many brands gave points at the most. */
  async function home(first: number): Promise<string[]> {
    const issuers = Math.min(first, brands);
    const memberId = await givenMember(test);
    for (const issuerId of partnerIds.slice(0, issuers)) {
      await accruePoints(test.db('partners'), anAccrual({ memberId, issuerId, points: 10n }));
      const stamps = { memberId, partnerId: issuerId, code: 'COFFEE', stamps: 3n, moved: 3n };
      await test.db('partners').insert(CollectedStamps, stamps as never);
    }
    const { data, texts } = await answered(memberViewer(memberId), 'home', { first });
    const rowsOf = (length: number) => Array<unknown>(length).fill(expect.any(Object));
    expect(data).toMatchObject({
      me: { offers: { nodes: rowsOf(first) }, balances: [{ byIssuer: rowsOf(issuers) }] },
      rewards: { nodes: rowsOf(first) },
      feed: { nodes: Array(first).fill({ about: { prices: rowsOf(1) } }) },
    });
    return texts;
  }

  it('are as many for twelve of everything as for three', async () => {
    const forFew = await home(few);

    expect(countsOf(await home(many))).toEqual(countsOf(forFew));
  });

  it("are those that a member's first page needs, and no more", async () => {
    expect(countsOf(await home(few))).toEqual({
      // Of the program: by the member's hop and by that of the authors.
      'members.tier': 2,
      // By both, and by that of the offers.
      'SELECT clock_timestamp() AS now': 3,
      // The member and the authors.
      'members.member': 2,
      // Of the member and of the authors.
      'members.tiers_of': 2,
      // The balance, and what of it expires.
      'ledger.points_of': 2,
      'ledger.currency': 1,
      // Whose the rewards are, those of the feed, the points, and the offers and stamps.
      'partners.partner': 4,
      'members.program': 1,
      'members.snapshot': 1,
      'partners.offer': 1,
      'partners.collected_stamps': 1,
      'partners.rule_set': 1,
      // The list, and what the feed is about.
      'rewards.reward': 2,
      'rewards.reward_price': 2,
      'community.post': 1,
      'community.review': 1,
    });
  });

  it('are those that a balance needs that a partner asks for, and no more', async () => {
    const email = 'shared@example.com';
    const memberId = await givenMemberAt(test, email);
    await givenConsent(test, memberId, partnerIds[0]!);
    const partner = partnerViewer(partnerIds[0]!, ['BALANCES_READ']);

    const { data, texts } = await answered(partner, 'shared', { by: { email } });

    expect(data).toMatchObject({ member: { balance: { available: 0 } } });
    expect(countsOf(texts)).toEqual({
      'partners.is_revoked': 1,
      'members.resolve': 1,
      // That there is a consent, and that it is to read balances.
      'members.may': 2,
      'members.member': 1,
      'members.tier': 1,
      'members.tiers_of': 1,
      'SELECT clock_timestamp() AS now': 1,
      'ledger.currency': 1,
      'ledger.points_of': 1,
      'partners.lowest_redemption_rate': 1,
    });
  });

  it('are four for a page of the catalogue', async () => {
    const { data, texts } = await answered(anonymous, 'catalogue', {});

    expect(data).toMatchObject({ rewards: { nodes: Array(many).fill({ prices: [{}] }) } });
    expect(countsOf(texts)).toEqual({
      'rewards.reward': 1,
      'rewards.reward_price': 1,
      'partners.partner': 1,
      'community.review': 1,
    });
  });
});
