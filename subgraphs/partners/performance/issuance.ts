import { Big } from 'big.js';
import { partnerDays } from '../../../ledger/index.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { counts } from './performance.ts';
import { type Days, instantsOf } from './periods.ts';
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
  const { active, crossing, partners } = await activityOf(db, instantsOf(days, timeZone));
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

/** Each partner's activities are read once, from an index that holds all that is asked. */
async function activityOf(db: Database, period: [Date, Date]): Promise<Activity> {
  const [found] = await rows<Activity>(
    db,
    `WITH met AS MATERIALIZED (
       SELECT a.partner_id, a.member_id, count(*) AS activities
       FROM partners.activity a
       WHERE a.partner_id IN (SELECT id FROM partners.partner)
         AND a.occurred_at >= $1 AND a.occurred_at < $2 AND ${counts}
       GROUP BY a.partner_id, a.member_id
     ), member AS (
       SELECT count(*) AS partners FROM met GROUP BY member_id
     ), partner AS (
       SELECT partner_id, sum(activities)::integer AS activities FROM met GROUP BY partner_id
     )
     SELECT (SELECT count(*) FROM member)::integer AS active,
            (SELECT count(*) FROM member WHERE partners > 1)::integer AS crossing,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', partner_id, 'activities', activities)), '[]')
             FROM partner) AS partners`,
    period,
  );
  return found!;
}
