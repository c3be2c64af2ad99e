/** When a second administrator has to look. */
import { dayOf, startOfDay } from '../../../platform/calendar.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { Program } from '../program/entities.ts';
import type { Adjustment } from './entities.ts';

/** What one person does is counted one after the other. Taken before members, by all. */
export async function lockStaff(tx: Database, requestedBy: string): Promise<void> {
  await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `adjust ${requestedBy}`,
  ]);
}

/** Whether one administrator alone may do it, after what they did alone on the program's day. They are locked. */
export async function isForOne(
  tx: Database,
  asked: Pick<Adjustment, 'memberId' | 'points' | 'requestedBy' | 'createdAt'>,
): Promise<boolean> {
  const { adjustmentApprovalLimit, adjustmentDailyLimit, timeZone } = await tx.findOneByOrFail(
    Program,
    {},
  );
  const [done] = await rows<{ ofMember: bigint; inAll: bigint }>(
    tx,
    `SELECT coalesce(sum(abs(points)) FILTER (WHERE member_id = $2), 0)::bigint AS "ofMember",
            coalesce(sum(abs(points)), 0)::bigint AS "inAll"
     FROM members.adjustment
     WHERE requested_by = $1 AND created_at >= $3 AND status = 'POSTED' AND decided_by IS NULL`,
    [asked.requestedBy, asked.memberId, startOfDay(dayOf(asked.createdAt, timeZone), timeZone)],
  );
  const size = asked.points < 0n ? -asked.points : asked.points;
  return (
    done!.ofMember + size <= adjustmentApprovalLimit && done!.inAll + size <= adjustmentDailyLimit
  );
}
