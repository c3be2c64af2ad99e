import { randomUUID } from 'node:crypto';
import { type Clock, databaseClock } from '../../platform/clock.ts';
import type { Review } from '../../subgraphs/community/entities.ts';
import { reviewReward } from '../../subgraphs/community/reviews.ts';
import { recordActivity } from '../../subgraphs/partners/activities/activities.ts';
import { redeemReward } from '../../subgraphs/rewards-catalog/redemptions.ts';
import { testConfig } from './config.ts';
import type { TestDatabase } from './database.ts';
import { givenConsent, givenMember } from './given-members.ts';
import { partnerViewer } from './subgraph.ts';

/** A member who redeemed the reward, which has the usual price. @returns the id */
export async function givenRedeemer(test: TestDatabase, rewardId: string): Promise<string> {
  const memberId = await givenMember(test, 100n);
  await redeemReward(
    test.db('rewards-catalog'),
    { rewardId, idempotencyKey: 'given' },
    { memberId, clock: databaseClock, sealKey: testConfig().sealKey },
  );
  return memberId;
}

/** A member who bought something at a partner in euros. @returns the id */
export async function givenCustomer(test: TestDatabase, partnerId: string): Promise<string> {
  const memberId = await givenMember(test);
  await givenConsent(test, memberId, partnerId);
  await recordActivity(
    test.db('partners'),
    {
      member: { id: memberId },
      kind: 'PURCHASE',
      reference: randomUUID(),
      occurredAt: new Date(),
      amount: { amount: '0.10', currency: 'EUR' },
    },
    { viewer: partnerViewer(partnerId), clock: databaseClock },
  );
  return memberId;
}

/** A review of the reward by a new member who redeemed it. */
export async function givenReview(
  test: TestDatabase,
  rewardId: string,
  rating: number,
  clock: Clock = databaseClock,
): Promise<Review> {
  const memberId = await givenRedeemer(test, rewardId);
  const input = { rating, body: 'As it was.' };
  return reviewReward(test.db('community'), { rewardId, input }, { memberId, clock });
}
