/** A partner's steps towards LIVE. */
export interface Onboarding {
  steps: OnboardingStep[];
  readyForLive: boolean;
}

/** One step of it. */
export interface OnboardingStep {
  code:
    | 'PROFILE'
    | 'CONTRACT'
    | 'EARN_RULES'
    | 'API_CLIENT'
    | 'WEBHOOK'
    | 'SANDBOX_ACTIVITY'
    | 'SANDBOX_REDEMPTION';
  title: string;
  done: boolean;
  missing: string[];
}

/** What only a brand's trade has, under the kind of its partner. */
export type PartnerDetails =
  AirlineDetails | HotelDetails | CardIssuerDetails | RetailerDetails | MobilityDetails;

export interface AirlineDetails {
  kind: 'AIRLINE';
  iataCode: string;
  alliance: string | null;
  earnChart: FareEarning[];
}

export interface FareEarning {
  cabin: 'ECONOMY' | 'PREMIUM_ECONOMY' | 'BUSINESS' | 'FIRST';
  bookingClasses: string[];
  /** Share of the distance, an exact decimal. */
  rate: string;
}

export interface HotelDetails {
  kind: 'HOTEL';
  chainCode: string | null;
  properties: number | null;
  excludedRatePlans: string[];
}

export interface CardIssuerDetails {
  kind: 'CARD_ISSUER';
  cardProducts: CardProduct[];
}

export interface CardProduct {
  code: string;
  name: string;
  /** Points for each unit of money, an exact decimal. */
  baseRate: string;
  categories: CategoryRate[];
}

export interface CategoryRate {
  name: string;
  /** Codes of four digits, or ranges of them: "5811-5814". */
  mcc: string[];
  rate: string;
}

export interface RetailerDetails {
  kind: 'RETAILER';
  productCategories: string[];
  stores: number | null;
}

export interface MobilityDetails {
  kind: 'MOBILITY';
  services: string[];
}
