import type { Random } from './random.ts';

/** What the demo knows of a brand; each has a file of its own in `brands/`. */
export interface Brand {
  code: string;
  name: string;
  kind: 'AIRLINE' | 'HOTEL' | 'CARD_ISSUER' | 'RETAILER' | 'MOBILITY';
  description: string;
  website: string;
  /** `#rrggbb`: of its logo and its rewards' pictures too. */
  brandColor: string;
  /** The part of the invitation for its kind. */
  details: object;
  contract: Contract;
  rules: EarnRule[];
  customers: Customers;
  /** What is done there on a day, in the words of `ActivityInput`; people buy where left out. */
  deed?: (random: Random, day: string) => Deed;
  rewards: Reward[];
}

/** A kind of activity, with what is particular to it. */
export type Deed =
  | { kind: 'PURCHASE' }
  | { kind: 'FLIGHT'; flight: object }
  | { kind: 'STAY'; stay: object }
  | { kind: 'CARD_SPEND'; card: object }
  | { kind: 'RIDE'; ride: object };

interface Contract {
  /** Long before the demo's two years where left out. */
  validFrom?: string;
  currency: 'EUR' | 'GBP';
  issuePrice: string;
  redemptionRate: string;
}

interface EarnRule {
  code: string;
  name: string;
  priority?: number;
  when?: string;
  earn: { spend: string } | { fixed: number } | { multiplier: string };
  combine?: 'MULTIPLICATIVE';
}

/** How people buy there. */
interface Customers {
  /** Points that a unit of money earns at least: what a member can count on. */
  pointsAtLeast: number;
  /** How often they come, against the other brands. */
  visits: number;
  /** What they pay, in whole units; mostly nearer to the lower end. */
  from: number;
  to: number;
  /** The first and the last hour of a purchase. */
  hours: [number, number];
  /** After how many weeks the brand reports what was bought: 2 or 4. */
  reportWeeks: number;
  /** Weeks ago of the year's busiest week, and how much busier it is: 0.5 is half as much again. */
  season: { peak: number; height: number };
}

export interface Reward {
  sku: string;
  name: string;
  description: string;
  kind: RewardKind;
  categories: string[];
  points: number;
  /** Unlimited where left out. */
  stock?: number;
  picture: Motif;
}

type RewardKind =
  | 'PRODUCT'
  | 'DISCOUNT'
  | 'VOUCHER'
  | 'GIFT_CARD'
  | 'FLIGHT'
  | 'NIGHT'
  | 'UPGRADE'
  | 'EXPERIENCE'
  | 'EVENT'
  | 'EARLY_ACCESS'
  | 'STATEMENT_CREDIT'
  | 'MEMBERSHIP';

/** What a reward's picture shows: one of the drawings in `pictures/motifs.ts`. */
export type Motif =
  | 'apple'
  | 'bag'
  | 'basket'
  | 'bed'
  | 'bike'
  | 'book'
  | 'calendar'
  | 'candle'
  | 'car'
  | 'card'
  | 'coins'
  | 'cup'
  | 'dish'
  | 'gift'
  | 'glass'
  | 'key'
  | 'leaf'
  | 'loaf'
  | 'percent'
  | 'plane'
  | 'seat'
  | 'speech'
  | 'suitcase'
  | 'ticket'
  | 'wave';
