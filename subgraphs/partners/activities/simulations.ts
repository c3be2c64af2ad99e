import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { type Viewer, isOwn } from '../../../platform/viewer.ts';
import { RuleSet } from '../earning/entities.ts';
import { type Judged, judge } from './judgement.ts';
import { type RecordActivity, type Reporter, readReport, reporterOf } from './reports.ts';

/** Takes back all that judging has done: a wallet token is not spent by a question. */
class Simulated extends Error {
  readonly judged: Judged | Refusal;

  constructor(judged: Judged | Refusal) {
    super('Nothing is to be kept.');
    this.judged = judged;
  }
}

/**
 * Works out what an activity would earn, as if it were recorded now, and posts nothing.
 *
 * @param ruleSetId the partner's own set to go by, a draft too; staff need one, whose partner reports
 * @throws Refusal INVALID; NOT_FOUND the set, or the member; and whatever recording it is refused for, but
 *   LIMIT_REACHED: a question makes nobody wait for what partners and members may have
 */
export async function simulateActivity(
  db: Database,
  { input, ruleSetId }: { input: RecordActivity; ruleSetId?: string | null },
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Judged['earned']> {
  const ruleSet = ruleSetId == null ? null : await findOwn(db, ruleSetId, viewer);
  const report = readReport(input, reporterFor(viewer, ruleSet));
  try {
    return await transaction(db, async (tx) => {
      const at = await clock.now(tx);
      const { judgeOne } = await judge(tx, [report], at, ruleSet ?? undefined);
      throw new Simulated(judgeOne(report));
    });
  } catch (error) {
    if (!(error instanceof Simulated)) throw error;
    if (error.judged instanceof Refusal) throw error.judged;
    return error.judged.earned;
  }
}

function reporterFor(viewer: Viewer, ruleSet: RuleSet | null): Reporter {
  if (viewer.audience === 'PARTNER') return reporterOf(viewer);
  if (ruleSet) return { partnerId: ruleSet.partnerId, sandbox: viewer.sandbox, backdates: true };
  throw new Refusal('INVALID', 'ruleSetId: is needed by staff.', ['ruleSetId']);
}

/** What belongs to others is not there. */
async function findOwn(db: Database, given: string, viewer: Viewer): Promise<RuleSet> {
  const ruleSet = await db.findOneBy(RuleSet, { id: parseInput(id, given, ['ruleSetId']) });
  if (ruleSet && isOwn(viewer, ruleSet.partnerId)) return ruleSet;
  throw new Refusal('NOT_FOUND', 'There is no such rule set.', ['ruleSetId']);
}
