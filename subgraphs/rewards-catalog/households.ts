/** What a redemption takes from the household of the member who redeems. */
import { type RedeemPoints, lockAvailable, redeemAll, split } from '../../ledger/index.ts';
import { type Database, rows } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { emitAll } from '../../platform/outbox.ts';
import { HouseholdShare, type Redemption } from './entities.ts';

/** What a member can spend, or spends. */
export interface Part {
  memberId: string;
  points: bigint;
}

/**
 * Splits what a reward costs: the member's own points first; then from the others in proportion to
 * what they have, by largest remainder, of equals from the one with the earlier id.
 *
 * @param others in the order of their ids
 * @returns what the member pays, and what each of the others does who pays; null where all of them
 *   together have too little
 */
export function splitPoints(
  required: bigint,
  own: bigint,
  others: readonly Part[],
): { own: bigint; shares: Part[] } | null {
  if (own >= required) return { own: required, shares: [] };
  const missing = required - own;
  if (sumOf(others) < missing) return null;
  const points = split(
    missing,
    others.map((each) => each.points),
  );
  const shares = others.map(({ memberId }, index) => ({ memberId, points: points[index]! }));
  return { own, shares: shares.filter((share) => share.points > 0n) };
}

export function sumOf(parts: readonly Pick<Part, 'points'>[]): bigint {
  return parts.reduce((sum, { points }) => sum + points, 0n);
}

interface Pool {
  householdId: string;
  memberId: string;
}

/** The others who pool their points with the member, in the order of their ids. */
export function poolOf(db: Database, memberId: string): Promise<Pool[]> {
  return rows(db, `SELECT ${poolColumns} FROM members.household_of($1)`, [memberId]);
}

/** The same, and nobody leaves or stops sharing until the transaction ends. */
function keepPool(tx: Database, memberId: string): Promise<Pool[]> {
  return rows(tx, `SELECT ${poolColumns} FROM members.keep_household($1)`, [memberId]);
}

const poolColumns = 'household_id AS "householdId", member_id AS "memberId"';

/** How many of the others' points a member may still spend this month. */
export interface Room {
  points: bigint;
  limit: bigint;
  /** When the next month begins. */
  until: Date;
}

/** Null for who may spend any number of them. */
export async function spendingRoom(db: Database, memberId: string, at: Date): Promise<Room | null> {
  const [room] = await rows<Room>(
    db,
    `SELECT l.points AS limit, l.month_until AS until,
            greatest(0, l.points - coalesce((
              SELECT sum(s.points)
              FROM rewards.redemption r JOIN rewards.household_share s ON s.redemption_id = r.id
              WHERE r.member_id = $1 AND r.created_at >= l.month_from AND r.status <> 'CANCELLED'
            ), 0))::bigint AS points
     FROM members.spending_limit_of($1, $2) l`,
    [memberId, at],
  );
  return room ?? null;
}

/**
 * Pays for a redemption with the member's own points and then the household's. Who is in it, and what
 * each of them has, cannot change between being read and being taken.
 *
 * @param payment of the whole redemption by its member
 * @throws Refusal INSUFFICIENT_POINTS all of them together have too few, with what they have; LIMIT_REACHED
 *   it is more of the others' points than the member may spend in a month, with `limit` and `retryAt`
 */
export async function payTogether(
  tx: Database,
  redemption: Redemption,
  payment: RedeemPoints,
): Promise<void> {
  const { memberId, points: required, at } = payment;
  const pool = await keepPool(tx, memberId);
  const others = pool.map((each) => each.memberId);
  const available = await lockAvailable(tx, [memberId, ...others], at);
  const availableOf = (id: string) => available.get(id) ?? 0n;
  const parts = others.map((id) => ({ memberId: id, points: availableOf(id) }));
  const paid = splitPoints(required, availableOf(memberId), parts);
  if (!paid) {
    throw new Refusal('INSUFFICIENT_POINTS', 'The household has too few points.', [], {
      available: availableOf(memberId) + sumOf(parts),
      required,
    });
  }
  // The others' accounts are locked: what the member's last redemption took of them is seen.
  const room = paid.shares.length > 0 ? await spendingRoom(tx, memberId, at) : null;
  if (room && sumOf(paid.shares) > room.points) {
    throw new Refusal(
      'LIMIT_REACHED',
      'You may not spend so much of the business in a month.',
      [],
      {
        limit: String(room.limit),
        available: room.points,
        retryAt: room.until,
      },
    );
  }
  // Entries that were posted together have one id: the key is each member's own.
  const own = paid.own > 0n ? [{ ...payment, points: paid.own }] : [];
  const shares = paid.shares.map((share) => ({ ...payment, ...share, description: ofHousehold }));
  for (const posting of await redeemAll(tx, [...own, ...shares])) {
    if (posting instanceof Refusal) throw posting;
  }
  if (paid.shares.length > 0) await keepShares(tx, redemption, pool[0]!.householdId, paid.shares);
}

/** What a statement says of points that another member spent: not on what. */
const ofHousehold = 'Spent by the household';

async function keepShares(
  tx: Database,
  { id: redemptionId, memberId: spentBy, createdAt }: Redemption,
  householdId: string,
  shares: Part[],
): Promise<void> {
  await tx.insert(
    HouseholdShare,
    shares.map((share) => ({ ...share, redemptionId, householdId })),
  );
  await emitAll(
    tx,
    shares.map(({ memberId }) => ({
      type: 'household.spent',
      memberId,
      payload: { householdId, redemptionId, spentBy },
      occurredAt: createdAt,
    })),
  );
}
