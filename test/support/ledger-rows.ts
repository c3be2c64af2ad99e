import { rows } from '../../platform/database.ts';
import type { TestDatabase } from './database.ts';

/** Everything that the ledger holds of a member: what a refused call must leave as it was. */
export function traceOf(test: TestDatabase, memberId: string): Promise<unknown[]> {
  const tables = [
    'account',
    'transfer',
    'lot',
    'lot_use',
    'idempotency',
    'hold',
    'hold_lot',
    'conversion',
  ];
  return Promise.all(
    tables.map((table) =>
      rows(test.owner(), `SELECT * FROM ledger.${table} WHERE member_id = $1 ORDER BY 1, 2, 3`, [
        memberId,
      ]),
    ),
  );
}

/** A member's movements in their order: kind, what balance and debt changed by, and the other side. */
export function movementsOf(test: TestDatabase, memberId: string) {
  return rows<{ kind: string; points: bigint; debt: bigint; counter: string | null }>(
    test.owner(),
    `SELECT t.kind, t.points, t.debt, c.kind AS counter
     FROM ledger.transfer t LEFT JOIN ledger.counter_account c ON c.id = t.counter_account
     WHERE member_id = $1 ORDER BY account_version`,
    [memberId],
  );
}

/** What a member's lots hold, in the order of spending; used up ones are left out. */
export function openLotsOf(test: TestDatabase, memberId: string) {
  return rows<{ remaining: bigint; held: bigint; expiresAt: Date | null; issuer: string | null }>(
    test.owner(),
    `SELECT remaining, held, expires_at AS "expiresAt", issuer FROM ledger.lot
     WHERE member_id = $1 AND remaining > 0 ORDER BY expires_at NULLS LAST, activates_at, lot_id`,
    [memberId],
  );
}

/** A member's account as it is stored. */
export async function accountOf(test: TestDatabase, memberId: string) {
  const [account] = await rows<{ balance: bigint; held: bigint; debt: bigint }>(
    test.owner(),
    'SELECT balance, held, debt FROM ledger.account WHERE member_id = $1',
    [memberId],
  );
  return account;
}

/** What the counter accounts of an owner have moved by, by kind; of the coalition's own where null. */
export async function countersOf(test: TestDatabase, owner: string | null) {
  const found = await rows<{ kind: string; points: bigint }>(
    test.owner(),
    `SELECT c.kind, sum(t.debt - t.points)::bigint AS points
     FROM ledger.transfer t JOIN ledger.counter_account c ON c.id = t.counter_account
     WHERE c.owner IS NOT DISTINCT FROM $1 GROUP BY c.kind`,
    [owner],
  );
  return Object.fromEntries(found.map(({ kind, points }) => [kind, points]));
}
