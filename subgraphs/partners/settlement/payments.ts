import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { key, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { forgetOwed } from '../credit/counters.ts';
import { SettlementStatement } from './entities.ts';
import { lockStatement } from './locking.ts';

const payment = z.object({ paymentReference: key });

export type MarkStatementPaid = { id: string } & z.input<typeof payment>;

/**
 * Notes that a statement was paid, by whichever side owed. It is paid as a whole: what is in dispute is
 * decided before. Again with the same reference: nothing.
 *
 * @throws Refusal INVALID; NOT_FOUND; CONFLICT some of it is in dispute, or it was paid by another
 *   reference, which the details name
 */
export async function markStatementPaid(
  db: Database,
  { id: given, ...input }: MarkStatementPaid,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<SettlementStatement[]> {
  const { paymentReference } = parseInput(payment, input);
  return transaction(db, async (tx) => {
    const statement = await lockStatement(tx, given, viewer);
    if (statement.status === 'PAID') {
      if (statement.paymentReference === paymentReference) return [statement];
      throw new Refusal('CONFLICT', 'It was paid by another reference.', ['paymentReference'], {
        subject: statement.paymentReference!,
      });
    }
    if (statement.status === 'DISPUTED') {
      throw new Refusal('CONFLICT', 'Some of it is in dispute.', ['id']);
    }
    const at = await clock.now(tx);
    const paid = { status: 'PAID' as const, paidAt: at, paymentReference };
    await tx.update(SettlementStatement, { id: statement.id }, paid);
    await forgetOwed(tx, statement.partnerId);
    await recordAct(tx, viewer, {
      action: 'markStatementPaid',
      subject: { type: 'SettlementStatement', id: statement.id },
      before: { status: statement.status },
      after: { status: paid.status, paymentReference },
      at,
    });
    return [tx.merge(SettlementStatement, statement, paid)];
  });
}
