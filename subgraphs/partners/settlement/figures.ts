import { Big } from 'big.js';
import { type Database, rows } from '../../../platform/database.ts';
import type { SettlementStatement } from './entities.ts';
import type { SettlementSum } from './rows.ts';

/** What a statement comes to: amounts in whole units of its currency. */
export interface Figures {
  issuedPoints: bigint;
  reversedPoints: bigint;
  redeemedPoints: bigint;
  issuance: Big;
  reimbursement: Big;
  fees: Big;
  adjustments: Big;
  net: Big;
}

/** Adds up a statement's sums, which are rounded already. */
export function figuresOf(sums: readonly SettlementSum[]): Figures {
  const of = (...kinds: SettlementSum['kind'][]) => sums.filter(({ kind }) => kinds.includes(kind));
  const amount = (part: SettlementSum[]) =>
    part.reduce((sum, each) => sum.plus(each.amount), new Big(0));
  const points = (part: SettlementSum[]) => part.reduce((sum, each) => sum + each.points, 0n);
  return {
    issuedPoints: points(of('ISSUANCE')),
    reversedPoints: points(of('ISSUANCE_REVERSAL')),
    redeemedPoints: points(of('REDEMPTION')) - points(of('REDEMPTION_CANCELLATION')),
    issuance: amount(of('ISSUANCE', 'ISSUANCE_REVERSAL')),
    reimbursement: amount(of('REDEMPTION', 'REDEMPTION_CANCELLATION')).neg(),
    fees: amount(of('FEE')),
    adjustments: amount(of('ADJUSTMENT', 'DISPUTE', 'FUNDING_SHARE', 'EXCHANGE')),
    net: amount([...sums]),
  };
}

/** An amount as the currency writes it. */
export function moneyIn(
  amount: Big,
  { currency, digits }: Pick<SettlementStatement, 'currency' | 'digits'>,
) {
  return { amount: amount.toFixed(digits), currency };
}

/** The sums of statements that were issued. */
export function issuedSums(
  db: Database,
  statementIds: readonly string[],
): Promise<SettlementSum[]> {
  return rows(
    db,
    `SELECT u.statement_id AS "statementId", s.currency, u.kind, u.rate, u.points, u.amount
     FROM partners.settlement_sum u
     JOIN partners.settlement_statement s ON s.id = u.statement_id
     WHERE u.statement_id = ANY ($1) ORDER BY u.kind, u.rate`,
    [statementIds],
  );
}

/**
 * What is in dispute of statements, by sum: the lines that are disputed, or all but those that were
 * decided, rounded as the sum is. SQL over a statement `s`, its sum `u` and its dispute of the whole `w`.
 */
const inDispute = `
  (SELECT CASE WHEN w.line IS NULL THEN coalesce(sum(l.amount) FILTER (WHERE d.resolved_at IS NULL), 0)
          ELSE u.exact - coalesce(sum(l.amount) FILTER (WHERE d.resolved_at IS NOT NULL), 0) END
   FROM partners.settlement_dispute d
   JOIN partners.settlement_line l ON l.statement_id = d.statement_id AND l.number = d.line
   WHERE d.statement_id = u.statement_id AND l.kind = u.kind AND l.rate = u.rate)`;

/** What is in dispute of each of these statements. */
export async function disputedOf(
  db: Database,
  statementIds: readonly string[],
): Promise<Map<string, Big>> {
  const found = await rows<{ statementId: string; amount: string }>(
    db,
    `SELECT s.id AS "statementId", sum(round(${inDispute}, s.digits)) AS amount
     FROM partners.settlement_statement s
     JOIN partners.settlement_sum u ON u.statement_id = s.id
     LEFT JOIN partners.settlement_dispute w
       ON w.statement_id = s.id AND w.line = 0 AND w.resolved_at IS NULL
     WHERE s.id = ANY ($1) AND s.status = 'DISPUTED'
     GROUP BY s.id`,
    [statementIds],
  );
  return new Map(found.map(({ statementId, amount }) => [statementId, new Big(amount)]));
}
