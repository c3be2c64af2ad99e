import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { parseInput, points } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Program } from '../program/entities.ts';
import { RiskLimits } from './entities.ts';

const between = (min: number, max: number) =>
  z.int().min(min, `must be ${min} or more`).max(max, `must be ${max} or less`);
const count = between(1, 10_000);
const days = between(0, 366);

const limitsInput = z
  .object({
    newAccountDays: days,
    transfersPerDay: count,
    transfersPer30Days: count,
    transfersPerYear: count,
    transferPointsPerDay: points,
    transferPointsPer30Days: points,
    transferPointsPerYear: points,
    conversionPointsPerDay: points,
    conversionPointsPerYear: points,
    redemptionsPerDay: count,
    redemptionPointsPerDay: points,
    redemptionStepUpFrom: points,
    stepUpFrom: points,
    receiversPer30Days: count,
    unknownReceiversPerDay: count,
    dormantDays: days,
    reviewHours: between(1, 720),
  })
  .partial();

type Changed = z.input<typeof limitsInput>;

/** The limits that hold now. */
export async function riskLimits(db: Database): Promise<RiskLimits> {
  const [limits] = await db.find(RiskLimits);
  return limits!;
}

/**
 * Changes the limits: what is left out, or null, stays. They hold for what members do from then on.
 *
 * @returns the program
 * @throws Refusal INVALID with the field at fault
 */
export async function setRiskLimits(
  db: Database,
  input: { [Name in keyof Changed]?: Changed[Name] | null },
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Program> {
  const given = Object.entries(input).filter(([, value]) => value !== null);
  const changed = parseInput(limitsInput, Object.fromEntries(given));
  return transaction(db, async (tx) => {
    const [limits] = await tx.find(RiskLimits, { lock: { mode: 'pessimistic_write' } });
    const { programId } = limits!;
    const before = Object.fromEntries(Object.entries(limits!));
    await tx.save(Object.assign(limits!, changed));
    await recordAct(tx, viewer, {
      action: 'setRiskLimits',
      subject: { type: 'Program', id: programId },
      before,
      after: Object.fromEntries(Object.entries(limits!)),
      at: await clock.now(tx),
    });
    return tx.findOneByOrFail(Program, { id: programId });
  });
}
