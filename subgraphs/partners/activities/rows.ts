/** The member of another part, by id. */
export interface Member {
  id: string;
}

/** One line of what was bought, as an activity keeps it. */
export interface BoughtItem {
  line: string;
  sku: string;
  productType: string | null;
  category: string | null;
  brand: string | null;
  quantity: number;
  /** For the whole line, in the activity's currency; an exact decimal. */
  amount: string;
  /** Its share of the activity's points, a JSON integer. */
  points: number;
  /** How many of it came back, and what was taken back for them; nothing where left out. */
  refundedQuantity?: number;
  reversedPoints?: number;
  /** The same of the partner's own currency; nothing where left out. */
  ownPoints?: number;
  ownReversed?: number;
}

/** What is particular to an activity's kind: one of these, and null for a kind that has nothing of its own. */
export interface Particulars {
  flight?: FlightParticulars;
  stay?: StayParticulars;
  card?: CardParticulars;
  ride?: RideParticulars;
  grant?: GrantParticulars;
  /** What was done, by its code. */
  engagement?: string;
}

interface FlightParticulars {
  flightNumber: string;
  ticketNumber: string | null;
  origin: string;
  destination: string;
  cabin: string;
  bookingClass: string;
  distanceMiles: number;
}

interface StayParticulars {
  property: string;
  checkIn: string;
  checkOut: string;
  nights: number;
  rooms: number;
  ratePlan: string | null;
  /** In the activity's currency, an exact decimal. */
  roomRevenue: string | null;
}

interface CardParticulars {
  product: string;
  mcc: string;
  merchant: string | null;
}

interface RideParticulars {
  service: string;
  /** An exact decimal. */
  distanceKm: string | null;
}

/** Points that a partner gives. */
export interface GrantParticulars {
  /** A JSON integer. */
  points: number;
  reason: string;
}
