import { columnsOf, rows } from '../../../platform/database.ts';
import { limits } from '../../../platform/limits.ts';
import type { Source } from '../../../platform/watches.ts';
import { Notification } from './entities.ts';

/** What was looked at last: when, and which notifications were there of late, by member. */
interface Seen {
  at: Date;
  ids: Map<string, Set<string>>;
}

/** They are written by a job, in one statement: by then it has ended, and they can be seen. */
const writtenWithinMs = limits.jobMs;

/**
 * Notifications that members read here, by member. They bear the instant at which their statement began,
 * and come to be seen when it ends: each look goes back behind the last one by as long as that may take.
 */
export const followedNotifications: Source<Notification, Seen> = {
  name: 'notifications',
  async look(db, memberIds, before) {
    const found = await rows<Notification & { at: Date }>(
      db,
      `SELECT now() AS at, found.*
       FROM (VALUES (1)) AS once
       LEFT JOIN (
         SELECT ${columnsOf(db, Notification, 'n')} FROM members.notification n
         WHERE n.member_id = ANY ($1) AND n.in_app
           AND n.created_at > coalesce($2, now()) - make_interval(secs => $3)) AS found ON true
       ORDER BY found."createdAt", found.id`,
      [memberIds, before?.at ?? null, writtenWithinMs / 1_000],
    );
    const ids: Seen['ids'] = new Map(memberIds.map((id) => [id, new Set()]));
    const events = found.flatMap((row) => {
      if (!row.id) return [];
      ids.get(row.memberId)!.add(row.id);
      const known = before?.ids.get(row.memberId);
      return known && !known.has(row.id) ? [{ key: row.memberId, row }] : [];
    });
    return { events, state: { at: found[0]!.at, ids } };
  },
};
