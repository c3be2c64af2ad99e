import { randomUUID } from 'node:crypto';
import { databaseClock } from '../../platform/clock.ts';
import { RewardPrice } from '../../subgraphs/rewards-catalog/entities.ts';
import {
  type CreateReward,
  createReward,
  publishReward,
} from '../../subgraphs/rewards-catalog/rewards.ts';
import type { TestDatabase } from './database.ts';
import { givenPartner } from './given-partners.ts';
import { adminViewer } from './subgraph.ts';

export interface GivenReward {
  id: string;
  priceId: string;
  partnerId: string;
}

/** A published reward with one price, of a live partner. */
export async function givenReward(
  test: TestDatabase,
  facts: GivenRewardFacts = {},
): Promise<GivenReward> {
  const reward = await givenDraft(test, facts);
  await publishReward(
    test.db('rewards-catalog'),
    { id: reward.id },
    { viewer: adminViewer(), clock: databaseClock },
  );
  return reward;
}

interface GivenRewardFacts {
  price?: bigint;
  /** Null: unlimited. */
  stock?: number | null;
  /** A new live partner where left out. */
  partnerId?: string;
  kind?: CreateReward['kind'];
  categories?: string[];
  /** By the point where left out. */
  faceValue?: CreateReward['faceValue'];
}

/** A reward that is not published. */
export async function givenDraft(
  test: TestDatabase,
  {
    price = 100n,
    stock = null,
    partnerId,
    kind = 'NIGHT',
    categories = [],
    faceValue,
  }: GivenRewardFacts = {},
): Promise<GivenReward> {
  const db = test.db('rewards-catalog');
  const reward = await createReward(
    db,
    {
      partnerId: partnerId ?? (await givenPartner(test)),
      sku: randomUUID(),
      name: 'Night by the harbour',
      kind,
      categories,
      prices: [{ points: price }],
      availability: { stock },
      faceValue,
    },
    { viewer: adminViewer(), clock: databaseClock },
  );
  const { id: priceId } = await db.findOneByOrFail(RewardPrice, { rewardId: reward.id });
  return { id: reward.id, priceId, partnerId: reward.partnerId };
}
