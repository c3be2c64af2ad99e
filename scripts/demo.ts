/** The demo coalition: three brands and twenty members. Nothing here is real. */

export interface Brand {
  code: string;
  name: string;
  kind: 'AIRLINE' | 'HOTEL' | 'RETAILER';
  website: string;
  contract: { issuePrice: string; redemptionRate: string };
  rules: object[];
  rewards: {
    sku: string;
    name: string;
    description: string;
    kind: string;
    prices: object[];
    availability?: object;
  }[];
}

export const brands: Brand[] = [
  {
    code: 'AIR',
    name: 'Northern Air',
    kind: 'AIRLINE',
    website: 'https://air.example',
    contract: { issuePrice: '0.0120', redemptionRate: '0.0080' },
    rules: [{ code: 'FARE', name: '2 points for each euro of the fare', earn: { spend: '2' } }],
    rewards: [
      {
        sku: 'AIR-LOUNGE',
        name: 'Lounge visit',
        description: 'One visit to a lounge of Northern Air, with drinks and a shower.',
        kind: 'EXPERIENCE',
        prices: [{ points: 900 }],
      },
      {
        sku: 'AIR-UPGRADE',
        name: 'Upgrade to business class',
        description: 'One way, on a flight of less than four hours.',
        kind: 'UPGRADE',
        prices: [{ points: 9_000 }],
        availability: { stock: 12 },
      },
    ],
  },
  {
    code: 'HOTEL',
    name: 'Harbour Hotels',
    kind: 'HOTEL',
    website: 'https://hotel.example',
    contract: { issuePrice: '0.0110', redemptionRate: '0.0085' },
    rules: [{ code: 'STAY', name: '3 points for each euro of the room', earn: { spend: '3' } }],
    rewards: [
      {
        sku: 'HOTEL-BREAKFAST',
        name: 'Breakfast for two',
        description: 'At every Harbour hotel, on any day.',
        kind: 'EXPERIENCE',
        prices: [{ points: 400 }],
      },
      {
        sku: 'HOTEL-NIGHT',
        name: 'Weekend night',
        description: 'One night in a double room, Friday to Sunday.',
        kind: 'NIGHT',
        prices: [{ points: 3_000 }],
        availability: { stock: 40 },
      },
    ],
  },
  {
    code: 'SHOP',
    name: 'Corner Shop',
    kind: 'RETAILER',
    website: 'https://shop.example',
    contract: { issuePrice: '0.0105', redemptionRate: '0.0090' },
    rules: [
      { code: 'BASE', name: '1 point for each euro', earn: { spend: '1' } },
      {
        code: 'BIG-BASKET',
        name: 'Double points from 100 euros',
        when: 'activity.amount >= dec("100")',
        earn: { multiplier: '2' },
      },
      {
        code: 'THANK-YOU',
        name: '10 points more from 200 euros',
        when: 'activity.amount >= dec("200")',
        earn: { fixed: 10 },
      },
    ],
    rewards: [
      {
        sku: 'SHOP-BAG',
        name: 'Canvas bag',
        description: 'Carries a week of shopping.',
        kind: 'PRODUCT',
        prices: [{ points: 250 }],
        availability: { stock: 500 },
      },
    ],
  },
];

const names = [
  'Ada',
  'Grace',
  'Alan',
  'Edsger',
  'Barbara',
  'Donald',
  'Frances',
  'John',
  'Katherine',
  'Dennis',
  'Hedy',
  'Claude',
  'Radia',
  'Ken',
  'Margaret',
  'Niklaus',
  'Sophie',
  'Tim',
  'Shafi',
  'Leslie',
];

export const members = names.map((name) => ({
  email: `${name.toLowerCase()}@example.com`,
  displayName: name,
}));

export interface Earning {
  email: string;
  brand: string;
  reference: string;
  /** Euros, exact. */
  amount: string;
  daysAgo: number;
}

/** What the members bought in the last 90 days, oldest first: the same at each call. */
export function purchases(): Earning[] {
  const random = sequence(20_260_101);
  const earnings = members.flatMap(({ email }, index) =>
    // Ada and Grace have enough for a reward each; the others have a purchase or four.
    Array.from({ length: index < 2 ? 8 : 1 + random(4) }, (_, n) => {
      const brand = brands[index < 2 ? n % 3 : random(3)]!.code;
      const cents = index < 2 ? 15_000 + random(20_000) : 500 + random(30_000);
      return {
        email,
        brand,
        reference: `DEMO-${index + 1}-${n + 1}`,
        amount: (cents / 100).toFixed(2),
        daysAgo: 6 + random(84),
      };
    }),
  );
  return earnings.sort((a, b) => b.daysAgo - a.daysAgo);
}

/** Whole numbers from 0 to below n, the same sequence for the same start (mulberry32). */
function sequence(start: number): (n: number) => number {
  let state = start;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}
