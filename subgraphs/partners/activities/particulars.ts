import { z } from 'zod';
import { daysBetween } from '../../../platform/calendar.ts';
import { Refusal } from '../../../platform/errors.ts';
import { code, decimal, key, note, points } from '../../../platform/input.ts';
import { airportAt, milesBetween } from './airports.ts';
import { type Fault, amountOfMoney } from './amounts.ts';
import type { Particulars } from './rows.ts';

/** What can be recorded. */
export const activityKinds = [
  'PURCHASE',
  'FLIGHT',
  'STAY',
  'CARD_SPEND',
  'RIDE',
  'ENGAGEMENT',
  'GRANT',
  'OTHER',
] as const;
export type ActivityKind = (typeof activityKinds)[number];

const airport = z.string().regex(/^[A-Z]{3}$/, 'must be the IATA code of an airport');

const flight = z.object({
  flightNumber: z
    .string()
    .regex(
      /^([A-Z][A-Z0-9]|[0-9][A-Z])\d{1,4}[A-Z]?$/,
      'must be a carrier of two letters or digits and a number: "SK401"',
    ),
  ticketNumber: key.nullish(),
  origin: airport,
  destination: airport,
  cabin: z.enum(['ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST']),
  bookingClass: z.string().regex(/^[A-Z]$/, 'must be a letter of A-Z'),
  distanceMiles: z
    .int()
    .min(1, 'must be 1 or more')
    .max(13_000, 'must be 13,000 or less')
    .nullish(),
});

const day = z.iso
  .date('is no day')
  .refine((each) => each >= '1970-01-01', 'must be in 1970 or later');

const stay = z.object({
  property: key,
  checkIn: day,
  checkOut: day,
  rooms: z.int().min(1, 'must be 1 or more').max(1_000, 'must be 1,000 or less').nullish(),
  ratePlan: key.nullish(),
  roomRevenue: amountOfMoney.nullish(),
});

const card = z.object({
  product: key,
  mcc: z.string().regex(/^\d{4}$/, 'must have four digits'),
  merchant: key.nullish(),
});

const ride = z.object({
  service: key,
  distanceKm: decimal.refine((km) => Number(km) <= 100_000, 'must be 100,000 or less').nullish(),
});

/** The fields of an input that tell what is particular to a kind. */
export const particularsInput = {
  flight: flight.nullish(),
  stay: stay.nullish(),
  card: card.nullish(),
  ride: ride.nullish(),
  grant: z.object({ points, reason: note }).nullish(),
  engagement: code.nullish(),
};

type Given = z.output<z.ZodObject<typeof particularsInput>>;

/** The field that a kind demands, and no other kind takes. */
const fieldOf: { [kind in ActivityKind]?: keyof Given } = {
  FLIGHT: 'flight',
  STAY: 'stay',
  CARD_SPEND: 'card',
  RIDE: 'ride',
  ENGAGEMENT: 'engagement',
  GRANT: 'grant',
};

const paid: readonly ActivityKind[] = ['PURCHASE', 'CARD_SPEND'];
const unpaid: readonly ActivityKind[] = ['ENGAGEMENT', 'GRANT'];

/** What a kind lacks, or what is not for it. */
export function faultsOfKind(
  given: Given & { kind: ActivityKind; amount?: object | null | undefined },
): Fault[] {
  const { kind, amount } = given;
  const faults: Fault[] = [];
  const own = fieldOf[kind];
  for (const field of Object.keys(particularsInput) as (keyof Given)[]) {
    const isThere = given[field] != null;
    if (field === own && !isThere) {
      faults.push({ message: `is needed for a ${kind}`, path: [field] });
    }
    if (field !== own && isThere) {
      faults.push({ message: `is not for a ${kind}`, path: [field] });
    }
  }
  if (paid.includes(kind) && !amount) {
    faults.push({ message: `is needed for a ${kind}`, path: ['amount'] });
  }
  if (unpaid.includes(kind) && amount) {
    faults.push({ message: `is not for a ${kind}`, path: ['amount'] });
  }
  return [...faults, ...faultsInFlight(given.flight), ...faultsInStay(given.stay)];
}

function faultsInFlight(given: Given['flight']): Fault[] {
  if (!given || given.origin !== given.destination) return [];
  return [{ message: 'is where the flight began', path: ['flight', 'destination'] }];
}

const nightsMax = 365;

function faultsInStay(given: Given['stay']): Fault[] {
  if (!given) return [];
  const nights = daysBetween(given.checkIn, given.checkOut);
  const path = ['stay', 'checkOut'];
  if (nights < 1) return [{ message: 'must be after checkIn', path }];
  return nights > nightsMax ? [{ message: `is more than ${nightsMax} nights later`, path }] : [];
}

/**
 * What is particular to an activity, with what follows from it: the miles of a flight, the nights of a
 * stay. Null for a kind that has nothing of its own.
 *
 * @throws Refusal INVALID the distance between these airports is not known
 */
export function particularsOf({ flight: flown, ...given }: Given): Particulars | null {
  if (flown) {
    const { ticketNumber, distanceMiles, ...rest } = flown;
    const miles = distanceMiles ?? milesOf(flown);
    return { flight: { ...rest, ticketNumber: ticketNumber ?? null, distanceMiles: miles } };
  }
  if (given.stay) {
    const { property, checkIn, checkOut, rooms, ratePlan, roomRevenue } = given.stay;
    return {
      stay: {
        property,
        checkIn,
        checkOut,
        nights: daysBetween(checkIn, checkOut),
        rooms: rooms ?? 1,
        ratePlan: ratePlan ?? null,
        roomRevenue: roomRevenue?.amount ?? null,
      },
    };
  }
  if (given.card) return { card: { ...given.card, merchant: given.card.merchant ?? null } };
  if (given.ride) return { ride: { ...given.ride, distanceKm: given.ride.distanceKm ?? null } };
  if (given.grant) {
    return { grant: { points: Number(given.grant.points), reason: given.grant.reason } };
  }
  return given.engagement == null ? null : { engagement: given.engagement };
}

function milesOf(flown: NonNullable<Given['flight']>): number {
  const [from, to] = (['origin', 'destination'] as const).map((end) => {
    const place = airportAt(flown[end]);
    if (place) return place;
    const message = `flight.${end}: no airport ${flown[end]} is known here: give distanceMiles.`;
    throw new Refusal('INVALID', message, ['flight', end]);
  });
  return milesBetween(from!, to!);
}
