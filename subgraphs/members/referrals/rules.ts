import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Program } from '../program/entities.ts';
import { ReferralRules } from './entities.ts';

const between = (min: number, max: number) =>
  z.int().min(min, `must be ${min} or more`).max(max, `must be ${max} or less`);
const reward = z
  .bigint()
  .min(0n, 'must be 0 or more')
  .max(10n ** 6n, 'must be 10^6 or less');

const rulesInput = z
  .object({
    referrerPoints: reward,
    friendPoints: reward,
    withinDays: between(1, 366),
    waitDays: between(0, 366),
    rewardsPerYear: between(1, 10_000),
    joinsPerDay: between(1, 1_000),
  })
  .partial();

type Changed = z.input<typeof rulesInput>;

/** The rules that hold now. */
export async function referralRules(db: Database): Promise<ReferralRules> {
  const [rules] = await db.find(ReferralRules);
  return rules!;
}

/**
 * Changes what is given for new members: what is left out, or null, stays. It holds for all for whom nothing
 * has been given yet.
 *
 * @returns the program
 * @throws Refusal INVALID with the field at fault
 */
export async function setReferralRules(
  db: Database,
  input: { [Name in keyof Changed]?: Changed[Name] | null },
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Program> {
  const given = Object.entries(input).filter(([, value]) => value !== null);
  const changed = parseInput(rulesInput, Object.fromEntries(given));
  return transaction(db, async (tx) => {
    const [rules] = await tx.find(ReferralRules, { lock: { mode: 'pessimistic_write' } });
    const { programId } = rules!;
    const before = Object.fromEntries(Object.entries(rules!));
    await tx.save(Object.assign(rules!, changed));
    await recordAct(tx, viewer, {
      action: 'setReferralRules',
      subject: { type: 'Program', id: programId },
      before,
      after: Object.fromEntries(Object.entries(rules!)),
      at: await clock.now(tx),
    });
    return tx.findOneByOrFail(Program, { id: programId });
  });
}
