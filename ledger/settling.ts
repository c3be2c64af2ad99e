import { type Database, rows } from '../platform/database.ts';

/**
 * Lets happen what is due by itself: points become active, expire or are taken back, holds end,
 * conversions time out. Again: nothing. Whoever reads or writes an account sees it as if it had happened
 * already.
 *
 * @param limit how many accounts at most
 * @param at up to when; the database's now where left out
 * @returns how many accounts it looked at
 */
export async function settleDue(db: Database, limit: number, at?: Date): Promise<number> {
  const [row] = await rows<{ count: number }>(
    db,
    'SELECT ledger.settle_due($1, coalesce($2, now())) AS count',
    [limit, at ?? null],
  );
  return row!.count;
}
