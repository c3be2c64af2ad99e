import { type Database, rows, toJson } from '../../../platform/database.ts';

/** Points that an offer gave, in one half of the world. */
export interface Spent {
  offerId: string;
  sandbox: boolean;
  points: bigint;
}

/**
 * Takes points of budgets, all or none. It locks them, in one order for all batches: call it after
 * whatever else a transaction locks.
 *
 * @returns whether each has as much left
 */
export async function spendBudgets(tx: Database, spent: readonly Spent[]): Promise<boolean> {
  if (spent.length === 0) return true;
  const found = await lockBudgets(tx, spent);
  const leftOf = new Map(found.map((each) => [`${each.offerId} ${each.sandbox}`, each.left]));
  const suffices = spent.every(
    ({ offerId, sandbox, points }) => points <= BigInt(leftOf.get(`${offerId} ${sandbox}`)!),
  );
  if (suffices) await addSpent(tx, spent);
  return suffices;
}

/** What was taken back of an activity. */
export interface TakenBack {
  activityId: string;
  /** What it earned, and how much of that is taken back by now, in all. */
  earned: bigint;
  reversed: bigint;
}

/**
 * Gives back to offers what refunds took back of activities, in proportion, rounded down: of each what its
 * refunds come to by now, so that the same again gives nothing. Call it after whatever else a transaction
 * locks.
 */
export async function returnToOffers(tx: Database, refunds: readonly TakenBack[]): Promise<void> {
  if (refunds.length === 0) return;
  const returned = await rows<Spent>(
    tx,
    `WITH taken AS (
       SELECT w.activity_id, w.offer_id, w.refunded AS before,
              div(w.points::numeric * r.reversed, r.earned)::bigint AS by_now
       FROM partners.offer_award w
       JOIN jsonb_to_recordset($1) AS r ("activityId" uuid, earned numeric, reversed numeric)
         ON r."activityId" = w.activity_id
       ORDER BY w.activity_id, w.offer_id FOR UPDATE OF w
     ), noted AS (
       UPDATE partners.offer_award w SET refunded = t.by_now FROM taken t
       WHERE (w.activity_id, w.offer_id) = (t.activity_id, t.offer_id) AND t.by_now > t.before
       RETURNING w.offer_id, w.sandbox, t.by_now - t.before AS points)
     SELECT offer_id AS "offerId", sandbox, -sum(points)::bigint AS points FROM noted
     GROUP BY offer_id, sandbox`,
    [toJson(refunds)],
  );
  if (returned.length === 0) return;
  await lockBudgets(tx, returned);
  await addSpent(tx, returned);
}

function lockBudgets(tx: Database, spent: readonly Spent[]) {
  return rows<{ offerId: string; sandbox: boolean; left: bigint }>(
    tx,
    `SELECT offer_id AS "offerId", sandbox, points - spent AS left FROM partners.offer_budget
     WHERE (offer_id, sandbox) IN (SELECT * FROM unnest($1::uuid[], $2::boolean[]))
     ORDER BY offer_id, sandbox FOR NO KEY UPDATE`,
    [spent.map(({ offerId }) => offerId), spent.map(({ sandbox }) => sandbox)],
  );
}

async function addSpent(tx: Database, spent: readonly Spent[]): Promise<void> {
  await rows(
    tx,
    `UPDATE partners.offer_budget b SET spent = b.spent + s.points
     FROM jsonb_to_recordset($1) AS s ("offerId" uuid, sandbox boolean, points bigint)
     WHERE (b.offer_id, b.sandbox) = (s."offerId", s.sandbox)`,
    [toJson(spent)],
  );
}

/** What offers have given, less what was taken back, in one half of the world. */
export async function spentBy(
  db: Database,
  offerIds: readonly string[],
  sandbox: boolean,
): Promise<bigint[]> {
  const found = await rows<{ id: string; points: bigint }>(
    db,
    `SELECT o.id, coalesce(b.spent, (
         SELECT sum(s.points)::bigint FROM partners.offer_spent s
         WHERE s.offer_id = o.id AND s.sandbox = $2), 0) AS points
     FROM partners.offer o
     LEFT JOIN partners.offer_budget b ON b.offer_id = o.id AND b.sandbox = $2
     WHERE o.id = ANY ($1::uuid[])`,
    [offerIds, sandbox],
  );
  const byId = new Map(found.map(({ id, points }) => [id, BigInt(points)]));
  return offerIds.map((id) => byId.get(id)!);
}
