import { addDays } from '../../../platform/calendar.ts';
import type { Brand } from '../brand.ts';

/** A group of hotels: points by the room's price, double on Sundays, when rooms are empty. */
export const hotel: Brand = {
  code: 'HOTEL',
  name: 'Harbour Hotels',
  kind: 'HOTEL',
  description:
    'Twenty-four houses on the water, from a lighthouse with six rooms to a grand hotel.',
  website: 'https://hotel.example',
  brandColor: '#0e6e6e',
  details: {
    hotel: { chainCode: 'HB', properties: 24, excludedRatePlans: ['OTA', 'STAFF', 'TOUR-GROUP'] },
  },
  contract: { currency: 'EUR', issuePrice: '0.0110', redemptionRate: '0.0085' },
  rules: [
    { code: 'STAY', name: '3 points for each euro of the room', earn: { spend: '3' } },
    {
      code: 'SUNDAY',
      name: 'Double points on Sundays',
      when: 'activity.dayOfWeek == 7',
      earn: { multiplier: '2' },
    },
    {
      code: 'LONG-STAY',
      name: '250 points more from 500 euros',
      when: 'activity.amount >= dec("500")',
      earn: { fixed: 250 },
    },
  ],
  customers: {
    pointsAtLeast: 3,
    visits: 6,
    from: 85,
    to: 720,
    hours: [7, 12],
    reportWeeks: 4,
    season: { peak: 18, height: 0.7 },
  },
  deed: (random, day) => {
    const property = random.pick(['Lighthouse', 'Harbour House', 'Pier Hotel', 'Grand Hotel']);
    const ratePlan = random.pick(['FLEX', 'SAVER']);
    const checkIn = addDays(day, -1 - random.below(3));
    return { kind: 'STAY', stay: { property, checkIn, checkOut: day, ratePlan } };
  },
  rewards: [
    {
      sku: 'HOTEL-BREAKFAST',
      name: 'Breakfast for two',
      description: 'At every Harbour hotel, on any day.',
      kind: 'EXPERIENCE',
      categories: ['food', 'weekend'],
      points: 400,
      picture: 'cup',
    },
    {
      sku: 'HOTEL-LATE',
      name: 'Late check-out',
      description: 'Keep the room until 16:00. Tell the desk the evening before.',
      kind: 'UPGRADE',
      categories: ['comfort', 'weekend'],
      points: 300,
      picture: 'key',
    },
    {
      sku: 'HOTEL-SPA',
      name: 'Day in the spa',
      description: 'Sauna, pool and towels for one person, also without a room.',
      kind: 'EXPERIENCE',
      categories: ['comfort', 'weekend'],
      points: 1_600,
      picture: 'wave',
    },
    {
      sku: 'HOTEL-DINNER',
      name: 'Supper in the harbour kitchen',
      description: 'Three courses for two, drinks apart. What the boats bring is on the table.',
      kind: 'VOUCHER',
      categories: ['food'],
      points: 4_200,
      picture: 'dish',
    },
    {
      sku: 'HOTEL-NIGHT',
      name: 'Weekend night',
      description: 'One night in a double room, Friday to Sunday.',
      kind: 'NIGHT',
      categories: ['travel', 'weekend'],
      points: 3_000,
      stock: 400,
      picture: 'bed',
    },
    {
      sku: 'HOTEL-SUITE',
      name: 'Room with a view',
      description: 'Two nights in a suite above the water, with breakfast.',
      kind: 'NIGHT',
      categories: ['travel', 'comfort'],
      points: 11_000,
      stock: 50,
      picture: 'bed',
    },
    {
      sku: 'HOTEL-REGATTA',
      name: 'Regatta on the terrace',
      description: 'A table on the terrace in Kiel on the day of the tall ships, for two.',
      kind: 'EVENT',
      categories: ['event', 'weekend'],
      points: 5_500,
      stock: 24,
      picture: 'calendar',
    },
  ],
};
