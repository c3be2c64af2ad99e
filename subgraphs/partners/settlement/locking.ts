import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { type Viewer, isOwn } from '../../../platform/viewer.ts';
import { SettlementStatement } from './entities.ts';

/**
 * A statement that was issued, locked: who disputes, decides or pays it goes one after the other.
 *
 * @throws Refusal INVALID; NOT_FOUND also for another partner's, and where the month is not closed
 */
export async function lockStatement(
  tx: Database,
  given: string,
  viewer: Viewer,
): Promise<SettlementStatement> {
  const statement = await tx.findOne(SettlementStatement, {
    where: { id: parseInput(id, given, ['id']) },
    lock: { mode: 'for_no_key_update' },
  });
  if (statement && isOwn(viewer, statement.partnerId)) return statement;
  throw new Refusal('NOT_FOUND', 'There is no such statement.', ['id']);
}
