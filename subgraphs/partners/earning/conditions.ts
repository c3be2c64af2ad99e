import { Big } from 'big.js';
import {
  type Expression,
  compileCondition,
  compileNumber,
  conditionLanguage,
} from '../../../platform/conditions.ts';
import { type Facts, type ItemFacts, noParticulars } from './facts.ts';

/** A rule's expression, ready to be worked out for an activity, or for one of its items. */
export interface RuleExpression<Value> {
  /** What it reads, by dotted paths. */
  reads: ReadonlySet<string>;
  /** @param item where it reads one. @throws Error where the facts do not fit it */
  evaluate: (facts: Seen, item?: SeenItem) => Value;
}

/** An activity as expressions see it, made once for all rules. */
export interface Seen {
  readonly activity: object;
  readonly member: object;
  readonly partner: object;
}
export type SeenItem = object;

class Activity {
  constructor({ activity }: Facts) {
    const { flight, stay, card, ride, ...plain } = activity;
    Object.assign(this, plain, {
      amount: decimal(activity.amount),
      tax: decimal(activity.tax),
      shipping: decimal(activity.shipping),
      discount: decimal(activity.discount),
      pointsPaid: decimal(activity.pointsPaid),
      dayOfWeek: BigInt(activity.dayOfWeek),
      hour: BigInt(activity.hour),
      flight: flight === noParticulars.flight ? noFlight : seenFlight(flight),
      stay: stay === noParticulars.stay ? noStay : seenStay(stay),
      card: card === noParticulars.card ? noCard : Object.assign(new Card(), card),
      ride: ride === noParticulars.ride ? noRide : seenRide(ride),
    });
  }
}
class Flight {}
class Stay {}
class Card {}
class Ride {}
class Item {
  constructor(item: ItemFacts) {
    Object.assign(this, item, { amount: decimal(item.amount), quantity: BigInt(item.quantity) });
  }
}
class Member {}
class Partner {}

const zero = new Big(0);

/** Most parts of an amount are nothing: it is made once. */
function decimal(text: string): Big {
  return text === '0' ? zero : new Big(text);
}

type Particular<Name extends 'flight' | 'stay' | 'ride'> = Facts['activity'][Name];

function seenFlight(flight: Particular<'flight'>): Flight {
  return Object.assign(new Flight(), flight, { distanceMiles: BigInt(flight.distanceMiles) });
}

function seenStay(stay: Particular<'stay'>): Stay {
  return Object.assign(new Stay(), stay, {
    nights: BigInt(stay.nights),
    rooms: BigInt(stay.rooms),
    roomRevenue: decimal(stay.roomRevenue ?? '0'),
  });
}

function seenRide(ride: Particular<'ride'>): Ride {
  return Object.assign(new Ride(), ride, { distanceKm: decimal(ride.distanceKm) });
}

// Of all activities that have none.
const noFlight = seenFlight(noParticulars.flight);
const noStay = seenStay(noParticulars.stay);
const noCard = Object.assign(new Card(), noParticulars.card);
const noRide = seenRide(noParticulars.ride);

/** The activity as expressions see it. */
export function seen(facts: Facts): Seen {
  return {
    activity: new Activity(facts),
    member: Object.assign(new Member(), facts.member),
    partner: Object.assign(new Partner(), facts.partner),
  };
}

export function seenItem(item: ItemFacts): SeenItem {
  return new Item(item);
}

const type = (ctor: object, fields: Record<string, string>) => ({ ctor: ctor as never, fields });

const language = conditionLanguage()
  .registerType(
    'Flight',
    type(Flight, {
      flightNumber: 'string',
      origin: 'string',
      destination: 'string',
      cabin: 'string',
      bookingClass: 'string',
      distanceMiles: 'int',
    }),
  )
  .registerType(
    'Stay',
    type(Stay, {
      property: 'string',
      ratePlan: 'string',
      nights: 'int',
      rooms: 'int',
      roomRevenue: 'dec',
    }),
  )
  .registerType('Card', type(Card, { product: 'string', mcc: 'string', merchant: 'string' }))
  .registerType('Ride', type(Ride, { service: 'string', distanceKm: 'dec' }))
  .registerType(
    'Activity',
    type(Activity, {
      kind: 'string',
      reference: 'string',
      amount: 'dec',
      currency: 'string',
      tax: 'dec',
      shipping: 'dec',
      discount: 'dec',
      pointsPaid: 'dec',
      occurredAt: 'google.protobuf.Timestamp',
      dayOfWeek: 'int',
      hour: 'int',
      flight: 'Flight',
      stay: 'Stay',
      card: 'Card',
      ride: 'Ride',
      engagement: 'string',
    }),
  )
  .registerType(
    'Item',
    type(Item, {
      sku: 'string',
      productType: 'string',
      category: 'string',
      brand: 'string',
      quantity: 'int',
      amount: 'dec',
    }),
  )
  .registerType(
    'Member',
    type(Member, { status: 'string', tier: 'string', segments: 'list<string>' }),
  )
  .registerType('Partner', type(Partner, { code: 'string', kind: 'string' }))
  .registerVariable('activity', 'Activity')
  .registerVariable('item', 'Item')
  .registerVariable('member', 'Member')
  .registerVariable('partner', 'Partner');

/**
 * Parses and type-checks the condition of an earn rule.
 *
 * @throws ConditionError saying what is wrong with it
 */
export function compileRule(text: string): RuleExpression<boolean> {
  return inRules(compileCondition(language, text));
}

/**
 * Parses and type-checks an expression for points.
 *
 * @throws ConditionError saying what is wrong with it
 */
export function compilePoints(text: string): RuleExpression<Big> {
  return inRules(compileNumber(language, text));
}

function inRules<Value>({ reads, evaluate }: Expression<Value>): RuleExpression<Value> {
  return {
    reads,
    evaluate: (facts, item) => evaluate(item ? { ...facts, item } : { ...facts }),
  };
}
