import { Temporal } from 'temporal-polyfill';
import { startOfDay } from '../../platform/calendar.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { sequence } from '../support/random.ts';

/** How many zones are drawn beside the hard ones; `npm run test:nightly` takes all, and all years. */
const rounds = Number(process.env['TEST_ROUNDS'] ?? 5);
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

/** Clocks that are changed at midnight, shortly before it, shortly after it, or by a day. */
const hardZones = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Asuncion',
  'America/Havana',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Toronto',
  'Asia/Beirut',
  'Asia/Manila',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Pacific/Apia',
  'Pacific/Kwajalein',
];

const test = useTestDatabase();

describe(`ledger.start_of_day (${rounds} zones and the hard ones, TEST_SEED=${seed})`, () => {
  it('is the first instant of each day around each change of a clock', async () => {
    const days = (await someZones()).flatMap((zone) =>
      daysOfChanges(zone).map((day) => ({ zone, day, start: startOfDay(day, zone) })),
    );

    const answers = await rows<{ start: Date; clock: string; before: string }>(
      test.owner(),
      `SELECT ledger.start_of_day(day, zone) AS start,
              to_char(start AT TIME ZONE zone, 'YYYY-MM-DD"T"HH24:MI:SS') AS clock,
              to_char((start - interval '1 second') AT TIME ZONE zone,
                      'YYYY-MM-DD"T"HH24:MI:SS') AS before
       FROM unnest($1::text[], $2::date[], $3::timestamptz[]) WITH ORDINALITY
         AS u (zone, day, start, n) ORDER BY n`,
      [days.map(({ zone }) => zone), days.map(({ day }) => day), days.map(({ start }) => start)],
    );

    // The tables of zones that PostgreSQL and Node bring along are not always of one year: a day on
    // which they do not even show the same time says nothing. How many those are depends on the
    // zones drawn (one may have forty): enough others must remain.
    const others = days
      .map((day, index) => ({ ...day, answer: answers[index]! }))
      .filter(({ start, answer }) => +start !== +answer.start);
    const wrong = others.filter(
      ({ zone, start, answer }) =>
        answer.clock === clockAt(start, zone) && answer.before === clockAt(start, zone, -1),
    );
    expect(wrong).toEqual([]);
    expect(days.length - others.length).toBeGreaterThan(1_000);
  });

  it.each([
    ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00Z', 'midnight is skipped'],
    ['America/Santiago', '2025-09-07', '2025-09-07T04:00:00Z', 'midnight is skipped'],
    ['America/Havana', '2025-11-02', '2025-11-02T04:00:00Z', 'midnight comes twice'],
    ['America/Toronto', '1919-03-31', '1919-03-31T04:30:00Z', 'the gap begins at 23:30'],
    ['America/St_Johns', '2006-10-29', '2006-10-29T02:30:00Z', 'the clock goes back at 00:01'],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 'the whole day is skipped'],
    ['Pacific/Kwajalein', '1969-09-30', '1969-09-29T13:00:00Z', 'the day comes twice'],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 'a day of 23 hours'],
    ['Europe/Berlin', '2026-03-30', '2026-03-29T22:00:00Z', 'the day after it'],
  ])('in %s on %s is %s: %s', async (zone, day, start) => {
    // Whatever the zone of the connection: its own days may have another length.
    for (const session of ['UTC', 'Pacific/Apia', zone]) {
      const [answer] = await test.owner().transaction(async (tx) => {
        await rows(tx, `SELECT set_config('timezone', $1, true)`, [session]);
        return rows<{ start: Date }>(tx, 'SELECT ledger.start_of_day($1, $2) AS start', [
          day,
          zone,
        ]);
      });
      expect(answer!.start).toEqual(new Date(start));
    }
  });
});

type Policy = Record<string, unknown>;

/** What a function of the ledger says for the shared currency under a policy. */
async function ask(name: string, policy: Policy, from: string): Promise<string | null> {
  const [answer] = await rows<{ at: Date | null }>(
    test.owner(),
    `SELECT ledger.${name}(jsonb_populate_record(c, $1), $2) AS at
     FROM ledger.currency c WHERE code = 'PTS'`,
    [JSON.stringify({ time_zone: 'Europe/Berlin', ...policy }), from],
  );
  return answer!.at?.toISOString().replace(':00.000Z', 'Z') ?? null;
}

describe('ledger.expiry_of', () => {
  it.each([
    // 31 January and a month: the last of February is the last valid day, in Berlin's winter.
    [1, 'DAY', '2026-01-31T12:00Z', '2026-02-28T23:00Z'],
    [1, 'DAY', '2028-01-31T12:00Z', '2028-02-29T23:00Z'],
    [12, 'DAY', '2028-02-29T12:00Z', '2029-02-28T23:00Z'],
    [48, 'DAY', '2028-02-29T12:00Z', '2032-02-29T23:00Z'],
    [3, 'DAY', '2026-11-30T12:00Z', '2027-02-28T23:00Z'],
    // No months: the end of the same day, which is the local one.
    [0, 'DAY', '2026-03-15T12:00Z', '2026-03-15T23:00Z'],
    [0, 'DAY', '2026-03-15T22:59Z', '2026-03-15T23:00Z'],
    [0, 'DAY', '2026-03-15T23:00Z', '2026-03-16T23:00Z'],
    // The days on which the clock is changed have 23 and 25 hours.
    [0, 'DAY', '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
    [0, 'DAY', '2026-10-24T22:00Z', '2026-10-25T23:00Z'],
    [7, 'DAY', '2026-03-25T12:00Z', '2026-10-25T23:00Z'],
    // On to the end of a longer span.
    [12, 'MONTH', '2026-03-10T12:00Z', '2027-03-31T22:00Z'],
    [1, 'MONTH', '2028-01-31T12:00Z', '2028-02-29T23:00Z'],
    [0, 'MONTH', '2026-12-31T12:00Z', '2026-12-31T23:00Z'],
    [12, 'QUARTER', '2026-03-31T12:00Z', '2027-03-31T22:00Z'],
    [12, 'QUARTER', '2026-04-01T12:00Z', '2027-06-30T22:00Z'],
    [12, 'HALF_YEAR', '2026-06-30T12:00Z', '2027-06-30T22:00Z'],
    [12, 'HALF_YEAR', '2026-07-01T12:00Z', '2027-12-31T23:00Z'],
    [36, 'YEAR', '2026-01-01T12:00Z', '2029-12-31T23:00Z'],
    [0, 'YEAR', '2026-12-31T22:59Z', '2026-12-31T23:00Z'],
  ])('with %s months to the end of the %s, from %s, is %s', async (months, rounding, from, end) => {
    const policy = { expiry: 'LOT_AGE', expiry_months: months, expiry_rounding: rounding };

    expect(await ask('expiry_of', policy, from)).toBe(end);
  });

  it.each([
    [['06-30', '12-31'], 0, '2026-03-01T12:00Z', '2026-06-30T22:00Z'],
    [['06-30', '12-31'], 0, '2026-06-30T21:59Z', '2026-06-30T22:00Z'],
    [['06-30', '12-31'], 0, '2026-06-30T22:00Z', '2026-12-31T23:00Z'],
    [['06-30', '12-31'], 0, '2026-12-31T23:00Z', '2027-06-30T22:00Z'],
    // 30 days are left on 1 December, 29 on the second.
    [['12-31'], 30, '2026-12-01T12:00Z', '2026-12-31T23:00Z'],
    [['12-31'], 30, '2026-12-02T12:00Z', '2027-12-31T23:00Z'],
    [['06-30', '12-31'], 30, '2026-12-02T12:00Z', '2027-06-30T22:00Z'],
    // More than a year.
    [['12-31'], 400, '2026-03-01T12:00Z', '2027-12-31T23:00Z'],
    // 29 February is the 28th where there is none.
    [['02-29'], 0, '2027-01-10T12:00Z', '2027-02-28T23:00Z'],
    [['02-29'], 0, '2027-02-28T12:00Z', '2027-02-28T23:00Z'],
    [['02-29'], 0, '2027-03-01T12:00Z', '2028-02-29T23:00Z'],
    [['02-29'], 0, '2028-02-29T12:00Z', '2028-02-29T23:00Z'],
    [['02-29'], 0, '2028-03-01T12:00Z', '2029-02-28T23:00Z'],
  ])('on %j with %s days at least, from %s, is %s', async (dates, days, from, end) => {
    const policy = {
      expiry: 'FIXED_DATES',
      expiry_dates: dates,
      expiry_minimum_days: days,
      // For ends after months alone.
      expiry_rounding: 'YEAR',
    };

    expect(await ask('expiry_of', policy, from)).toBe(end);
  });

  it('is none where points never end, or end with the member’s activity, or wait', async () => {
    const aged = { expiry: 'LOT_AGE', expiry_months: 12 };

    expect(await ask('expiry_of', { expiry: 'NEVER' }, '2026-03-01T12:00Z')).toBeNull();
    expect(await ask('expiry_of', { ...aged, expiry: 'INACTIVITY' }, '2026-03-01Z')).toBeNull();
    expect(await ask('expiry_of', aged, 'infinity')).toBeNull();
  });

  it('is what another calendar says, from any instant in any zone', async () => {
    const random = sequence(seed);
    const lengths = { DAY: 0, MONTH: 1, QUARTER: 3, HALF_YEAR: 6, YEAR: 12 };
    const cases = Array.from({ length: 100 * rounds }, () => ({
      time_zone: hardZones[random(hardZones.length)]!,
      expiry_months: random(60),
      expiry_rounding: Object.keys(lengths)[random(5)] as keyof typeof lengths,
      from: new Date(Date.UTC(1990 + random(35), 0, 1, 0, random(525_600))),
    }));

    const answers = await rows<{ at: Date }>(
      test.owner(),
      `SELECT ledger.expiry_of(jsonb_populate_record(c, each || '{"expiry": "LOT_AGE"}'),
                               (each ->> 'from')::timestamptz) AS at
       FROM jsonb_array_elements($1) WITH ORDINALITY AS u (each, n), ledger.currency c
       WHERE code = 'PTS' ORDER BY n`,
      [JSON.stringify(cases)],
    );

    const expected = cases.map(({ time_zone: zone, expiry_months, expiry_rounding, from }) => {
      const last = Temporal.Instant.fromEpochMilliseconds(+from)
        .toZonedDateTimeISO(zone)
        .toPlainDate()
        .add({ months: expiry_months });
      const months = lengths[expiry_rounding];
      if (months === 0) return startOfDay(last.add({ days: 1 }).toString(), zone);
      const ends = Math.ceil(last.month / months) * months;
      return startOfDay(last.with({ day: 1, month: ends }).add({ months: 1 }).toString(), zone);
    });
    expect(cases.filter((_, index) => +answers[index]!.at !== +expected[index]!)).toEqual([]);
  });
});

describe('ledger.inactive_from', () => {
  const policy = { expiry: 'INACTIVITY', expiry_months: 24, expiry_rounding: 'DAY' };

  it.each([
    ['DAY', '2026-02-28T12:00Z', '2028-02-28T23:00Z'],
    ['DAY', '2028-02-29T12:00Z', '2030-02-28T23:00Z'],
    ['MONTH', '2026-02-03T12:00Z', '2028-02-29T23:00Z'],
  ])('is 24 months after the last activity, to the end of the %s', async (rounding, from, end) => {
    expect(await ask('inactive_from', { ...policy, expiry_rounding: rounding }, from)).toBe(end);
  });

  it('is none under another policy, and where nothing ever happened', async () => {
    expect(await ask('inactive_from', { ...policy, expiry: 'LOT_AGE' }, '2026-02-28Z')).toBeNull();
    expect(await ask('inactive_from', policy, '-infinity')).toBeNull();
  });
});

/** The hard zones, and as many more of those that both PostgreSQL and Temporal know. */
async function someZones(): Promise<string[]> {
  const all = await rows<{ name: string }>(
    test.owner(),
    'SELECT name FROM pg_timezone_names ORDER BY name',
  );
  const known = all.map(({ name }) => name).filter((name) => !/^(Factory|posix|right)/.test(name));
  const random = sequence(seed);
  const drawn =
    rounds < known.length
      ? Array.from({ length: rounds }, () => known[random(known.length)]!)
      : known;
  return [...new Set([...hardZones, ...drawn])];
}

/** Each day on which a zone's clock is changed, and those beside it. */
function daysOfChanges(zone: string): string[] {
  const days = new Set<string>();
  let change = Temporal.Instant.from(rounds < 100 ? '2000-01-01T00:00Z' : '1900-01-01T00:00Z')
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition('next');
  while (change && change.year < 2038) {
    for (const away of [-1, 0, 1]) days.add(change.toPlainDate().add({ days: away }).toString());
    change = change.getTimeZoneTransition('next');
  }
  return [...days];
}

function clockAt(instant: Date, zone: string, seconds = 0): string {
  return Temporal.Instant.fromEpochMilliseconds(+instant)
    .add({ seconds })
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' });
}
