import { type Database, rows } from '../../../platform/database.ts';
import type { SettlementStatement } from './entities.ts';

interface Credit {
  statement: SettlementStatement;
  /** Of disputes that are upheld; 0 for all lines that have no dispute of their own. */
  lines: readonly number[];
  at: Date;
}

/**
 * Credits lines to the partner, in its next statement: each by itself; all of them together by what the
 * statement summed up, since they may be a million.
 */
export async function credit(tx: Database, { statement, lines, at }: Credit): Promise<void> {
  const { id, partnerId, currency, month } = statement;
  await rows(
    tx,
    `INSERT INTO partners.settlement_charge (id, partner_id, currency, kind, reference, points, rate, amount,
       contract_version, occurred_at, posted_at)
     SELECT gen_random_uuid(), $2, $3, 'DISPUTE', reference, points, rate, -amount, contract_version,
            occurred_at, $5
     FROM partners.settlement_line WHERE statement_id = $1 AND number = ANY ($4)`,
    [id, partnerId, currency, lines, at],
  );
  if (!lines.includes(0)) return;
  await rows(
    tx,
    `INSERT INTO partners.settlement_charge (id, partner_id, currency, kind, reference, points, rate, amount,
       contract_version, occurred_at, posted_at)
     SELECT gen_random_uuid(), $2, $3, 'DISPUTE', $4 || ' ' || u.kind, u.points - own.points, u.rate,
            -round(u.exact - own.amount, s.digits), last.contract_version, s.issued_at, $5
     FROM partners.settlement_statement s
     JOIN partners.settlement_sum u ON u.statement_id = s.id
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(l.points), 0)::bigint AS points, coalesce(sum(l.amount), 0) AS amount
       FROM partners.settlement_dispute d
       JOIN partners.settlement_line l ON l.statement_id = d.statement_id AND l.number = d.line
       WHERE d.statement_id = s.id AND l.kind = u.kind AND l.rate = u.rate) own
     CROSS JOIN LATERAL (
       SELECT max(l.contract_version) AS contract_version FROM partners.settlement_line l
       WHERE l.statement_id = s.id AND l.kind = u.kind AND l.rate = u.rate) last
     WHERE s.id = $1 AND round(u.exact - own.amount, s.digits) <> 0`,
    [id, partnerId, currency, month.slice(0, 7), at],
  );
}
