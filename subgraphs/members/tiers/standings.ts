import { addDays, daysBetween } from '../../../platform/calendar.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { readRows } from '../../../platform/reads.ts';
import type { GrantSource, Tier } from './entities.ts';

/** Where a member stands, and what they earned lately. */
export interface Standing {
  memberId: string;
  /** Null where the program has no tiers. */
  tierCode: string | null;
  source: 'EARNED' | GrantSource;
  /** Days of the program: "2026-11-21". */
  since: string;
  validUntil: string | null;
  today: string;
  periodFrom: string;
  periodTo: string;
  /** The last day on which what is earned counts together with it. */
  openUntil: string;
  /** In the period. */
  points: bigint;
  /** In the last 90 days. */
  recentPoints: bigint;
}

/**
 * Where these members stand at an instant. What is due has happened, also where nobody has looked since.
 * One statement, however many members; without those that are unknown.
 */
export function standingsOf(db: Database, memberIds: string[], at: Date): Promise<Standing[]> {
  return readRows(
    db,
    `SELECT t.member_id AS "memberId", t.tier AS "tierCode", t.source, t.since::text,
            t.until::text AS "validUntil", p.today::text, p.period_from::text AS "periodFrom",
            p.period_to::text AS "periodTo", p.open_until::text AS "openUntil", p.points, p.recent_points AS "recentPoints"
     FROM members.tiers_of($1, $2) t JOIN members.tier_progress($1, $2) p USING (member_id)`,
    [memberIds, at],
  );
}

/** The codes of these members' tiers at an instant, by member; without those that are unknown. */
export async function tierCodesOf(
  db: Database,
  memberIds: readonly string[],
  at: Date,
): Promise<Map<string, string | null>> {
  const found = await readRows<{ memberId: string; tier: string | null }>(
    db,
    'SELECT member_id AS "memberId", tier FROM members.tiers_of($1, $2)',
    [memberIds, at],
  );
  return new Map(found.map(({ memberId, tier }) => [memberId, tier]));
}

/** Where a business stands, by what its people earned while they were in it. */
type BusinessStanding = Omit<Standing, 'memberId'> & { householdId: string };

/** Where these businesses stand at an instant; without families, and where the program has no tiers. */
export function businessStandings(
  db: Database,
  householdIds: string[],
  at: Date,
): Promise<BusinessStanding[]> {
  return rows(
    db,
    `SELECT household_id AS "householdId", tier AS "tierCode", 'EARNED' AS source, since::text,
            until::text AS "validUntil", today::text, period_from::text AS "periodFrom",
            period_to::text AS "periodTo", open_until::text AS "openUntil", points,
            recent_points AS "recentPoints"
     FROM members.business_tiers($1, $2)`,
    [householdIds, at],
  );
}

/**
 * For a list of members: those at the tier :tier as of the worker's last review, which is minutes ago at
 * most. Who has no standing has the lowest.
 *
 * @param member the alias of their table
 */
export function isAtTier(member: string): string {
  return `:tier = coalesce(
    (SELECT s.tier FROM members.tier_standing s WHERE s.member_id = ${member}.id),
    (SELECT t.code FROM members.tier t WHERE t.rank = 0))`;
}

const paceDays = 90n;

/** What is missing to a tier. */
export interface Progress {
  tier: Tier;
  current: bigint;
  target: bigint;
  remaining: bigint;
  percent: number;
  expectedOn: string | null;
}

/** How near the next tier is; null at the highest. */
export function progressOf(
  standing: Omit<Standing, 'memberId'>,
  tier: Tier,
  ladder: readonly Tier[],
): Progress | null {
  const next = ladder[tier.rank! + 1];
  if (!next) return null;
  const current = standing.points > 0n ? standing.points : 0n;
  const target = next.threshold;
  const remaining = target > current ? target - current : 0n;
  const percent = Number(remaining === 0n ? 100n : (100n * current) / target);
  const expectedOn = expectedDay(standing, remaining);
  return { tier: next, current, target, remaining, percent, expectedOn };
}

/** When so many points more are earned, at the pace of late; null where it would be too late. */
function expectedDay(
  { recentPoints, today, openUntil }: Omit<Standing, 'memberId'>,
  remaining: bigint,
) {
  if (recentPoints <= 0n) return null;
  const days = (remaining * paceDays + recentPoints - 1n) / recentPoints;
  if (days > daysBetween(today, openUntil)) return null;
  return addDays(today, Number(days));
}
