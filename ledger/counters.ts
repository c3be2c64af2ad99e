import { type Database, rows } from '../platform/database.ts';

type CounterKind =
  | 'PARTNER_ISSUANCE'
  | 'PARTNER_REDEMPTION'
  | 'PARTNER_WRITE_OFF'
  | 'EXCHANGE'
  | 'CAUSE'
  | 'OPERATOR_BREAKAGE'
  | 'OPERATOR_ADJUSTMENT'
  | 'OPERATOR_WRITE_OFF'
  | 'MEMBERS';

/** What a counter account stands at in one currency. */
interface CounterBalance {
  kind: CounterKind;
  /** The partner, program or cause; null for the coalition's own. */
  owner: string | null;
  currency: string;
  /** What came to it less what went from it: below zero for a partner that has issued points. */
  points: bigint;
  movements: bigint;
}

/** Which counter accounts are meant: those that meet all that is set. */
interface CounterSelection {
  kind?: CounterKind;
  owner?: string;
  currency?: string;
}

/**
 * What counter accounts stand at, by kind, owner and currency; those that never moved are left out.
 * It is exact at any moment: what has been rolled up, and the movements since, in one snapshot.
 */
export function counterBalances(
  db: Database,
  { kind, owner, currency }: CounterSelection = {},
): Promise<CounterBalance[]> {
  return rows(
    db,
    `SELECT c.kind, c.owner, moved.currency, sum(moved.points)::bigint AS points,
            sum(moved.movements)::bigint AS movements
     FROM ledger.counter_account c
     JOIN (SELECT counter_account, currency, points, movements FROM ledger.counter_rollup
           UNION ALL
           SELECT counter_account, currency, debt - points, 1 FROM ledger.transfer
           WHERE xact >= (SELECT xact FROM ledger.watermark WHERE name = 'rollup')) AS moved
       ON moved.counter_account = c.id
     WHERE ($1::text IS NULL OR c.kind = $1) AND ($2::uuid IS NULL OR c.owner = $2)
       AND ($3::text IS NULL OR moved.currency = $3)
     GROUP BY c.kind, c.owner, moved.currency
     ORDER BY c.kind, c.owner, moved.currency`,
    [kind ?? null, owner ?? null, currency ?? null],
  );
}
