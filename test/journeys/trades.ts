/** A brand of one trade: what it is invited and signed with, what it reports, and what that earns. */
export interface Trade {
  code: string;
  name: string;
  kind: string;
  /** The part of `InvitePartnerInput` for its kind. */
  details: object;
  terms: object;
  rules: object[];
  /** Activities in their order, and the points of each, worked out by hand. */
  activities: { activity: object; points: number }[];
  /** The statement of the month, worked out by hand. */
  statement: Record<'issuance' | 'fees' | 'adjustments' | 'reimbursement' | 'net', string> & {
    points: [issued: number, reversed: number, redeemed: number];
  };
}

const eur = (amount: string) => ({ amount, currency: 'EUR' });

/** 333 miles at 1.5 are 499.5, and 499 points: 5.988 at 0.012, of which 2 % are 0.11976. 300 are exchanged at 0.008. */
const airline: Trade = {
  code: 'NORTH',
  name: 'North Air',
  kind: 'AIRLINE',
  details: {
    airline: {
      iataCode: 'N9',
      earnChart: [
        { cabin: 'ECONOMY', bookingClasses: ['Y', 'L'], rate: '0.5' },
        { cabin: 'BUSINESS', bookingClasses: ['C'], rate: '1.5' },
      ],
    },
  },
  terms: {
    issuePrice: '0.0120',
    redemptionRate: '0.0080',
    feeRate: '0.02',
    pending: 'ON_CONFIRMATION',
    conversions: [
      {
        fromCurrency: 'PTS',
        toCurrency: 'MILES',
        fromPoints: 3,
        toUnits: 1,
        minimumPoints: 30,
      },
    ],
  },
  rules: [{ code: 'MILES', name: 'Miles by cabin', earn: { distance: '1' } }],
  activities: [
    {
      activity: {
        kind: 'FLIGHT',
        reference: 'N9-1',
        flight: {
          flightNumber: 'N9101',
          origin: 'HAM',
          destination: 'CPH',
          cabin: 'BUSINESS',
          bookingClass: 'C',
          distanceMiles: 333,
        },
      },
      points: 499,
    },
  ],
  statement: {
    points: [499, 0, 0],
    issuance: '5.99',
    fees: '0.12',
    adjustments: '-2.40',
    reimbursement: '0.00',
    net: '3.71',
  },
};

/** 3 nights in 2 rooms at 300 are 1,800 points, 18.00 at 0.01. 400 are paid with at 0.009: 3.60. */
const hotel: Trade = {
  code: 'HARBOUR',
  name: 'Harbour Hotels',
  kind: 'HOTEL',
  details: { hotel: { chainCode: 'HH', properties: 12, excludedRatePlans: ['OTA'] } },
  terms: { issuePrice: '0.0100', redemptionRate: '0.0090', creditLimit: eur('20.00') },
  rules: [{ code: 'NIGHT', name: 'Each night', earn: { night: 300 } }],
  activities: [
    {
      activity: {
        kind: 'STAY',
        reference: 'H-1',
        stay: {
          property: 'Pier',
          checkIn: '2026-03-06',
          checkOut: '2026-03-09',
          rooms: 2,
          ratePlan: 'FLEX',
        },
      },
      points: 1_800,
    },
    {
      activity: {
        kind: 'STAY',
        reference: 'H-2',
        stay: {
          property: 'Pier',
          checkIn: '2026-03-09',
          checkOut: '2026-03-10',
          ratePlan: 'OTA',
        },
      },
      points: 0,
    },
  ],
  statement: {
    points: [1_800, 0, 400],
    issuance: '18.00',
    fees: '0.00',
    adjustments: '0.00',
    reimbursement: '3.60',
    net: '14.40',
  },
};

const spent = (reference: string, mcc: string, points: number) => ({
  activity: {
    kind: 'CARD_SPEND',
    reference,
    amount: eur('10.00'),
    card: { product: 'GOLD', mcc },
  },
  points,
});

/** 95 points at 0.009 are 0.855, rounded up at the half; a tenth of that is 0.0855. */
const issuer: Trade = {
  code: 'BANK',
  name: 'Old Town Bank',
  kind: 'CARD_ISSUER',
  details: {
    cardIssuer: {
      cardProducts: [
        {
          code: 'GOLD',
          name: 'Gold',
          baseRate: '0.5',
          categories: [
            { name: 'Dining', mcc: ['5811-5814'], rate: '2' },
            { name: 'Fast food', mcc: ['5814'], rate: '3' },
            { name: 'Vets', mcc: ['0742'], rate: '4' },
          ],
        },
      ],
    },
  },
  terms: { issuePrice: '0.0090', redemptionRate: '0.0080', feeRate: '0.1' },
  rules: [{ code: 'CARD', name: 'By the card', earn: { spend: '1' } }],
  activities: [
    spent('C-1', '5812', 20),
    spent('C-2', '5814', 30),
    spent('C-3', '0742', 40),
    spent('C-4', '7420', 5),
  ],
  statement: {
    points: [95, 0, 0],
    issuance: '0.86',
    fees: '0.09',
    adjustments: '0.00',
    reimbursement: '0.00',
    net: '0.95',
  },
};

const item = (sku: string, category: string, amount: string) => ({
  sku,
  category,
  quantity: 1,
  amount: eur(amount),
});

/** The basket of docs/earn-rules.md: 80 points, of which the toy's 10 come back. An offer's 50, and a claim's 30. */
const shop: Trade = {
  code: 'SHOP',
  name: 'Corner Shop',
  kind: 'RETAILER',
  details: { retailer: { productCategories: ['FOOD', 'WINE', 'GIFT', 'TOYS'], stores: 1 } },
  terms: { issuePrice: '0.0100', redemptionRate: '0.0080', monthlyIssueLimit: 1_000 },
  rules: [
    { code: 'BASE', name: 'A point a euro', earn: { spend: '1' } },
    { code: 'FOOD', name: 'Food', when: 'item.category == "FOOD"', earn: { spend: '2' } },
    { code: 'WINE', name: 'Wine', when: 'item.category == "WINE"', earn: { spend: '3' } },
    { code: 'GIFT', name: 'Gift cards', when: 'item.category == "GIFT"', earn: { spend: '0' } },
  ],
  activities: [
    {
      activity: {
        kind: 'PURCHASE',
        reference: 'S-1',
        amount: eur('100.00'),
        items: [
          item('BREAD', 'FOOD', '10.00'),
          item('RED', 'WINE', '10.00'),
          item('CARD', 'GIFT', '50.00'),
          item('TOP', 'TOYS', '10.00'),
        ],
      },
      points: 80,
    },
  ],
  statement: {
    points: [180, 10, 0],
    issuance: '1.70',
    fees: '0.00',
    adjustments: '0.00',
    reimbursement: '0.00',
    net: '1.70',
  },
};

/** 12.5 km at 2 are 25 points, and 7.90 are 7 more: prepaid. A ticket for 100 points is worth 0.80 to the brand. */
const trams: Trade = {
  code: 'TRAM',
  name: 'City Trams',
  kind: 'MOBILITY',
  details: { mobility: { services: ['TRAM', 'SCOOTER'] } },
  terms: { issuePrice: '0.0090', redemptionRate: '0.0080', billing: 'PREPAID' },
  rules: [
    { code: 'FARE', name: 'A point a euro', earn: { spend: '1' } },
    {
      code: 'KM',
      name: 'Kilometres by tram',
      when: 'activity.ride.service == "TRAM"',
      earn: { expression: 'activity.ride.distanceKm * dec("2")' },
    },
  ],
  activities: [
    {
      activity: {
        kind: 'RIDE',
        reference: 'T-1',
        amount: eur('7.90'),
        ride: { service: 'TRAM', distanceKm: '12.5' },
      },
      points: 32,
    },
  ],
  statement: {
    points: [32, 0, 100],
    issuance: '0.00',
    fees: '0.00',
    adjustments: '0.00',
    reimbursement: '0.80',
    net: '-0.80',
  },
};

export const trades = [airline, hotel, issuer, shop, trams];
