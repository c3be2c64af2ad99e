import { randomUUID } from 'node:crypto';
import { Big } from 'big.js';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, insertOnce, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { decimal, id, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Program } from '../program/entities.ts';
import type { GoalMeasure } from '../types.generated.ts';
import { ProgramGoal } from './entities.ts';
import { goalMeasures } from './kinds.ts';
import { isWithin, memberDaysMax, period, tooLong } from './periods.ts';

/** More are no goals. Each is measured when it is read. */
const goalsMax = 24;

/** Parts of a whole. */
const rates: readonly GoalMeasure[] = ['RETENTION', 'CHURN', 'REDEMPTION_RATE', 'ENGAGEMENT'];

/** Read from what each member did. */
const ofEachMember: readonly GoalMeasure[] = [
  'RETENTION',
  'CHURN',
  'AVERAGE_ORDER_VALUE',
  'ENGAGEMENT',
];

const goalInput = z
  .object({
    id: id.nullish(),
    measure: z.enum(goalMeasures),
    period,
    target: decimal.refine((text) => Number(text) > 0, 'must be more than 0'),
  })
  .refine(({ measure, target }) => !rates.includes(measure) || new Big(target).lte(1), {
    message: 'must be 1 or less: it is a part of a whole',
    path: ['target'],
  })
  .refine(
    ({ measure, period: days }) => !ofEachMember.includes(measure) || isWithin(days, memberDaysMax),
    { message: `${tooLong(memberDaysMax)} for this measure`, path: ['period', 'to'] },
  );

export type SetProgramGoal = z.input<typeof goalInput>;

/**
 * Sets a goal: a new one where no id is given, of which there is one for each measure and period; else
 * what it says of the goal. Again: nothing changes.
 *
 * @throws Refusal INVALID; NOT_FOUND no goal has this id; CONFLICT another goal is about this measure
 *   in this period: its id is in the details; LIMIT_REACHED there are as many goals as a program has
 */
export async function setProgramGoal(
  db: Database,
  input: SetProgramGoal,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Program> {
  const { id: goalId, measure, target, period: days } = parseInput(goalInput, input);
  const wanted = {
    measure,
    startsOn: days.from,
    endsOn: days.to,
    target: new Big(target).toFixed(),
  };
  return transaction(db, async (tx) => {
    // One at a time, so that goals can be counted and compared.
    const program = await tx.findOneOrFail(Program, {
      where: {},
      lock: { mode: 'pessimistic_write' },
    });
    const all = await tx.find(ProgramGoal);
    const goal = all.find((each) => each.id === goalId);
    if (goalId && !goal) throw new Refusal('NOT_FOUND', 'There is no such goal.', ['id']);
    const same = all.find((each) => isAbout(each, wanted));
    if (!goal && same && new Big(same.target).eq(target)) return program;
    if (same && same !== goal) {
      const message = 'Another goal is about this measure in this period.';
      throw new Refusal('CONFLICT', message, ['measure'], { subject: same.id });
    }
    if (!goal && all.length >= goalsMax) {
      const message = `A program has ${goalsMax} goals at most.`;
      throw new Refusal('LIMIT_REACHED', message, [], { limit: String(goalsMax) });
    }
    const setAt = await clock.now(tx);
    const row = { id: goal?.id ?? randomUUID(), ...wanted, setAt };
    await (goal ? tx.save(ProgramGoal, row) : insertOnce(tx, ProgramGoal, row));
    await recordAct(tx, viewer, {
      action: 'setProgramGoal',
      subject: { type: 'ProgramGoal', id: row.id },
      ...(goal && { before: shown(goal) }),
      after: wanted,
      at: setAt,
    });
    return program;
  });
}

function isAbout(goal: ProgramGoal, other: Omit<ProgramGoal, 'id' | 'setAt'>): boolean {
  return (
    goal.measure === other.measure &&
    goal.startsOn === other.startsOn &&
    goal.endsOn === other.endsOn
  );
}

function shown({ measure, startsOn, endsOn, target }: ProgramGoal) {
  return { measure, startsOn, endsOn, target: new Big(target).toFixed() };
}

/** All goals, the period that ends last first. */
export function listGoals(db: Database): Promise<ProgramGoal[]> {
  return db.find(ProgramGoal, { order: { endsOn: 'DESC', startsOn: 'DESC', measure: 'ASC' } });
}

/**
 * How much of a goal is reached: whole per cent, rounded down, so that 100 says that it is. Where less is
 * better, what was aimed at of what there is.
 */
export function percentOf({ measure, target }: ProgramGoal, current: Big): number {
  const [part, whole] =
    measure === 'CHURN' ? [new Big(target), current] : [current, new Big(target)];
  if (whole.lte(part)) return 100;
  return Math.max(0, part.times(100).div(whole).round(0, Big.roundDown).toNumber());
}
