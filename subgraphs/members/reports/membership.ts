import { type Database, rows } from '../../../platform/database.ts';
import type { Tier } from '../tiers/entities.ts';
import type { Days } from './periods.ts';
import type { MembershipReport } from './rows.ts';

/**
 * Who takes part in a period, of the live half of the world. Who earned or spent in the twelve months up
 * to a day is active on it; who was active on the day before the period and is not on its last has lapsed.
 *
 * It reads the members' months, and the movements that were not added up to them yet.
 */
export async function membershipOf(
  db: Database,
  { from, to }: Days,
  { timeZone, currency }: { timeZone: string; currency: string },
): Promise<MembershipReport> {
  const [report] = await rows<MembershipReport>(
    db,
    `SELECT members, enrolled, active_members AS "activeMembers", lapsed,
            active_at_start AS "activeAtStart", raised
     FROM members.membership_of($1, $2, $3, $4)`,
    [from, to, timeZone, currency],
  );
  return report!;
}

/**
 * How many members have each tier, as it was written down last; who has none of them yet has the lowest.
 * Not counted are those of the sandbox and those whose membership is closed.
 */
export async function tierCountsOf(
  db: Database,
  tiers: readonly Tier[],
): Promise<{ tier: Tier; members: number }[]> {
  const counts = await rows<{ tier: string | null; members: number }>(
    db,
    `SELECT s.tier, count(*)::integer AS members
     FROM members.member m LEFT JOIN members.tier_standing s ON s.member_id = m.id
     WHERE NOT m.sandbox AND m.status <> 'CLOSED' GROUP BY s.tier`,
  );
  const has = (code: string | null) => counts.find(({ tier }) => tier === code)?.members ?? 0;
  return tiers.map((tier) => ({
    tier,
    members: has(tier.code) + (tier.rank === 0 ? has(null) : 0),
  }));
}
