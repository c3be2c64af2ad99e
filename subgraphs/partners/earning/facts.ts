/** What the rules see: an activity, who did it, and where. Texts that were not given are empty. */
export interface Facts {
  activity: ActivityFacts;
  /** In the activity's order. */
  items: ItemFacts[];
  member: MemberFacts;
  partner: PartnerFacts;
}

/** Money is in whole units of the contract's currency, an exact decimal. */
export interface ActivityFacts {
  kind: string;
  reference: string;
  /** What was paid: after discounts, with tax, shipping and the part paid in points; 0 where nothing was. */
  amount: string;
  /** In which it was paid; empty where nothing was. */
  currency: string;
  tax: string;
  shipping: string;
  /** Taken off before `amount`. */
  discount: string;
  pointsPaid: string;
  occurredAt: Date;
  /** 1 is Monday, in the program's time zone. */
  dayOfWeek: number;
  /** 0 to 23, in the program's time zone. */
  hour: number;
  flight: FlightFacts;
  stay: StayFacts;
  card: CardFacts;
  ride: RideFacts;
  /** What was done, by its code. */
  engagement: string;
}

interface FlightFacts {
  flightNumber: string;
  origin: string;
  destination: string;
  cabin: string;
  bookingClass: string;
  distanceMiles: number;
}

interface StayFacts {
  property: string;
  ratePlan: string;
  nights: number;
  rooms: number;
  /** What the rooms cost, which counts as spend in place of the amount; null where it was not given. */
  roomRevenue: string | null;
}

interface CardFacts {
  product: string;
  mcc: string;
  merchant: string;
}

interface RideFacts {
  service: string;
  distanceKm: string;
}

export interface ItemFacts {
  sku: string;
  productType: string;
  category: string;
  brand: string;
  quantity: number;
  /** For the whole line, as in the activity's amount. */
  amount: string;
}

interface MemberFacts {
  status: string;
  /** The code of the member's tier. */
  tier: string;
  segments: string[];
}

interface PartnerFacts {
  code: string;
  kind: string;
}

/** An activity of a kind without particulars. */
export const noParticulars = {
  flight: {
    flightNumber: '',
    origin: '',
    destination: '',
    cabin: '',
    bookingClass: '',
    distanceMiles: 0,
  },
  stay: { property: '', ratePlan: '', nights: 0, rooms: 0, roomRevenue: null },
  card: { product: '', mcc: '', merchant: '' },
  ride: { service: '', distanceKm: '0' },
  engagement: '',
} satisfies Partial<ActivityFacts>;
