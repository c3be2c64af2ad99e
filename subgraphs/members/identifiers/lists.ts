import { type Database, rows } from '../../../platform/database.ts';
import type { MemberIdentifier } from './rows.ts';

/**
 * What these members are found by, and what waits to be proven, the first linked first. Those of
 * memberships that were merged into theirs are theirs.
 */
export function identifiersOf(
  db: Database,
  memberIds: readonly string[],
  at: Date,
): Promise<MemberIdentifier[]> {
  return rows(
    db,
    `SELECT id, member_id AS "memberId", kind, value, partner_id AS "partnerId",
            linked_at AS "linkedAt", verified_at AS "verifiedAt"
     FROM (
       SELECT 1 AS place, 'number-' || m.id AS id, coalesce(m.merged_into, m.id) AS member_id, 'MEMBER_NUMBER' AS kind,
              m.member_number AS value, NULL::uuid AS partner_id, m.joined_at AS linked_at,
              m.joined_at AS verified_at
       FROM members.member m WHERE m.id = ANY ($1) OR m.merged_into = ANY ($1)
       UNION ALL
       SELECT 2, 'email-' || m.id, coalesce(m.merged_into, m.id), 'EMAIL', m.email, NULL, m.joined_at, m.email_verified_at
       FROM members.member m
       WHERE (m.id = ANY ($1) OR m.merged_into = ANY ($1)) AND m.email IS NOT NULL
       UNION ALL
       SELECT 3, a.id::text, a.member_id, 'PARTNER_ACCOUNT', a.account, a.partner_id, a.linked_at,
              a.linked_at
       FROM members.partner_account a WHERE a.member_id = ANY ($1)
       UNION ALL
       SELECT 3, i.id::text, i.member_id, i.kind, i.value, i.partner_id, i.linked_at, i.verified_at
       FROM members.identifier i
       WHERE i.member_id = ANY ($1) AND (i.expires_at IS NULL OR i.expires_at > $2)) AS found
     ORDER BY place, linked_at, id`,
    [memberIds, at],
  );
}

/** Masked but for the last four characters; what has fewer than eight, but for half of them. */
export function maskedOf(value: string): string {
  const shown = Math.min(4, Math.floor(value.length / 2));
  return `••••${value.slice(value.length - shown)}`;
}
