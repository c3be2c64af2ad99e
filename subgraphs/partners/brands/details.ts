import { z } from 'zod';
import { Refusal } from '../../../platform/errors.ts';
import { code, decimal, eachOnce, key, title } from '../../../platform/input.ts';
import type { Partner } from './entities.ts';
import type {
  AirlineDetails,
  CardIssuerDetails,
  HotelDetails,
  MobilityDetails,
  PartnerDetails,
  RetailerDetails,
} from './rows.ts';

const rate = decimal.refine((value) => Number(value) > 0, 'must be more than 0');
const count = z.int().min(0).max(2_147_483_647);

function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).max(100, 'holds 100 at most');
}

/** A list whose items differ in what `keyOf` tells, which `path` leads to. */
function distinct<Item extends z.ZodType>(
  item: Item,
  keyOf: (item: z.output<Item>) => string = String,
  path: string[] = [],
) {
  return list(item).superRefine(eachOnce(keyOf, path));
}

const fare = z.object({
  cabin: z.enum(['ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST']),
  bookingClasses: list(z.string().regex(/^[A-Z]$/, 'must be a letter of A-Z')).min(
    1,
    'needs a booking class',
  ),
  rate,
});

const earnChart = list(fare).superRefine((fares, context) => {
  const seen = new Set<string>();
  fares.forEach(({ cabin, bookingClasses }, index) =>
    bookingClasses.forEach((letter, place) => {
      const name = `${cabin} ${letter}`;
      if (seen.has(name)) {
        const path = [index, 'bookingClasses', place];
        context.addIssue({ code: 'custom', message: 'is used twice in this cabin', path });
      }
      seen.add(name);
    }),
  );
});

const airline = z
  .object({
    iataCode: z.string().regex(/^[A-Z0-9]{2}$/, 'must be two of A-Z and 0-9'),
    alliance: title.nullish(),
    earnChart: earnChart.nullish(),
  })
  .transform(({ iataCode, alliance, earnChart: fares }): AirlineDetails => ({
    kind: 'AIRLINE',
    iataCode,
    alliance: alliance ?? null,
    earnChart: fares ?? [],
  }));

const hotel = z
  .object({
    chainCode: code.nullish(),
    properties: count.nullish(),
    excludedRatePlans: distinct(key).nullish(),
  })
  .transform(({ chainCode, properties, excludedRatePlans }): HotelDetails => ({
    kind: 'HOTEL',
    chainCode: chainCode ?? null,
    properties: properties ?? null,
    excludedRatePlans: excludedRatePlans ?? [],
  }));

const mcc = z
  .string()
  .regex(/^\d{4}(-\d{4})?$/, 'must be a code of four digits, or a range of them: "5811-5814"')
  .refine((range) => {
    const [from, to = from] = range.split('-');
    return from! <= to!;
  }, 'must end where it starts, or later');

const category = z.object({
  name: title,
  mcc: distinct(mcc).min(1, 'needs a merchant category code'),
  rate,
});

const cardProduct = z
  .object({
    code,
    name: title,
    baseRate: rate,
    categories: distinct(category, ({ name }) => name, ['name']).nullish(),
  })
  .transform(({ categories, ...product }) => ({ ...product, categories: categories ?? [] }));

const cardIssuer = z
  .object({ cardProducts: distinct(cardProduct, (product) => product.code, ['code']) })
  .transform((details): CardIssuerDetails => ({ kind: 'CARD_ISSUER', ...details }));

const retailer = z
  .object({ productCategories: distinct(title), stores: count.nullish() })
  .transform(({ productCategories, stores }): RetailerDetails => ({
    kind: 'RETAILER',
    productCategories,
    stores: stores ?? null,
  }));

const mobility = z
  .object({ services: distinct(title) })
  .transform((details): MobilityDetails => ({ kind: 'MOBILITY', ...details }));

/** The fields of an input that tell a brand's particulars, one for each kind that has some. */
export const detailsInput = {
  airline: airline.nullish(),
  hotel: hotel.nullish(),
  cardIssuer: cardIssuer.nullish(),
  retailer: retailer.nullish(),
  mobility: mobility.nullish(),
};

type DetailsInput = z.output<z.ZodObject<typeof detailsInput>>;

/** The field for each kind. */
const fieldOf: { [kind in Partner['kind']]?: keyof DetailsInput } = {
  AIRLINE: 'airline',
  HOTEL: 'hotel',
  CARD_ISSUER: 'cardIssuer',
  RETAILER: 'retailer',
  MOBILITY: 'mobility',
};

/**
 * A brand's particulars, as the field for its kind tells them: null clears them.
 *
 * @param before what stays where the field is left out
 * @throws Refusal INVALID a field for another kind is set
 */
export function detailsOf(
  kind: Partner['kind'],
  given: DetailsInput,
  before: PartnerDetails | null,
): PartnerDetails | null {
  const own = fieldOf[kind];
  for (const field of Object.keys(detailsInput) as (keyof DetailsInput)[]) {
    if (field === own || given[field] == null) continue;
    throw new Refusal('INVALID', `${field}: is not for a partner of kind ${kind}.`, [field]);
  }
  const details = own && given[own];
  return details === undefined ? before : details;
}
