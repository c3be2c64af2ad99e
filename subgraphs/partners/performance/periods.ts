import { z } from 'zod';
import {
  addDays,
  daysBetween,
  lastOfMonth,
  monthAfter,
  startOfDay,
  startOfPeriod,
} from '../../../platform/calendar.ts';
import { badInput } from '../../../platform/errors.ts';

/** The longest that is read from what each member did. */
const daysMax = 366;

/** Both days count. */
export interface Days {
  from: string;
  to: string;
}

const day = z.iso
  .date({ error: 'is no day', abort: true })
  .refine((date) => date >= '1970-01-01', 'must be in 1970 or later');

/** Days that figures are asked of. */
export const days = z
  .object({ from: day, to: day })
  .refine(({ from, to }) => from <= to, { message: 'must not come after to', path: ['from'] })
  .refine(({ from, to }) => daysBetween(from, to) < daysMax, {
    message: `must be less than ${daysMax} days after from`,
    path: ['to'],
  });

/**
 * Checks the days that figures are asked of.
 *
 * @throws GraphQLError BAD_USER_INPUT what is wrong with which
 */
export function requirePeriod(given: Days): Days {
  const { data, error } = days.safeParse(given);
  if (data) return data;
  const [issue] = error.issues;
  throw badInput(`${['period', ...issue!.path].join('.')}: ${issue!.message}.`);
}

/** The instants at which the period begins and is over. */
export function instantsOf({ from, to }: Days, timeZone: string): [begins: Date, over: Date] {
  return [startOfDay(from, timeZone), startOfDay(addDays(to, 1), timeZone)];
}

/** The months that are in it from their first day to their last and are over by today; null where none is. */
export function wholeMonthsOf({ from, to }: Days, today: string): Days | null {
  const month = startOfPeriod(from, 'MONTH');
  const first = month === from ? from : monthAfter(month);
  const dayAfter = addDays(to, 1);
  const end = startOfPeriod(dayAfter < today ? dayAfter : today, 'MONTH');
  return first < end ? { from: first, to: addDays(end, -1) } : null;
}

/** It by months: each whole, but for the first and the last perhaps. */
export function monthsOf({ from, to }: Days): Days[] {
  const months: Days[] = [];
  for (let first = from; first <= to; first = monthAfter(startOfPeriod(first, 'MONTH'))) {
    const last = lastOfMonth(startOfPeriod(first, 'MONTH'));
    months.push({ from: first, to: last < to ? last : to });
  }
  return months;
}

/** Each day of it. */
export function daysOf({ from, to }: Days): string[] {
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(from, index));
}
