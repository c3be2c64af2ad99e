import { Big } from 'big.js';
import { partnerDays } from '../../../ledger/index.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { counts } from './performance.ts';
import { type Days, instantsOf, monthsOf } from './periods.ts';
import type { IssuanceReport, PartnerIssuance } from './rows.ts';

/** What partners issued in a period, and how many members were active with more than one of them. */
export async function issuanceOf(
  db: Database,
  { days, timeZone }: { days: Days; timeZone: string },
): Promise<IssuanceReport> {
  const byPartner = new Map<string, PartnerIssuance>();
  const ofPartner = (partnerId: string) => {
    const known = byPartner.get(partnerId) ?? { partnerId, points: 0n, activities: 0 };
    byPartner.set(partnerId, known);
    return known;
  };
  for (const { partnerId, issued } of await partnerDays(db, days)) {
    ofPartner(partnerId).points += issued;
  }
  const spans = monthsOf(days).map((month) => instantsOf(month, timeZone));
  const { active, crossing, partners } = await activityOf(db, spans);
  for (const { id, activities } of partners) ofPartner(id).activities = activities;
  const all = [...byPartner.values()].filter(
    ({ points, activities }) => points !== 0n || activities > 0,
  );
  return {
    points: all.reduce((sum, { points }) => sum + points, 0n),
    byPartner: all.sort(byPoints),
    crossPartnerRate: active === 0 ? null : new Big(crossing).div(active).toFixed(6),
  };
}

function byPoints(a: PartnerIssuance, b: PartnerIssuance): number {
  if (a.points !== b.points) return a.points > b.points ? -1 : 1;
  return a.partnerId < b.partnerId ? -1 : 1;
}

interface Activity {
  active: number;
  /** With two partners or more. */
  crossing: number;
  partners: { id: string; activities: number }[];
}

/**
 * Whole months of partners as the worker has counted them, unless something has changed in them since; all
 * else by the activities, from an index that holds what is asked. Members are bits: who was active is all
 * partners' bits together, and who with several are bits that a partner shares with those before it.
 *
 * @param spans months, or parts of them
 */
async function activityOf(db: Database, spans: [Date, Date][]): Promise<Activity> {
  const [found] = await rows<Activity>(
    db,
    `WITH span AS MATERIALIZED (
       SELECT p.id AS partner_id, s.begins_at, s.ends_at, m.activities, m.activities IS NOT NULL AS is_counted
       FROM partners.partner p CROSS JOIN unnest($1::timestamptz[], $2::timestamptz[]) AS s (begins_at, ends_at)
       LEFT JOIN partners.active_month m
         ON m.partner_id = p.id AND m.begins_at = s.begins_at AND m.ends_at = s.ends_at
        AND NOT EXISTS (
          SELECT FROM partners.activity_change c
          WHERE c.partner_id = p.id AND c.first_at < s.ends_at AND c.last_at >= s.begins_at)
     ), met AS MATERIALIZED (
       SELECT s.partner_id, a.member_id, a.activities, k.place
       FROM span s CROSS JOIN LATERAL (
         SELECT a.member_id, count(*) AS activities FROM partners.activity a
         WHERE a.partner_id = s.partner_id AND a.occurred_at >= s.begins_at AND a.occurred_at < s.ends_at
           AND ${counts}
         GROUP BY a.member_id) a
       LEFT JOIN partners.member_place k ON k.member_id = a.member_id
       WHERE NOT s.is_counted
     ), bits AS (
       SELECT s.partner_id, b.block, b.members
       FROM span s JOIN partners.active_members b
         ON b.partner_id = s.partner_id AND b.begins_at = s.begins_at
       WHERE s.is_counted
       UNION ALL
       SELECT partner_id, place / 8192, bit_or(set_bit(b'0'::bit(8192), place % 8192, 1))
       FROM met WHERE place IS NOT NULL GROUP BY partner_id, place / 8192
     ), of_partner AS (
       SELECT block, partner_id, bit_or(members) AS members FROM bits GROUP BY block, partner_id
     ), shared AS (
       SELECT block, members, members & bit_or(members) OVER (
         PARTITION BY block ORDER BY partner_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS crossing
       FROM of_partner
     ), together AS (
       SELECT bit_count(bit_or(members)) AS active, coalesce(bit_count(bit_or(crossing)), 0) AS crossing
       FROM shared GROUP BY block
       UNION ALL
       -- Who has no bit yet was active in no month that is counted.
       SELECT 1, CASE WHEN count(DISTINCT partner_id) > 1 THEN 1 ELSE 0 END
       FROM met WHERE place IS NULL GROUP BY member_id
     ), partner AS (
       SELECT partner_id, sum(activities)::integer AS activities
       FROM (SELECT partner_id, activities FROM span UNION ALL SELECT partner_id, activities FROM met) each
       GROUP BY partner_id HAVING sum(activities) > 0
     )
     SELECT (SELECT coalesce(sum(active), 0) FROM together)::integer AS active,
            (SELECT coalesce(sum(crossing), 0) FROM together)::integer AS crossing,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', partner_id, 'activities', activities)), '[]')
             FROM partner) AS partners`,
    [spans.map(([begins]) => begins), spans.map(([, over]) => over)],
  );
  return found!;
}
