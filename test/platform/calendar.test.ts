import { type Period, instantOf, startOfPeriod } from '../../platform/calendar.ts';

describe('instantOf', () => {
  it.each([
    // Berlin is an hour ahead of UTC in winter, two in summer.
    ['2009-12-01 07:45:00', '2009-12-01T06:45:00.000Z'],
    ['2010-07-01T07:45', '2010-07-01T05:45:00.000Z'],
    ['2010-07-01 07:45:30.25', '2010-07-01T05:45:30.250Z'],
    ['2010-07-01', '2010-06-30T22:00:00.000Z'],
    ['2010-07-01T07:45:00Z', '2010-07-01T07:45:00.000Z'],
    ['2010-07-01 07:45:00-05:00', '2010-07-01T12:45:00.000Z'],
    ['2010-07-01T07:45:00+0530', '2010-07-01T02:15:00.000Z'],
    // The hour that the clocks skip, and the first of the two that they repeat.
    ['2010-03-28 02:30:00', '2010-03-28T01:30:00.000Z'],
    ['2010-10-31 02:30:00', '2010-10-31T00:30:00.000Z'],
  ])('reads %s', (text, instant) => {
    expect(instantOf(text, 'Europe/Berlin')?.toISOString()).toBe(instant);
  });

  it.each([
    '',
    'yesterday',
    '01.12.2009',
    '12/1/2009 7:45',
    '2010-02-30',
    '2010-07-01 25:00',
    '2010',
  ])('knows no instant in "%s"', (text) => {
    expect(instantOf(text, 'Europe/Berlin')).toBeNull();
  });
});

describe('startOfPeriod', () => {
  it.each<[string, Period, string]>([
    ['2026-06-17', 'DAY', '2026-06-17'],
    // A Wednesday, and the Sunday of a week that began in the year before.
    ['2026-06-17', 'WEEK', '2026-06-15'],
    ['2023-01-01', 'WEEK', '2022-12-26'],
    ['2026-06-17', 'MONTH', '2026-06-01'],
    ['2026-01-01', 'QUARTER', '2026-01-01'],
    ['2026-03-31', 'QUARTER', '2026-01-01'],
    ['2026-06-17', 'QUARTER', '2026-04-01'],
    ['2026-12-31', 'QUARTER', '2026-10-01'],
    ['2026-06-17', 'YEAR', '2026-01-01'],
    ['2026-06-17', 'EVER', '1970-01-01'],
  ])('of %s and %s', (day, period, start) => {
    expect(startOfPeriod(day, period)).toBe(start);
  });
});
