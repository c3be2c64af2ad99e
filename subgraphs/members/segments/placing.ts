import { sharedCurrency } from '../../../ledger/index.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { type MemberFacts, askedOf, compileSegment } from './conditions.ts';

/**
 * Puts members into the segments whose conditions they meet at an instant, and takes them out of the
 * others. A fixed number of statements, however many members; the same again changes nothing.
 */
export async function placeMembers(tx: Database, memberIds: string[], at: Date): Promise<void> {
  const segments = await rows<{ code: string; condition: string }>(
    tx,
    'SELECT code, condition FROM members.segment_conditions()',
  );
  const compiled = segments.map(({ code, condition }) => ({
    code,
    isMet: compileSegment(condition),
  }));
  const placed: { memberId: string; segment: string }[] = [];
  for (const facts of await factsOf(tx, memberIds, at)) {
    const asked = askedOf(facts);
    for (const { code, isMet } of compiled) {
      if (isMet(asked)) placed.push({ memberId: facts.memberId, segment: code });
    }
  }
  await rows(tx, 'SELECT members.place_in_segments($1, $2, $3)', [
    memberIds,
    placed.map(({ memberId }) => memberId),
    placed.map(({ segment }) => segment),
  ]);
}

/** What conditions ask about; without who is closed or of the sandbox, and so in no segment. */
function factsOf(tx: Database, memberIds: string[], at: Date): Promise<MemberFacts[]> {
  return rows(
    tx,
    `SELECT member_id AS "memberId", status, tier, joined_at AS "joinedAt",
            days_since_joined AS "daysSinceJoined", points::text, lifetime_points::text AS "lifetimePoints",
            days_since_activity AS "daysSinceActivity", birth_month AS "birthMonth", locale, household,
            marketing_opt_in AS "marketingOptIn", trusts, today::text
     FROM members.segment_facts($1, $2, $3)`,
    [memberIds, sharedCurrency, at],
  );
}
