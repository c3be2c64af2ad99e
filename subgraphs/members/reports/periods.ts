import { z } from 'zod';
import { badInput } from '../../../platform/errors.ts';

/** Days that PostgreSQL has, and that a program can have lived. */
export const day = z.iso
  .date('is no day')
  .refine((date) => date >= '1970-01-01', 'must be in 1970 or later');

/** The longest that a goal, a cost or a report is about. */
const daysMax = 3_660;
/** The longest of what is read from what each member did, day by day. */
export const memberDaysMax = 366;

/** Both days count. */
export interface Days {
  from: string;
  to: string;
}

/** A period of days, both of which count. */
export const period = z
  .object({ from: day, to: day })
  .refine(({ from, to }) => from <= to, { message: 'must not come after to', path: ['from'] })
  .refine((days) => isWithin(days, daysMax), { message: tooLong(daysMax), path: ['to'] });

export function isWithin({ from, to }: Days, most: number): boolean {
  return Date.parse(to) - Date.parse(from) < most * 86_400_000;
}

export function tooLong(most: number): string {
  return `must be less than ${most} days after from`;
}

/**
 * Checks the days that a report is asked for.
 *
 * @throws GraphQLError BAD_USER_INPUT what is wrong with which
 */
export function requirePeriod(given: Days, most = daysMax): Days {
  const { data, error } = period
    .refine((days) => isWithin(days, most), { message: tooLong(most), path: ['to'] })
    .safeParse(given);
  if (data) return data;
  const [issue] = error.issues;
  throw badInput(`${['period', ...issue!.path].join('.')}: ${issue!.message}.`);
}
