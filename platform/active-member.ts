import { type Database, rows } from './database.ts';
import { Refusal } from './errors.ts';

/**
 * Lets a member act whose account is active. What members do is seen by others, or takes from what
 * they share: members of the sandbox stay out of it.
 *
 * @throws Refusal MEMBER_INACTIVE; NOT_ALLOWED for a member of the sandbox
 */
export async function requireActiveMember(db: Database, memberId: string): Promise<void> {
  const [member] = await rows<{ status: string; sandbox: boolean }>(
    db,
    'SELECT status, sandbox FROM members.snapshot(ARRAY[$1::uuid])',
    [memberId],
  );
  if (member?.status !== 'ACTIVE') {
    throw new Refusal('MEMBER_INACTIVE', 'This account is not active.');
  }
  if (member.sandbox) throw new Refusal('NOT_ALLOWED', 'A test account cannot do this.');
}
