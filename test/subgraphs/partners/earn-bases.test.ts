import { randomUUID } from 'node:crypto';
import { earn } from '../../../subgraphs/partners/earning/earning.ts';
import type { ActivityFacts, ItemFacts } from '../../../subgraphs/partners/earning/facts.ts';
import { tradeRatesOf } from '../../../subgraphs/partners/earning/trade-rates.ts';
import type { EarnBase, EarnRule } from '../../../subgraphs/partners/rows.ts';
import { earnRule as rule, earningFacts, judged } from '../../support/earn-rules.ts';

const base = (more: Partial<EarnBase>): EarnBase => ({
  tax: true,
  shipping: false,
  beforeDiscount: false,
  pointsPaid: false,
  ...more,
});
const earnt = (
  rules: EarnRule[],
  activity: Partial<ActivityFacts> = {},
  items: Partial<ItemFacts>[] = [],
) => earn(judged(earningFacts(activity, items)), { id: randomUUID(), rules });

describe('what counts as spend', () => {
  // 119.00 paid: 100 of goods with 15 of tax in, 19 of shipping; 10 were taken off before, 30 paid in points.
  const paid = {
    amount: '119.00',
    tax: '15.00',
    shipping: '19.00',
    discount: '10.00',
    pointsPaid: '30.00',
  };

  it.each<[string, Partial<EarnBase>, bigint]>([
    ['goods with tax, without what was paid in points', {}, 70n],
    ['with shipping', { shipping: true }, 89n],
    ['without tax', { tax: false }, 55n],
    ['before the discount', { beforeDiscount: true }, 80n],
    ['with what was paid in points', { pointsPaid: true }, 100n],
    ['all', { shipping: true, beforeDiscount: true, pointsPaid: true }, 129n],
  ])('is by the rule: %s', (_, more, points) => {
    expect(earnt([rule({ spend: '1' }, { base: base(more) })], paid).points).toBe(points);
  });

  it('is never less than nothing', () => {
    const activity = { amount: '10', pointsPaid: '10', tax: '2' };
    const rules = [rule({ spend: '1' }, { base: base({ tax: false }) })];
    expect(earnt(rules, activity).points).toBe(0n);
  });

  it('is of each item in proportion, exactly', () => {
    // 3 of 9 goods were paid in points: 2/3 of each item count, and 2/3 of 3 are 2, not 1.99.
    const activity = { amount: '9', pointsPaid: '3' };
    const items = ['3', '3', '3'].map((amount) => ({ amount, category: 'toys' }));
    const toys = rule({ spend: '1' }, { when: 'item.category == "toys"', roundedPer: 'ITEM' });

    const { points, items: byItem } = earnt([toys], activity, items);

    expect(points).toBe(6n);
    expect(byItem).toEqual([2n, 2n, 2n]);
  });
});

describe('the base of a rule', () => {
  const shop = [
    rule({ spend: '1' }, { code: 'DEFAULT', priority: 99 }),
    rule({ spend: '2' }, { code: 'FOOD', when: 'item.category == "food"' }),
    rule({ spend: '3' }, { code: 'WINE', when: 'item.productType == "wine"' }),
    rule({ spend: '0' }, { code: 'CARD', when: 'item.sku == "GIFT-CARD"' }),
  ];

  it('is of the narrowest rule for each item, and of the default for the rest', () => {
    const items = [
      { amount: '10', category: 'food' },
      { amount: '10', category: 'food', productType: 'wine' },
      { amount: '50', category: 'food', productType: 'wine', sku: 'GIFT-CARD' },
      { amount: '10', category: 'toys' },
    ];

    const { points, items: byItem, lines } = earnt(shop, { amount: '100' }, items);

    // 10 x 2 + 10 x 3 + 50 x 0 + 10 x 1, and 20 of the amount are no item's.
    expect(points).toBe(80n);
    expect(byItem).toEqual([20n, 30n, 0n, 10n]);
    const given = Object.fromEntries(lines.map(({ rule: code, points: of }) => [code, of]));
    expect(given).toEqual({ CARD: 0, WINE: 30, FOOD: 20, DEFAULT: 30 });
  });

  it('is of the merchant’s category before the partner’s own, whatever their priority', () => {
    const rules = [
      rule({ spend: '1' }, { priority: 99 }),
      rule({ spend: '4' }, { when: 'activity.card.mcc == "0742"' }),
    ];
    const card = { product: 'GOLD', mcc: '0742', merchant: '' };

    expect(earnt(rules, { card }).points).toBe(40n);
    expect(earnt(rules, { card: { ...card, mcc: '742' } }).points).toBe(10n);
  });

  it.each<[EarnRule['roundedPer'], bigint]>([
    ['ACTIVITY', 2n],
    ['ITEM', 0n],
  ])('is rounded once for each %s', (roundedPer, points) => {
    const items = Array.from({ length: 3 }, () => ({ amount: '0.99', category: 'c' }));
    const rules = [rule({ spend: '1' }, { roundedPer, when: 'item.category == "c"' })];

    expect(earnt(rules, { amount: '2.97' }, items).points).toBe(points);
  });

  it('gives each item what its rules gave for it, after rounding and caps', () => {
    const items = [{ amount: '10.90' }, { amount: '0.90' }, { amount: '0.90' }];
    const each = rule({ spend: '1' }, { roundedPer: 'ITEM' });
    expect(earnt([each], { amount: '12.70' }, items).items).toEqual([10n, 0n, 0n]);

    const cap = { points: 50, per: 'ACTIVITY' as const, mode: 'REJECT' as const };
    const wine = rule({ multiplier: '10' }, { when: 'item.productType == "wine"', caps: [cap] });
    const two = [{ amount: '10', productType: 'wine' }, { amount: '10' }];
    expect(earnt([rule({ spend: '1' }), wine], { amount: '20' }, two)).toMatchObject({
      points: 20n,
      items: [10n, 10n],
    });
  });

  it.each([
    ['distance', '1', 'It is for flights.'],
    ['night', 500, 'It is for stays.'],
  ])('is of no %s for a purchase', (measure, value, reason) => {
    const rules = [rule({ [measure]: value }, { priority: 10 }), rule({ spend: '1' })];
    const { points, lines } = earnt(rules);
    expect(points).toBe(10n);
    expect(lines[0]!.reason).toBe(reason);
  });

  it('is the same whatever the order of the rules', () => {
    const items = [{ amount: '10', category: 'food', productType: 'wine' }];
    expect(earnt(shop.toReversed(), { amount: '10' }, items).points).toBe(30n);
  });
});

describe('an airline, a hotel and a card', () => {
  const airline = {
    kind: 'AIRLINE' as const,
    iataCode: 'SK',
    alliance: null,
    earnChart: [{ cabin: 'BUSINESS' as const, bookingClasses: ['J', 'C'], rate: '1.25' }],
  };
  const flown = (bookingClass: string) =>
    earningFacts({
      kind: 'FLIGHT',
      flight: {
        flightNumber: 'SK401',
        origin: 'CPH',
        destination: 'ARN',
        cabin: 'BUSINESS',
        bookingClass,
        distanceMiles: 339,
      },
    });
  const card = {
    kind: 'CARD_ISSUER' as const,
    cardProducts: [
      {
        code: 'GOLD',
        name: 'Gold',
        baseRate: '0.5',
        categories: [
          { name: 'Dining', mcc: ['5811-5814'], rate: '3' },
          { name: 'Bars', mcc: ['5813'], rate: '2' },
          { name: 'Vets', mcc: ['0742'], rate: '4' },
        ],
      },
    ],
  };
  const spent = (mcc: string, product = 'GOLD') =>
    earningFacts({ kind: 'CARD_SPEND', amount: '10.00', card: { product, mcc, merchant: '' } });
  const hotel = {
    kind: 'HOTEL' as const,
    chainCode: null,
    properties: 3,
    excludedRatePlans: ['OTA'],
  };
  const stayed = (ratePlan: string, roomRevenue: string | null = null, pointsPaid = '0') =>
    earningFacts({
      kind: 'STAY',
      amount: '300',
      tax: '20',
      pointsPaid,
      stay: { property: 'HARBOUR', ratePlan, nights: 3, rooms: 2, roomRevenue },
    });

  it.each<[string, ReturnType<typeof flown>, Parameters<typeof tradeRatesOf>[0], EarnRule, bigint]>(
    [
      // 339 x 1.25 = 423.75
      ['miles by the chart', flown('J'), airline, rule({ distance: '1' }), 423n],
      ['half the miles', flown('C'), airline, rule({ distance: '0.5' }), 211n],
      ['no miles off the chart', flown('X'), airline, rule({ distance: '1' }), 0n],
      [
        'miles without a chart',
        flown('X'),
        { ...airline, earnChart: [] },
        rule({ distance: '1' }),
        339n,
      ],
      ['each night of each room', stayed('BAR'), hotel, rule({ night: 500 }), 3_000n],
      ['nothing on a rate plan that is out', stayed('OTA'), hotel, rule({ night: 500 }), 0n],
      ['nor by its price', stayed('OTA'), hotel, rule({ spend: '10' }), 0n],
      // 240 at 10 points: the rooms, without the tax that the amount has.
      ['by what the rooms cost', stayed('BAR', '240'), hotel, rule({ spend: '10' }), 2_400n],
      [
        'less what was paid in points',
        stayed('BAR', '240', '100'),
        hotel,
        rule({ spend: '10' }),
        1_400n,
      ],
      [
        'nothing of rooms paid in points',
        stayed('BAR', '240', '300'),
        hotel,
        rule({ spend: '10' }),
        0n,
      ],
      ['the card’s own rate', spent('4111'), card, rule({ spend: '1' }), 5n],
      ['the rate of a category', spent('5814'), card, rule({ spend: '1' }), 30n],
      ['that of the narrowest range', spent('5813'), card, rule({ spend: '1' }), 20n],
      ['a code with its leading zero', spent('0742'), card, rule({ spend: '2' }), 80n],
      ['nothing on a card that there is not', spent('5814', 'TIN'), card, rule({ spend: '1' }), 0n],
    ],
  )('earns %s', (_, facts, details, given, points) => {
    const rates = tradeRatesOf(details, facts.activity);
    const earned = earn(judged(facts, { rates }), { id: randomUUID(), rules: [given] });

    expect(earned.points).toBe(points);
    expect(earned.lines[0]!.applied).toBe(rates.excluded === null);
  });
});
