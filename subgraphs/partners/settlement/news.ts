import { type Database, rows } from '../../../platform/database.ts';
import { emit, emitAll } from '../../../platform/outbox.ts';
import type { SettlementStatement } from './entities.ts';

/** Tells partners of the statements of a month, in the order of their ids: what each comes to, and by when. */
export async function tellOfStatements(tx: Database, month: string, at: Date): Promise<void> {
  const issued = await rows<{
    statementId: string;
    partnerId: string;
    partner: string;
    net: string;
    currency: string;
    dueOn: string;
  }>(
    tx,
    `SELECT s.id AS "statementId", s.partner_id AS "partnerId", p.name AS partner,
            (SELECT coalesce(sum(u.amount), 0)::text FROM partners.settlement_sum u
             WHERE u.statement_id = s.id) AS net,
            s.currency, s.due_on::text AS "dueOn"
     FROM partners.settlement_statement s JOIN partners.partner p ON p.id = s.partner_id
     WHERE s.month = $1 ORDER BY s.partner_id, s.currency`,
    [month],
  );
  await emitAll(
    tx,
    issued.map(({ partnerId, ...figures }) => ({
      type: 'statement.issued',
      partnerId,
      payload: { ...figures, month },
      occurredAt: at,
    })),
  );
}

/** Tells a partner how a dispute, or a part of it, was decided. */
export async function tellOfDecision(
  tx: Database,
  { id: statementId, partnerId, month }: SettlementStatement,
  { upheld, at }: { upheld: boolean; at: Date },
): Promise<void> {
  const [partner] = await rows<{ name: string }>(
    tx,
    'SELECT name FROM partners.partner WHERE id = $1',
    [partnerId],
  );
  await emit(tx, {
    type: 'dispute.decided',
    partnerId,
    payload: { statementId, partner: partner!.name, month, upheld: String(upheld) },
    occurredAt: at,
  });
}
