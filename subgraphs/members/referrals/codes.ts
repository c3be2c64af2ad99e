import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { type Database, rows } from '../../../platform/database.ts';
import type { ReferralStatus } from './rows.ts';

// Digits and letters that are not taken for each other when they are read out or copied by hand.
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const length = 10;

/** A code as people write it: in any case, with spaces and hyphens. */
export const referralCode = z
  .string()
  .max(40)
  .transform((text) => text.replaceAll(/[\s-]/g, '').toUpperCase())
  .pipe(z.string().regex(new RegExp(`^[${alphabet}]{${length}}$`), 'is no code'));

/** One of 2^50. */
function newReferralCode(): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/**
 * The codes of members, and what became of them and of those of memberships that were merged into theirs.
 * Active ones get theirs the first time.
 */
export async function referralsOf(
  db: Database,
  memberIds: readonly string[],
): Promise<(ReferralStatus & { memberId: string })[]> {
  // Should another have drawn the same code, the member gets one the next time.
  await rows(
    db,
    `INSERT INTO members.referral_code (member_id, code)
     SELECT m.id, drawn.code
     FROM unnest($1::uuid[], $2::text[]) AS drawn (member_id, code)
       JOIN members.member m ON m.id = drawn.member_id AND m.status = 'ACTIVE' AND NOT m.sandbox
     WHERE NOT EXISTS (SELECT FROM members.referral_code c WHERE c.member_id = m.id)
     ORDER BY m.id ON CONFLICT DO NOTHING`,
    [memberIds, memberIds.map(newReferralCode)],
  );
  return rows(
    db,
    `SELECT c.member_id AS "memberId", c.code, own.invited, own.joined, own."pointsEarned"
     FROM members.referral_code c CROSS JOIN LATERAL (
       SELECT sum(coalesce(o.invited, 0))::integer AS invited, sum(brought.joined)::integer AS joined,
              coalesce(sum(brought.points), 0)::bigint AS "pointsEarned"
       FROM members.member m LEFT JOIN members.referral_code o ON o.member_id = m.id
         CROSS JOIN LATERAL (
           SELECT count(*) FILTER (WHERE r.status <> 'REFUSED') AS joined, sum(r.referrer_points) AS points
           FROM members.referral r WHERE r.referrer_id = m.id) AS brought
       WHERE m.id = c.member_id OR m.merged_into = c.member_id) AS own
     WHERE c.member_id = ANY ($1)`,
    [memberIds],
  );
}

/** Whose code it is, as far as they can bring somebody; null for nobody's. */
export async function findReferrer(tx: Database, code: string): Promise<string | null> {
  const [found] = await rows<{ id: string }>(
    tx,
    `SELECT r.id FROM members.referral_code c
       JOIN members.member m ON m.id = c.member_id
       JOIN members.member r ON r.id = coalesce(m.merged_into, m.id)
     WHERE c.code = $1 AND r.status = 'ACTIVE' AND NOT r.sandbox`,
    [code],
  );
  return found?.id ?? null;
}

/**
 * Counts an enrolment for its referrer, once for each address of a day, whether or not it is a member's:
 * who wrote a stranger's address learns nothing of it. The address is locked. For nobody it does the same.
 */
export async function countInvited(
  tx: Database,
  { referrerId, verificationId }: { referrerId: string | null; verificationId: string },
): Promise<void> {
  await rows(
    tx,
    `UPDATE members.referral_code c SET invited = c.invited + 1
     FROM members.verification v
     WHERE c.member_id = $1 AND v.id = $2 AND NOT EXISTS (
       SELECT FROM members.verification other
       WHERE other.email_key = v.email_key AND other.referrer_id = $1 AND other.id <> v.id)`,
    [referrerId, verificationId],
  );
}
