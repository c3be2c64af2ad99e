import fc from 'fast-check';
import { auditLedger, balancesOf } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import { airportAt, milesBetween } from '../../../subgraphs/partners/activities/airports.ts';
import { type RecordActivity, readReport } from '../../../subgraphs/partners/activities/reports.ts';
import { simulateActivity } from '../../../subgraphs/partners/activities/simulations.ts';
import { Activity } from '../../../subgraphs/partners/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { partnerViewer } from '../../support/subgraph.ts';

type Given = NonNullable<Parameters<typeof givenPartner>[1]>;
type Reported = Omit<RecordActivity, 'member' | 'reference' | 'occurredAt'>;

const now = new Date('2026-06-15T10:00:00Z');
const clock = new SetClock(now);
const euros = (amount: string) => ({ amount, currency: 'EUR' });

const flight = {
  flightNumber: 'SK401',
  origin: 'CPH',
  destination: 'ARN',
  cabin: 'BUSINESS' as const,
  bookingClass: 'C',
  distanceMiles: 339,
};
const stay = { property: 'HARBOUR', checkIn: '2026-06-10', checkOut: '2026-06-13', rooms: 2 };
const card = { product: 'GOLD', mcc: '5811', merchant: 'Bistro' };
const ride = { service: 'bicycle', distanceKm: '2.5' };
const grant = { points: 250n, reason: 'Ten years with us' };

/** Brands as they are invited, each with the rules of its trade. */
const air: Given = {
  kind: 'AIRLINE',
  name: 'Air',
  details: {
    airline: {
      iataCode: 'SK',
      earnChart: [
        { cabin: 'ECONOMY', bookingClasses: ['K'], rate: '0.25' },
        { cabin: 'BUSINESS', bookingClasses: ['C', 'J'], rate: '1.25' },
      ],
    },
  },
  rules: [{ code: 'MILES', name: 'A point a mile', earn: { distance: '1' } }],
};
const hotel: Given = {
  kind: 'HOTEL',
  name: 'Hotel',
  details: { hotel: { excludedRatePlans: ['OTA'] } },
  rules: [{ code: 'NIGHT', name: 'Nights', earn: { night: 500n } }],
};
const issuer: Given = {
  kind: 'CARD_ISSUER',
  name: 'Bank',
  details: {
    cardIssuer: {
      cardProducts: [
        {
          code: 'GOLD',
          name: 'Gold',
          baseRate: '0.5',
          categories: [
            { name: 'Farms and vets', mcc: ['0700-0799'], rate: '2' },
            { name: 'Vets', mcc: ['0742'], rate: '4' },
            { name: 'Restaurants', mcc: ['5811-5814'], rate: '3' },
          ],
        },
      ],
    },
  },
};
const mobility: Given = {
  kind: 'MOBILITY',
  name: 'Rides',
  details: { mobility: { services: ['bicycle', 'car'] } },
  rules: [
    {
      code: 'GREEN',
      name: 'Two points a kilometre by bicycle',
      when: 'activity.ride.service == "bicycle"',
      earn: { expression: 'activity.ride.distanceKm * dec("2")' },
    },
  ],
};

describe('activities', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');

  /** A partner's system, and a member who lets it report. */
  async function given(brand: Given = {}) {
    const partnerId = await givenPartner(test, brand);
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    const viewer = partnerViewer(partnerId, ['ACCRUALS_WRITE']);
    const input = (reported: Reported): RecordActivity => ({
      member: { id: memberId },
      reference: 'one',
      occurredAt: now,
      ...reported,
    });
    return {
      partnerId,
      memberId,
      record: (reported: Reported) => recordActivity(db(), input(reported), { viewer, clock }),
      simulate: (reported: Reported) =>
        simulateActivity(db(), { input: input(reported) }, { viewer, clock }),
      count: () => db().countBy(Activity, { partnerId }),
    };
  }

  const movements = (memberId: string) =>
    rows<{ description: string; points: bigint }>(
      test.owner(),
      'SELECT description, points::integer FROM ledger.transfer WHERE member_id = $1',
      [memberId],
    );

  it.each<[string, Given, Reported, bigint, string]>([
    // 339 x 1.25 = 423.75
    ['miles by the chart', air, { kind: 'FLIGHT', flight }, 423n, 'Flight SK401 with Air'],
    // 339 x 0.25 = 84.75
    [
      'those of a cheap fare',
      air,
      { kind: 'FLIGHT', flight: { ...flight, cabin: 'ECONOMY', bookingClass: 'K' } },
      84n,
      'Flight SK401 with Air',
    ],
    // Three nights in two rooms, at 500.
    ['nights of rooms', hotel, { kind: 'STAY', stay }, 3_000n, 'Stay at Hotel'],
    // 40.00 x 4, by the code itself; x 2, by the range; x 3; x 0.5
    [
      'the narrowest category, leading zero and all',
      issuer,
      { kind: 'CARD_SPEND', amount: euros('40'), card: { ...card, mcc: '0742' } },
      160n,
      'Card payment with Bank',
    ],
    [
      'the range around it',
      issuer,
      { kind: 'CARD_SPEND', amount: euros('40'), card: { ...card, mcc: '0743' } },
      80n,
      'Card payment with Bank',
    ],
    [
      'another category',
      issuer,
      { kind: 'CARD_SPEND', amount: euros('40'), card },
      120n,
      'Card payment with Bank',
    ],
    [
      'the base rate: 7420 is not 0742',
      issuer,
      { kind: 'CARD_SPEND', amount: euros('40'), card: { ...card, mcc: '7420' } },
      20n,
      'Card payment with Bank',
    ],
    ['kilometres', mobility, { kind: 'RIDE', ride }, 5n, 'Ride with Rides'],
    [
      'what a code is worth',
      {
        name: 'Shop',
        rules: [
          {
            code: 'SURVEY',
            name: 'A survey',
            when: 'activity.engagement == "SURVEY-7"',
            earn: { fixed: 30n },
          },
        ],
      },
      { kind: 'ENGAGEMENT', engagement: 'SURVEY-7' },
      30n,
      'Points from Shop',
    ],
    [
      'what is of no kind',
      { name: 'Shop' },
      { kind: 'OTHER', amount: euros('9.99') },
      9n,
      'Points from Shop',
    ],
  ])('earn %s', async (_, brand, reported, points, description) => {
    const { memberId, record } = await given(brand);

    const activity = await record(reported);

    expect(activity).toMatchObject({ kind: reported.kind, points });
    expect(await movements(memberId)).toEqual([{ description, points: Number(points) }]);
  });

  it.each<[string, Given, Reported, string]>([
    [
      'a fare that the chart does not have',
      air,
      { kind: 'FLIGHT', flight: { ...flight, bookingClass: 'X' } },
      'The earn chart has no BUSINESS in class X.',
    ],
    [
      'a rate plan that is out',
      hotel,
      { kind: 'STAY', stay: { ...stay, ratePlan: 'OTA' } },
      'Rate plan OTA earns nothing.',
    ],
    ['spend where nothing was paid', {}, { kind: 'OTHER' }, 'Nothing was paid.'],
    [
      'a code that no rule asks about',
      {},
      { kind: 'ENGAGEMENT', engagement: 'UNHEARD-OF' },
      'Nothing was paid.',
    ],
  ])('record %s, and say why it earns nothing', async (_, brand, reported, reason) => {
    const { memberId, record } = await given(brand);

    const activity = await record(reported);

    expect(activity).toMatchObject({ points: 0n, explanation: [{ applied: false, reason }] });
    expect(await movements(memberId)).toEqual([]);
  });

  it('pass over spend for miles where nothing was paid, unless it is worth nothing', async () => {
    const rules = [
      { code: 'FARE', name: 'Fares', priority: 1, earn: { spend: '2' } },
      ...air.rules!,
      {
        code: 'NONE',
        name: 'Not to Rome',
        priority: 2,
        when: 'activity.flight.destination == "FCO"',
        earn: { spend: '0' },
      },
    ];
    const { record } = await given({ ...air, rules });

    const miles = await record({ kind: 'FLIGHT', flight });
    const simulated = await (
      await given({ ...air, rules })
    ).simulate({ kind: 'FLIGHT', flight: { ...flight, destination: 'FCO' } });
    const fare = await (
      await given({ ...air, rules })
    ).record({ kind: 'FLIGHT', flight, amount: euros('100') });

    expect([miles.points, simulated.points, fare.points]).toEqual([423n, 0n, 200n]);
  });

  it('keep what is particular to them, with what follows from it', async () => {
    const { record } = await given(air);
    const { record: book } = await given(hotel);

    const flown = await record({ kind: 'FLIGHT', flight: { ...flight, distanceMiles: null } });
    const stayed = await book({
      kind: 'STAY',
      stay: { ...stay, rooms: null, roomRevenue: euros('240.50') },
    });

    expect(flown).toMatchObject({ amount: null, currency: null });
    const { distanceMiles } = flown.particulars!.flight!;
    expect(flown.particulars!.flight).toEqual({ ...flight, ticketNumber: null, distanceMiles });
    // 339 by the airlines' own books.
    expect(Math.abs(distanceMiles - 339)).toBeLessThan(3);
    expect(stayed).toMatchObject({ amount: '240.5', currency: 'EUR', points: 1_500n });
    expect(stayed.particulars).toEqual({
      stay: {
        property: 'HARBOUR',
        checkIn: '2026-06-10',
        checkOut: '2026-06-13',
        nights: 3,
        rooms: 1,
        ratePlan: null,
        roomRevenue: '240.5',
      },
    });
    expect(await db().findOneBy(Activity, { id: stayed.id })).toEqual(stayed);
  });

  it('give the first answer again, and none to what differs in its particulars', async () => {
    const { record, count } = await given(issuer);
    const spent = (more: object) =>
      record({ kind: 'CARD_SPEND', amount: euros('40'), card: { ...card, ...more } });
    const first = await spent({});

    expect(await spent({})).toEqual(first);
    await expect(spent({ mcc: '0742' })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['reference'], { subject: first.id }),
    );
    expect(await count()).toBe(1);
  });

  it('are one of many that come at once', async () => {
    const { memberId, record } = await given(mobility);

    const { answers } = await race(db(), 8, () => record({ kind: 'RIDE', ride }));

    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await movements(memberId)).toHaveLength(1);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('give points as they are: to spend at once, by no rule, and not for the tier', async () => {
    const contract = { pending: 'DAYS', pendingDays: 14 } as const;
    const { memberId, record, simulate } = await given({
      kind: 'EMPLOYER',
      name: 'Works',
      contract,
    });

    const { points, lines } = await simulate({ kind: 'GRANT', grant });
    const activity = await record({ kind: 'GRANT', grant });

    expect({ points, lines }).toEqual({ points: 250n, lines: activity.explanation });
    expect(activity).toMatchObject({
      points: 250n,
      qualifyingPoints: 0n,
      amount: null,
      ruleSetVersion: null,
      contractVersion: 1,
      expectedBy: null,
      explanation: [{ rule: 'grant', points: 250, applied: true, reason: 'Ten years with us' }],
    });
    expect(await movements(memberId)).toEqual([{ description: 'Gift from Works', points: 250 }]);
    expect(await balancesOf(db(), [{ memberId }], now)).toMatchObject([{ available: 250n }]);
  });

  it('forget of members who are erased what tells of them', async () => {
    const { memberId, record } = await given(issuer);
    const { id } = await record({ kind: 'CARD_SPEND', amount: euros('40'), card });
    const giving = await given();
    const gift = await giving.record({ kind: 'GRANT', grant });

    for (const member of [memberId, giving.memberId]) {
      await rows(test.owner(), 'SELECT partners.erase_member($1)', [member]);
    }

    const spent = await db().findOneByOrFail(Activity, { id });
    const kept = await db().findOneByOrFail(Activity, { id: gift.id });
    expect(spent.particulars).toEqual({ card: { product: 'GOLD', mcc: '5811' } });
    expect(kept).toMatchObject({ points: 250n, particulars: { grant: { points: 250 } } });
    expect(JSON.stringify(kept.explanation)).not.toContain('Ten years');
  });

  describe('refuse', () => {
    let brands: Record<
      'air' | 'hotel' | 'issuer' | 'mobility' | 'shop',
      Awaited<ReturnType<typeof given>>
    >;
    beforeAll(async () => {
      brands = {
        air: await given(air),
        hotel: await given(hotel),
        issuer: await given(issuer),
        mobility: await given(mobility),
        shop: await given(),
      };
    });
    const flown = (more: object) =>
      ({ kind: 'FLIGHT', flight: { ...flight, ...more } }) as Reported;
    const stayed = (more: object, rest: object = {}) =>
      ({ kind: 'STAY', stay: { ...stay, ...more }, ...rest }) as Reported;
    const spent = (more: object) =>
      ({ kind: 'CARD_SPEND', amount: euros('5'), card: { ...card, ...more } }) as Reported;

    it.each<[keyof typeof brands, string, Reported, string]>([
      ['shop', 'a flight that is not told', { kind: 'FLIGHT' }, 'flight'],
      ['shop', 'a flight at a shop', flown({}), 'kind'],
      ['air', 'a stay with an airline', stayed({}), 'kind'],
      ['shop', 'a card at a shop', spent({}), 'kind'],
      ['shop', 'a ride at a shop', { kind: 'RIDE', ride }, 'kind'],
      ['air', 'a purchase that flies', { kind: 'PURCHASE', amount: euros('5'), flight }, 'flight'],
      ['air', 'a flight that stays', { ...flown({}), stay }, 'stay'],
      ['shop', 'a purchase that costs nothing', { kind: 'PURCHASE' }, 'amount'],
      ['issuer', 'a card that paid nothing', { kind: 'CARD_SPEND', card }, 'amount'],
      ['shop', 'a gift that was paid', { kind: 'GRANT', grant, amount: euros('5') }, 'amount'],
      ['shop', 'tax of nothing', { kind: 'OTHER', tax: euros('1') }, 'tax'],
      [
        'shop',
        'items of nothing',
        { kind: 'OTHER', items: [{ sku: 'CUP', quantity: 1, amount: euros('1') }] },
        'items',
      ],
      [
        'air',
        'a number without its carrier',
        flown({ flightNumber: '401' }),
        'flight.flightNumber',
      ],
      ['air', 'a name for an airport', flown({ origin: 'Rome' }), 'flight.origin'],
      ['air', 'no airport', flown({ origin: 'ZZZ', distanceMiles: null }), 'flight.origin'],
      [
        'air',
        'no airport to land',
        flown({ destination: 'ZZZ', distanceMiles: null }),
        'flight.destination',
      ],
      ['air', 'a flight to where it began', flown({ destination: 'CPH' }), 'flight.destination'],
      ['air', 'two classes', flown({ bookingClass: 'CJ' }), 'flight.bookingClass'],
      [
        'air',
        'a flight around the earth',
        flown({ distanceMiles: 13_001 }),
        'flight.distanceMiles',
      ],
      ['hotel', 'a stay of no night', stayed({ checkOut: '2026-06-10' }), 'stay.checkOut'],
      ['hotel', 'a stay of a year and a day', stayed({ checkOut: '2027-06-11' }), 'stay.checkOut'],
      ['hotel', 'a day that does not exist', stayed({ checkIn: '2026-02-30' }), 'stay.checkIn'],
      ['hotel', 'no room', stayed({ rooms: 0 }), 'stay.rooms'],
      [
        'hotel',
        'rooms for more than was paid',
        stayed({ roomRevenue: euros('11') }, { amount: euros('10') }),
        'stay.roomRevenue',
      ],
      [
        'hotel',
        'rooms in other money',
        stayed({ roomRevenue: { amount: '9', currency: 'SEK' } }, { amount: euros('10') }),
        'stay.roomRevenue.currency',
      ],
      [
        'hotel',
        'rooms and items',
        stayed(
          { roomRevenue: euros('9') },
          { amount: euros('10'), items: [{ sku: 'BAR', quantity: 1, amount: euros('1') }] },
        ),
        'items',
      ],
      ['issuer', 'a card that there is not', spent({ product: 'TIN' }), 'card.product'],
      ['issuer', 'a category without its zero', spent({ mcc: '742' }), 'card.mcc'],
      [
        'mobility',
        'a service that there is not',
        { kind: 'RIDE', ride: { service: 'rocket' } },
        'ride.service',
      ],
      [
        'mobility',
        'a way to the moon',
        { kind: 'RIDE', ride: { ...ride, distanceKm: '384400' } },
        'ride.distanceKm',
      ],
      [
        'shop',
        'a code in small letters',
        { kind: 'ENGAGEMENT', engagement: 'survey' },
        'engagement',
      ],
      [
        'shop',
        'a gift of nothing',
        { kind: 'GRANT', grant: { ...grant, points: 0n } },
        'grant.points',
      ],
      [
        'shop',
        'a gift without a reason',
        { kind: 'GRANT', grant: { ...grant, reason: ' ' } },
        'grant.reason',
      ],
      [
        'shop',
        'other money',
        { kind: 'OTHER', amount: { amount: '5', currency: 'SEK' } },
        'amount.currency',
      ],
    ])('of %s %s, and record nothing', async (name, _, reported, path) => {
      const { record, simulate, count } = brands[name];

      await expect(record(reported)).rejects.toEqual(refusal('INVALID', path.split('.')));
      await expect(simulate(reported)).rejects.toEqual(refusal('INVALID', path.split('.')));

      expect(await count()).toBe(0);
    });

    it('with a code and a path whatever else there is to refuse', async () => {
      const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 2 });
      const text = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 140 }),
        fc.constantFrom(
          'SK401',
          'CPH',
          'GOLD',
          '0742',
          'bicycle',
          '',
          '\0',
          '\ud800',
          '2026-06-13',
        ),
      );
      const number = fc.oneof(fc.integer(), fc.constantFrom(0, 1, 2));
      const decimal = fc.constantFrom(
        '0',
        '1.5',
        '-1',
        '999999999999999999.999999999999',
        '0.00001',
      );
      const money = fc.record({ amount: decimal, currency: fc.constantFrom('EUR', 'SEK', 'X') });
      const day = fc.oneof(text, fc.constantFrom('0000-01-01', '9999-12-31', '2026-06-10'));
      const anything = fc.record({
        kind: fc.constantFrom(
          ...([
            'PURCHASE',
            'FLIGHT',
            'STAY',
            'CARD_SPEND',
            'RIDE',
            'ENGAGEMENT',
            'GRANT',
            'OTHER',
          ] as const),
        ),
        amount: maybe(money),
        tax: maybe(money),
        pointsPaid: maybe(money),
        flight: maybe(
          fc.record({
            flightNumber: text,
            origin: text,
            destination: text,
            cabin: fc.constantFrom('ECONOMY' as const),
            bookingClass: text,
            distanceMiles: maybe(number),
          }),
        ),
        stay: maybe(
          fc.record({
            property: text,
            checkIn: day,
            checkOut: day,
            rooms: maybe(number),
            roomRevenue: maybe(money),
          }),
        ),
        card: maybe(fc.record({ product: text, mcc: text, merchant: maybe(text) })),
        ride: maybe(fc.record({ service: text, distanceKm: maybe(decimal) })),
        grant: maybe(fc.record({ points: fc.bigInt(), reason: text })),
        engagement: maybe(text),
      });
      const names = fc.constantFrom(...(Object.keys(brands) as (keyof typeof brands)[]));

      await fc.assert(
        fc.asyncProperty(names, anything, async (name, reported) => {
          const outcome = await brands[name].simulate(reported).catch((error: unknown) => error);
          const isRefused = outcome instanceof Refusal && outcome.code === 'INVALID';
          expect(isRefused || !(outcome instanceof Error)).toBe(true);
        }),
        { numRuns: 300 },
      );
    });
  });
});

describe('milesBetween', () => {
  // As published by the airlines and by great-circle calculators, on an ellipsoid: half a percent apart.
  it.each([
    ['JFK', 'LHR', 3_451],
    ['LHR', 'SYD', 10_573],
    ['SFO', 'HKG', 6_927],
    ['SIN', 'EWR', 9_534],
    ['CPH', 'ARN', 339],
    // Over the date line.
    ['AKL', 'LAX', 6_516],
  ])('is the great circle from %s to %s', (from, to, miles) => {
    const measured = milesBetween(airportAt(from)!, airportAt(to)!);

    expect(Math.abs(measured - miles)).toBeLessThanOrEqual(miles * 0.005);
    expect(milesBetween(airportAt(to)!, airportAt(from)!)).toBe(measured);
  });

  it('is nothing at one place, and half the earth to the other side of it', () => {
    expect(milesBetween({ latitude: 52, longitude: 13 }, { latitude: 52, longitude: 13 })).toBe(0);
    // 6,371.0088 km x pi / 1.609344
    expect(milesBetween({ latitude: 90, longitude: 0 }, { latitude: -90, longitude: 0 })).toBe(
      12_437,
    );
  });
});

describe('readReport', () => {
  it('tells a purchase by the hash that it had before there were other kinds', () => {
    const { inputHash } = readReport(
      {
        member: { id: '6f1c3a52-0d5e-4c5e-9a57-1f0c6f6e2b11' },
        kind: 'PURCHASE',
        reference: 'till-1',
        occurredAt: now,
        amount: euros('49.90'),
        tax: euros('7.97'),
        items: [{ sku: 'CUP', quantity: 1, amount: euros('12') }],
      },
      { partnerId: 'x', sandbox: false },
    );

    expect(inputHash).toBe('5ab9914e67b2ac78c6f884493f7d4c626c10f32ffdf114494588cd3a125445d4');
  });
});
