import type { Brand } from '../brand.ts';

/** A card issuer: half a point for each euro or more, by the card; more for large payments and late in the evening. */
export const card: Brand = {
  code: 'CARD',
  name: 'Meridian Bank',
  kind: 'CARD_ISSUER',
  description: 'Two cards without a fee for the first year, and an app that says where money goes.',
  website: 'https://card.example',
  brandColor: '#55378f',
  details: {
    cardIssuer: {
      cardProducts: [
        {
          code: 'DAILY',
          name: 'Meridian Daily',
          baseRate: '0.5',
          categories: [
            { name: 'Food', mcc: ['5411', '5422', '5811-5814'], rate: '0.75' },
            { name: 'Buses and trains', mcc: ['4111', '4112', '4131'], rate: '1' },
          ],
        },
        {
          code: 'VOYAGE',
          name: 'Meridian Voyage',
          baseRate: '0.75',
          categories: [
            { name: 'Flights', mcc: ['3000-3350', '4511'], rate: '2' },
            { name: 'Hotels', mcc: ['3501-3999', '7011'], rate: '1.5' },
          ],
        },
      ],
    },
  },
  contract: { currency: 'EUR', issuePrice: '0.0105', redemptionRate: '0.0090' },
  rules: [
    { code: 'EVERYDAY', name: 'What the card gives', earn: { spend: '1' } },
    {
      code: 'LARGE',
      name: 'Half as much again from 250 euros',
      priority: 10,
      when: 'activity.amount >= dec("250")',
      earn: { spend: '1.5' },
    },
    {
      code: 'EVENING-OUT',
      name: 'A fifth more from 20:00 on',
      when: 'activity.hour >= 20',
      earn: { multiplier: '1.2' },
      combine: 'MULTIPLICATIVE',
    },
  ],
  customers: {
    pointsAtLeast: 0.5,
    visits: 24,
    from: 6,
    to: 420,
    hours: [8, 22],
    reportWeeks: 2,
    season: { peak: 46, height: 0.4 },
  },
  // Books, clothes, lamps and the like: what is in none of the card's categories.
  deed: (random) => ({
    kind: 'CARD_SPEND',
    card: { product: 'DAILY', mcc: random.pick(['5942', '5651', '5719', '5732', '5941']) },
  }),
  rewards: [
    {
      sku: 'CARD-CREDIT-10',
      name: '10 euros off your statement',
      description: 'Taken off the next statement of your card.',
      kind: 'STATEMENT_CREDIT',
      categories: ['money'],
      points: 1_150,
      picture: 'coins',
    },
    {
      sku: 'CARD-CREDIT-50',
      name: '50 euros off your statement',
      description: 'Taken off the next statement of your card. Worth a little more than five tens.',
      kind: 'STATEMENT_CREDIT',
      categories: ['money'],
      points: 5_500,
      picture: 'coins',
    },
    {
      sku: 'CARD-GIFT-25',
      name: 'Gift card of 25 euros',
      description: 'To give away: good in 4,000 shops, for three years.',
      kind: 'GIFT_CARD',
      categories: ['money', 'present'],
      points: 2_900,
      picture: 'gift',
    },
    {
      sku: 'CARD-WOOD',
      name: 'Card of cherry wood',
      description: 'Your card, cut from cherry wood. It works as the other one does.',
      kind: 'PRODUCT',
      categories: ['home'],
      points: 3_500,
      stock: 80,
      picture: 'card',
    },
    {
      sku: 'CARD-PRESALE',
      name: 'Concert tickets two days earlier',
      description: 'Buy tickets of the Meridian Halls before the others can, for a season.',
      kind: 'EARLY_ACCESS',
      categories: ['event'],
      points: 1_000,
      picture: 'ticket',
    },
    {
      sku: 'CARD-TALK',
      name: 'An hour about your money',
      description: 'An hour with an adviser who sells nothing, by video or at a branch.',
      kind: 'EXPERIENCE',
      categories: ['money'],
      points: 800,
      picture: 'speech',
    },
  ],
};
