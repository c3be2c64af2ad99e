import { sharedCurrency } from '../../../ledger/index.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { divided } from './campaigns.ts';
import { type Party, digitsOf, statementIdOf } from './parties.ts';

/** What is settled together: what was posted from one instant to before another. */
export interface Span {
  timeZone: string;
  /** Null for all that was ever posted before. */
  from: Date | null;
  until: Date;
  /**
   * Where the month before is closed: what transactions from this one on posted into that time, and no
   * statement has, comes as well. Null where it is not.
   */
  late: bigint | null;
}

/** The values of `withLines`, $1 to $9. */
export function linesOf(parties: readonly Party[], month: string, span: Span): unknown[] {
  return [
    parties.map(({ partnerId }) => partnerId),
    parties.map(({ currency }) => currency),
    parties.map((party) => statementIdOf(party, month)),
    parties.map(({ currency }) => digitsOf(currency)),
    span.from ?? '-infinity',
    span.until,
    span.late,
    span.timeZone,
    sharedCurrency,
  ];
}

const accounts = `
  SELECT id, kind, owner FROM ledger.counter_account
  WHERE owner = ANY ($1)
    AND kind IN ('PARTNER_ISSUANCE', 'PARTNER_REDEMPTION', 'PARTNER_WRITE_OFF', 'EXCHANGE')`;

const isReal = (movement: string) =>
  `NOT EXISTS (SELECT FROM members.of_sandbox() s (id) WHERE s.id = ${movement}.member_id)`;

/** When something moved in the span that is to be settled: one of the first; null where nothing did. */
export async function findMoved(
  db: Database,
  parties: readonly Party[],
  { from, until }: Pick<Span, 'from' | 'until'>,
): Promise<Date | null> {
  const [first] = await rows<{ at: Date }>(
    db,
    `SELECT m.posted_at AS at FROM ledger.movement m
     WHERE m.posted_at >= $2 AND m.posted_at < $3 AND m.currency = $4
       AND m.counter_account = ANY (ARRAY(SELECT id FROM (${accounts}) c)) AND ${isReal('m')}
     LIMIT 1`,
    [parties.map(({ partnerId }) => partnerId), from ?? '-infinity', until, sharedCurrency],
  );
  return first?.at ?? null;
}

/**
 * What the counter accounts of the partners moved by in the span, but for the sandbox; with the accrual that
 * a movement is, takes back or writes off.
 */
const moved = `
  party AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::smallint[])
      AS party (partner_id, currency, statement_id, digits)
  ), counter AS (${accounts}
  ), moved AS MATERIALIZED (
    -- What the partner pays for: its points came to the member; what it gets is below zero.
    SELECT c.owner AS partner_id, c.kind AS account, t.kind, t.points - t.debt AS points, t.member_id,
           t.transfer_id, t.reverses, t.source_kind, t.source_id, t.effective_at, t.posted_at,
           CASE WHEN c.kind = 'PARTNER_ISSUANCE' THEN coalesce(t.reverses, t.transfer_id)
                WHEN c.kind = 'PARTNER_WRITE_OFF' THEN (
                  SELECT w.reverses FROM ledger.movement w
                  WHERE w.member_id = t.member_id AND w.transfer_id = t.part_of) END AS accrual_id,
           md5(t.member_id::text || t.transfer_id::text)::uuid AS movement_id
    FROM (
      SELECT m.*, false AS late FROM ledger.movement m
      WHERE m.posted_at >= $5::timestamptz AND m.posted_at < $6::timestamptz
      UNION ALL
      -- Posted into a month that was closed meanwhile. The index by transaction finds it.
      SELECT m.*, true FROM ledger.transfer m
      WHERE m.posted_at < $5::timestamptz AND m.xact >= $7::bigint
    ) t
    JOIN counter c ON c.id = t.counter_account
    WHERE t.currency = $9
      AND ${isReal('t')}
      AND NOT (t.late AND EXISTS (
        SELECT FROM partners.settlement_line l
        WHERE l.movement_id = md5(t.member_id::text || t.transfer_id::text)::uuid))
  )`;

/**
 * What movements go by: contracts, of which each day of all time has one; redemptions and holds. Movements
 * that others are looked up by are few; an activity, or a lot, is found by its key for each: to join a month
 * with those of years would read all of them.
 */
const explained = `
  terms AS MATERIALIZED (
    SELECT p.*, k.version, k.billing, k.issue_price, k.redemption_rate, k.fee_rate,
           CASE k.version WHEN 1 THEN '-infinity' ELSE k.valid_from END AS since,
           coalesce(k.valid_to, 'infinity') AS until
    FROM partners.contract k JOIN party p ON p.partner_id = k.partner_id AND p.currency = k.currency
  ), redeemed AS MATERIALIZED (
    SELECT * FROM rewards.redemption_terms(ARRAY(
      SELECT DISTINCT source_id FROM moved WHERE source_kind = 'redemption'))
  ), held AS MATERIALIZED (
    SELECT * FROM members.hold_terms(ARRAY(
      SELECT DISTINCT source_id FROM moved WHERE source_kind = 'hold'))
  ), explained AS (
    SELECT m.*, r.points AS redeemed_points, r.face_value, r.face_currency, a.contract_version,
           a.id AS activity_id, a.occurred_at AS happened_at,
           coalesce(a.reference, r.number, h.reference, m.transfer_id::text) AS reference,
           CASE WHEN a.id = m.accrual_id THEN a.issue_price
                WHEN m.accrual_id IS NOT NULL THEN coalesce((
                  SELECT l.issue_price FROM ledger.lot l
                  WHERE l.member_id = m.member_id AND l.lot_id = m.accrual_id), a.issue_price)
           END AS paid_price,
           (coalesce(r.redeemed_at, h.placed_at,
              CASE WHEN m.reverses IS NOT NULL AND a.id IS NULL THEN (
                SELECT o.effective_at FROM ledger.movement o
                WHERE o.member_id = m.member_id AND o.transfer_id = m.reverses) END,
              m.effective_at) AT TIME ZONE $8)::date AS day
    FROM moved m
    LEFT JOIN redeemed r ON r.id = m.source_id AND m.source_kind = 'redemption'
    LEFT JOIN held h ON h.id = m.source_id AND m.source_kind = 'hold'
    LEFT JOIN LATERAL (
      SELECT a.id, a.reference, a.contract_version, a.issue_price, a.occurred_at FROM partners.activity a
      WHERE m.accrual_id IS NOT NULL AND a.id = CASE
        WHEN m.kind = 'ACCRUAL' THEN m.source_id
        -- What was not confirmed in time goes back from where a merge has brought it.
        ELSE (SELECT CASE o.kind WHEN 'MERGE' THEN m.source_id ELSE o.source_id END
              FROM ledger.movement o
              WHERE o.member_id = m.member_id AND o.transfer_id = m.accrual_id) END
      LIMIT 1) a ON true
  )`;

/** The lines that stand for movements and charges, each with its party. */
const settled = `
  settled AS MATERIALIZED (
    SELECT k.partner_id, k.currency, k.statement_id, k.digits, k.version AS contract_version, e.movement_id,
           e.reference, abs(e.points) AS points, rate.amount, rate.each AS rate,
           e.effective_at AS occurred_at, e.posted_at,
           CASE e.account
             WHEN 'PARTNER_ISSUANCE'
               THEN CASE e.kind WHEN 'ACCRUAL' THEN 'ISSUANCE' ELSE 'ISSUANCE_REVERSAL' END
             WHEN 'PARTNER_REDEMPTION'
               THEN CASE e.kind WHEN 'REDEMPTION' THEN 'REDEMPTION' ELSE 'REDEMPTION_CANCELLATION' END
             WHEN 'EXCHANGE' THEN 'EXCHANGE'
             ELSE 'ADJUSTMENT' END AS kind,
           e.activity_id, e.happened_at
    FROM explained e
    JOIN terms k ON k.partner_id = e.partner_id
      AND CASE WHEN e.contract_version IS NULL THEN e.day BETWEEN k.since AND k.until
               ELSE e.contract_version = k.version END
    CROSS JOIN LATERAL (SELECT CASE
      -- Blocks were paid for when they were sold, and have back what was reversed, also what the partner bears.
      WHEN e.account = 'PARTNER_ISSUANCE' AND k.billing = 'PREPAID' THEN 0
      WHEN e.accrual_id IS NOT NULL THEN e.paid_price
      WHEN e.account = 'EXCHANGE' AND (e.points > 0) = (e.kind <> 'REVERSAL') THEN k.issue_price
      WHEN e.face_currency = k.currency THEN round(e.face_value / e.redeemed_points, 12)
      ELSE k.redemption_rate END AS each) by_point
    -- Of a face value each who paid has a share, and all together the whole of it.
    CROSS JOIN LATERAL (SELECT by_point.each, CASE
      WHEN e.face_currency = k.currency THEN e.points * e.face_value / e.redeemed_points
      ELSE e.points * by_point.each END AS amount) rate
    UNION ALL
    SELECT p.*, c.contract_version, c.id, c.reference, c.points, c.amount, c.rate, c.occurred_at,
           c.posted_at, c.kind, NULL, NULL
    FROM partners.settlement_charge c
    JOIN party p ON p.partner_id = c.partner_id AND p.currency = c.currency
    -- What was decided of a statement is in the one that is closed next, whenever that is.
    WHERE ($7::bigint IS NOT NULL AND (c.kind IN ('ADJUSTMENT', 'DISPUTE') OR c.posted_at < $6::timestamptz)
           OR c.posted_at >= $5::timestamptz AND c.posted_at < $6::timestamptz)
      AND NOT EXISTS (SELECT FROM partners.settlement_line l WHERE l.movement_id = c.id)
  ), fee AS (
    SELECT s.partner_id, s.currency, s.statement_id, s.digits, s.contract_version, NULL::uuid AS movement_id,
           'Contract version ' || s.contract_version AS reference, abs(sum(sign(s.amount) * s.points))::bigint,
           sum(s.amount) * k.fee_rate, k.fee_rate, max(s.occurred_at), max(s.posted_at), 'FEE' AS kind
    FROM settled s
    JOIN terms k ON k.partner_id = s.partner_id AND k.version = s.contract_version
    WHERE s.kind IN ('ISSUANCE', 'ISSUANCE_REVERSAL') AND k.fee_rate > 0
    GROUP BY s.partner_id, s.currency, s.statement_id, s.digits, s.contract_version, k.fee_rate
    HAVING sum(s.amount) <> 0
  )`;

/**
 * A statement's beginning, in which `line` are the lines of a month, of all parties: what is to be
 * written when it is closed, and what a preview shows of it. The values are those of `linesOf`.
 */
export const withLines = `
  WITH ${moved}, ${explained}, ${settled}, ${divided}, line AS (
    SELECT partner_id, currency, statement_id, digits, contract_version, movement_id, reference, points,
           amount, rate, occurred_at, posted_at, kind
    FROM settled
    UNION ALL SELECT * FROM shared UNION ALL SELECT * FROM fee
  )`;

/** The statement's lines in their order: by posting, then shares of campaigns, and fees last. */
export const numbered = `
  SELECT statement_id, kind, movement_id, reference, points, rate, amount, contract_version,
         occurred_at, posted_at,
         row_number() OVER (PARTITION BY statement_id
                            ORDER BY CASE kind WHEN 'FEE' THEN 2 WHEN 'FUNDING_SHARE' THEN 1 ELSE 0 END,
                                     posted_at, movement_id, contract_version) AS number
  FROM line`;

/** Sums of lines, by statement, kind and rate. */
export const summed = `
  statement_id, kind, rate, sum(points)::bigint AS points, sum(amount) AS exact,
  round(sum(amount), digits) AS amount`;
