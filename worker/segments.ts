import { type Database, rows } from '../platform/database.ts';
import type { Limits } from '../platform/limits.ts';
import { placeMembers } from '../subgraphs/members/segments/placing.ts';

/**
 * Places the next members of the round over all of them in segments, in one transaction: a worker that
 * ends halfway leaves the step to the next one.
 *
 * @returns how many it looked at; 0 where no round is due, or it has just ended
 */
export function placeNext(
  db: Database,
  { jobAccountsMax, segmentRoundMs }: Pick<Limits, 'jobAccountsMax' | 'segmentRoundMs'>,
): Promise<number> {
  return db.transaction(async (tx) => {
    const [step] = await rows<{ memberIds: string[] | null; at: Date }>(
      tx,
      `SELECT members.take_segment_step($1, make_interval(secs => $2::numeric / 1000), now())
         AS "memberIds", now() AS at`,
      [jobAccountsMax, segmentRoundMs],
    );
    const { memberIds, at } = step!;
    if (memberIds === null) return 0;
    if (memberIds.length > 0) await placeMembers(tx, memberIds, at);
    await rows(tx, 'SELECT members.keep_segment_step($1, $2)', [
      memberIds,
      memberIds.length < jobAccountsMax,
    ]);
    return memberIds.length;
  });
}
