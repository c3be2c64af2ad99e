import { randomUUID } from 'node:crypto';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Reward, RewardPrice } from '../../../subgraphs/rewards-catalog/entities.ts';
import {
  type CreateReward,
  createReward,
  publishReward,
} from '../../../subgraphs/rewards-catalog/rewards.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { givenDraft } from '../../support/given-rewards.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

describe('createReward', () => {
  const test = useTestDatabase();

  const create = (viewer: Viewer, input: Partial<CreateReward> & { partnerId: string }) =>
    createReward(
      test.db('rewards-catalog'),
      { sku: 'NIGHT-1', name: 'A night', kind: 'NIGHT', prices: [{ points: 100n }], ...input },
      { viewer, clock: databaseClock },
    );

  it('drafts a reward of the calling partner, its prices in their order', async () => {
    const partnerId = await givenPartner(test);

    const { id } = await create(partnerViewer(partnerId), {
      partnerId,
      sku: ' night-2 ',
      prices: [{ points: 300n }, { points: 200n }],
      availability: { stock: 7 },
    });

    const db = test.db('rewards-catalog');
    expect(await db.findOneBy(Reward, { id })).toMatchObject({
      partnerId,
      sku: 'night-2',
      status: 'DRAFT',
      stock: 7,
      description: null,
    });
    const prices = await db.find(RewardPrice, {
      where: { rewardId: id },
      order: { position: 'ASC' },
    });
    expect(prices.map(({ points }) => points)).toEqual([300n, 200n]);
  });

  it('drafts a reward of any partner for staff', async () => {
    const partnerId = await givenPartner(test);

    expect(await create(adminViewer(), { partnerId })).toMatchObject({ partnerId, stock: null });
  });

  it('keeps categories in one spelling, each once', async () => {
    const partnerId = await givenPartner(test);
    const categories = [' City \t Breaks', 'city breaks', 'CAFE\u0301', 'Spa'];

    const { id } = await create(adminViewer(), { partnerId, categories });

    const kept = await test.db('rewards-catalog').findOneByOrFail(Reward, { id });
    expect(kept.categories).toEqual(['city breaks', 'caf\u00e9', 'spa']);
  });

  it('refuses a SKU that the partner has, and names the reward', async () => {
    const [partnerId, other] = [await givenPartner(test), await givenPartner(test)];
    const first = await create(adminViewer(), { partnerId, sku: 'S' });

    await expect(create(adminViewer(), { partnerId, sku: 'S', name: 'B' })).rejects.toEqual(
      refusal('CONFLICT', ['sku'], { subject: first.id }),
    );
    expect(await create(adminViewer(), { partnerId: other, sku: 'S' })).toMatchObject({ sku: 'S' });
    expect(await count(partnerId)).toBe(1);
  });

  it('makes one reward when ten calls with one SKU come at once', async () => {
    const partnerId = await givenPartner(test);

    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => create(adminViewer(), { partnerId })),
    );

    const [reward] = await test.db('rewards-catalog').findBy(Reward, { partnerId });
    expect(await count(partnerId)).toBe(1);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
      ),
    ).toEqual(Array(9).fill(refusal('CONFLICT', ['sku'], { subject: reward!.id })));
  });

  it('finds no partner for another partner, and none that does not exist', async () => {
    const [mine, theirs] = [await givenPartner(test), await givenPartner(test)];

    await expect(create(partnerViewer(mine), { partnerId: theirs })).rejects.toEqual(
      refusal('NOT_FOUND', ['partnerId']),
    );
    await expect(create(adminViewer(), { partnerId: randomUUID() })).rejects.toEqual(
      refusal('NOT_FOUND', ['partnerId']),
    );
    expect(await count(theirs)).toBe(0);
  });

  it('is not for test clients: live ones would see it', async () => {
    const partnerId = await givenPartner(test);
    const client = { ...partnerViewer(partnerId), sandbox: true };

    await expect(create(client, { partnerId })).rejects.toEqual(refusal('NOT_ALLOWED'));
    expect(await count(partnerId)).toBe(0);
  });

  it('refuses a partner that is suspended', async () => {
    const partnerId = await givenPartner(test);
    await givenStatus(test, partnerId, 'SUSPENDED');

    await expect(create(adminViewer(), { partnerId })).rejects.toEqual(
      refusal('PARTNER_INACTIVE', ['partnerId']),
    );
    expect(await count(partnerId)).toBe(0);
  });

  it.each<[string, Partial<CreateReward>, string[]]>([
    ['no price', { prices: [] }, ['prices']],
    ['11 prices', { prices: Array(11).fill({ points: 1n }) }, ['prices']],
    ['a price of 0', { prices: [{ points: 1n }, { points: 0n }] }, ['prices', '1', 'points']],
    ['a price above 10^12', { prices: [{ points: 10n ** 12n + 1n }] }, ['prices', '0', 'points']],
    ['a stock below 0', { availability: { stock: -1 } }, ['availability', 'stock']],
    ['11 categories', { categories: Array(11).fill('a') }, ['categories']],
    ['an empty category', { categories: ['a', ' '] }, ['categories', '1']],
    ['a category of 51 characters', { categories: ['a'.repeat(51)] }, ['categories', '0']],
    ['an empty name', { name: '  ' }, ['name']],
    ['an image that is no URL', { imageUrl: 'javascript:alert(1)' }, ['imageUrl']],
    [
      'an image of 2,001 characters',
      { imageUrl: `https://a.example/${'a'.repeat(1_983)}` },
      ['imageUrl'],
    ],
    ['an image’s URL that is no text', { imageUrl: 'https://a.example/\0' }, ['imageUrl']],
  ])('refuses %s', async (_, input, path) => {
    const partnerId = await givenPartner(test);

    await expect(create(adminViewer(), { partnerId, ...input })).rejects.toEqual(
      refusal('INVALID', path),
    );
    expect(await count(partnerId)).toBe(0);
  });

  function count(partnerId: string): Promise<number> {
    return test.db('rewards-catalog').countBy(Reward, { partnerId });
  }
});

describe('publishReward', () => {
  const test = useTestDatabase();

  const publish = (id: string) =>
    publishReward(
      test.db('rewards-catalog'),
      { id },
      { viewer: adminViewer(), clock: databaseClock },
    );

  it('publishes a draft, and gives the same answer however often it is called', async () => {
    const { id } = await givenDraft(test);

    const answers = await Promise.all(Array.from({ length: 10 }, () => publish(id)));
    const again = await publish(id);

    expect([...answers, again].map(({ status }) => status)).toEqual(Array(11).fill('PUBLISHED'));
    expect(await published([id])).toEqual([id]);
  });

  it.each([
    [randomUUID(), 'NOT_FOUND' as const],
    ['reward-1', 'INVALID' as const],
  ])('refuses %s, which is no reward, and publishes none', async (id, code) => {
    const draft = await givenDraft(test);

    await expect(publish(id)).rejects.toEqual(refusal(code, ['id']));

    expect(await published([draft.id])).toEqual([]);
    const kept = await test.db('rewards-catalog').findOneByOrFail(Reward, { id: draft.id });
    expect(kept.status).toBe('DRAFT');
  });

  it('is not seen by other parts while the reward is a draft, or its partner is not live', async () => {
    const [draft, hidden] = [await givenDraft(test), await givenDraft(test)];
    await publish(hidden.id);
    await givenStatus(test, hidden.partnerId, 'SUSPENDED');

    expect(await published([draft.id, hidden.id, randomUUID()])).toEqual([]);
  });

  /** What community is told. */
  async function published(ids: string[]): Promise<string[]> {
    const found = await rows<{ id: string }>(
      test.db('community'),
      'SELECT published AS id FROM rewards.published($1)',
      [ids],
    );
    return found.map(({ id }) => id);
  }
});
