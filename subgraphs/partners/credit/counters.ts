/** The rows of which each issue of points needs one. */
import { In } from 'typeorm';
import { type Database, rows, toJson } from '../../../platform/database.ts';
import { CreditCounter, PointBlock } from './entities.ts';

/** Locks the counters of partners in one order for all, and makes those that there are not yet. */
export async function lockCounters(
  tx: Database,
  partnerIds: readonly string[],
): Promise<Map<string, CreditCounter>> {
  const wanted = [...new Set(partnerIds)];
  const lock = () =>
    tx.find(CreditCounter, {
      where: { partnerId: In(wanted) },
      order: { partnerId: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  let found = await lock();
  if (found.length < wanted.length) {
    await rows(
      tx,
      `INSERT INTO partners.credit_counter (partner_id)
       SELECT id FROM unnest($1::uuid[]) AS w (id) ORDER BY id ON CONFLICT DO NOTHING`,
      [wanted],
    );
    found = await lock();
  }
  return new Map(found.map((counter) => [counter.partnerId, counter]));
}

/** Writes locked counters as they are. */
export async function saveCounters(tx: Database, counters: Iterable<CreditCounter>): Promise<void> {
  await rows(
    tx,
    `UPDATE partners.credit_counter c
     SET month = n.month, issued = n.issued, currency = n.currency, owed = n.owed, used = n.used
     FROM jsonb_to_recordset($1) AS n ("partnerId" uuid, month date, issued bigint, currency text,
       owed numeric, used numeric)
     WHERE c.partner_id = n."partnerId"`,
    [toJson([...counters])],
  );
}

/**
 * Lets what a partner owes be read anew when it next issues: a payment has changed it, whichever side paid.
 * Call it once the statement is locked.
 */
export async function forgetOwed(tx: Database, partnerId: string): Promise<void> {
  await tx.update(CreditCounter, { partnerId }, { owed: null, currency: null });
}

/** What is left of the blocks that partners may use on a day, the next to be used first. */
export function openBlocks(
  tx: Database,
  partnerIds: readonly string[],
  day: string,
): Promise<PointBlock[]> {
  return tx
    .createQueryBuilder(PointBlock, 'b')
    .where('b.partnerId = ANY (:partnerIds) AND b.remaining > 0 AND b.validFrom <= :day', {
      partnerIds,
      day,
    })
    .orderBy({ 'b.partnerId': 'ASC', 'b.validFrom': 'ASC', 'b.soldAt': 'ASC', 'b.id': 'ASC' })
    .getMany();
}

/** Adds to what blocks have left, or takes from it. */
export async function changeBlocks(
  tx: Database,
  changes: readonly { blockId: string; points: bigint }[],
): Promise<void> {
  if (changes.length === 0) return;
  await rows(
    tx,
    `UPDATE partners.point_block b SET remaining = b.remaining + n.points
     FROM (SELECT "blockId" AS id, sum(points)::bigint AS points
           FROM jsonb_to_recordset($1) AS c ("blockId" uuid, points bigint) GROUP BY 1) AS n
     WHERE b.id = n.id`,
    [toJson(changes)],
  );
}
