import { type Database, rows } from '../platform/database.ts';
import type { Limits } from '../platform/limits.ts';
import { type TakenReplay, replayPart } from '../subgraphs/partners/replays/parts.ts';

type Settings = Pick<Limits, 'jobReplayMs' | 'replayActivities' | 'replayRows' | 'replayFaultsMax'>;

/**
 * Takes the next step of the replay that has waited longest, in one transaction: it is put down what the
 * replay goes through, or one part of that is worked out. A worker that ends halfway leaves the step to the
 * next one.
 *
 * @returns how many steps it took; 0 where no replay waits
 */
export async function replayNext(
  db: Database,
  { jobReplayMs, replayActivities, replayRows, replayFaultsMax }: Settings,
): Promise<number> {
  let taken: TakenReplay | undefined;
  try {
    return await db.transaction(async (tx) => {
      await rows(tx, `SELECT set_config('statement_timeout', $1, true)`, [String(jobReplayMs)]);
      [taken] = await rows<TakenReplay>(
        tx,
        `SELECT id, partner_id AS "partnerId", rule_set_id AS "ruleSetId", rules, first_day AS "firstDay",
                time_zone AS "timeZone", listed, place, activity_ids AS "activityIds", details,
                jsonb_build_object('code', partner_code, 'kind', partner_kind) AS partner
         FROM partners.take_replay()`,
      );
      if (!taken) return 0;
      if (taken.listed) await replayPart(tx, taken, replayRows);
      else await rows(tx, 'SELECT partners.list_replay($1, $2)', [taken.id, replayActivities]);
      return 1;
    });
  } catch (error) {
    if (taken)
      await rows(db, 'SELECT partners.put_off_replay($1, $2)', [taken.id, replayFaultsMax]);
    throw error;
  }
}
