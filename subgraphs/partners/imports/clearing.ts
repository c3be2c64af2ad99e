import { type Database, rows } from '../../../platform/database.ts';

/** How long a file is kept that nobody imports, and one whose pieces have stopped to come. */
const [keptDays, stalledHours] = [7, 1];

/**
 * Clears the next upload that is imported, was never, or was cut short. With its pieces it may be large: one
 * at a time.
 *
 * @returns how many it cleared: 1 or 0
 */
export async function clearUpload(db: Database): Promise<number> {
  const [cleared] = await rows<unknown>(
    db,
    `WITH cleared AS (DELETE FROM partners.activity_upload WHERE id = (
       SELECT u.id FROM partners.activity_upload u
       LEFT JOIN partners.activity_import i ON i.upload_id = u.id AND NOT i.dry_run
       WHERE (i.finished_at IS NOT NULL
           OR i.id IS NULL AND u.touched_at < now() - make_interval(days => $1)
           OR u.ended_at IS NULL AND u.touched_at < now() - make_interval(hours => $2))
         AND NOT EXISTS (SELECT FROM partners.activity_import o
                         WHERE o.upload_id = u.id AND o.finished_at IS NULL)
       LIMIT 1 FOR UPDATE OF u SKIP LOCKED)
     RETURNING 1)
     SELECT FROM cleared`,
    [keptDays, stalledHours],
  );
  return cleared ? 1 : 0;
}

/**
 * Clears rejected rows 90 days after their import's end, so many at most.
 *
 * @returns how many it cleared
 */
export async function clearRejections(db: Database, max: number): Promise<number> {
  const [cleared] = await rows<{ count: number }>(
    db,
    `WITH cleared AS (
       DELETE FROM partners.import_rejection r USING (
         SELECT e.import_id, e.line FROM partners.import_rejection e
         JOIN partners.activity_import i ON i.id = e.import_id
         WHERE i.finished_at < now() - interval '90 days' LIMIT $1) AS old
       WHERE r.import_id = old.import_id AND r.line = old.line
       RETURNING 1)
     SELECT count(*)::int AS count FROM cleared`,
    [max],
  );
  return cleared!.count;
}
