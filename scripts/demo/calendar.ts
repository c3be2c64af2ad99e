import { addDays, dayOf, instantOf, weekTimeOf } from '../../platform/calendar.ts';

/** A time of the demo, by the program's clock: the hour of a day in a week that lies so far back. */
export interface Moment {
  /** 0 is the week that the demo ends in, whose first two days have passed. */
  weeksAgo: number;
  /** 1 is Monday. */
  day: number;
  hour: number;
  minute: number;
}

/** The demo's two years. */
export const weeksMax = 104;

/**
 * When the demo's points expire. It is a little more than 90 weeks, and less than 92, from whichever day
 * on, and purchases are reported every other Monday: the same points are gone whenever the demo is made.
 */
export const expiryMonths = 21;
/** Points that are no more weeks old can be spent. */
export const lotWeeks = 90;

/**
 * When moments were, seen from the instant at which the demo is made. Days of the week and hours are
 * the same whenever that is, so that members earn the same points.
 */
export function calendarOf(now: Date, timeZone: string): (moment: Moment) => Date {
  const lastDay = addDays(dayOf(now, timeZone), -2);
  const { dayOfWeek } = weekTimeOf(instantOf(`${lastDay}T12:00`, timeZone)!, timeZone);
  return ({ weeksAgo, day, hour, minute }) => {
    const on = addDays(lastDay, day - dayOfWeek - weeksAgo * 7);
    return instantOf(`${on}T${twoDigits(hour)}:${twoDigits(minute)}`, timeZone)!;
  };
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Whether a moment comes before another. */
export function isBefore(a: Moment, b: Moment): boolean {
  return minutesOf(a) < minutesOf(b);
}

function minutesOf({ weeksAgo, day, hour, minute }: Moment): number {
  return ((-weeksAgo * 7 + day) * 24 + hour) * 60 + minute;
}
