import type { z } from 'zod';
import { balancesOf } from '../../ledger/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database.ts';
import { parseInput } from '../../platform/input.ts';
import { findPublished } from './catalog.ts';
import { poolOf, spendingRoom, splitPoints, sumOf } from './households.ts';
import { chosen, findPrice, pointsFor } from './redemptions.ts';

interface Quote {
  points: bigint;
  householdPoints: bigint;
  balanceAfter: bigint;
  eligibility: { eligible: boolean; reasons: Reason[]; pointsShort: bigint };
}

interface Reason {
  code: 'POINTS_SHORT' | 'OUT_OF_STOCK' | 'MEMBER_LIMIT';
  message: string;
}

/**
 * What `redeemReward` would take of the member now, and what stands in its way. It promises nothing:
 * points and units may be gone a moment later.
 *
 * @returns null for a reward or price that is not there, or not to be seen
 * @throws Refusal INVALID
 */
export async function quoteRedemption(
  db: Database,
  input: z.input<typeof chosen>,
  { memberId, clock }: { memberId: string; clock: Clock },
): Promise<Quote | null> {
  const request = parseInput(chosen, input);
  const reward = await findPublished(db, request.rewardId);
  const price = reward && (await findPrice(db, reward, request.priceId));
  if (!price) return null;
  const required = pointsFor(price, request.quantity);

  const pool = request.useHousehold ? await poolOf(db, memberId) : [];
  const accounts = [{ memberId }, ...pool];
  const at = await clock.now(db);
  const balances = await balancesOf(db, accounts, at);
  const [own, ...others] = balances.map((balance) => ({
    memberId: balance.memberId,
    points: balance.available,
  }));
  const paid = splitPoints(required, own!.points, others);

  const reasons: Reason[] = [];
  if (!paid) reasons.push({ code: 'POINTS_SHORT', message: 'The balance is too low.' });
  if (reward.stock !== null && reward.stock < request.quantity) {
    reasons.push({ code: 'OUT_OF_STOCK', message: 'This reward has too few units left.' });
  }
  const room = paid && paid.shares.length > 0 ? await spendingRoom(db, memberId, at) : null;
  if (room && sumOf(paid!.shares) > room.points) {
    const message = 'It is more of the household’s points than you may spend in a month.';
    reasons.push({ code: 'MEMBER_LIMIT', message });
  }
  return {
    points: required,
    householdPoints: paid ? sumOf(paid.shares) : sumOf(others),
    balanceAfter: paid ? own!.points - paid.own : 0n,
    eligibility: {
      eligible: reasons.length === 0,
      reasons,
      pointsShort: paid ? 0n : required - own!.points - sumOf(others),
    },
  };
}
