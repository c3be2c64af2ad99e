/** How much a member has moved within a day, 30 days and a year, and whether one act more is too much. */
import { addDays, dayOf, startOfDay } from '../../../platform/calendar.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { Act, Finding } from './acts.ts';
import type { RiskLimits } from './entities.ts';

const windowMs = 30 * 86_400_000;

interface Total {
  count: bigint;
  points: bigint;
}

/** What a member has done of one kind: by calendar day, by 30 days that end now, by calendar year. */
export interface Totals {
  day: Total;
  window: Total;
  year: Total;
  /** Whom points went to within the 30 days. */
  receivers: string[];
  /** When the first act leaves the 30 days; null where there is none. */
  windowMovesAt: Date | null;
}

/** Reads the member's log: as many rows as a year's limits let in. */
export async function totalsOf(
  tx: Database,
  { member, action, at }: Act,
  timeZone: string,
): Promise<Totals> {
  const today = dayOf(at, timeZone);
  const [row] = await rows<
    Record<`${'day' | 'window' | 'year'}${'Count' | 'Points'}`, bigint> & {
      receivers: string[];
      windowFrom: Date | null;
    }
  >(
    tx,
    `SELECT count(*) FILTER (WHERE acted_at >= $3) AS "dayCount",
            coalesce(sum(points) FILTER (WHERE acted_at >= $3), 0)::bigint AS "dayPoints",
            count(*) FILTER (WHERE acted_at > $4) AS "windowCount",
            coalesce(sum(points) FILTER (WHERE acted_at > $4), 0)::bigint AS "windowPoints",
            count(*) FILTER (WHERE acted_at >= $5) AS "yearCount",
            coalesce(sum(points) FILTER (WHERE acted_at >= $5), 0)::bigint AS "yearPoints",
            coalesce(array_agg(DISTINCT receiver_id)
              FILTER (WHERE acted_at > $4 AND receiver_id IS NOT NULL), '{}') AS receivers,
            min(acted_at) FILTER (WHERE acted_at > $4) AS "windowFrom"
     FROM members.risk_act
     WHERE member_id = $1 AND action = $2 AND acted_at >= least($4::timestamptz, $5::timestamptz)`,
    [
      member.id,
      action,
      startOfDay(today, timeZone),
      new Date(at.getTime() - windowMs),
      startOfDay(`${today.slice(0, 4)}-01-01`, timeZone),
    ],
  );
  const { windowFrom, receivers } = row!;
  return {
    day: { count: row!.dayCount, points: row!.dayPoints },
    window: { count: row!.windowCount, points: row!.windowPoints },
    year: { count: row!.yearCount, points: row!.yearPoints },
    receivers,
    windowMovesAt: windowFrom && new Date(windowFrom.getTime() + windowMs),
  };
}

/** A limit: what was done before, what the act adds, and when the count starts anew. */
interface Bound {
  reason: string;
  was: bigint;
  more: bigint;
  limit: bigint;
  retryAt: Date;
}

/** The limits that an act would go beyond, those that are longest to wait for first. */
export function exceeded(
  act: Act,
  totals: Totals,
  limits: RiskLimits,
  timeZone: string,
): Finding[] {
  return boundsOf(act, totals, limits, timeZone)
    .filter(({ was, more, limit }) => was + more > limit)
    .map(({ reason, was, limit, retryAt }) => ({
      reason,
      decision: 'DENY',
      refusal: new Refusal('LIMIT_REACHED', 'This is more than the program allows.', [], {
        limit: String(limit),
        subject: reason,
        // To wait is no use where the act alone is too much.
        ...(was > 0n && { retryAt }),
      }),
    }));
}

function boundsOf(
  { action, points, at }: Act,
  { day, window, year, windowMovesAt }: Totals,
  limits: RiskLimits,
  timeZone: string,
): Bound[] {
  const today = dayOf(at, timeZone);
  const tomorrow = startOfDay(addDays(today, 1), timeZone);
  const nextYear = startOfDay(`${Number(today.slice(0, 4)) + 1}-01-01`, timeZone);
  const ofPoints = (period: string, total: Total, limit: bigint, retryAt: Date): Bound => {
    return { reason: `POINTS_PER_${period}`, was: total.points, more: points, limit, retryAt };
  };
  const ofCount = (period: string, total: Total, limit: number, retryAt: Date): Bound => {
    const reason = `COUNT_PER_${period}`;
    return { reason, was: total.count, more: 1n, limit: BigInt(limit), retryAt };
  };
  if (action === 'CONVERSION') {
    return [
      ofPoints('YEAR', year, limits.conversionPointsPerYear, nextYear),
      ofPoints('DAY', day, limits.conversionPointsPerDay, tomorrow),
    ];
  }
  const later = windowMovesAt ?? at;
  return [
    ofPoints('YEAR', year, limits.transferPointsPerYear, nextYear),
    ofCount('YEAR', year, limits.transfersPerYear, nextYear),
    ofPoints('30_DAYS', window, limits.transferPointsPer30Days, later),
    ofCount('30_DAYS', window, limits.transfersPer30Days, later),
    ofPoints('DAY', day, limits.transferPointsPerDay, tomorrow),
    ofCount('DAY', day, limits.transfersPerDay, tomorrow),
  ];
}
