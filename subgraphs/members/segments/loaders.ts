import { type Database, rows } from '../../../platform/database.ts';
import { rowsLoader } from '../../../platform/loaders.ts';
import type { Context } from '../../../platform/context.ts';

export function segmentLoaders({ db }: Context) {
  return {
    /** The codes of the segments that a member is in. */
    segmentsOf: rowsLoader(
      (memberIds) => membersSegments(db, memberIds),
      ({ memberId }) => memberId,
    ),
  };
}

function membersSegments(
  db: Database,
  memberIds: string[],
): Promise<{ memberId: string; segment: string }[]> {
  return rows(
    db,
    `SELECT member_id AS "memberId", segment FROM members.segment_member
     WHERE member_id = ANY ($1) ORDER BY segment`,
    [memberIds],
  );
}
