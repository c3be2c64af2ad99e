/** The demo's tiers, lowest first: who buys now and then has the first, Ada has gold and is on her way. */
export const tiers = [
  {
    code: 'BLUE',
    name: 'Blue',
    threshold: 0,
    earnMultiplier: '1',
    benefits: [
      { code: 'BIRTHDAY', name: 'A present on your birthday' },
      { code: 'OFFERS', name: 'Offers of all brands' },
    ],
  },
  {
    code: 'SILVER',
    name: 'Silver',
    threshold: 1_000,
    earnMultiplier: '1',
    benefits: [
      {
        code: 'PRIORITY-DESK',
        name: 'Priority desk',
        description: 'A desk of your own at the airport and in the hotel.',
      },
      { code: 'LATE-CHECKOUT', name: 'Check out by 2 in the afternoon' },
    ],
  },
  {
    code: 'GOLD',
    name: 'Gold',
    threshold: 4_000,
    earnMultiplier: '1',
    benefits: [
      {
        code: 'LOUNGE',
        name: 'Lounge',
        description: 'At every airport that the airline flies to.',
      },
      { code: 'ROOM-UPGRADE', name: 'A better room, where one is free' },
    ],
  },
  {
    code: 'PLATINUM',
    name: 'Platinum',
    threshold: 15_000,
    earnMultiplier: '1',
    benefits: [
      { code: 'LOUNGE-GUEST', name: 'Lounge with a guest' },
      { code: 'PARTNER-STATUS', name: 'Silver for somebody you choose' },
    ],
  },
];

/** Months that end today: in calendar years, everybody would stand low in each January. */
export const tierPolicy = { period: 'ROLLING_12_MONTHS', downgrade: 'ONE_STEP', graceDays: 30 };
