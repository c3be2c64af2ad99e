import { Big } from 'big.js';
import { partnerDays, toMinorUnits } from '../../../ledger/index.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { Contract } from '../contracts/entities.ts';
import { type Days, daysOf, instantsOf, wholeMonthsOf } from './periods.ts';
import type { PartnerPerformance } from './rows.ts';

/** Figures over fewer members could tell of one. */
const membersMin = 10;

/**
 * What members did with a partner in a period. Whoever the partner's own clients have reported it knows
 * by name; what members did elsewhere it is told in tens of whole months. In tens of any period two that
 * differ by a day would tell of the one member who was new on it, wherever that one makes a ten full.
 */
export async function performanceOf(
  db: Database,
  partnerId: string,
  { days, timeZone, today }: { days: Days; timeZone: string; today: string },
): Promise<PartnerPerformance> {
  const contract = await db.findOne(Contract, { where: { partnerId }, order: { version: 'DESC' } });
  const currency = contract?.currency ?? null;
  const months = wholeMonthsOf(days, today);
  const seen = await membersOf(db, partnerId, {
    period: instantsOf(days, timeZone),
    currency,
    months: months && instantsOf(months, timeZone),
    timeZone,
  });
  const points = await partnerDays(db, { ...days, partnerId });
  const byDay = new Map(points.map((each) => [each.day, each]));
  const daily = daysOf(days).map((day) => {
    const { issued = 0n, redeemed = 0n } = byDay.get(day) ?? {};
    return { day, issued, redeemed };
  });
  const { members, paying, spent, payments, won } = seen;
  return {
    activities: seen.activities,
    activeMembers: members < membersMin ? null : members,
    membersWonFromCoalition: won === 0 ? null : won,
    averageSpend:
      currency === null || paying < membersMin
        ? null
        : { amount: toMinorUnits(new Big(spent).div(payments), currency), currency },
    pointsIssued: daily.reduce((sum, { issued }) => sum + issued, 0n),
    pointsRedeemed: daily.reduce((sum, { redeemed }) => sum + redeemed, 0n),
    daily,
  };
}

/** What stands, and is of a real member. */
export const counts = `NOT a.sandbox AND a.status <> 'REFUNDED'`;

interface Seen {
  activities: number;
  members: number;
  /** Those who paid in the currency, what they paid, and how often. */
  paying: number;
  spent: string;
  payments: number;
  /** In whole months, tens of each. */
  won: number;
}

interface Asked {
  period: [Date, Date];
  currency: string | null;
  /** When the whole months in it begin and are over; null where it has none. */
  months: [Date, Date] | null;
  timeZone: string;
}

/** One statement; of each member that is new here in a whole month, it looks at what they did first. */
async function membersOf(
  db: Database,
  partnerId: string,
  { period, currency, months, timeZone }: Asked,
): Promise<Seen> {
  const [seen] = await rows<Seen>(
    db,
    `WITH here AS MATERIALIZED (
       SELECT a.member_id, count(*) AS activities, min(a.occurred_at) AS first_at,
              count(*) FILTER (WHERE a.amount > 0 AND a.currency = $4) AS payments,
              sum(a.amount) FILTER (WHERE a.amount > 0 AND a.currency = $4) AS spent
       FROM partners.activity a
       WHERE a.partner_id = $1 AND a.occurred_at >= $2 AND a.occurred_at < $3 AND ${counts}
       GROUP BY a.member_id
     ), won AS (
       SELECT date_trunc('month', h.first_at AT TIME ZONE $7) AS month
       FROM here h CROSS JOIN LATERAL (
         SELECT a.partner_id, a.occurred_at FROM partners.activity a
         WHERE a.member_id = h.member_id AND ${counts}
         ORDER BY a.occurred_at, a.id LIMIT 1) AS earliest
       WHERE h.first_at >= $5 AND h.first_at < $6
         AND earliest.partner_id <> $1 AND earliest.occurred_at < h.first_at
         AND NOT EXISTS (
           SELECT FROM partners.activity a
           WHERE a.member_id = h.member_id AND a.occurred_at < $2 AND a.partner_id = $1 AND ${counts})
     )
     SELECT count(*)::integer AS members, coalesce(sum(activities), 0)::integer AS activities,
            count(*) FILTER (WHERE payments > 0)::integer AS paying,
            coalesce(sum(payments), 0)::integer AS payments, coalesce(sum(spent), 0)::text AS spent,
            (SELECT coalesce(sum(m.members / $8 * $8), 0)::integer
             FROM (SELECT count(*)::integer AS members FROM won GROUP BY month) m) AS won
     FROM here`,
    [partnerId, ...period, currency, ...(months ?? [null, null]), timeZone, membersMin],
  );
  return seen!;
}
