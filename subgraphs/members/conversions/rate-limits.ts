import { convertedSince } from '../../../ledger/index.ts';
import { addDays, dayOf, startOfDay, startOfPeriod } from '../../../platform/calendar.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { Program } from '../program/entities.ts';

/** A conversion that is asked for, by its rate. */
interface Quoted {
  moved: bigint;
  dailyLimit: bigint | null;
  yearlyLimit: bigint | null;
}

/**
 * Refuses a conversion that would take its member beyond what the rate lets one convert in a day, or in a
 * year. Exact under load, since the caller has locked the member's row.
 *
 * @throws Refusal LIMIT_REACHED
 */
export async function requireWithinRate(
  tx: Database,
  pair: { memberId: string; from: string; to: string },
  { moved, dailyLimit, yearlyLimit }: Quoted,
  at: Date,
): Promise<void> {
  if (dailyLimit === null && yearlyLimit === null) return;
  const [program] = await tx.find(Program);
  const { timeZone } = program!;
  const today = dayOf(at, timeZone);
  const year = startOfPeriod(today, 'YEAR');
  const nextYear = `${Number(year.slice(0, 4)) + 1}-01-01`;
  // The longest to wait for first.
  const bounds = [
    { subject: 'RATE_PER_YEAR', limit: yearlyLimit, from: year, next: nextYear },
    { subject: 'RATE_PER_DAY', limit: dailyLimit, from: today, next: addDays(today, 1) },
  ];
  for (const { subject, limit, from, next } of bounds) {
    if (limit === null) continue;
    const was = await convertedSince(tx, pair, { since: startOfDay(from, timeZone), at });
    if (was + moved <= limit) continue;
    throw new Refusal('LIMIT_REACHED', 'This is more than the rate allows.', ['points'], {
      available: limit > was ? limit - was : 0n,
      limit: String(limit),
      subject,
      // To wait is no use where the conversion alone is too much.
      ...(moved <= limit && { retryAt: startOfDay(next, timeZone) }),
    });
  }
}
