import { randomUUID } from 'node:crypto';
import { databaseClock } from '../../../platform/clock.ts';
import { type InvitePartner, invitePartner } from '../../../subgraphs/partners/brands/partners.ts';
import { Partner } from '../../../subgraphs/partners/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer } from '../../support/subgraph.ts';

type Invited = Partial<InvitePartner>;
type Part<Name extends keyof InvitePartner> = NonNullable<InvitePartner[Name]>;

describe('the particulars of a brand', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');

  function invite(invited: Invited) {
    const code = randomUUID().slice(0, 8).toUpperCase();
    const input = { code, name: 'Brand', kind: 'OTHER' as const, contactEmail: 'it@brand.example' };
    return invitePartner(
      db(),
      { ...input, ...invited },
      { viewer: adminViewer(), clock: databaseClock },
    );
  }

  it.each<[string, Invited, object | null]>([
    [
      'of an airline, with its chart',
      {
        kind: 'AIRLINE',
        airline: {
          iataCode: 'S7',
          alliance: ' Sky Union ',
          earnChart: [
            { cabin: 'ECONOMY', bookingClasses: ['Y', 'B'], rate: '1' },
            { cabin: 'ECONOMY', bookingClasses: ['K'], rate: '0.25' },
            { cabin: 'BUSINESS', bookingClasses: ['Y'], rate: '1.250' },
          ],
        },
      },
      {
        kind: 'AIRLINE',
        iataCode: 'S7',
        alliance: 'Sky Union',
        earnChart: [
          { cabin: 'ECONOMY', bookingClasses: ['Y', 'B'], rate: '1' },
          { cabin: 'ECONOMY', bookingClasses: ['K'], rate: '0.25' },
          { cabin: 'BUSINESS', bookingClasses: ['Y'], rate: '1.250' },
        ],
      },
    ],
    [
      'of an airline, of which little is said',
      { kind: 'AIRLINE', airline: { iataCode: 'SK' } },
      { kind: 'AIRLINE', iataCode: 'SK', alliance: null, earnChart: [] },
    ],
    [
      'of hotels',
      {
        kind: 'HOTEL',
        hotel: { chainCode: 'HX', properties: 41, excludedRatePlans: ['OTA', 'ota group'] },
      },
      { kind: 'HOTEL', chainCode: 'HX', properties: 41, excludedRatePlans: ['OTA', 'ota group'] },
    ],
    [
      'of a card issuer',
      {
        kind: 'CARD_ISSUER',
        cardIssuer: {
          cardProducts: [
            {
              code: 'GOLD',
              name: 'Gold',
              baseRate: '0.5',
              categories: [{ name: 'Farms', mcc: ['0742', '0763-0780', '0742-0742'], rate: '2' }],
            },
            { code: 'BLUE', name: 'Gold', baseRate: '0.000000000001' },
          ],
        },
      },
      {
        kind: 'CARD_ISSUER',
        cardProducts: [
          {
            code: 'GOLD',
            name: 'Gold',
            baseRate: '0.5',
            categories: [{ name: 'Farms', mcc: ['0742', '0763-0780', '0742-0742'], rate: '2' }],
          },
          { code: 'BLUE', name: 'Gold', baseRate: '0.000000000001', categories: [] },
        ],
      },
    ],
    [
      'of a shop',
      { kind: 'RETAILER', retailer: { productCategories: ['Books', 'Toys'], stores: 0 } },
      { kind: 'RETAILER', productCategories: ['Books', 'Toys'], stores: 0 },
    ],
    [
      'of rides',
      { kind: 'MOBILITY', mobility: { services: ['Taxi'] } },
      { kind: 'MOBILITY', services: ['Taxi'] },
    ],
    ['that are left out', { kind: 'AIRLINE' }, null],
    ['that are null, and so are the others', { kind: 'HOTEL', hotel: null, airline: null }, null],
    ['that its kind has none of', { kind: 'EMPLOYER' }, null],
  ])('are kept: those %s', async (_, invited, expected) => {
    const { id, details } = await invite(invited);

    expect(details).toEqual(expected);
    expect((await db().findOneByOrFail(Partner, { id })).details).toEqual(expected);
  });

  const airline = (part: Partial<Part<'airline'>>): Invited => ({
    kind: 'AIRLINE',
    airline: { iataCode: 'SK', ...part },
  });
  const fares = (...earnChart: NonNullable<Part<'airline'>['earnChart']>) => airline({ earnChart });
  const economy = { cabin: 'ECONOMY' as const, rate: '1' };
  const hotel = (part: Part<'hotel'>): Invited => ({ kind: 'HOTEL', hotel: part });
  const gold = { code: 'GOLD', name: 'Gold', baseRate: '1' };
  const cards = (...cardProducts: Part<'cardIssuer'>['cardProducts']): Invited => ({
    kind: 'CARD_ISSUER',
    cardIssuer: { cardProducts },
  });
  const farms = (...mcc: string[]) =>
    cards({ ...gold, categories: [{ name: 'Farms', mcc, rate: '1' }] });
  const mccPath = 'cardIssuer cardProducts 0 categories 0 mcc';
  const shop = (part: Partial<Part<'retailer'>>): Invited => ({
    kind: 'RETAILER',
    retailer: { productCategories: [], ...part },
  });

  it.each<[string, string, Invited]>([
    ['airline', 'another kind', { kind: 'HOTEL', airline: { iataCode: 'SK' } }],
    ['hotel', 'a part of another kind beside its own', { ...airline({}), hotel: {} }],
    ['mobility', 'a kind that has none', { kind: 'OTHER', mobility: { services: [] } }],
    ['airline iataCode', 'one character', airline({ iataCode: 'S' })],
    ['airline iataCode', 'three characters', airline({ iataCode: 'SAS' })],
    ['airline iataCode', 'a small letter', airline({ iataCode: 'sk' })],
    ['airline alliance', 'an empty name', airline({ alliance: ' ' })],
    [
      'airline earnChart 0 bookingClasses 1',
      'a class twice in a fare',
      fares({ ...economy, bookingClasses: ['Y', 'Y'] }),
    ],
    [
      'airline earnChart 1 bookingClasses 0',
      'a class in two fares of a cabin',
      fares({ ...economy, bookingClasses: ['Y'] }, { ...economy, bookingClasses: ['Y'] }),
    ],
    [
      'airline earnChart 0 bookingClasses 0',
      'a class of two letters',
      fares({ ...economy, bookingClasses: ['YY'] }),
    ],
    ['airline earnChart 0 bookingClasses', 'no class', fares({ ...economy, bookingClasses: [] })],
    [
      'airline earnChart 0 rate',
      'a rate of zero',
      fares({ ...economy, bookingClasses: ['Y'], rate: '0.00' }),
    ],
    [
      'airline earnChart 0 rate',
      'a rate below zero',
      fares({ ...economy, bookingClasses: ['Y'], rate: '-1' }),
    ],
    [
      'airline earnChart 0 cabin',
      'an unknown cabin',
      fares({ cabin: 'HOLD' as 'FIRST', bookingClasses: ['Y'], rate: '1' }),
    ],
    [
      'airline earnChart',
      'more than 100 fares',
      fares(...Array.from({ length: 101 }, () => ({ ...economy, bookingClasses: ['Y'] }))),
    ],
    ['hotel chainCode', 'a code in small letters', hotel({ chainCode: 'hx' })],
    ['hotel properties', 'fewer than no hotels', hotel({ properties: -1 })],
    [
      'hotel excludedRatePlans 1',
      'a rate plan twice',
      hotel({ excludedRatePlans: ['OTA', ' OTA'] }),
    ],
    [
      'hotel excludedRatePlans',
      'more than 100 rate plans',
      hotel({ excludedRatePlans: Array.from({ length: 101 }, (__, index) => `R${index}`) }),
    ],
    ['cardIssuer cardProducts 1 code', 'a card twice', cards(gold, { ...gold, name: 'Other' })],
    ['cardIssuer cardProducts 0 baseRate', 'a base of zero', cards({ ...gold, baseRate: '0' })],
    ['cardIssuer cardProducts 0 code', 'a card without a code', cards({ ...gold, code: '' })],
    [
      'cardIssuer cardProducts 0 categories 1 name',
      'a category twice',
      cards({
        ...gold,
        categories: [
          { name: 'Farms', mcc: ['0742'], rate: '1' },
          { name: 'Farms', mcc: ['0763'], rate: '1' },
        ],
      }),
    ],
    [`${mccPath} 0`, 'a code of three digits', farms('742')],
    [`${mccPath} 0`, 'a code with a letter', farms('O742')],
    [`${mccPath} 0`, 'a range that ends before it starts', farms('5814-5811')],
    [`${mccPath} 0`, 'half a range', farms('5811-')],
    [`${mccPath} 0`, 'a range of three', farms('5811-5812-5813')],
    [`${mccPath} 1`, 'a code twice', farms('0742', '0742')],
    [mccPath, 'no code', farms()],
    ['retailer stores', 'half a shop', shop({ stores: 0.5 })],
    ['retailer productCategories 0', 'a nameless category', shop({ productCategories: [''] })],
    ['retailer productCategories', 'no list', { kind: 'RETAILER', retailer: {} as never }],
    ['mobility services 0', 'a long name', mobility('x'.repeat(201))],
  ])('are refused at %j: %s', async (path, _, invited) => {
    const before = await db().countBy(Partner, {});

    await expect(invite(invited)).rejects.toEqual(refusal('INVALID', path.split(' ')));
    expect(await db().countBy(Partner, {})).toBe(before);
  });

  function mobility(...services: string[]): Invited {
    return { kind: 'MOBILITY', mobility: { services } };
  }

  it('are of their partner’s kind, whoever writes them', async () => {
    const { id } = await invite({ kind: 'RETAILER' });

    await expect(
      db().update(Partner, { id }, { details: { kind: 'MOBILITY', services: [] } }),
    ).rejects.toThrow('partner_details_ck');
  });
});
