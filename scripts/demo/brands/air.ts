import type { Brand } from '../brand.ts';

/** An airline: few purchases, large ones; more points for long flights and for the days in mid-week. */
export const air: Brand = {
  code: 'AIR',
  name: 'Northern Air',
  kind: 'AIRLINE',
  description:
    'Flies from eleven northern cities to the rest of Europe, and twice a day over the Atlantic.',
  website: 'https://air.example',
  brandColor: '#1b3f73',
  details: {
    airline: {
      iataCode: 'N9',
      alliance: 'Polar Alliance',
      earnChart: [
        { cabin: 'ECONOMY', bookingClasses: ['G', 'K', 'T'], rate: '0.25' },
        { cabin: 'ECONOMY', bookingClasses: ['H', 'L', 'Q', 'S', 'V'], rate: '0.5' },
        { cabin: 'ECONOMY', bookingClasses: ['B', 'M', 'Y'], rate: '1' },
        { cabin: 'PREMIUM_ECONOMY', bookingClasses: ['E', 'N', 'P'], rate: '1.25' },
        { cabin: 'BUSINESS', bookingClasses: ['C', 'D', 'J', 'Z'], rate: '2' },
      ],
    },
  },
  contract: { currency: 'EUR', issuePrice: '0.0120', redemptionRate: '0.0080' },
  rules: [
    { code: 'FARE', name: '2 points for each euro of the fare', earn: { spend: '2' } },
    {
      code: 'MID-WEEK',
      name: 'A quarter more from Tuesday to Thursday',
      when: 'activity.dayOfWeek >= 2 && activity.dayOfWeek <= 4',
      earn: { multiplier: '1.25' },
    },
    {
      code: 'LONG-HAUL',
      name: 'Half as much again from 600 euros',
      when: 'activity.amount >= dec("600")',
      earn: { multiplier: '1.5' },
    },
  ],
  customers: {
    pointsAtLeast: 2,
    visits: 5,
    from: 79,
    to: 1_150,
    hours: [6, 22],
    reportWeeks: 4,
    season: { peak: 16, height: 0.8 },
  },
  deed: (random) => {
    const [origin, destination] = random.pick([
      ['CPH', 'ARN'],
      ['OSL', 'LHR'],
      ['HEL', 'FRA'],
      ['BGO', 'AMS'],
      ['KEF', 'CPH'],
      ['ARN', 'EWR'],
    ]);
    const [cabin, bookingClass] = random.pick([
      ['ECONOMY', 'K'],
      ['ECONOMY', 'H'],
      ['ECONOMY', 'Y'],
      ['PREMIUM_ECONOMY', 'P'],
      ['BUSINESS', 'C'],
    ]);
    const flightNumber = `N9${100 + random.below(800)}`;
    return { kind: 'FLIGHT', flight: { flightNumber, origin, destination, cabin, bookingClass } };
  },
  rewards: [
    {
      sku: 'AIR-LOUNGE',
      name: 'Lounge visit',
      description: 'One visit to a lounge of Northern Air, with drinks and a shower.',
      kind: 'EXPERIENCE',
      categories: ['travel', 'comfort'],
      points: 900,
      picture: 'glass',
    },
    {
      sku: 'AIR-BAG',
      name: 'One more bag',
      description: 'A second piece of up to 23 kg in the hold, there and back.',
      kind: 'VOUCHER',
      categories: ['travel'],
      points: 1_200,
      picture: 'suitcase',
    },
    {
      sku: 'AIR-SEAT',
      name: 'Seat with more legroom',
      description: 'A seat of your choice at an exit or in the first rows, one way.',
      kind: 'UPGRADE',
      categories: ['travel', 'comfort'],
      points: 700,
      picture: 'seat',
    },
    {
      sku: 'AIR-UPGRADE',
      name: 'Upgrade to business class',
      description: 'One way, on a flight of less than four hours.',
      kind: 'UPGRADE',
      categories: ['travel', 'comfort'],
      points: 9_000,
      stock: 40,
      picture: 'seat',
    },
    {
      sku: 'AIR-CITY',
      name: 'A city in Europe and back',
      description: 'Return flight in economy between any two of our cities, taxes included.',
      kind: 'FLIGHT',
      categories: ['travel', 'weekend'],
      points: 14_000,
      stock: 60,
      picture: 'plane',
    },
    {
      sku: 'AIR-ATLANTIC',
      name: 'Over the Atlantic',
      description: 'Return flight in economy to New York or Montréal, outside school holidays.',
      kind: 'FLIGHT',
      categories: ['travel'],
      points: 48_000,
      stock: 10,
      picture: 'plane',
    },
    {
      sku: 'AIR-HANGAR',
      name: 'Evening in the hangar',
      description: 'Our engineers show an aircraft from below and within. With supper.',
      kind: 'EVENT',
      categories: ['event', 'family'],
      points: 2_500,
      stock: 30,
      picture: 'calendar',
    },
  ],
};
