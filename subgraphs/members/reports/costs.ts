import { randomUUID } from 'node:crypto';
import { Big } from 'big.js';
import { z } from 'zod';
import { minorDigitsOf, toMinorUnits } from '../../../ledger/index.ts';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { claimKey, hashOf, repeated } from '../../../platform/idempotency.ts';
import { key, money, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Program } from '../program/entities.ts';
import type { CostKind } from '../types.generated.ts';
import { RecordedCost } from './entities.ts';
import { costKinds } from './kinds.ts';
import { type Days, day } from './periods.ts';
import type { ProgramCost } from './rows.ts';

const costInput = z.object({ kind: z.enum(costKinds), on: day, amount: money, reference: key });

export type RecordProgramCost = z.input<typeof costInput>;

/**
 * Records what the program cost. Its reference is its key: again, it is recorded once.
 *
 * @throws Refusal INVALID also for another currency than the program's; IDEMPOTENCY_MISMATCH the
 *   reference was used for another cost; IN_PROGRESS
 */
export async function recordProgramCost(
  db: Database,
  input: RecordProgramCost,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Program> {
  const { kind, on, amount, reference } = parseInput(costInput, input);
  // As a number: 5 and 5.00 are the same cost.
  const exact = new Big(amount.amount).toFixed();
  const inputHash = hashOf({ kind, on, amount: exact, currency: amount.currency });
  return transaction(db, async (tx) => {
    const program = await tx.findOneByOrFail(Program, {});
    const recordedAt = await clock.now(tx);
    const cost = {
      id: randomUUID(),
      reference,
      inputHash,
      kind,
      onDay: on,
      amount: exact,
      currency: amount.currency,
      recordedAt,
    };
    const path = ['reference'];
    if (!(await claimKey(tx, RecordedCost, cost, { unique: ['reference'], path }))) {
      repeated(await tx.findOneByOrFail(RecordedCost, { reference }), inputHash, path);
      return program;
    }
    // After the key: what was recorded stays so, should the program's money become another.
    requireMoney(amount, program.moneyCurrency);
    await recordAct(tx, viewer, {
      action: 'recordProgramCost',
      subject: { type: 'ProgramCost', id: cost.id },
      after: { kind, on, amount: `${exact} ${amount.currency}`, reference },
      at: recordedAt,
    });
    return program;
  });
}

function requireMoney(given: { amount: string; currency: string }, currency: string): void {
  if (given.currency !== currency) {
    const message = `amount.currency: must be the program's, which is ${currency}.`;
    throw new Refusal('INVALID', message, ['amount', 'currency']);
  }
  const digits = minorDigitsOf(currency) ?? 4;
  if ((given.amount.split('.')[1] ?? '').length > digits) {
    const message = `amount.amount: must have ${digits} decimals at most.`;
    throw new Refusal('INVALID', message, ['amount', 'amount']);
  }
}

/** What the program cost on the days of a period, by kind: each, also where nothing was recorded. */
export async function costsOf(
  db: Database,
  { from, to }: Days,
  currency: string,
): Promise<ProgramCost[]> {
  const sums = await rows<{ kind: CostKind; amount: string }>(
    db,
    `SELECT kind, sum(amount)::text AS amount FROM members.recorded_cost
     WHERE on_day BETWEEN $1 AND $2 AND currency = $3 GROUP BY kind`,
    [from, to, currency],
  );
  return costKinds.map((kind) => {
    const sum = sums.find((each) => each.kind === kind)?.amount ?? 0;
    return { kind, amount: { amount: toMinorUnits(new Big(sum), currency), currency } };
  });
}
