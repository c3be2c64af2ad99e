import { randomUUID } from 'node:crypto';
import { IsNull, LessThanOrEqual, MoreThanOrEqual, Or } from 'typeorm';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { type Viewer, isOwn, requireNoSandbox } from '../../../platform/viewer.ts';
import { lockPartner } from '../brands/partners.ts';
import { Contract } from '../contracts/entities.ts';
import { RuleSet } from '../earning/entities.ts';
import { type Days, days } from '../performance/periods.ts';
import { RuleSetReplay } from './entities.ts';

const replayInput = z.object({ ruleSetId: id, period: days });

export type StartReplay = z.input<typeof replayInput>;

/** Of one partner at once; they are worked on one after another. */
const runningMax = 3;

/**
 * Starts to work out what a partner's activities of some days would have earned under one of its rule sets,
 * a draft or not. The worker does it, and nothing is posted. Again, while it runs: the same replay.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED to a test client; LIMIT_REACHED three of the partner's run
 */
export async function startReplay(
  db: Database,
  input: StartReplay,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<RuleSetReplay> {
  const { ruleSetId, period } = parseInput(replayInput, input);
  requireNoSandbox(viewer);
  return transaction(db, async (tx) => {
    const ruleSet = await tx.findOneBy(RuleSet, { id: ruleSetId });
    if (!ruleSet || !isOwn(viewer, ruleSet.partnerId)) {
      throw new Refusal('NOT_FOUND', 'There is no such rule set.', ['ruleSetId']);
    }
    const { partnerId } = ruleSet;
    await lockPartner(tx, partnerId, ['ruleSetId']);
    const { from: firstDay, to: lastDay } = period;
    const running = await tx.findBy(RuleSetReplay, { partnerId, status: 'RUNNING' });
    const same = running.find(
      (each) =>
        each.ruleSetId === ruleSetId && each.firstDay === firstDay && each.lastDay === lastDay,
    );
    if (same) return same;
    if (running.length >= runningMax) {
      const message = `${runningMax} replays of this partner are running: wait until one is done.`;
      throw new Refusal('LIMIT_REACHED', message, ['ruleSetId'], { limit: String(runningMax) });
    }
    const at = await clock.now(tx);
    const replay = tx.create(RuleSetReplay, {
      id: randomUUID(),
      partnerId,
      ruleSetId,
      firstDay,
      lastDay,
      status: 'RUNNING',
      currency: await currencyOf(tx, partnerId, period),
      startedAt: at,
      finishedAt: null,
      listed: false,
      workedAt: at,
      faults: 0,
      activities: 0,
      pointsThen: 0n,
      pointsNow: 0n,
      costThen: '0',
      costNow: '0',
      membersBetterOff: 0,
      membersWorseOff: 0,
    });
    await tx.insert(RuleSetReplay, replay);
    await recordAct(tx, viewer, {
      action: 'startReplay',
      subject: { type: 'RuleSetReplay', id: replay.id },
      after: { ruleSetId, firstDay, lastDay },
      at,
    });
    return replay;
  });
}

/** In which the partner was billed on these days; null where that was in several, or none. */
async function currencyOf(tx: Database, partnerId: string, days: Days): Promise<string | null> {
  const contracts = await tx.findBy(Contract, {
    partnerId,
    validFrom: LessThanOrEqual(days.to),
    validTo: Or(IsNull(), MoreThanOrEqual(days.from)),
  });
  const [currency = null, ...others] = new Set(contracts.map((each) => each.currency));
  return others.length === 0 ? currency : null;
}

/** @throws Refusal INVALID */
export function findReplay(db: Database, replayId: string): Promise<RuleSetReplay | null> {
  return db.findOneBy(RuleSetReplay, { id: parseInput(id, replayId, ['id']) });
}
