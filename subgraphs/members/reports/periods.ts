import { z } from 'zod';
import { badInput } from '../../../platform/errors.ts';

/** Days that PostgreSQL has, and that a program can have lived. */
export const day = z.iso
  .date('is no day')
  .refine((date) => date >= '1970-01-01', 'must be in 1970 or later');

/** The longest that a goal, a cost or a report is about. */
const daysMax = 3_660;

/** A period of days, both of which count. */
export const period = z
  .object({ from: day, to: day })
  .refine(({ from, to }) => from <= to, { message: 'must not come after to', path: ['from'] })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) < daysMax * 86_400_000, {
    message: `must be ${daysMax} days or less after from`,
    path: ['to'],
  });

export type Days = z.infer<typeof period>;

/**
 * Checks the days that a report is asked for.
 *
 * @throws GraphQLError BAD_USER_INPUT what is wrong with which
 */
export function requirePeriod(given: Days): Days {
  const { data, error } = period.safeParse(given);
  if (data) return data;
  const [issue] = error.issues;
  throw badInput(`${['period', ...issue!.path].join('.')}: ${issue!.message}.`);
}
