import type { LedgerSeal as Seal } from '../../ledger/index.ts';

/** What a rule earns: exactly one of them. */
export interface Earning {
  /** Points for each unit of money spent, an exact decimal. */
  spend?: string;
  /** Points whatever the amount; a JSON integer, since rules are kept as JSON. */
  fixed?: number;
  /** Multiplies what the base rule earned, an exact decimal. */
  multiplier?: string;
}

/** One earn rule, as a rule set keeps it. */
export interface EarnRule {
  code: string;
  name: string;
  priority: number;
  /** A CEL condition; always true where null. */
  when: string | null;
  earn: Earning;
  combine: 'ADDITIVE' | 'MULTIPLICATIVE';
}

/** Why a rule counted or did not, as an activity keeps it. */
export interface EarnLine {
  rule: string;
  name: string;
  /** What it multiplied, an exact decimal; null for a rule that multiplied nothing. */
  base: string | null;
  multiplier: string | null;
  /** Points, JSON integers. */
  desired: number;
  points: number;
  applied: boolean;
  reason: string;
}

/** The member of another part, by id. */
export interface Member {
  id: string;
}

/** A partner's steps towards LIVE. */
export interface Onboarding {
  steps: OnboardingStep[];
  readyForLive: boolean;
}

/** One step of it. */
export interface OnboardingStep {
  code: 'PROFILE' | 'CONTRACT' | 'EARN_RULES' | 'API_CLIENT';
  title: string;
  done: boolean;
  missing: string[];
}

/** A public key of an API client: a JWK (RFC 7517), with nothing but what verifying takes. */
export type ClientKey = { kid: string; use: 'sig'; x: string } & (
  | { kty: 'EC'; crv: 'P-256'; y: string; alg: 'ES256' }
  | { kty: 'OKP'; crv: 'Ed25519'; alg: 'EdDSA' }
);

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

/** A closed period of the ledger. */
export type LedgerSeal = Seal;
