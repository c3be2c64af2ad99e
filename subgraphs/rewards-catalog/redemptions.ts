import { Big } from 'big.js';
import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type RedeemPoints, redeemPoints } from '../../ledger/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { claimKey, hashOf, repeated } from '../../platform/idempotency.ts';
import { id, key, parseInput, points, requireOne } from '../../platform/input.ts';
import { requireActiveMember } from '../../platform/members.ts';
import { emit } from '../../platform/outbox.ts';
import { type Page, newestOf } from '../../platform/paging.ts';
import { judgeSpending, orHoldBack } from '../../platform/spending.ts';
import { isSteppedUp } from '../../platform/viewer.ts';
import { cancellableUntil } from './cancellations.ts';
import { findPublished } from './catalog.ts';
import { Redemption, Reward, RewardPrice } from './entities.ts';
import { payTogether } from './households.ts';
import { isCode } from './kinds.ts';
import { issueVouchers } from './vouchers.ts';

/** What is redeemed, and how it is paid. */
export const chosen = z.object({
  rewardId: id,
  priceId: id.nullish(),
  quantity: z
    .int()
    .min(1, 'must be 1 or more')
    .max(100, 'must be 100 or less')
    .nullish()
    .transform((quantity) => quantity ?? 1),
  // As if left out where false: the hash of an input is the same as before there were households.
  useHousehold: z
    .boolean()
    .nullish()
    .transform((use) => use || null),
});

const redeemRewardInput = chosen.extend({ idempotencyKey: key });

export type RedeemReward = z.input<typeof redeemRewardInput>;

interface Redeemer {
  memberId: string;
  /** When the member last entered a second factor. */
  steppedUpAt?: Date | null;
  clock: Clock;
  sealKey: string;
}

/**
 * Exchanges a member's points for units of a reward, all or nothing. Where units are codes, they are
 * issued with it. With `useHousehold` the household pays what the member's own points do not.
 *
 * Calling again with the same key returns the first redemption and charges nothing. A refused call
 * leaves no trace, so its key may be used again.
 *
 * @returns the redemption, new or repeated
 * @throws Refusal INVALID; NOT_FOUND the reward or the price does not exist, or is not to be seen;
 *   MEMBER_INACTIVE, or NOT_ALLOWED to a member of the sandbox; OUT_OF_STOCK fewer units are left,
 *   INSUFFICIENT_POINTS the balance is too low, both with what is available and required;
 *   LIMIT_REACHED more of a business's points than the member may spend in a month, or as
 *   `judgeSpending` says; STEP_UP_REQUIRED, NOT_ALLOWED and UNDER_REVIEW as it and `orHoldBack` say;
 *   IDEMPOTENCY_MISMATCH the key was used with another input; IN_PROGRESS it is still at work
 */
export async function redeemReward(
  db: Database,
  input: RedeemReward,
  member: Redeemer,
): Promise<Redemption> {
  const request = parseInput(redeemRewardInput, input);
  return orHoldBack(db, () => redeem(db, request, member));
}

async function redeem(
  db: Database,
  request: z.output<typeof redeemRewardInput>,
  { memberId, steppedUpAt = null, clock, sealKey }: Redeemer,
): Promise<Redemption> {
  const { quantity, idempotencyKey } = request;
  const inputHash = hashOf(request);
  return transaction(db, async (tx) => {
    // The key decides before anything else: what was redeemed once stays redeemed, though the reward
    // may have gone and the points be spent by now.
    const first = await tx.findOneBy(Redemption, { memberId, idempotencyKey });
    if (first) return repeated(first, inputHash);

    const reward = await findPublished(tx, request.rewardId);
    if (!reward) throw new Refusal('NOT_FOUND', 'This reward does not exist.', ['rewardId']);
    const price = await findPrice(tx, reward, request.priceId);
    if (!price) throw new Refusal('NOT_FOUND', 'The reward has no such price.', ['priceId']);
    await requireActiveMember(tx, memberId);
    const at = await clock.now(tx);

    const redemption = tx.create(Redemption, {
      id: randomUUID(),
      number: newNumber(),
      memberId,
      postedTo: null,
      partnerId: reward.partnerId,
      rewardId: reward.id,
      quantity,
      faceValue: reward.faceValue && new Big(reward.faceValue).times(quantity).toFixed(),
      faceCurrency: reward.faceCurrency,
      points: pointsFor(price, quantity),
      status: 'CONFIRMED',
      idempotencyKey,
      inputHash,
      createdAt: at,
      cancellableUntil: cancellableUntil(reward.kind, at),
      cancelledAt: null,
      endedBecause: null,
    });
    if (!(await claimKey(tx, Redemption, redemption, { unique: ['memberId', 'idempotencyKey'] }))) {
      return repeated(
        await tx.findOneByOrFail(Redemption, { memberId, idempotencyKey }),
        inputHash,
      );
    }
    await judgeSpending(tx, {
      action: 'REDEMPTION',
      id: redemption.id,
      memberId,
      partnerId: reward.partnerId,
      points: redemption.points,
      request: `${idempotencyKey} ${inputHash}`,
      steppedUp: isSteppedUp({ steppedUpAt }, at),
      at,
    });
    if (isCode(reward.kind)) await issueVouchers(tx, redemption, sealKey);
    await takeUnits(tx, reward, quantity);
    await carryOut(tx, redemption, { reward, pay: request.useHousehold ? payTogether : payAlone });
    return redemption;
  });
}

/** Moves the points, and tells of it. */
async function carryOut(
  tx: Database,
  redemption: Redemption,
  { reward, pay }: { reward: Reward; pay: typeof payAlone },
): Promise<void> {
  const { id: redemptionId, memberId, points: amount, partnerId, createdAt: at } = redemption;
  await pay(tx, redemption, {
    memberId,
    key: redemptionId,
    points: amount,
    partnerId,
    source: { kind: 'redemption', id: redemptionId },
    description: reward.name,
    effectiveAt: at,
    at,
  });
  await emit(tx, {
    type: 'reward.redeemed',
    memberId,
    partnerId,
    payload: { redemptionId, rewardId: reward.id },
    occurredAt: at,
  });
}

async function payAlone(tx: Database, _: Redemption, payment: RedeemPoints): Promise<void> {
  await redeemPoints(tx, payment);
}

/** The reward's price with this id, or its first. */
export function findPrice(
  db: Database,
  { id: rewardId }: Reward,
  priceId: string | null | undefined,
): Promise<RewardPrice | null> {
  return db.findOneBy(RewardPrice, {
    rewardId,
    ...(priceId ? { id: priceId } : { position: 0 }),
  });
}

/**
 * What so many units cost.
 *
 * @throws Refusal INVALID more than one movement may have: a price alone keeps to that, not every
 *   multiple of it
 */
export function pointsFor({ points: each }: RewardPrice, quantity: number): bigint {
  return parseInput(points, each * BigInt(quantity), ['quantity']);
}

/** Takes units with a single guarded update, so that two members cannot both take the last. */
async function takeUnits(tx: Database, reward: Reward, quantity: number): Promise<void> {
  if (reward.stock === null) return;
  const { affected } = await tx
    .createQueryBuilder()
    .update(Reward)
    .set({ stock: () => 'stock - :quantity' })
    .where('id = :id AND stock >= :quantity', { id: reward.id, quantity })
    .execute();
  if (affected === 1) return;
  const { stock } = await tx.findOneByOrFail(Reward, { id: reward.id });
  throw new Refusal('OUT_OF_STOCK', 'This reward has too few units left.', ['rewardId'], {
    available: BigInt(stock ?? 0),
    required: BigInt(quantity),
  });
}

// Digits and letters that are not taken for each other when they are read out or copied by hand.
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** One of 2^50 numbers: should it be taken, the call fails, and draws another when it is repeated. */
function newNumber(): string {
  return Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/**
 * The redemption with this id or number, or null.
 *
 * @throws GraphQLError BAD_USER_INPUT where not exactly one is given
 */
export async function findRedemption(
  db: Database,
  by: { id?: string | null | undefined; number?: string | null | undefined },
): Promise<Redemption | null> {
  requireOne(by, ['id', 'number']);
  const wanted =
    by.id != null
      ? { id: parseInput(id, by.id, ['id']) }
      : { number: parseInput(key, by.number, ['number']).toUpperCase() };
  return db.findOneBy(Redemption, wanted);
}

/** The members' redemptions, newest first; of each at most one more than the page has. */
export function redemptionsOf(
  db: Database,
  memberIds: string[],
  page: Page,
): Promise<Redemption[]> {
  return newestOf(db, Redemption, { owner: 'member_id', ownerIds: memberIds, page });
}
