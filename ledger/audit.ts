import { type Database, rows } from '../platform/database.ts';

/** Something in the ledger that breaks an invariant. */
interface LedgerFault {
  invariant: string;
  memberId: string;
  currency: string;
}

/**
 * Proves the ledger's invariants over the whole of it: each account's balance is the sum of its
 * movements and of its open lots, its versions have no gap, and each debit is covered by its lots.
 *
 * @returns what breaks one; empty for a sound ledger
 */
export function auditLedger(db: Database): Promise<LedgerFault[]> {
  return rows(
    db,
    `WITH moved AS (
       SELECT member_id, currency, sum(points) AS points, count(*) AS movements,
              max(account_version) AS version, min(account_version) AS first,
              (array_agg(balance_after ORDER BY account_version DESC))[1] AS last
       FROM ledger.transfer GROUP BY member_id, currency
     ), open AS (
       SELECT member_id, currency, sum(remaining) AS points
       FROM ledger.lot GROUP BY member_id, currency
     ), running AS (
       SELECT member_id, currency,
              bool_and(balance_after = running) AS right
       FROM (SELECT member_id, currency, balance_after,
                    sum(points) OVER (PARTITION BY member_id, currency ORDER BY account_version) AS running
             FROM ledger.transfer) AS entry
       GROUP BY member_id, currency
     )
     SELECT 'balance equals movements' AS invariant, member_id AS "memberId", currency
     FROM ledger.account LEFT JOIN moved USING (member_id, currency)
     WHERE balance <> coalesce(points, 0) OR balance <> coalesce(last, 0)
     UNION ALL
     SELECT 'balance equals open lots', member_id, currency
     FROM ledger.account LEFT JOIN open USING (member_id, currency)
     WHERE balance <> coalesce(points, 0)
     UNION ALL
     SELECT 'versions have no gap', member_id, currency
     FROM ledger.account a LEFT JOIN moved m USING (member_id, currency)
     WHERE a.version IS DISTINCT FROM coalesce(m.version, 0) OR m.movements IS DISTINCT FROM m.version OR m.first <> 1
     UNION ALL
     SELECT 'balance after each movement', member_id, currency FROM running WHERE NOT "right"
     UNION ALL
     SELECT 'debits are covered by lots', t.member_id, t.currency
     FROM ledger.transfer t
     LEFT JOIN (SELECT member_id, transfer_id, sum(points) AS points
                FROM ledger.lot_use GROUP BY member_id, transfer_id) u USING (member_id, transfer_id)
     WHERE t.points < 0 AND u.points IS DISTINCT FROM -t.points
     UNION ALL
     SELECT 'a lot is what it was less its uses', l.member_id, l.currency
     FROM ledger.lot l
     LEFT JOIN (SELECT member_id, lot_id, sum(points) AS points
                FROM ledger.lot_use GROUP BY member_id, lot_id) u USING (member_id, lot_id)
     WHERE l.remaining <> l.original - coalesce(u.points, 0)`,
  );
}
