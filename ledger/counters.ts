import { type Database, rows } from '../platform/database.ts';
import { sharedCurrency } from './balances.ts';

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

/** What a partner's points moved by on one day. */
export interface PartnerDay {
  partnerId: string;
  /** On which the ledger posted it, in the currency's time zone: "2026-11-21". */
  day: string;
  /** Less what was taken back. */
  issued: bigint;
  /** With the partner, less what was cancelled. */
  redeemed: bigint;
}

/**
 * What points of the shared currency moved by with partners on each day of a period, by partner and day;
 * days without movements are left out. What has been rolled up, and the movements since, in one snapshot.
 *
 * @param partnerIds of these; of all where left out
 */
export function partnerDays(
  db: Database,
  { from, to, partnerIds }: { from: string; to: string; partnerIds?: readonly string[] },
): Promise<PartnerDay[]> {
  return rows(
    db,
    `WITH counter AS (
       SELECT id, kind, owner FROM ledger.counter_account
       WHERE kind IN ('PARTNER_ISSUANCE', 'PARTNER_REDEMPTION') AND ($4::uuid[] IS NULL OR owner = ANY ($4))
     ), since AS (
       SELECT t.counter_account, (t.posted_at AT TIME ZONE c.time_zone)::date AS day,
              t.debt - t.points AS points
       FROM ledger.transfer t JOIN ledger.currency c ON c.code = t.currency
       WHERE t.currency = $1 AND t.counter_account IN (SELECT id FROM counter)
         AND t.xact >= (SELECT xact FROM ledger.watermark WHERE name = 'rollup')
     ), moved AS (
       SELECT counter_account, day, points FROM ledger.counter_rollup
       WHERE currency = $1 AND day BETWEEN $2 AND $3
         AND counter_account IN (SELECT id FROM counter)
       UNION ALL SELECT * FROM since
     )
     SELECT k.owner AS "partnerId", m.day::text AS day,
            coalesce(-sum(m.points) FILTER (WHERE k.kind = 'PARTNER_ISSUANCE'), 0)::bigint AS issued,
            coalesce(sum(m.points) FILTER (WHERE k.kind = 'PARTNER_REDEMPTION'), 0)::bigint AS redeemed
     FROM moved m JOIN counter k ON k.id = m.counter_account
     WHERE m.day BETWEEN $2 AND $3
     GROUP BY k.owner, m.day
     ORDER BY k.owner, m.day`,
    [sharedCurrency, from, to, partnerIds ?? null],
  );
}
