import { Big } from 'big.js';
import { type PartnerDay, partnerDays, toMinorUnits } from '../../../ledger/index.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { type Days, daysOf, instantsOf, wholeMonthsOf } from './periods.ts';
import type { PartnerPerformance } from './rows.ts';

/** Figures over fewer members could tell of one. */
const membersMin = 10;

/**
 * What members did with partners in a period, by partner. Whoever the partner's own clients have reported it
 * knows by name; what members did elsewhere it is told in tens of whole months. In tens of any period two
 * that differ by a day would tell of the one member who was new on it, wherever that one makes a ten full.
 */
export async function performancesOf(
  db: Database,
  partnerIds: readonly string[],
  { days, timeZone, today }: { days: Days; timeZone: string; today: string },
): Promise<Map<string, PartnerPerformance>> {
  const currencies = await lastCurrencies(db, partnerIds);
  const months = wholeMonthsOf(days, today);
  const seen = await membersOf(db, {
    partners: partnerIds.map((id) => ({ id, currency: currencies.get(id) ?? null })),
    period: instantsOf(days, timeZone),
    months: months && instantsOf(months, timeZone),
    timeZone,
  });
  const points = new Map<string, Map<string, PartnerDay>>(partnerIds.map((id) => [id, new Map()]));
  for (const each of await partnerDays(db, { ...days, partnerIds })) {
    points.get(each.partnerId)!.set(each.day, each);
  }
  return new Map(
    seen.map((each) => [
      each.partnerId,
      performanceOf(each, daysOf(days), points.get(each.partnerId)!),
    ]),
  );
}

function performanceOf(
  { activities, members, paying, spent, payments, won, currency }: Seen,
  days: readonly string[],
  byDay: ReadonlyMap<string, PartnerDay>,
): PartnerPerformance {
  const daily = days.map((day) => {
    const { issued = 0n, redeemed = 0n } = byDay.get(day) ?? {};
    return { day, issued, redeemed };
  });
  return {
    activities,
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

/** The money of partners' last contracts; those without one are left out. */
async function lastCurrencies(
  db: Database,
  partnerIds: readonly string[],
): Promise<Map<string, string>> {
  const found = await rows<{ partnerId: string; currency: string }>(
    db,
    `SELECT DISTINCT ON (partner_id) partner_id AS "partnerId", currency FROM partners.contract
     WHERE partner_id = ANY ($1) ORDER BY partner_id, version DESC`,
    [partnerIds],
  );
  return new Map(found.map(({ partnerId, currency }) => [partnerId, currency]));
}

/** What stands, and is of a real member. */
export const counts = `NOT a.sandbox AND a.status <> 'REFUNDED'`;

interface Seen {
  partnerId: string;
  currency: string | null;
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
  /** With the money of their last contracts. */
  partners: { id: string; currency: string | null }[];
  period: [Date, Date];
  /** When the whole months in it begin and are over; null where it has none. */
  months: [Date, Date] | null;
  timeZone: string;
}

/** One statement; of each member that is new here in a whole month, it looks at what they did first. */
function membersOf(db: Database, { partners, period, months, timeZone }: Asked): Promise<Seen[]> {
  return rows<Seen>(
    db,
    `WITH asked AS (
       SELECT * FROM unnest($1::uuid[], $2::text[]) AS asked (partner_id, currency)
     ), here AS MATERIALIZED (
       SELECT p.partner_id, a.*
       FROM asked p CROSS JOIN LATERAL (
         SELECT a.member_id, count(*) AS activities, min(a.occurred_at) AS first_at,
                count(*) FILTER (WHERE a.amount > 0 AND a.currency = p.currency) AS payments,
                sum(a.amount) FILTER (WHERE a.amount > 0 AND a.currency = p.currency) AS spent
         FROM partners.activity a
         WHERE a.partner_id = p.partner_id AND a.occurred_at >= $3 AND a.occurred_at < $4 AND ${counts}
         GROUP BY a.member_id) a
     ), won AS (
       SELECT h.partner_id, date_trunc('month', h.first_at AT TIME ZONE $7) AS month
       FROM here h CROSS JOIN LATERAL (
         SELECT a.partner_id, a.occurred_at FROM partners.activity a
         WHERE a.member_id = h.member_id AND ${counts}
         ORDER BY a.occurred_at, a.id LIMIT 1) AS earliest
       WHERE h.first_at >= $5 AND h.first_at < $6
         AND earliest.partner_id <> h.partner_id AND earliest.occurred_at < h.first_at
         AND NOT EXISTS (
           SELECT FROM partners.activity a
           WHERE a.member_id = h.member_id AND a.occurred_at < $3 AND a.partner_id = h.partner_id
             AND ${counts})
     ), tens AS (
       SELECT partner_id, sum(members / $8 * $8)::integer AS won
       FROM (SELECT partner_id, count(*)::integer AS members FROM won GROUP BY partner_id, month) m
       GROUP BY partner_id
     )
     SELECT p.partner_id AS "partnerId", p.currency, count(h.member_id)::integer AS members,
            coalesce(sum(h.activities), 0)::integer AS activities,
            count(*) FILTER (WHERE h.payments > 0)::integer AS paying,
            coalesce(sum(h.payments), 0)::integer AS payments, coalesce(sum(h.spent), 0)::text AS spent,
            coalesce((SELECT won FROM tens t WHERE t.partner_id = p.partner_id), 0) AS won
     FROM asked p LEFT JOIN here h ON h.partner_id = p.partner_id
     GROUP BY p.partner_id, p.currency`,
    [
      partners.map(({ id }) => id),
      partners.map(({ currency }) => currency),
      ...period,
      ...(months ?? [null, null]),
      timeZone,
      membersMin,
    ],
  );
}
