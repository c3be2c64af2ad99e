// Generated from the operations here by `npm run codegen:client`. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What a member did, as the partner reports it. */
export type ActivityInput = {
  member: MemberRef;
  kind: ActivityKind;
  /** The partner's own number for it: unique in the partner, and the key of repetition. */
  reference: string;
  /** At most 5 minutes ahead, and not further back than the contract allows. */
  occurredAt: string;
  /**
   * What was paid: after discounts, tax and shipping in, and the part paid in points in. Where it is not in the contract's
   * currency it earns what it was worth in that on the day, by a rate that must be known (`exchangeRates`).
   * PURCHASE and CARD_SPEND need it; ENGAGEMENT and GRANT have none; the others earn by it where it is given.
   */
  amount?: MoneyInput | null | undefined;
  /** Parts of the amount, in its currency; `discount` was taken off before it. */
  tax?: MoneyInput | null | undefined;
  shipping?: MoneyInput | null | undefined;
  discount?: MoneyInput | null | undefined;
  pointsPaid?: MoneyInput | null | undefined;
  /** At most 200, and 2,000 in one call; together not more than the amount without its shipping. */
  items?: Array<ItemInput> | null | undefined;
  /** The part for its kind; the others stay out. */
  flight?: FlightInput | null | undefined;
  stay?: StayInput | null | undefined;
  card?: CardSpendInput | null | undefined;
  ride?: RideInput | null | undefined;
  grant?: GrantInput | null | undefined;
  /** What was done, by a code that rules know, 1 to 32 of A-Z, 0-9, _ and -. One that no rule asks about is recorded too. */
  engagement?: string | null | undefined;
};

/**
 * What a member did. Flights, stays, card payments and rides are recorded by brands of that trade, everything else by any
 * brand. Grows: clients keep a default branch.
 */
export type ActivityKind =
  /** Something was bought. Needs an amount. */
  | 'PURCHASE'
  /** For an AIRLINE: one flight, by `flight`. */
  | 'FLIGHT'
  /** For a HOTEL: one stay, by `stay`. */
  | 'STAY'
  /** For a CARD_ISSUER: a payment with one of its cards, by `card`. Needs an amount. */
  | 'CARD_SPEND'
  /** For MOBILITY: one ride, by `ride`. */
  | 'RIDE'
  /** Something else that rules know by a code, `engagement`; nothing is paid. */
  | 'ENGAGEMENT'
  /** Points that the partner gives, with a reason, by `grant`. No rule is asked, and nothing is paid. */
  | 'GRANT'
  /** What has no kind of its own: by rules, and with an amount or without. */
  | 'OTHER';

/** Where an activity stands. Grows: clients keep a default branch. */
export type ActivityStatus =
  /** Its points wait for `expectedBy`, or for `confirmActivity`. */
  | 'PENDING'
  | 'POSTED'
  | 'PARTLY_REFUNDED'
  /** All of it was returned. */
  | 'REFUNDED'
  /** It earns nothing: `rejectedBecause` says why. */
  | 'REJECTED';

/** Grows: clients keep a default branch. */
export type Cabin =
  | 'ECONOMY'
  | 'PREMIUM_ECONOMY'
  | 'BUSINESS'
  | 'FIRST';

/** One payment with a card. */
export type CardSpendInput = {
  /** The code of one of the issuer's cards. */
  product: string;
  /** The merchant's category of ISO 18245: four digits, zeros in front too. */
  mcc: string;
  merchant?: string | null | undefined;
};

/** One flight of a member. */
export type FlightInput = {
  /** Carrier and number: "SK401". */
  flightNumber: string;
  ticketNumber?: string | null | undefined;
  /** IATA codes of two airports. */
  origin: string;
  destination: string;
  cabin: Cabin;
  /** A letter. One that the earn chart does not have in this cabin gives no miles. */
  bookingClass: string;
  /** 1 to 13,000. Where left out, the great-circle distance, rounded to a mile; for airports that are not known here it is needed. */
  distanceMiles?: number | null | undefined;
};

/** Points that a partner gives. */
export type GrantInput = {
  /** Given as they are: to spend at once, and not for the member's tier. */
  points: number;
  /** What the member reads. */
  reason: string;
};

/** One line of what was bought. */
export type ItemInput = {
  /** The partner's own line number; the place in the list, from 1, where left out. Each once. */
  line?: string | null | undefined;
  sku: string;
  productType?: string | null | undefined;
  category?: string | null | undefined;
  brand?: string | null | undefined;
  /** 1 or more. */
  quantity: number;
  /** For the whole line, as in `amount`. */
  amount: MoneyInput;
};

/** Names a member. Exactly one field is set (`partnerId` goes with `partnerAccount`). */
export type MemberRef = {
  id?: string | null | undefined;
  /** What stands on the card, in groups or not. INVALID where the check digit is wrong. */
  memberNumber?: string | null | undefined;
  email?: string | null | undefined;
  /** With its country code. It finds the member who has proven it. */
  phone?: string | null | undefined;
  /** A partner's own number for the member: the calling partner's, or that of `partnerId`. */
  partnerAccount?: string | null | undefined;
  /** Whose account it is: for staff, since a partner names its own alone. */
  partnerId?: string | null | undefined;
  /** The issuer's or network's token of a linked card. INVALID for a card number, which nobody may send. */
  paymentCard?: string | null | undefined;
  /**
   * What the member's wallet shows as a QR code: for partners, once, and for a minute. The partner may then act for the
   * member for 15 minutes, as if the member had consented to EARN, SPEND and READ_BALANCE.
   */
  walletToken?: string | null | undefined;
};

/** An amount in whole units of its currency: 12.50 EUR. */
export type MoneyInput = {
  amount: string;
  currency: string;
};

/** What of an activity came back. */
export type RefundActivityInput = {
  /** Either the activity's id or the calling partner's own reference. */
  activityId?: string | null | undefined;
  reference?: string | null | undefined;
  /** Either an amount or items; all that is left where both are left out. */
  amount?: MoneyInput | null | undefined;
  /** At most 200. */
  items?: Array<RefundItemInput> | null | undefined;
  /** The partner's own number for the return: unique among its returns, and the key of repetition. */
  refundReference: string;
  /** Kept in the audit log. */
  reason?: string | null | undefined;
};

/** Units of one line of what was bought. */
export type RefundItemInput = {
  /** Each once. */
  line: string;
  /** 1 or more. */
  quantity: number;
};

/** One ride of a member. */
export type RideInput = {
  /** One of the brand's services. */
  service: string;
  /** At most 100,000. */
  distanceKm?: string | null | undefined;
};

/** One stay of a member. */
export type StayInput = {
  /** Which of the chain's houses. */
  property: string;
  /** Nights are the days between, 1 to 365. */
  checkIn: string;
  checkOut: string;
  /** 1 to 1,000. */
  rooms?: number | null | undefined;
  /** As the brand calls it: one that it excludes gives no base. */
  ratePlan?: string | null | undefined;
  /**
   * What the rooms cost of the amount, after discounts and without tax: it counts as spend in place of the amount, and so
   * not together with items. The amount is as much where left out.
   */
  roomRevenue?: MoneyInput | null | undefined;
};

/** Grows: clients keep a default branch. */
export type UserErrorCode =
  | 'INVALID'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'NOT_ALLOWED'
  | 'CONSENT_REQUIRED'
  | 'INSUFFICIENT_POINTS'
  | 'LIMIT_REACHED'
  | 'EXPIRED'
  | 'ALREADY_REVERSED'
  | 'IDEMPOTENCY_MISMATCH'
  | 'MEMBER_INACTIVE'
  /** The same key is still at work: ask again. */
  | 'IN_PROGRESS'
  /** Sign in again, with a second factor. */
  | 'STEP_UP_REQUIRED'
  /** Held back for a person to look at. Ask again once decided. */
  | 'UNDER_REVIEW'
  | 'VERIFICATION_REQUIRED'
  | 'NOT_ELIGIBLE'
  | 'OUT_OF_STOCK'
  | 'PARTNER_INACTIVE';

export type RefundPurchaseMutationVariables = Exact<{
  input: RefundActivityInput;
}>;


export type RefundPurchaseMutation = { refundActivity: { activity: { status: ActivityStatus, points: number, refundedAmount: { amount: string, currency: string } | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string>, details: { subject: string | null, limit: string | null } | null }> } | null };

export type ReadActivityQueryVariables = Exact<{
  reference: string;
}>;


export type ReadActivityQuery = { activity: { status: ActivityStatus, occurredAt: string, points: number, amount: { amount: string, currency: string } | null, refundedAmount: { amount: string } | null } | null };

export type RecordPurchaseMutationVariables = Exact<{
  input: ActivityInput;
}>;


export type RecordPurchaseMutation = { recordActivity: { activity: { id: string, points: number, explanation: Array<{ name: string, points: number, applied: boolean }> } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string>, details: { subject: string | null, retryAt: string | null } | null }> } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const RefundPurchaseDocument = new TypedDocumentString(`
    mutation RefundPurchase($input: RefundActivityInput!) {
  refundActivity(input: $input) {
    activity {
      status
      points
      refundedAmount {
        amount
        currency
      }
    }
    userErrors {
      code
      message
      path
      details {
        subject
        limit
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RefundPurchaseMutation, RefundPurchaseMutationVariables>;
export const ReadActivityDocument = new TypedDocumentString(`
    query ReadActivity($reference: String!) {
  activity(reference: $reference) {
    status
    occurredAt
    points
    amount {
      amount
      currency
    }
    refundedAmount {
      amount
    }
  }
}
    `) as unknown as TypedDocumentString<ReadActivityQuery, ReadActivityQueryVariables>;
export const RecordPurchaseDocument = new TypedDocumentString(`
    mutation RecordPurchase($input: ActivityInput!) {
  recordActivity(input: $input) {
    activity {
      id
      points
      explanation {
        name
        points
        applied
      }
    }
    userErrors {
      code
      message
      path
      details {
        subject
        retryAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RecordPurchaseMutation, RecordPurchaseMutationVariables>;
