import { Temporal } from 'temporal-polyfill';

/** Whether a text is the IANA name of a time zone: no offset, which has no calendar of its own. */
export function isTimeZone(name: string): boolean {
  // An offset, such as +01:00, would do for what comes next.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Now.instant().toZonedDateTimeISO(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The calendar day of an instant in a time zone, ISO 8601: "2026-11-21". */
export function dayOf(instant: Date, timeZone: string): string {
  return calendarTimeOf(instant, timeZone).day;
}

/** Where an instant falls in the week of a time zone: 1 is Monday; hours are 0 to 23. */
export function weekTimeOf(instant: Date, timeZone: string): { dayOfWeek: number; hour: number } {
  const { dayOfWeek, hour } = calendarTimeOf(instant, timeZone);
  return { dayOfWeek, hour };
}

/** The first instant of a calendar day in a time zone. */
export function startOfDay(day: string, timeZone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds);
}

const instantText =
  /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(?<offset>Z|[+-]\d{2}(:?\d{2})?)?)?$/i;

/**
 * The instant that an ISO 8601 text names: a day, or a day and a time, which is the time zone's where
 * the text has no offset. Null where it names none.
 */
export function instantOf(text: string, timeZone: string): Date | null {
  const match = instantText.exec(text);
  if (!match) return null;
  try {
    const { epochMilliseconds } = match.groups!['offset']
      ? Temporal.Instant.from(text)
      : Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone);
    return new Date(epochMilliseconds);
  } catch (error) {
    // A day or a time that does not exist.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The calendar day so many days later. */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** How many days lie between two calendar days. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;
}

/** The calendar day so many months later, or the last of a shorter month. */
export function addMonths(day: string, months: number): string {
  return Temporal.PlainDate.from(day).add({ months }).toString();
}

/** The first day of the month after the one that begins on a day. */
export function monthAfter(firstDay: string): string {
  return addMonths(firstDay, 1);
}

/** The last day of the month that begins on a day. */
export function lastOfMonth(firstDay: string): string {
  return addDays(monthAfter(firstDay), -1);
}

/** Periods of the calendar, each within the next; EVER is all of them. */
export type Period = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR' | 'EVER';

/** The first day of the period that a calendar day is in; a week begins on Monday. */
export function startOfPeriod(day: string, period: Period): string {
  const [month, year] = [day.slice(0, -3), day.slice(0, -6)];
  switch (period) {
    case 'DAY':
      return day;
    case 'WEEK': {
      const date = Temporal.PlainDate.from(day);
      return date.subtract({ days: date.dayOfWeek - 1 }).toString();
    }
    case 'MONTH':
      return `${month}-01`;
    case 'QUARTER': {
      const first = Math.floor((Number(month.slice(-2)) - 1) / 3) * 3 + 1;
      return `${year}-${String(first).padStart(2, '0')}-01`;
    }
    case 'YEAR':
      return `${year}-01-01`;
    case 'EVER':
      return '1970-01-01';
  }
}

interface CalendarTime {
  day: string;
  dayOfWeek: number;
  hour: number;
}

/** The answers of late: of each activity of a batch it is asked again and again. By time zone and instant. */
const calendarTimes = new Map<string, Map<number, CalendarTime>>();
const calendarTimesMax = 2_000;

function calendarTimeOf(instant: Date, timeZone: string): CalendarTime {
  let known = calendarTimes.get(timeZone);
  if (!known) calendarTimes.set(timeZone, (known = new Map()));
  const ms = instant.getTime();
  const before = known.get(ms);
  if (before) return before;
  const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  const { dayOfWeek, hour } = zoned;
  const time = { day: zoned.toPlainDate().toString(), dayOfWeek, hour };
  if (known.size === calendarTimesMax) known.clear();
  known.set(ms, time);
  return time;
}
