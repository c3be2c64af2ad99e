// Generated from schema/ by `npm run codegen`. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Activity as ActivityRow, Partner as PartnerRow, Claim as ClaimRow, ApiClient as ApiClientRow, Contract as ContractRow, PointBlock as PointBlockRow, RuleSet as RuleSetRow, ActivityImport as ActivityImportRow, ImportRejection as ImportRejectionRow, Offer as OfferRow, ExchangeRate as ExchangeRateRow, RuleSetReplay as RuleSetReplayRow, SettlementStatement as SettlementStatementRow, Webhook as WebhookRow, WebhookDelivery as WebhookDeliveryRow } from './entities.ts';
import type { SettlementSum as SettlementSumRow, SettlementLine as SettlementLineRow, Member as MemberRow, PartnerConnection as PartnerConnectionRow, Onboarding as OnboardingRow, OnboardingStep as OnboardingStepRow, PartnerDetails as PartnerDetailsRow, AirlineDetails as AirlineDetailsRow, FareEarning as FareEarningRow, HotelDetails as HotelDetailsRow, CardIssuerDetails as CardIssuerDetailsRow, CardProduct as CardProductRow, CategoryRate as CategoryRateRow, RetailerDetails as RetailerDetailsRow, MobilityDetails as MobilityDetailsRow, PartnerCredit as PartnerCreditRow, Earning as EarningRow, StampCard as StampCardRow, EarnBase as EarnBaseRow, EarnCap as EarnCapRow, CapPeriod as CapPeriodRow, EarnRule as EarnRuleRow, EarnLine as EarnLineRow, StampCardProgress as StampCardProgressRow, FundingShare as FundingShareRow, Program as ProgramRow, PartnerPerformance as PartnerPerformanceRow, DailyPoints as DailyPointsRow, IssuanceReport as IssuanceReportRow, PartnerIssuance as PartnerIssuanceRow, LedgerSeal as LedgerSealRow, SettlementReport as SettlementReportRow, WebhookEvent as WebhookEventRow, DeliveryStatus as DeliveryStatusRow } from './rows.ts';
import type { SubgraphContext } from './loaders.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
export type EnumResolverSignature<T, AllowedValues = any> = { [key in keyof T]?: AllowedValues };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** Whole points, |n| <= 2^53 - 1. Never a fraction. An integer in JSON. */
  Points: { input: bigint; output: bigint; }
  /** An instant, RFC 3339, UTC. */
  DateTime: { input: Date; output: Date; }
  /** A calendar day in the program's time zone, ISO 8601. */
  Date: { input: string; output: string; }
  /** An exact decimal number as a string, for example "0.0085". */
  Decimal: { input: string; output: string; }
  /** ISO 4217 alphabetic code. */
  CurrencyCode: { input: string; output: string; }
};

/** Who calls. */
export type Audience =
  /** Anyone, signed in or not. */
  | 'PUBLIC'
  /** The member whom the data is about. */
  | 'MEMBER'
  /** A partner's machine client or staff, for its own data and for members who consented to it. */
  | 'PARTNER'
  /** The coalition's staff. */
  | 'ADMIN';

/** What a token may hold: `ACCRUALS_WRITE` is `accruals:write` in a token. A rule that names none is content with the audience. */
export type Scope =
  | 'ACCRUALS_WRITE'
  | 'ACCRUALS_REVERSE'
  | 'REDEMPTIONS_AUTHORISE'
  | 'REDEMPTIONS_CAPTURE'
  | 'MEMBERS_LINK'
  | 'BALANCES_READ'
  | 'WEBHOOKS_MANAGE'
  | 'SETTLEMENT_READ'
  | 'RULES_MANAGE'
  | 'CATALOG_MANAGE'
  | 'CLIENTS_MANAGE'
  | 'PROFILE'
  | 'BALANCE'
  | 'REDEEM'
  | 'TRANSFER'
  | 'COMMUNITY'
  | 'LEDGER_ADJUST'
  | 'PARTNERS_MANAGE'
  | 'PROGRAM_MANAGE'
  | 'MEMBERS_SUPPORT'
  | 'COMMUNITY_MODERATE'
  | 'AUDIT_READ';

/** What a member lets a partner do. */
export type ConsentScope =
  | 'READ_BALANCE'
  | 'READ_PROFILE'
  | 'EARN'
  | 'SPEND';

/** An amount in whole units of its currency: 12.50 EUR. */
export type Money = {
  amount: Scalars['Decimal']['output'];
  currency: Scalars['CurrencyCode']['output'];
};

/** An amount in whole units of its currency: 12.50 EUR. */
export type MoneyInput = {
  amount: Scalars['Decimal']['input'];
  currency: Scalars['CurrencyCode']['input'];
};

/** Names a member. Exactly one field is set (`partnerId` goes with `partnerAccount`). */
export type MemberRef = {
  id?: InputMaybe<Scalars['ID']['input']>;
  /** What stands on the card, in groups or not. INVALID where the check digit is wrong. */
  memberNumber?: InputMaybe<Scalars['String']['input']>;
  email?: InputMaybe<Scalars['String']['input']>;
  /** With its country code. It finds the member who has proven it. */
  phone?: InputMaybe<Scalars['String']['input']>;
  /** A partner's own number for the member: the calling partner's, or that of `partnerId`. */
  partnerAccount?: InputMaybe<Scalars['String']['input']>;
  /** Whose account it is: for staff, since a partner names its own alone. */
  partnerId?: InputMaybe<Scalars['ID']['input']>;
  /** The issuer's or network's token of a linked card. INVALID for a card number, which nobody may send. */
  paymentCard?: InputMaybe<Scalars['String']['input']>;
  /**
   * What the member's wallet shows as a QR code: for partners, once, and for a minute. The partner may then act for the
   * member for 15 minutes, as if the member had consented to EARN, SPEND and READ_BALANCE.
   */
  walletToken?: InputMaybe<Scalars['String']['input']>;
};

/** What the caller can mend. Anything else is a GraphQL error with an `extensions.code`. */
export type UserError = {
  code: UserErrorCode;
  message: Scalars['String']['output'];
  /** Path to the input field at fault, relative to `input`; the argument's name where there is no `input`. */
  path: Array<Scalars['String']['output']>;
  details?: Maybe<ErrorDetails>;
};

/** Figures that explain a refusal: those that fit its code, the others null. */
export type ErrorDetails = {
  available?: Maybe<Scalars['Points']['output']>;
  required?: Maybe<Scalars['Points']['output']>;
  limit?: Maybe<Scalars['Decimal']['output']>;
  /** When it may work: a limit that resets, a lock that ends. */
  retryAt?: Maybe<Scalars['DateTime']['output']>;
  /** What stands in the way: the id of the first answer, a missing consent, a step that is not done. */
  subject?: Maybe<Scalars['String']['output']>;
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

/** Where a page stands in its list (Relay). */
export type PageInfo = {
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor?: Maybe<Scalars['String']['output']>;
  endCursor?: Maybe<Scalars['String']['output']>;
};

/** Grows: clients keep a default branch. */
export type PartnerKind =
  | 'AIRLINE'
  | 'HOTEL'
  | 'CARD_ISSUER'
  | 'RETAILER'
  | 'MOBILITY'
  /** Grants points to its own people. */
  | 'EMPLOYER'
  | 'OTHER';

/** Where a partner stands in the coalition. */
export type PartnerStatus =
  /** Invited; the contract is not signed yet. */
  | 'DRAFT'
  /** May call the sandbox with test keys. */
  | 'SANDBOX'
  | 'LIVE'
  | 'SUSPENDED'
  | 'TERMINATED';

/** A brand that takes part. Others than LIVE ones are absent but for themselves and staff; terms and figures are null for other partners. */
export type Partner = {
  id: Scalars['ID']['output'];
  /** Short, upper case, unique: what files and signs call the brand. */
  code: Scalars['String']['output'];
  name: Scalars['String']['output'];
  kind: PartnerKind;
  status: PartnerStatus;
  description?: Maybe<Scalars['String']['output']>;
  website?: Maybe<Scalars['String']['output']>;
  /** As on a web page, in lower case: `#rrggbb`. */
  brandColor?: Maybe<Scalars['String']['output']>;
  logoUrl?: Maybe<Scalars['String']['output']>;
  /** What only its trade has; null for a kind without particulars, and until they are given. */
  details?: Maybe<PartnerDetails>;
  /** How a member earns here now, in words that the rules themselves generate; empty while no rules are valid. */
  earningSummary: Array<Scalars['String']['output']>;
  /** Into and out of the partner's own currency, now and from a day to come; the earliest first. */
  conversions: Array<ConversionTerms>;
  /** The last to start first. What nobody but the partner and staff may know of is left out: see `Query.offers`. */
  offers: OfferConnection;
  /** The version valid on a day, today where left out; null where none is. */
  contract?: Maybe<Contract>;
  /** Newest first, 100 at most: `contract(on:)` finds older ones. */
  contracts?: Maybe<Array<Contract>>;
  /** Newest first. */
  ruleSets?: Maybe<RuleSetConnection>;
  /** How far it is on its way to LIVE. */
  onboarding?: Maybe<Onboarding>;
  /** Oldest first: 50 at most that work, and the last 50 that were revoked. */
  apiClients?: Maybe<Array<ApiClient>>;
  /** Oldest first. */
  webhooks?: Maybe<Array<Webhook>>;
  /** The last to have happened first. */
  activities?: Maybe<ActivityConnection>;
  /** The last to have been started first. */
  imports?: Maybe<ActivityImportConnection>;
  /** By the contract that is valid today; null where none is. */
  credit?: Maybe<PartnerCredit>;
  /** What members say is missing: what has waited longest first. */
  claims?: Maybe<ClaimConnection>;
  /** At most 366 days; BAD_USER_INPUT otherwise. Null for test clients. */
  performance?: Maybe<PartnerPerformance>;
  /** The last month first; the months that are still open, of the last three, as they stand by now. Not for test clients. */
  settlementStatements?: Maybe<SettlementStatementConnection>;
};


/** A brand that takes part. Others than LIVE ones are absent but for themselves and staff; terms and figures are null for other partners. */
export type PartnerOffersArgs = {
  status?: InputMaybe<OfferStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** A brand that takes part. Others than LIVE ones are absent but for themselves and staff; terms and figures are null for other partners. */
export type PartnerContractArgs = {
  on?: InputMaybe<Scalars['Date']['input']>;
};


/** A brand that takes part. Others than LIVE ones are absent but for themselves and staff; terms and figures are null for other partners. */
export type PartnerRuleSetsArgs = {
  status?: InputMaybe<RuleSetStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** A brand that takes part. Others than LIVE ones are absent but for themselves and staff; terms and figures are null for other partners. */
export type PartnerActivitiesArgs = {
  filter?: InputMaybe<ActivityFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** A brand that takes part. Others than LIVE ones are absent but for themselves and staff; terms and figures are null for other partners. */
export type PartnerImportsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** A brand that takes part. Others than LIVE ones are absent but for themselves and staff; terms and figures are null for other partners. */
export type PartnerClaimsArgs = {
  status?: InputMaybe<ClaimStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** A brand that takes part. Others than LIVE ones are absent but for themselves and staff; terms and figures are null for other partners. */
export type PartnerPerformanceArgs = {
  period: PeriodInput;
};


/** A brand that takes part. Others than LIVE ones are absent but for themselves and staff; terms and figures are null for other partners. */
export type PartnerSettlementStatementsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** The particulars of a brand's trade. Grows: clients keep a default branch. */
export type PartnerDetails = AirlineDetails | HotelDetails | CardIssuerDetails | RetailerDetails | MobilityDetails;

/** What an airline has. */
export type AirlineDetails = {
  /** Two characters. */
  iataCode: Scalars['String']['output'];
  /** The alliance of airlines that it is in; null for none. */
  alliance?: Maybe<Scalars['String']['output']>;
  /** Earned share of the distance flown, by cabin and booking class. */
  earnChart: Array<FareEarning>;
};

/** Grows: clients keep a default branch. */
export type Cabin =
  | 'ECONOMY'
  | 'PREMIUM_ECONOMY'
  | 'BUSINESS'
  | 'FIRST';

/** What some booking classes of a cabin earn. */
export type FareEarning = {
  cabin: Cabin;
  bookingClasses: Array<Scalars['String']['output']>;
  /** 1.25 = 125 % of the distance. */
  rate: Scalars['Decimal']['output'];
};

/** What a group of hotels has. */
export type HotelDetails = {
  /** As reservation systems know the chain. */
  chainCode?: Maybe<Scalars['String']['output']>;
  /** How many hotels it has. */
  properties?: Maybe<Scalars['Int']['output']>;
  /** Rate plans that earn nothing (third-party bookings, say). */
  excludedRatePlans: Array<Scalars['String']['output']>;
};

/** What an issuer of cards has. */
export type CardIssuerDetails = {
  cardProducts: Array<CardProduct>;
};

/** One card that the issuer offers. */
export type CardProduct = {
  code: Scalars['String']['output'];
  name: Scalars['String']['output'];
  /** Points per unit of money spent, where no category says otherwise. */
  baseRate: Scalars['Decimal']['output'];
  categories: Array<CategoryRate>;
};

/** What spending with some kinds of merchants earns. */
export type CategoryRate = {
  name: Scalars['String']['output'];
  /** ISO 18245 merchant category codes or ranges, for example "5811-5814". */
  mcc: Array<Scalars['String']['output']>;
  /** Points per unit of money spent. */
  rate: Scalars['Decimal']['output'];
};

/** What a shop has. */
export type RetailerDetails = {
  productCategories: Array<Scalars['String']['output']>;
  /** How many shops it has. */
  stores?: Maybe<Scalars['Int']['output']>;
};

/** What takes people from place to place. */
export type MobilityDetails = {
  services: Array<Scalars['String']['output']>;
};

/** Which activities a list holds: those that meet all that is set. */
export type ActivityFilter = {
  kind?: InputMaybe<ActivityKind>;
  status?: InputMaybe<ActivityStatus>;
  /** By the day it happened. */
  period?: InputMaybe<PeriodInput>;
  memberId?: InputMaybe<Scalars['ID']['input']>;
};

/** Both days count. */
export type PeriodInput = {
  from: Scalars['Date']['input'];
  to: Scalars['Date']['input'];
};

/** Partners by name. */
export type PartnerConnection = {
  edges: Array<PartnerEdge>;
  nodes: Array<Partner>;
  pageInfo: PageInfo;
  /** On all pages. */
  totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One partner of a list. */
export type PartnerEdge = {
  cursor: Scalars['String']['output'];
  node: Partner;
};

/** The steps of a partner towards LIVE. */
export type Onboarding = {
  steps: Array<OnboardingStep>;
  /** Every step is done: `activatePartner` will go through. */
  readyForLive: Scalars['Boolean']['output'];
};

/** One step of onboarding. */
export type OnboardingStep = {
  code: OnboardingStepCode;
  title: Scalars['String']['output'];
  done: Scalars['Boolean']['output'];
  /** What is still missing, in words. */
  missing: Array<Scalars['String']['output']>;
};

/** Grows: clients keep a default branch. */
export type OnboardingStepCode =
  /** Name, kind and contact. */
  | 'PROFILE'
  /** A contract that is valid today. */
  | 'CONTRACT'
  /** A published rule set that is valid now. */
  | 'EARN_RULES'
  /** A live API client. */
  | 'API_CLIENT'
  /** A receiver that has taken an event: `testWebhook` sends one. */
  | 'WEBHOOK'
  /** Something that a test client has recorded, of a member of the sandbox. */
  | 'SANDBOX_ACTIVITY'
  /** Points of a member of the sandbox that a test client has held and captured. */
  | 'SANDBOX_REDEMPTION';

/**
 * The price of points between the partner and the coalition. A change starts a new version on a day; a signed version
 * never changes. Prices are in whole units of `currency`: 0.0120 is 1.2 cents.
 */
export type Contract = {
  id: Scalars['ID']['output'];
  /** Counts from 1. */
  version: Scalars['Int']['output'];
  validFrom: Scalars['Date']['output'];
  /** The last day; null while no version follows. */
  validTo?: Maybe<Scalars['Date']['output']>;
  /** What the partner settles in, and what the amounts of its activities are worth points in. */
  currency: Scalars['CurrencyCode']['output'];
  /** What the partner pays for each point that it issues. */
  issuePrice: Scalars['Decimal']['output'];
  /** What the partner gets for each point redeemed with it. */
  redemptionRate: Scalars['Decimal']['output'];
  conversions: Array<ConversionTerms>;
  /** Share of the issuance that the coalition keeps as its fee: 0.02 is 2 %. */
  feeRate: Scalars['Decimal']['output'];
  billing: Billing;
  /** For POSTPAID: what may be owed before postings are refused. Null: any amount. */
  creditLimit?: Maybe<Money>;
  /**
   * For POSTPAID, what may be owed; for PREPAID, what may be used since the last block was bought: once it is reached,
   * the partner and the coalition are told.
   */
  alertAt?: Maybe<Money>;
  /** Who bears points that were refunded after they were spent. */
  clawbackRisk: RiskBearer;
  /** What goes back first when a payment of points and money is refunded in part. */
  refundOrder: RefundOrder;
  /** When points can be spent that its activities earn, by the version of the day on which they happened. */
  pending: PendingMode;
  /** For DAYS: the return window. */
  pendingDays?: Maybe<Scalars['Int']['output']>;
  /** How far back a posting may be dated. */
  backdateDays: Scalars['Int']['output'];
  /** How long a member may claim points that are missing. */
  claimWindowDays: Scalars['Int']['output'];
  /** How long after its issue a statement is due. */
  paymentTermsDays: Scalars['Int']['output'];
  /** What the partner may issue in a month of the program, by the day of posting. Null: any number of points. */
  monthlyIssueLimit?: Maybe<Scalars['Points']['output']>;
};

/** When a partner pays for points. */
export type Billing =
  /** They are bought in blocks: none left, none issued. */
  | 'PREPAID'
  /** By the month's statement. */
  | 'POSTPAID';

/** What goes back first of a payment of points and money. Never more of either than was paid. */
export type RefundOrder =
  /** Both, by their shares of the payment. */
  | 'PROPORTIONAL'
  | 'MONEY_FIRST'
  | 'POINTS_FIRST';

/** When earned points can be spent. Grows: clients keep a default branch. */
export type PendingMode =
  | 'AT_ONCE'
  /** From the day after the last of so many days; until then they are pending. */
  | 'DAYS'
  /** When the partner confirms: flown, stayed, delivered. */
  | 'ON_CONFIRMATION';

/** Who pays for points that cannot be taken back. */
export type RiskBearer =
  | 'PARTNER'
  | 'COALITION';

/** One direction, from a day on. Whole blocks move; the rest stays. */
export type ConversionTerms = {
  fromCurrency: Scalars['String']['output'];
  toCurrency: Scalars['String']['output'];
  /** One block, and what it becomes: 3 to 1. */
  fromPoints: Scalars['Points']['output'];
  toUnits: Scalars['Points']['output'];
  /** Fewer are not converted at once. */
  minimumPoints: Scalars['Points']['output'];
  /** For every so many points moved at once, so many units on top. */
  bonusEvery?: Maybe<Scalars['Points']['output']>;
  bonusUnits?: Maybe<Scalars['Points']['output']>;
  /** What a member may convert in a day of the program, and in a calendar year. Null: as the program allows. */
  dailyLimit?: Maybe<Scalars['Points']['output']>;
  yearlyLimit?: Maybe<Scalars['Points']['output']>;
  /** How long the partner may take to confirm a conversion; null where it is done at once. */
  confirmHours?: Maybe<Scalars['Int']['output']>;
  validFrom: Scalars['Date']['output'];
  /** The last day; null while no version of the contract follows. */
  validTo?: Maybe<Scalars['Date']['output']>;
};

/** What a partner owes, and what it has bought. */
export type PartnerCredit = {
  /**
   * By statements that are not paid, and since the last one: points issued with fees, less what was redeemed. Below zero
   * where the partner is to be paid.
   */
  owed: Money;
  /** Null: any amount may be owed. */
  limit?: Maybe<Money>;
  /** Left in the blocks. */
  prepaidPoints: Scalars['Points']['output'];
  /** In the order in which they are used: the earliest first. At most 100, the last ones; `purchases` has them all. */
  blocks: Array<PointBlock>;
  /** The blocks, the last to be used first. */
  purchases: PointBlockConnection;
};


/** What a partner owes, and what it has bought. */
export type PartnerCreditPurchasesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** Blocks of points, page by page. */
export type PointBlockConnection = {
  edges: Array<PointBlockEdge>;
  nodes: Array<PointBlock>;
  pageInfo: PageInfo;
};

/** One block of a list. */
export type PointBlockEdge = {
  cursor: Scalars['String']['output'];
  node: PointBlock;
};

/** Points that were bought together. */
export type PointBlock = {
  id: Scalars['ID']['output'];
  /** From this day of posting on. */
  validFrom: Scalars['Date']['output'];
  bought: Scalars['Points']['output'];
  remaining: Scalars['Points']['output'];
  /** Of the whole block. */
  price: Money;
};

/** How an API client proves itself. */
export type ClientAuthentication =
  /** An assertion signed with a key of its own (private_key_jwt). */
  | 'PRIVATE_KEY'
  | 'SECRET';

/** What a system of the partner signs in with. */
export type ApiClient = {
  clientId: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  scopes: Array<Scope>;
  authentication: ClientAuthentication;
  /** A test client: it meets members of the sandbox only. */
  sandbox: Scalars['Boolean']['output'];
  createdAt: Scalars['DateTime']['output'];
  /** To the minute; null where it was never used. */
  lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Null while it may be used. */
  revokedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** What webhooks tell of. Grows: receivers ignore what they do not know. */
export type WebhookEvent =
  /** An activity was recorded. */
  | 'ACTIVITY_POSTED'
  /** An activity was refunded, whole or in part: once for each refund. */
  | 'ACTIVITY_REFUNDED'
  /** The time of a till's hold is over, and its points are free: it was neither captured nor released. */
  | 'HOLD_EXPIRED'
  /** A member has obtained one of the partner's rewards. */
  | 'REDEMPTION_CONFIRMED'
  | 'REDEMPTION_CANCELLED'
  /** A member trusts the partner with something, or with something else. */
  | 'CONSENT_GRANTED'
  | 'CONSENT_REVOKED'
  /** A member whom the partner knew is forgotten: it forgets them, too. */
  | 'MEMBER_ERASED'
  /** What is owed, or used of the blocks, has reached the contract's `alertAt`. */
  | 'CREDIT_ALERT'
  /** A member says that an activity with the partner earned nothing. */
  | 'CLAIM_OPENED'
  /** An import has ended: whole, cut short by a fault, or cancelled. */
  | 'IMPORT_FINISHED'
  /** A month was closed: the partner's statement is there. */
  | 'STATEMENT_ISSUED'
  /** The points ledger was sealed: keep the hash, and nobody can cut off what it covers unnoticed. */
  | 'LEDGER_SEALED'
  /** Sent by `testWebhook`. */
  | 'TEST';

/** An address at which a system of the partner is told of what happens, signed as Standard Webhooks says. */
export type Webhook = {
  id: Scalars['ID']['output'];
  url: Scalars['String']['output'];
  events: Array<WebhookEvent>;
  /** Hears of members of the sandbox only; one that is not never does. */
  sandbox: Scalars['Boolean']['output'];
  enabled: Scalars['Boolean']['output'];
  /** Why it was switched off, where the system did. */
  disabledBecause?: Maybe<Scalars['String']['output']>;
  /** Newest first, of the last 30 days. */
  deliveries: WebhookDeliveryConnection;
};


/** An address at which a system of the partner is told of what happens, signed as Standard Webhooks says. */
export type WebhookDeliveriesArgs = {
  status?: InputMaybe<DeliveryStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** How far a delivery is. */
export type DeliveryStatus =
  /** It was not sent yet, or will be again. */
  | 'WAITING'
  /** The receiver has answered with a status of 2xx. */
  | 'DELIVERED'
  /** It was tried ten times in three days. `redeliverWebhook` begins anew. */
  | 'DEAD';

/** Some of a webhook's deliveries. */
export type WebhookDeliveryConnection = {
  edges: Array<WebhookDeliveryEdge>;
  nodes: Array<WebhookDelivery>;
  pageInfo: PageInfo;
};

/** One delivery, and its place in the list. */
export type WebhookDeliveryEdge = {
  cursor: Scalars['String']['output'];
  node: WebhookDelivery;
};

/** One event on its way to one webhook. */
export type WebhookDelivery = {
  /** The message's `webhook-id`: the same each time that it is sent. */
  id: Scalars['ID']['output'];
  event: WebhookEvent;
  status: DeliveryStatus;
  attempts: Scalars['Int']['output'];
  createdAt: Scalars['DateTime']['output'];
  /** Null until it is delivered. */
  deliveredAt?: Maybe<Scalars['DateTime']['output']>;
  /** The earliest; null where none is to come. */
  nextAttemptAt?: Maybe<Scalars['DateTime']['output']>;
  /** Of the last answer; null where there was none. */
  responseStatus?: Maybe<Scalars['Int']['output']>;
};

/** Where a rule set stands. */
export type RuleSetStatus =
  | 'DRAFT'
  /** Valid now, or from an instant to come. */
  | 'PUBLISHED'
  /** Another set has followed. */
  | 'RETIRED';

/** The partner's earn rules, versioned as a whole. Published sets never change. */
export type RuleSet = {
  id: Scalars['ID']['output'];
  /** Counts the partner's sets, drafts too, from 1. */
  version: Scalars['Int']['output'];
  status: RuleSetStatus;
  /** Null for a draft. */
  validFrom?: Maybe<Scalars['DateTime']['output']>;
  /** The instant at which another set follows; null while none does. */
  validTo?: Maybe<Scalars['DateTime']['output']>;
  createdBy: Scalars['String']['output'];
  rules: Array<EarnRule>;
};

/**
 * One rule: when it applies, what it earns. Each item, and what no item is for, takes its base of the narrowest rule that
 * matches (by SKU, product type, category or another field of the item, merchant category, partner), of equals of the one
 * with the highest priority. Bonuses come on top; of a stacking group the best counts alone. Exact, then rounded down once
 * for each `roundedPer`; then the caps of each rule.
 */
export type EarnRule = {
  code: Scalars['String']['output'];
  name: Scalars['String']['output'];
  priority: Scalars['Int']['output'];
  /** Of the bonuses of a group only the one that is worth most counts. */
  stackingGroup?: Maybe<Scalars['String']['output']>;
  /** A CEL expression over activity, item, member and partner; always true where null. */
  when?: Maybe<Scalars['String']['output']>;
  earn: Earning;
  /** Spendable points, qualifying points, or both. */
  awards: Award;
  /** What counts as spend. */
  base: EarnBase;
  roundedPer: RoundingScope;
  combine: Combine;
  caps: Array<EarnCap>;
  /** Which currency it earns; null for the coalition's shared one. */
  currency?: Maybe<Scalars['String']['output']>;
};

/** What a rule's points are good for. */
export type Award =
  /** To spend. */
  | 'SPENDABLE'
  /** For the member's tier. */
  | 'QUALIFYING'
  | 'BOTH';

/** By default: net of discounts, tax in, shipping out, without what was paid in points. */
export type EarnBase = {
  tax: Scalars['Boolean']['output'];
  shipping: Scalars['Boolean']['output'];
  /** What was taken off counts, too. */
  beforeDiscount: Scalars['Boolean']['output'];
  /** What was paid in points counts, too. */
  pointsPaid: Scalars['Boolean']['output'];
};

/** What is rounded down, once. */
export type RoundingScope =
  | 'ACTIVITY'
  | 'ITEM';

/** How multipliers go together. */
export type Combine =
  /** base x (1 + sum of (multiplier - 1)) */
  | 'ADDITIVE'
  /** Multiplies what the additive ones gave. */
  | 'MULTIPLICATIVE';

/** Exactly one field is set. Spend, distance and nights give a base; the others are bonuses. */
export type Earning = {
  /** Points for each unit of money spent; times the card's own rate for a CARD_SPEND. Where nothing was paid it is passed over. */
  spend?: Maybe<Scalars['Decimal']['output']>;
  /** The same points whatever the amount. */
  fixed?: Maybe<Scalars['Points']['output']>;
  /** Multiplies what the base rules earned: 2 = double points. */
  multiplier?: Maybe<Scalars['Decimal']['output']>;
  /** Of flights: share of the miles flown, times the airline's earn chart. */
  distance?: Maybe<Scalars['Decimal']['output']>;
  /** Of stays: points for each night, in each room. */
  night?: Maybe<Scalars['Points']['output']>;
  /** A stamp for each activity, or for each unit of the items that `when` asks about; the card's points come with its last stamp. */
  stamp?: Maybe<StampCard>;
  /** A CEL expression that gives points: of the activity, or of each item that `when` asks about. Rounded down, never negative. */
  expression?: Maybe<Scalars['String']['output']>;
};

/** Stamps over the number go to the next card. */
export type StampCard = {
  code: Scalars['String']['output'];
  stamps: Scalars['Int']['output'];
  points: Scalars['Points']['output'];
};

/** The most that one rule earns a member. */
export type EarnCap = {
  points: Scalars['Points']['output'];
  per: CapPeriod;
  mode: CapMode;
};

/** What becomes of points beyond a cap. */
export type CapMode =
  /** Awards what is left. */
  | 'CLIP'
  /** Awards nothing. */
  | 'REJECT';

/** By the program's calendar; a week begins on Monday. */
export type CapPeriod =
  | 'ACTIVITY'
  | 'DAY'
  | 'WEEK'
  | 'MONTH'
  | 'QUARTER'
  | 'YEAR'
  | 'EVER';

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

/** Something a member did with a partner that may earn points. */
export type Activity = {
  id: Scalars['ID']['output'];
  kind: ActivityKind;
  status: ActivityStatus;
  partner: Partner;
  /** Null for a member who is gone. */
  member?: Maybe<Member>;
  /** The partner's own number for it, unique within the partner. */
  reference: Scalars['String']['output'];
  occurredAt: Scalars['DateTime']['output'];
  /** Null while it is not posted. */
  postedAt?: Maybe<Scalars['DateTime']['output']>;
  /** What was paid; null where nothing was, or the partner did not say. */
  amount?: Maybe<Money>;
  /** What made the amount one in the contract's currency, which its points are by; null where it was in that. */
  exchangeRate?: Maybe<ExchangeRate>;
  /** What of it was returned by now; null where nothing was. */
  refundedAmount?: Maybe<Money>;
  /** What was bought, where the partner says so; in its order. */
  items: Array<ActivityItem>;
  /** What it earned of the shared currency, less what refunds took back: 0 where no rule gave anything. */
  points: Scalars['Points']['output'];
  /** The same by currency, with what it earned of the partner's own: the shared one first, and none that it earned nothing of. */
  awarded: Array<CurrencyPoints>;
  /**
   * What counts for the member's tier, less what refunds took back: the points of rules that award QUALIFYING or BOTH. Of
   * what the partner is to confirm they count once it has. 0 for a GRANT.
   */
  qualifyingPoints: Scalars['Points']['output'];
  /** What these points cost the partner, by the contract of the day: exact, since only a settlement is rounded. Not for the member. */
  cost?: Maybe<Money>;
  /** The rule set that its points are by: the one valid when it happened. Null while it is not posted, and for a GRANT. */
  ruleSetVersion?: Maybe<Scalars['Int']['output']>;
  /** The contract that its cost is by: the one valid that day. Null while it is not posted. */
  contractVersion?: Maybe<Scalars['Int']['output']>;
  /** Why it earns nothing; null for what is not REJECTED. */
  rejectedBecause?: Maybe<Scalars['String']['output']>;
  /**
   * When pending points turn spendable: the start of a day in the program's time zone. Null where they were at once, or
   * where that is when the partner confirms it.
   */
  expectedBy?: Maybe<Scalars['DateTime']['output']>;
  /**
   * Why these points, before refunds: one line for each rule that counted, and for each that did not, with its reason; and
   * one where the member's tier multiplies, whose rule is "tier". A GRANT has one line, whose rule is "grant", with the
   * partner's reason. What takes the place of the purchase that a claim was granted with says so in a line of its own, whose
   * rule is "claim".
   */
  explanation: Array<EarnLine>;
};

/** Points of one currency. */
export type CurrencyPoints = {
  /** The currency's code. */
  currency: Scalars['String']['output'];
  points: Scalars['Points']['output'];
};

/** What money is worth in other money. */
export type ExchangeRate = {
  from: Scalars['CurrencyCode']['output'];
  to: Scalars['CurrencyCode']['output'];
  /** It counts for that day and the 7 after it, until there is one of a later day. */
  on: Scalars['Date']['output'];
  /** So much of `to` is worth one of `from`. */
  rate: Scalars['Decimal']['output'];
};

/** One line of what was bought. */
export type ActivityItem = {
  line: Scalars['String']['output'];
  sku: Scalars['String']['output'];
  quantity: Scalars['Int']['output'];
  /** How many came back; all of them where the whole activity is REFUNDED. */
  refundedQuantity: Scalars['Int']['output'];
  /** For the whole line. */
  amount: Money;
  /** Its share of the activity's points, before refunds; points that go by no amount are no item's. */
  points: Scalars['Points']['output'];
  /** The same by currency, with those of the partner's own. */
  awarded: Array<CurrencyPoints>;
};

/** What one rule did for an activity. The points of the lines of a currency sum to the activity's of that. */
export type EarnLine = {
  rule: Scalars['String']['output'];
  name: Scalars['String']['output'];
  /** The campaign whose rule it is; null for the partner's own rules. `rule` is then the offer's id, a slash and the code. */
  offer?: Maybe<Offer>;
  /** What its points are of: the partner's own currency; null for the shared one. */
  currency?: Maybe<Scalars['String']['output']>;
  /** What the rule multiplied: the amount spent, or the exact points of the base. Null where it multiplied nothing. */
  base?: Maybe<Scalars['Decimal']['output']>;
  /** By how much; null with `base`. */
  multiplier?: Maybe<Scalars['Decimal']['output']>;
  /** Before caps, and after. A rule for the tier alone has 0; its reason says how much it counts. */
  desired: Scalars['Points']['output'];
  points: Scalars['Points']['output'];
  /** The cap that held it; null where none did. */
  cappedBy?: Maybe<CapPeriod>;
  applied: Scalars['Boolean']['output'];
  reason: Scalars['String']['output'];
};

/** Where an offer stands, by the clock. */
export type OfferStatus =
  /** Nobody but the partner and staff sees it. */
  | 'DRAFT'
  /** Published, and still to start. */
  | 'SCHEDULED'
  | 'ACTIVE'
  /** Its time is over, or `endOffer` has ended it. */
  | 'ENDED';

/**
 * A campaign: extra points for a time, for some members, perhaps after opting in. Its rules go together with those of the
 * partner that are valid when an activity happens; whatever they earn comes on top. Once published it never changes, but
 * may end early.
 */
export type Offer = {
  id: Scalars['ID']['output'];
  partner: Partner;
  title: Scalars['String']['output'];
  description?: Maybe<Scalars['String']['output']>;
  status: OfferStatus;
  /** Counts what a draft has been, from 1: `updateOffer` and `publishOffer` can name what they go by. */
  version?: Maybe<Scalars['Int']['output']>;
  /** Activities count that happen from here on … */
  startsAt: Scalars['DateTime']['output'];
  /** … and before this instant. Where it was ended early: that one. */
  endsAt: Scalars['DateTime']['output'];
  /** It counts for those alone who have activated it, from then on. */
  optIn: Scalars['Boolean']['output'];
  /** What it earns, in words that its rules generate. */
  earningSummary: Array<Scalars['String']['output']>;
  /** Tier codes; empty for all. */
  tiers: Array<Scalars['String']['output']>;
  /** Codes of segments: it is for the members of any of them, and nobody else knows of it. Empty for all. */
  segments?: Maybe<Array<Scalars['String']['output']>>;
  rules?: Maybe<Array<EarnRule>>;
  /** The most points to spend that it gives to all members together; null for no limit. */
  budget?: Maybe<Scalars['Points']['output']>;
  /** What it has given, less what was taken back for refunds. A test client sees what the sandbox was given. */
  spent?: Maybe<Scalars['Points']['output']>;
  /** Who has agreed to bear which part; the partner alone where empty. Statements divide by it: see FUNDING_SHARE. */
  funding?: Maybe<Array<FundingShare>>;
  /** Whether it counts for the member who asks, as far as opting in goes: always, where it asks for none. */
  activated?: Maybe<Scalars['Boolean']['output']>;
  /** How far the member is who asks, by the first of its rules that leads somewhere; null where none does. */
  progress?: Maybe<OfferProgress>;
};

/** Who has agreed to bear which part of what an offer gives. */
export type FundingShare = {
  /** Null for the coalition. */
  partner?: Maybe<Partner>;
  /** 0.25 is a quarter. */
  share: Scalars['Decimal']['output'];
};

/**
 * How far a member is: stamps on the card in hand, of those that fill it; or the points that a rule has given, of those
 * that it ever gives a member (its cap per EVER).
 */
export type OfferProgress = {
  current: Scalars['Points']['output'];
  target: Scalars['Points']['output'];
  remaining: Scalars['Points']['output'];
  /** Rounded down: 100 only when reached. */
  percent: Scalars['Int']['output'];
  /** When all points were given, or the last card was full; null until then. */
  completedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** Offers, the last to start first. */
export type OfferConnection = {
  edges: Array<OfferEdge>;
  nodes: Array<Offer>;
  pageInfo: PageInfo;
};

/** One offer of a list. */
export type OfferEdge = {
  cursor: Scalars['String']['output'];
  node: Offer;
};

/** Where a claim stands. */
export type ClaimStatus =
  | 'OPEN'
  /** An activity that came in answers it, or somebody has approved it. */
  | 'GRANTED'
  | 'REJECTED';

/** A member says that an activity with a partner earned nothing. */
export type Claim = {
  id: Scalars['ID']['output'];
  partner: Partner;
  /** Null for a member who is gone. */
  member?: Maybe<Member>;
  status: ClaimStatus;
  createdAt: Scalars['DateTime']['output'];
  /** The day by which it is to be decided: 30 days after it was made. */
  decideBy: Scalars['Date']['output'];
  /** The day of the activity. */
  occurredOn: Scalars['Date']['output'];
  /** What stands on the receipt, ticket or bill. */
  reference?: Maybe<Scalars['String']['output']>;
  /** What was paid. */
  amount?: Maybe<Money>;
  /** In the member's words. */
  note?: Maybe<Scalars['String']['output']>;
  /** Why, as whoever decided gave it; null where an activity that came in answers it. */
  decidedBecause?: Maybe<Scalars['String']['output']>;
  /** What answers it; null where it is not granted. */
  activity?: Maybe<Activity>;
};

/** One claim of a list. */
export type ClaimEdge = {
  cursor: Scalars['String']['output'];
  node: Claim;
};

/** Claims, page by page. */
export type ClaimConnection = {
  edges: Array<ClaimEdge>;
  nodes: Array<Claim>;
  pageInfo: PageInfo;
};

/**
 * What members did with a partner in a period. Members, activities and spend are counted by the day of the activity, and
 * points by the day on which they were posted. What was refunded whole, and what test clients did, does not count.
 */
export type PartnerPerformance = {
  activities: Scalars['Int']['output'];
  /** Members with an activity. Null for fewer than 10. */
  activeMembers?: Maybe<Scalars['Int']['output']>;
  /** Less what was taken back. */
  pointsIssued: Scalars['Points']['output'];
  /** By whichever partner they were issued; less what was cancelled. */
  pointsRedeemed: Scalars['Points']['output'];
  /**
   * Members who were first active elsewhere in the coalition and then, in this period for the first time, here. Of the
   * months that are in it as a whole and are over, and of each in tens, rounded down: so no two periods tell of one person.
   * Null for none.
   */
  membersWonFromCoalition?: Maybe<Scalars['Int']['output']>;
  /** Of what was paid for an activity, in the money of the last contract. Null for fewer than 10 members. */
  averageSpend?: Maybe<Money>;
  /** Each day of the period. */
  daily: Array<DailyPoints>;
};

/** The points of one day. */
export type DailyPoints = {
  day: Scalars['Date']['output'];
  issued: Scalars['Points']['output'];
  redeemed: Scalars['Points']['output'];
};

/** What partners issued in a period. */
export type IssuanceReport = {
  /** Less what was taken back, by the day on which it was posted. */
  points: Scalars['Points']['output'];
  /** The most points first; partners with neither points nor activities are left out. */
  byPartner: Array<PartnerIssuance>;
  /**
   * Members active with two partners or more, against all active members: what a coalition is for. To six decimals; null
   * where nobody was active.
   */
  crossPartnerRate?: Maybe<Scalars['Decimal']['output']>;
};

/** What one partner issued. */
export type PartnerIssuance = {
  partner: Partner;
  points: Scalars['Points']['output'];
  /** By the day on which they happened. */
  activities: Scalars['Int']['output'];
};

/** How far a statement is. */
export type SettlementStatus =
  /** The month is not closed: what it comes to by now, and nothing to pay. */
  | 'OPEN'
  | 'ISSUED'
  /** Some of it is in dispute. */
  | 'DISPUTED'
  | 'PAID';

/**
 * What a partner and the coalition owe each other for one month, netted to one amount, in one currency: a partner whose
 * contracts are in two has two. What was posted in the month, in the program's time zone, and what was posted into months
 * that were closed already. Once it is issued, its lines and sums never change.
 */
export type SettlementStatement = {
  /** The same before and after the month is closed. */
  id: Scalars['ID']['output'];
  partner: Partner;
  period: Period;
  status: SettlementStatus;
  issuedPoints: Scalars['Points']['output'];
  reversedPoints: Scalars['Points']['output'];
  /** Less what was cancelled. */
  redeemedPoints: Scalars['Points']['output'];
  /** Partner pays: issued less reversed, at the issue price. Nothing for points of a prepaid contract, which are paid for. */
  issuance: Money;
  /** Partner gets: redeemed with it, at the redemption rate or the reward's face value, less what was cancelled. */
  reimbursement: Money;
  /** Of the issuance, at the contract's rate. */
  fees: Money;
  /**
   * What else there is: credits of disputes that were upheld, points that the partner bears since they could not be taken
   * back, points exchanged with its own currency, shares of joint campaigns.
   */
  adjustments: Money;
  /** Lines in dispute, left out of what is due. */
  disputed: Money;
  /** issuance + fees + adjustments - reimbursement: positive = the partner pays. */
  net: Money;
  /** What is to be paid by now: `net` without what is in dispute. Zero while it is OPEN, and once it is PAID. */
  due: Money;
  /** What `net` adds up: all lines of one kind and rate, rounded once to the currency's smallest unit. */
  sums: Array<SettlementSum>;
  /** Null while it is OPEN. */
  issuedAt?: Maybe<Scalars['DateTime']['output']>;
  /** So many days after it was issued as the contract gives to pay. */
  dueOn?: Maybe<Scalars['Date']['output']>;
  paidAt?: Maybe<Scalars['DateTime']['output']>;
  paymentReference?: Maybe<Scalars['String']['output']>;
  /** In the order of posting; shares of campaigns and fees come last. */
  lines: SettlementLineConnection;
  /** All lines, as a file. It needs the caller's token, as `htmlUrl` does; null while it is OPEN. */
  csvUrl?: Maybe<Scalars['String']['output']>;
  /** The statement without its lines, to print. */
  htmlUrl?: Maybe<Scalars['String']['output']>;
  /** So many lines of the file, from 0; null beyond the last. For the gateway, which sends the file. */
  csvPiece?: Maybe<Scalars['String']['output']>;
  /** The page that `htmlUrl` gives. */
  html?: Maybe<Scalars['String']['output']>;
};


/**
 * What a partner and the coalition owe each other for one month, netted to one amount, in one currency: a partner whose
 * contracts are in two has two. What was posted in the month, in the program's time zone, and what was posted into months
 * that were closed already. Once it is issued, its lines and sums never change.
 */
export type SettlementStatementLinesArgs = {
  kind?: InputMaybe<SettlementLineKind>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/**
 * What a partner and the coalition owe each other for one month, netted to one amount, in one currency: a partner whose
 * contracts are in two has two. What was posted in the month, in the program's time zone, and what was posted into months
 * that were closed already. Once it is issued, its lines and sums never change.
 */
export type SettlementStatementCsvPieceArgs = {
  place: Scalars['Int']['input'];
};

/** What a line is for. Grows: clients keep a default branch. */
export type SettlementLineKind =
  /** The partner pays for points that it issued. */
  | 'ISSUANCE'
  /** What it paid for them, since they were taken back. */
  | 'ISSUANCE_REVERSAL'
  /** The partner gets what points are worth that were redeemed with it. */
  | 'REDEMPTION'
  | 'REDEMPTION_CANCELLATION'
  /** The coalition's share of the issuance, for each version of the contract. */
  | 'FEE'
  /**
   * A share of what a joint campaign cost: who bears it pays, and the campaign's partner has it back. It is rounded, so that
   * all shares are the whole; corrected, once points are taken back; and in the currency of the campaign's partner.
   */
  | 'FUNDING_SHARE'
  /** Points that went into the partner's own currency, or came from it. */
  | 'EXCHANGE'
  /** Points that the partner bears, since they could not be taken back. */
  | 'ADJUSTMENT'
  /** What a dispute that was upheld gives back: a line of a statement before, or all of its lines of a kind and rate. */
  | 'DISPUTE';

/** One movement of points, or what follows from many. */
export type SettlementLine = {
  id: Scalars['ID']['output'];
  kind: SettlementLineKind;
  /** The partner's own number for it, or the redemption's. Of a FUNDING_SHARE the offer's title and id. */
  reference: Scalars['String']['output'];
  /** Of a FUNDING_SHARE, those of the whole campaign. */
  points: Scalars['Points']['output'];
  /** What each point is settled at; of a FEE or FUNDING_SHARE its share. A reversal has the rate of what it reverses. */
  rate: Scalars['Decimal']['output'];
  /** Exact, since only sums are rounded. Positive = the partner pays. */
  amount: Money;
  /**
   * The version that was valid when it happened; of a reversal, when what it reverses happened. Of a FUNDING_SHARE, that of
   * the campaign's partner.
   */
  contractVersion: Scalars['Int']['output'];
  occurredAt: Scalars['DateTime']['output'];
  postedAt: Scalars['DateTime']['output'];
  disputed: Scalars['Boolean']['output'];
};

/** Lines of one kind and rate together. */
export type SettlementSum = {
  kind: SettlementLineKind;
  rate: Scalars['Decimal']['output'];
  points: Scalars['Points']['output'];
  /** Rounded to the currency's smallest unit, half away from zero. */
  amount: Money;
};

/** Lines, page by page. */
export type SettlementLineConnection = {
  edges: Array<SettlementLineEdge>;
  nodes: Array<SettlementLine>;
  pageInfo: PageInfo;
};

/** One line of a list. */
export type SettlementLineEdge = {
  cursor: Scalars['String']['output'];
  node: SettlementLine;
};

/** One statement of a list. */
export type SettlementStatementEdge = {
  cursor: Scalars['String']['output'];
  node: SettlementStatement;
};

/** Statements, page by page. */
export type SettlementStatementConnection = {
  edges: Array<SettlementStatementEdge>;
  nodes: Array<SettlementStatement>;
  pageInfo: PageInfo;
};

/** Days in the program's time zone. Both days count. */
export type Period = {
  from: Scalars['Date']['output'];
  to: Scalars['Date']['output'];
};

/** A person in the program. */
export type Member = {
  id: Scalars['ID']['output'];
  /** The last to have happened first. A partner sees those with itself. */
  activities?: Maybe<ActivityConnection>;
  /** The cards of brands that have a stamp or were full once; by brand and code. How full an offer's is, is its `progress`. */
  stampCards?: Maybe<Array<StampCardProgress>>;
  /** Those of all brands that are active and open to the member, by tier and segment: the last to have started first. */
  offers?: Maybe<OfferConnection>;
  /** Newest first. */
  claims?: Maybe<ClaimConnection>;
};


/** A person in the program. */
export type MemberActivitiesArgs = {
  partnerId?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** A person in the program. */
export type MemberOffersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** A person in the program. */
export type MemberClaimsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** How full a card is. */
export type StampCardProgress = {
  code: Scalars['String']['output'];
  /** What the brand calls it. */
  name: Scalars['String']['output'];
  partner: Partner;
  /** Stamps on the card in hand: a full one starts again at 0. */
  current: Scalars['Int']['output'];
  /** Stamps of a full card. */
  target: Scalars['Int']['output'];
  /** What a full card gives. */
  points: Scalars['Points']['output'];
};

/** The coalition's loyalty program. */
export type Program = {
  id: Scalars['ID']['output'];
  /** The brands that take part, by name: for everyone but staff, LIVE ones. */
  partners?: Maybe<PartnerConnection>;
  /** At most 366 days; BAD_USER_INPUT otherwise. */
  issuance?: Maybe<IssuanceReport>;
  /** All partners' positions of one month, named by its first day, and what they sum to; before it is closed, by now. */
  settlement?: Maybe<SettlementReport>;
};


/** The coalition's loyalty program. */
export type ProgramPartnersArgs = {
  kind?: InputMaybe<PartnerKind>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** The coalition's loyalty program. */
export type ProgramIssuanceArgs = {
  period: PeriodInput;
};


/** The coalition's loyalty program. */
export type ProgramSettlementArgs = {
  month: Scalars['Date']['input'];
};

/** Activities, the last to have happened first. */
export type ActivityConnection = {
  edges: Array<ActivityEdge>;
  nodes: Array<Activity>;
  pageInfo: PageInfo;
};

/** One activity of a list. */
export type ActivityEdge = {
  cursor: Scalars['String']['output'];
  node: Activity;
};

/** One position for each partner against the coalition, in place of payments between all of them. */
export type SettlementReport = {
  closed: Scalars['Boolean']['output'];
  /** By the partner's name. */
  statements: SettlementStatementConnection;
  /** Of all statements: one for each currency that partners settle in. */
  net: Array<Money>;
};


/** One position for each partner against the coalition, in place of payments between all of them. */
export type SettlementReportStatementsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** Rule sets, the newest first. */
export type RuleSetConnection = {
  edges: Array<RuleSetEdge>;
  nodes: Array<RuleSet>;
  pageInfo: PageInfo;
};

/** One rule set of a list. */
export type RuleSetEdge = {
  cursor: Scalars['String']['output'];
  node: RuleSet;
};

/**
 * A closed period of the points ledger. Whoever keeps its number and hash can have it proved later that nothing was changed,
 * added or taken out that was posted until then.
 */
export type LedgerSeal = {
  /** Counts from 1, without a gap. */
  number: Scalars['Int']['output'];
  /** SHA-256 over all movements of points since the seal before, and its hash; 64 hexadecimal digits. */
  hash: Scalars['String']['output'];
  /** The hash of the seal before; null for the first. */
  previous?: Maybe<Scalars['String']['output']>;
  sealedAt: Scalars['DateTime']['output'];
};

/** Seals, page by page. */
export type LedgerSealConnection = {
  edges: Array<LedgerSealEdge>;
  nodes: Array<LedgerSeal>;
  pageInfo: PageInfo;
};

/** One seal of a list. */
export type LedgerSealEdge = {
  cursor: Scalars['String']['output'];
  node: LedgerSeal;
};

export type Query = {
  /** Exactly one is given. */
  partner?: Maybe<Partner>;
  /** By name. `search` finds parts of name or code. `status` for staff: everyone else finds LIVE ones. */
  partners?: Maybe<PartnerConnection>;
  /** The partner that the calling client belongs to. */
  myPartner?: Maybe<Partner>;
  /** Null for whom it is hidden from: see `offers`. */
  offer?: Maybe<Offer>;
  /**
   * Those of LIVE partners that have started and are for everybody, or for segments that the calling member is in. A partner
   * finds all of its own, staff find all. Of every status where `status` is null.
   */
  offers?: Maybe<OfferConnection>;
  /** Exactly one is given. `reference` is the calling partner's own. */
  activity?: Maybe<Activity>;
  /** What a member says is missing. */
  claim?: Maybe<Claim>;
  /**
   * What an activity would earn now, with nothing posted: for the calling member by tier, segments, offers and what rules
   * with caps have given them already; for everybody else by the rules alone. Null where the brand is not LIVE, and for a
   * member who cannot earn now, as one who is SUSPENDED.
   */
  previewPoints?: Maybe<PointsPreview>;
  /**
   * What an activity would earn, by the same rules and with the same explanation, and nothing posted: by the rules that are
   * valid then, or by a set of the partner's own, a draft too. The member must have consented to EARN. Staff name a set,
   * whose partner reports.
   */
  simulateActivity?: Maybe<ActivitySimulation>;
  /** What another rule set would have given, for 30 days after it was started. */
  replay?: Maybe<RuleSetReplay>;
  /**
   * What other money is worth in this one on a day, today where left out: of each the last rate of that day or the 7
   * before it, by code. There is none back where only the other direction is known.
   */
  exchangeRates?: Maybe<Array<ExchangeRate>>;
  /** How far an import is, and what has become of its rows. */
  activityImport?: Maybe<ActivityImport>;
  /** Null for another partner's, and for test clients. */
  settlementStatement?: Maybe<SettlementStatement>;
  /** The seals of the points ledger, the last first; one is made each day on which points moved. */
  ledgerSeals?: Maybe<LedgerSealConnection>;
};


export type QueryPartnerArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  code?: InputMaybe<Scalars['String']['input']>;
};


export type QueryPartnersArgs = {
  kind?: InputMaybe<PartnerKind>;
  status?: InputMaybe<PartnerStatus>;
  search?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryOfferArgs = {
  id: Scalars['ID']['input'];
};


export type QueryOffersArgs = {
  partnerId?: InputMaybe<Scalars['ID']['input']>;
  status?: InputMaybe<OfferStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryActivityArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  reference?: InputMaybe<Scalars['String']['input']>;
};


export type QueryClaimArgs = {
  id: Scalars['ID']['input'];
};


export type QueryPreviewPointsArgs = {
  input: PointsPreviewInput;
};


export type QuerySimulateActivityArgs = {
  input: ActivityInput;
  ruleSetId?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryReplayArgs = {
  id: Scalars['ID']['input'];
};


export type QueryExchangeRatesArgs = {
  to: Scalars['CurrencyCode']['input'];
  on?: InputMaybe<Scalars['Date']['input']>;
};


export type QueryActivityImportArgs = {
  id: Scalars['ID']['input'];
};


export type QuerySettlementStatementArgs = {
  id: Scalars['ID']['input'];
};


export type QueryLedgerSealsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/**
 * The partner's activities of a period under one of its rule sets, a draft or not. Nothing is posted. Figures are null
 * until it is DONE; FAILED is one that the system could not finish.
 *
 * Left out are GRANTs, what is REJECTED, and the sandbox. Figures are before refunds, and without what offers gave, on
 * both sides. Members are seen as they are now, by tier and segments, those who trust the brand no more without either; and the
 * brand by its particulars of now. Caps and stamp cards begin with what rules of the same codes had counted before the
 * period.
 */
export type RuleSetReplay = {
  id: Scalars['ID']['output'];
  /** RUNNING for seconds to minutes: some 10,000 activities take a second. */
  status: JobStatus;
  ruleSet: RuleSet;
  period: Period;
  /** That were looked at. */
  activities?: Maybe<Scalars['Int']['output']>;
  /** What rules gave when these were recorded. */
  pointsThen?: Maybe<Scalars['Points']['output']>;
  /** What this set gives. */
  pointsNow?: Maybe<Scalars['Points']['output']>;
  /**
   * At the issue price that each activity was recorded under, before fees. Null, too, where contracts of the period are
   * in several currencies.
   */
  costThen?: Maybe<Money>;
  costNow?: Maybe<Money>;
  /** How many would have more points over the whole period. */
  membersBetterOff?: Maybe<Scalars['Int']['output']>;
  /** How many would have fewer. */
  membersWorseOff?: Maybe<Scalars['Int']['output']>;
};

/** How far something is that takes longer than a request: it is begun by a mutation, and looked at by its id. */
export type JobStatus =
  | 'RUNNING'
  | 'DONE'
  | 'FAILED';

/** What an activity would earn. */
export type PointsPreview = {
  points: Scalars['Points']['output'];
  qualifyingPoints: Scalars['Points']['output'];
  /** By currency, with those of the partner's own. */
  awarded: Array<CurrencyPoints>;
  /** Why, in words: what each rule gives, or why none gives anything. */
  summary: Array<Scalars['String']['output']>;
};

/** What an activity would earn, or why it would be refused; what the partner may still issue, and owe, is not asked. */
export type ActivitySimulation = {
  points?: Maybe<Scalars['Points']['output']>;
  qualifyingPoints?: Maybe<Scalars['Points']['output']>;
  /** By currency, with those of the partner's own. */
  awarded?: Maybe<Array<CurrencyPoints>>;
  explanation?: Maybe<Array<EarnLine>>;
  userErrors: Array<UserError>;
};

export type Mutation = {
  /**
   * Earn. A repeated `reference` gives the first answer again and posts nothing. A member who has consented to nothing of
   * the partner's is NOT_FOUND; one who has, but not to EARN, is CONSENT_REQUIRED.
   */
  recordActivity?: Maybe<ActivityPayload>;
  /**
   * Up to 500, each with its own result, in the input's order: what one is refused for costs no other. Paths are relative
   * to the input that a payload answers. The same references again post nothing.
   */
  recordActivities?: Maybe<Array<ActivityPayload>>;
  /**
   * Where points wait for it: flown, stayed, delivered. They can be spent from now on, and count for the member's tier;
   * what was refunded before stays so. Again: the same answer. What is not confirmed within 365 days after it was posted is
   * REJECTED, and EXPIRED here.
   */
  confirmActivity?: Maybe<ActivityPayload>;
  /**
   * Takes points back in proportion to the amount, or those of the items; all refunds of an activity come to the whole, and
   * never to more: INVALID then, with what is left in `details.limit`. Where the points are spent already, the balance goes
   * negative as the program allows (`Program.negativeLimit`), and the contract's `clawbackRisk` bears the rest. A repeated
   * `refundReference` gives the activity as it is by now, and takes nothing.
   */
  refundActivity?: Maybe<ActivityPayload>;
  /**
   * Imports a file that was sent to the gateway by `PUT /imports/<name>`; the worker posts its rows, each once, as
   * `recordActivity` does, and takes back what negative ones return. Staff date back as far as contracts reach. The same upload again: the same import.
   */
  startImport?: Maybe<ActivityImportPayload>;
  /** Stops between two batches of rows: what is posted stays posted. Again: the same answer. */
  cancelImport?: Maybe<ActivityImportPayload>;
  /**
   * Keeps a piece of a file, from 0: the first begins an upload of that id, the last ends it, and there are no others
   * before it is whole. For the gateway, which takes the file. Staff name the partner.
   */
  uploadActivities?: Maybe<UploadPayload>;
  /** Forgets an upload that was cut short. For the gateway. */
  dropUpload?: Maybe<UploadPayload>;
  /**
   * The member lets the partner record activities (EARN), and claims within the days that its contract says. CONFLICT names
   * the activity where it is there already. One that comes in later, by the same reference or, without one, of the same
   * day and amount, grants the claim by itself. At most 20 are open at a time. Again: the same answer.
   */
  claimMissingPoints?: Maybe<ClaimPayload>;
  /**
   * Granting records a purchase of the claim's amount under its reference, which earns as if the partner had reported it
   * in time; a claim without an amount is granted by recording the activity itself. Again: the same answer. Not for test
   * clients.
   */
  decideClaim?: Maybe<ClaimPayload>;
  /** The brand is a DRAFT until its contract is signed. */
  invitePartner?: Maybe<PartnerPayload>;
  /**
   * What is left out stays; null clears it, where it may be null. The part for its kind replaces the whole of it. Not for
   * test clients.
   */
  updatePartner?: Maybe<PartnerPayload>;
  /** A new version, from a day after the last version's first one, and after the months that are settled. */
  signContract?: Maybe<PartnerPayload>;
  /** Also brings a suspended partner back. Refused while a step of onboarding is not done; `details.subject` names it. */
  activatePartner?: Maybe<PartnerPayload>;
  /**
   * From now on it is absent from lists, nothing is earned or redeemed with it, and its clients get no tokens; members
   * keep their points. `activatePartner` brings it back. Again: the same answer, and the first reason stays.
   */
  suspendPartner?: Maybe<PartnerPayload>;
  /**
   * From the start of a day, today or later, and for good: what happens from then on earns nothing, and the brand is
   * absent, its rewards and its clients with it; members keep their points. Until then another day may be named. The same
   * day again, or after it has left: the same answer, and the reason stays.
   */
  terminatePartner?: Maybe<PartnerPayload>;
  /**
   * At most 100, in any order, each day once for two currencies. Another rate for a day is for what is recorded from then
   * on: an activity keeps the rate that it was recorded with. Again: the same answer.
   */
  setExchangeRates?: Maybe<ExchangeRatesPayload>;
  /** Every condition is parsed and type-checked. Again: another draft. Not for test clients. */
  draftRuleSet?: Maybe<RuleSetPayload>;
  /**
   * From now where `validFrom` is left out; the set before it ends there, and must have started earlier. The instant may
   * be past: what happened since then and is recorded later, as far back as the contract allows, earns by this set. What
   * is posted stays as it is. Again: the same answer.
   */
  publishRuleSet?: Maybe<RuleSetPayload>;
  /**
   * What the partner's activities of a period, 366 days at most, would have earned under one of its rule sets, and what
   * that would have cost. Read it by `replay`. The worker begins within a minute, and works on a partner's replays one
   * after another; three may be running, LIMIT_REACHED beyond. Again, while it runs: the same one.
   */
  startReplay?: Maybe<ReplayPayload>;
  /** A partner gives only scopes that its own token holds. */
  createApiClient?: Maybe<ApiClientPayload>;
  /**
   * Another secret, or the keys that follow the client's own (`jwks`, as when it was made). The old secret, or keys, work
   * 24 hours longer; `revokeApiClient` ends all of them at once. A partner rotates what holds no scope beyond its own
   * token's. With an `idempotencyKey`, unique in the client, the same call shows the same secret again; without, each
   * call rotates.
   */
  rotateApiClient?: Maybe<ApiClientPayload>;
  /**
   * Counts from the next request on, for tokens that are out too. The last client may go, and a client may end itself; a
   * test client ends test clients only. Again: the same answer.
   */
  revokeApiClient?: Maybe<PartnerPayload>;
  /** Tells of what happens from now on. A partner has 10 at most; a test client makes those of the sandbox only. */
  registerWebhook?: Maybe<WebhookPayload>;
  /** What is left out stays. One that is switched on starts afresh; what happened while it was off it is not told. */
  updateWebhook?: Maybe<WebhookPayload>;
  /** The new secret and the last one sign for 24 hours. Again: yet another. */
  rotateWebhookSecret?: Maybe<WebhookPayload>;
  /** Sends a TEST event, whichever events it has. Its deliveries tell what came of it. */
  testWebhook?: Maybe<WebhookPayload>;
  /** With its deliveries. */
  removeWebhook?: Maybe<PartnerPayload>;
  /** Sends the same message again, of whatever status; one that waits at once. */
  redeliverWebhook?: Maybe<PartnerPayload>;
  /** A block of points for a partner whose contract is, or will be, PREPAID. */
  sellPoints?: Maybe<PartnerPayload>;
  /** A draft, until `publishOffer`. Its rules are checked as those of a set are. Again: another draft. Not for test clients. */
  createOffer?: Maybe<OfferPayload>;
  /**
   * A draft only: it becomes what the input says, as a whole. NOT_ALLOWED for what is published. The partner stays.
   * CONFLICT where the draft has moved on from `expectedVersion`; without one, where somebody else has written it.
   */
  updateOffer?: Maybe<OfferPayload>;
  /**
   * From its start on it counts, and never changes any more. A partner publishes what it pays alone: what others have a
   * share in is NOT_ALLOWED, and for staff to publish. EXPIRED where its time is over; LIMIT_REACHED while the partner has
   * 20 that are not; CONFLICT where the draft has moved on from `expectedVersion`. Again: the same answer.
   */
  publishOffer?: Maybe<OfferPayload>;
  /**
   * At once and for good: what happens from now on does not count; what happened before does, though it be reported later.
   * A draft is NOT_ALLOWED. Again, or after its end: the same answer.
   */
  endOffer?: Maybe<OfferPayload>;
  /**
   * Opts in: what the member does from now on counts. NOT_ELIGIBLE to another tier; EXPIRED once it has ended. Again, or
   * where it asks for no opting in: the same answer.
   */
  activateOffer?: Maybe<OfferPayload>;
  /**
   * Issues every partner's statement of one month, named by its first day, once it is over and those before it are closed.
   * What is posted later is of the next month, with the day it happened and the price of that day. Again: the same
   * statements. It may take 30 seconds.
   */
  closeSettlementMonth?: Maybe<SettlementPayload>;
  /**
   * Some lines, 100 at most, or the whole statement where left out. Within 30 days, and before it is paid; a line that was
   * decided is not disputed again. Again: the same answer. Not for test clients.
   */
  disputeStatement?: Maybe<SettlementPayload>;
  /**
   * Of some lines, or of all that is in dispute where left out. Either way they are due: a closed statement stays as it is.
   * What is upheld, the next statement credits. Again: the same answer.
   */
  resolveDispute?: Maybe<SettlementPayload>;
  /** Whoever owed. Not while some of it is in dispute. Again with the same reference: the same answer. */
  markStatementPaid?: Maybe<SettlementPayload>;
};


export type MutationRecordActivityArgs = {
  input: ActivityInput;
};


export type MutationRecordActivitiesArgs = {
  inputs: Array<ActivityInput>;
};


export type MutationConfirmActivityArgs = {
  reference: Scalars['String']['input'];
};


export type MutationRefundActivityArgs = {
  input: RefundActivityInput;
};


export type MutationStartImportArgs = {
  input: StartImportInput;
};


export type MutationCancelImportArgs = {
  id: Scalars['ID']['input'];
};


export type MutationUploadActivitiesArgs = {
  id: Scalars['ID']['input'];
  partnerId?: InputMaybe<Scalars['ID']['input']>;
  fileName: Scalars['String']['input'];
  place: Scalars['Int']['input'];
  content: Scalars['String']['input'];
  isLast: Scalars['Boolean']['input'];
};


export type MutationDropUploadArgs = {
  id: Scalars['ID']['input'];
};


export type MutationClaimMissingPointsArgs = {
  input: ClaimInput;
};


export type MutationDecideClaimArgs = {
  id: Scalars['ID']['input'];
  grant: Scalars['Boolean']['input'];
  reason: Scalars['String']['input'];
};


export type MutationInvitePartnerArgs = {
  input: InvitePartnerInput;
};


export type MutationUpdatePartnerArgs = {
  id: Scalars['ID']['input'];
  input: UpdatePartnerInput;
};


export type MutationSignContractArgs = {
  partnerId: Scalars['ID']['input'];
  input: ContractInput;
};


export type MutationActivatePartnerArgs = {
  id: Scalars['ID']['input'];
};


export type MutationSuspendPartnerArgs = {
  id: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};


export type MutationTerminatePartnerArgs = {
  id: Scalars['ID']['input'];
  on: Scalars['Date']['input'];
  reason: Scalars['String']['input'];
};


export type MutationSetExchangeRatesArgs = {
  rates: Array<ExchangeRateInput>;
};


export type MutationDraftRuleSetArgs = {
  partnerId: Scalars['ID']['input'];
  rules: Array<EarnRuleInput>;
};


export type MutationPublishRuleSetArgs = {
  id: Scalars['ID']['input'];
  validFrom?: InputMaybe<Scalars['DateTime']['input']>;
};


export type MutationStartReplayArgs = {
  ruleSetId: Scalars['ID']['input'];
  period: PeriodInput;
};


export type MutationCreateApiClientArgs = {
  input: ApiClientInput;
};


export type MutationRotateApiClientArgs = {
  clientId: Scalars['ID']['input'];
  jwks?: InputMaybe<Scalars['String']['input']>;
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};


export type MutationRevokeApiClientArgs = {
  clientId: Scalars['ID']['input'];
};


export type MutationRegisterWebhookArgs = {
  input: WebhookInput;
};


export type MutationUpdateWebhookArgs = {
  id: Scalars['ID']['input'];
  input: WebhookChanges;
};


export type MutationRotateWebhookSecretArgs = {
  id: Scalars['ID']['input'];
};


export type MutationTestWebhookArgs = {
  id: Scalars['ID']['input'];
};


export type MutationRemoveWebhookArgs = {
  id: Scalars['ID']['input'];
};


export type MutationRedeliverWebhookArgs = {
  deliveryId: Scalars['ID']['input'];
};


export type MutationSellPointsArgs = {
  input: SellPointsInput;
};


export type MutationCreateOfferArgs = {
  input: OfferInput;
};


export type MutationUpdateOfferArgs = {
  id: Scalars['ID']['input'];
  input: OfferInput;
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};


export type MutationPublishOfferArgs = {
  id: Scalars['ID']['input'];
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};


export type MutationEndOfferArgs = {
  id: Scalars['ID']['input'];
};


export type MutationActivateOfferArgs = {
  id: Scalars['ID']['input'];
};


export type MutationCloseSettlementMonthArgs = {
  month: Scalars['Date']['input'];
};


export type MutationDisputeStatementArgs = {
  id: Scalars['ID']['input'];
  lineIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  reason: Scalars['String']['input'];
};


export type MutationResolveDisputeArgs = {
  id: Scalars['ID']['input'];
  lineIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  uphold: Scalars['Boolean']['input'];
  reason: Scalars['String']['input'];
};


export type MutationMarkStatementPaidArgs = {
  id: Scalars['ID']['input'];
  paymentReference: Scalars['String']['input'];
};

/**
 * What happens, as it happens: docs/subscriptions.md. Nothing is told of what happened while nobody listened: after
 * a break, read the list of the same things.
 */
export type Subscription = {
  /**
   * The import as it is, and again whenever it has come further; it ends with the import. Ends at once where the
   * caller has no such import.
   */
  importProgressed: ActivityImport;
  /** Each activity of the calling partner, as it is posted, and again as it is refunded. */
  activityPosted: Activity;
};


/**
 * What happens, as it happens: docs/subscriptions.md. Nothing is told of what happened while nobody listened: after
 * a break, read the list of the same things.
 */
export type SubscriptionImportProgressedArgs = {
  id: Scalars['ID']['input'];
};

/** What a member did, as the partner reports it. */
export type ActivityInput = {
  member: MemberRef;
  kind: ActivityKind;
  /** The partner's own number for it: unique in the partner, and the key of repetition. */
  reference: Scalars['String']['input'];
  /** At most 5 minutes ahead, and not further back than the contract allows. */
  occurredAt: Scalars['DateTime']['input'];
  /**
   * What was paid: after discounts, tax and shipping in, and the part paid in points in. Where it is not in the contract's
   * currency it earns what it was worth in that on the day, by a rate that must be known (`exchangeRates`).
   * PURCHASE and CARD_SPEND need it; ENGAGEMENT and GRANT have none; the others earn by it where it is given.
   */
  amount?: InputMaybe<MoneyInput>;
  /** Parts of the amount, in its currency; `discount` was taken off before it. */
  tax?: InputMaybe<MoneyInput>;
  shipping?: InputMaybe<MoneyInput>;
  discount?: InputMaybe<MoneyInput>;
  pointsPaid?: InputMaybe<MoneyInput>;
  /** At most 200, and 2,000 in one call; together not more than the amount without its shipping. */
  items?: InputMaybe<Array<ItemInput>>;
  /** The part for its kind; the others stay out. */
  flight?: InputMaybe<FlightInput>;
  stay?: InputMaybe<StayInput>;
  card?: InputMaybe<CardSpendInput>;
  ride?: InputMaybe<RideInput>;
  grant?: InputMaybe<GrantInput>;
  /** What was done, by a code that rules know, 1 to 32 of A-Z, 0-9, _ and -. One that no rule asks about is recorded too. */
  engagement?: InputMaybe<Scalars['String']['input']>;
};

/** What somebody thinks of doing: as in `ActivityInput`, and no GRANT. */
export type PointsPreviewInput = {
  partnerId: Scalars['ID']['input'];
  kind: ActivityKind;
  amount?: InputMaybe<MoneyInput>;
  items?: InputMaybe<Array<ItemInput>>;
  flight?: InputMaybe<FlightInput>;
  stay?: InputMaybe<StayInput>;
  card?: InputMaybe<CardSpendInput>;
  ride?: InputMaybe<RideInput>;
  engagement?: InputMaybe<Scalars['String']['input']>;
};

/** Points that a partner gives. */
export type GrantInput = {
  /** Given as they are: to spend at once, and not for the member's tier. */
  points: Scalars['Points']['input'];
  /** What the member reads. */
  reason: Scalars['String']['input'];
};

/** One flight of a member. */
export type FlightInput = {
  /** Carrier and number: "SK401". */
  flightNumber: Scalars['String']['input'];
  ticketNumber?: InputMaybe<Scalars['String']['input']>;
  /** IATA codes of two airports. */
  origin: Scalars['String']['input'];
  destination: Scalars['String']['input'];
  cabin: Cabin;
  /** A letter. One that the earn chart does not have in this cabin gives no miles. */
  bookingClass: Scalars['String']['input'];
  /** 1 to 13,000. Where left out, the great-circle distance, rounded to a mile; for airports that are not known here it is needed. */
  distanceMiles?: InputMaybe<Scalars['Int']['input']>;
};

/** One stay of a member. */
export type StayInput = {
  /** Which of the chain's houses. */
  property: Scalars['String']['input'];
  /** Nights are the days between, 1 to 365. */
  checkIn: Scalars['Date']['input'];
  checkOut: Scalars['Date']['input'];
  /** 1 to 1,000. */
  rooms?: InputMaybe<Scalars['Int']['input']>;
  /** As the brand calls it: one that it excludes gives no base. */
  ratePlan?: InputMaybe<Scalars['String']['input']>;
  /**
   * What the rooms cost of the amount, after discounts and without tax: it counts as spend in place of the amount, and so
   * not together with items. The amount is as much where left out.
   */
  roomRevenue?: InputMaybe<MoneyInput>;
};

/** One payment with a card. */
export type CardSpendInput = {
  /** The code of one of the issuer's cards. */
  product: Scalars['String']['input'];
  /** The merchant's category of ISO 18245: four digits, zeros in front too. */
  mcc: Scalars['String']['input'];
  merchant?: InputMaybe<Scalars['String']['input']>;
};

/** One ride of a member. */
export type RideInput = {
  /** One of the brand's services. */
  service: Scalars['String']['input'];
  /** At most 100,000. */
  distanceKm?: InputMaybe<Scalars['Decimal']['input']>;
};

/** What money is worth in other money on a day. */
export type ExchangeRateInput = {
  from: Scalars['CurrencyCode']['input'];
  to: Scalars['CurrencyCode']['input'];
  /** In 1970 or later. */
  on: Scalars['Date']['input'];
  /** So much of `to` is worth one of `from`: more than 0. */
  rate: Scalars['Decimal']['input'];
};

/** The rates that count now, in the input's order, or why they were refused. */
export type ExchangeRatesPayload = {
  exchangeRates?: Maybe<Array<ExchangeRate>>;
  userErrors: Array<UserError>;
};

/** One line of what was bought. */
export type ItemInput = {
  /** The partner's own line number; the place in the list, from 1, where left out. Each once. */
  line?: InputMaybe<Scalars['String']['input']>;
  sku: Scalars['String']['input'];
  productType?: InputMaybe<Scalars['String']['input']>;
  category?: InputMaybe<Scalars['String']['input']>;
  brand?: InputMaybe<Scalars['String']['input']>;
  /** 1 or more. */
  quantity: Scalars['Int']['input'];
  /** For the whole line, as in `amount`. */
  amount: MoneyInput;
};

/** An activity, or why it was refused. */
export type ActivityPayload = {
  activity?: Maybe<Activity>;
  userErrors: Array<UserError>;
};

/** What is missing. One for each partner, day and reference; without a reference, for each partner, day and amount. */
export type ClaimInput = {
  partnerId: Scalars['ID']['input'];
  /** Today or earlier. */
  occurredOn: Scalars['Date']['input'];
  /** This or an amount is needed. */
  reference?: InputMaybe<Scalars['String']['input']>;
  /** More than 0. */
  amount?: InputMaybe<MoneyInput>;
  note?: InputMaybe<Scalars['String']['input']>;
};

/** A claim, or why it was refused. */
export type ClaimPayload = {
  claim?: Maybe<Claim>;
  userErrors: Array<UserError>;
};

/** What of an activity came back. */
export type RefundActivityInput = {
  /** Either the activity's id or the calling partner's own reference. */
  activityId?: InputMaybe<Scalars['ID']['input']>;
  reference?: InputMaybe<Scalars['String']['input']>;
  /** Either an amount or items; all that is left where both are left out. */
  amount?: InputMaybe<MoneyInput>;
  /** At most 200. */
  items?: InputMaybe<Array<RefundItemInput>>;
  /** The partner's own number for the return: unique among its returns, and the key of repetition. */
  refundReference: Scalars['String']['input'];
  /** Kept in the audit log. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/** Units of one line of what was bought. */
export type RefundItemInput = {
  /** Each once. */
  line: Scalars['String']['input'];
  /** 1 or more. */
  quantity: Scalars['Int']['input'];
};

/** How far an import is. Grows: clients keep a default branch. */
export type ImportStatus =
  /** Waits for the worker. */
  | 'QUEUED'
  | 'RUNNING'
  /** The whole file was read: its rows are posted, or reported. */
  | 'DONE'
  /** It could not be read to its end: what stands before is posted. `failure` says why. */
  | 'FAILED'
  | 'CANCELLED';

/** A file of activities: every row is posted once or reported. */
export type ActivityImport = {
  id: Scalars['ID']['output'];
  partner: Partner;
  kind: ActivityKind;
  fileName: Scalars['String']['output'];
  /** Checks rows and posts none: `posted` and `refunded` count those that would be. */
  dryRun: Scalars['Boolean']['output'];
  status: ImportStatus;
  /** Why it has FAILED, in a sentence. */
  failure?: Maybe<Scalars['String']['output']>;
  /** Rows read so far; `total` once the file is counted. Each is posted, refunded, a duplicate, or rejected. */
  rows: Scalars['Int']['output'];
  total?: Maybe<Scalars['Int']['output']>;
  posted: Scalars['Int']['output'];
  /** Returns, which are negative rows of CSV, that have taken something back. */
  refunded: Scalars['Int']['output'];
  /** Rows that were there already: of an earlier file, call or row. */
  duplicates: Scalars['Int']['output'];
  rejected: Scalars['Int']['output'];
  /** By line. Kept for 90 days after the import's end. */
  rejections: ImportRejectionConnection;
  /** The next 2,000 of them at most. For the gateway, which sends them as CSV. */
  rejectionsAfter?: Maybe<Array<ImportRejection>>;
  /** All rejected rows, as CSV; needs the caller's token. Null where there are none. */
  rejectionsUrl?: Maybe<Scalars['String']['output']>;
  startedAt: Scalars['DateTime']['output'];
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
};


/** A file of activities: every row is posted once or reported. */
export type ActivityImportRejectionsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** A file of activities: every row is posted once or reported. */
export type ActivityImportRejectionsAfterArgs = {
  line: Scalars['Int']['input'];
};

/** A row that was not posted. */
export type ImportRejection = {
  /** Where the row starts in the file, from 1. */
  line: Scalars['Int']['output'];
  code: UserErrorCode;
  /** The column at fault; of JSON Lines the path to the field, as `items.0.sku`. Null where it is none alone. */
  field?: Maybe<Scalars['String']['output']>;
  message: Scalars['String']['output'];
};

/** Rejections, by line. */
export type ImportRejectionConnection = {
  edges: Array<ImportRejectionEdge>;
  nodes: Array<ImportRejection>;
  pageInfo: PageInfo;
};

/** A rejection in a list. */
export type ImportRejectionEdge = {
  cursor: Scalars['String']['output'];
  node: ImportRejection;
};

/** Imports, the last to have been started first. */
export type ActivityImportConnection = {
  edges: Array<ActivityImportEdge>;
  nodes: Array<ActivityImport>;
  pageInfo: PageInfo;
};

/** An import in a list. */
export type ActivityImportEdge = {
  cursor: Scalars['String']['output'];
  node: ActivityImport;
};

/** What `startImport` needs. */
export type StartImportInput = {
  partnerId: Scalars['ID']['input'];
  /** Of all rows. */
  kind: ActivityKind;
  /** A name that the upload endpoint gave back; one upload is imported once, and tried once by a dry run before it. */
  upload: Scalars['String']['input'];
  /** Unknown partner accounts become provisional members. */
  enrol?: InputMaybe<Scalars['Boolean']['input']>;
  /** Checks every row and posts none. */
  dryRun?: InputMaybe<Scalars['Boolean']['input']>;
};

/** An import, or why it was refused. */
export type ActivityImportPayload = {
  activityImport?: Maybe<ActivityImport>;
  userErrors: Array<UserError>;
};

/** What has become of a piece of a file. */
export type UploadPayload = {
  /** The upload's name, once it is whole. */
  upload?: Maybe<Scalars['String']['output']>;
  userErrors: Array<UserError>;
};

/** A brand that shall take part. */
export type InvitePartnerInput = {
  /** Unique: CONFLICT otherwise, with the id of the partner that has it in `details.subject`. */
  code: Scalars['String']['input'];
  name: Scalars['String']['input'];
  kind: PartnerKind;
  contactEmail: Scalars['String']['input'];
  website?: InputMaybe<Scalars['String']['input']>;
  /** The part for its kind; the others stay out. */
  airline?: InputMaybe<AirlineInput>;
  hotel?: InputMaybe<HotelInput>;
  cardIssuer?: InputMaybe<CardIssuerInput>;
  retailer?: InputMaybe<RetailerInput>;
  mobility?: InputMaybe<MobilityInput>;
};

/** What an airline has. */
export type AirlineInput = {
  /** Two of A-Z and 0-9. */
  iataCode: Scalars['String']['input'];
  alliance?: InputMaybe<Scalars['String']['input']>;
  /** A booking class stands once in a cabin. */
  earnChart?: InputMaybe<Array<FareEarningInput>>;
};

/** What some booking classes of a cabin earn. */
export type FareEarningInput = {
  cabin: Cabin;
  /** Single letters, at least one. */
  bookingClasses: Array<Scalars['String']['input']>;
  /** 1.25 = 125 % of the distance; more than 0, as all rates here. */
  rate: Scalars['Decimal']['input'];
};

/** What a group of hotels has. */
export type HotelInput = {
  chainCode?: InputMaybe<Scalars['String']['input']>;
  properties?: InputMaybe<Scalars['Int']['input']>;
  excludedRatePlans?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** What an issuer of cards has. */
export type CardIssuerInput = {
  /** Each with a code of its own. */
  cardProducts: Array<CardProductInput>;
};

/** One card that the issuer offers. */
export type CardProductInput = {
  code: Scalars['String']['input'];
  name: Scalars['String']['input'];
  baseRate: Scalars['Decimal']['input'];
  /** Each with a name of its own. */
  categories?: InputMaybe<Array<CategoryRateInput>>;
};

/** What spending with some kinds of merchants earns. */
export type CategoryRateInput = {
  name: Scalars['String']['input'];
  /** "5811" or "5811-5814", at least one. */
  mcc: Array<Scalars['String']['input']>;
  rate: Scalars['Decimal']['input'];
};

/** What a shop has. */
export type RetailerInput = {
  productCategories: Array<Scalars['String']['input']>;
  stores?: InputMaybe<Scalars['Int']['input']>;
};

/** What takes people from place to place. */
export type MobilityInput = {
  services: Array<Scalars['String']['input']>;
};

/** What is to change of a brand. */
export type UpdatePartnerInput = {
  /** Not null. */
  name?: InputMaybe<Scalars['String']['input']>;
  description?: InputMaybe<Scalars['String']['input']>;
  website?: InputMaybe<Scalars['String']['input']>;
  /** `#rrggbb`. */
  brandColor?: InputMaybe<Scalars['String']['input']>;
  logoUrl?: InputMaybe<Scalars['String']['input']>;
  /** The part for its kind; the others stay out. */
  airline?: InputMaybe<AirlineInput>;
  hotel?: InputMaybe<HotelInput>;
  cardIssuer?: InputMaybe<CardIssuerInput>;
  retailer?: InputMaybe<RetailerInput>;
  mobility?: InputMaybe<MobilityInput>;
};

/** A partner, or why it was refused. */
export type PartnerPayload = {
  partner?: Maybe<Partner>;
  userErrors: Array<UserError>;
};

/** The terms of one version. */
export type ContractInput = {
  validFrom: Scalars['Date']['input'];
  /** What the partner settles in: amounts of its activities in other money are worth what they were in this on the day. */
  currency: Scalars['CurrencyCode']['input'];
  /** What the partner pays for each point that it issues. */
  issuePrice: Scalars['Decimal']['input'];
  /** What the partner gets for each point redeemed with it. */
  redemptionRate: Scalars['Decimal']['input'];
  /** 0 to 1. */
  feeRate?: InputMaybe<Scalars['Decimal']['input']>;
  billing?: InputMaybe<Billing>;
  /** For POSTPAID, and for nothing else; in the contract's currency. */
  creditLimit?: InputMaybe<MoneyInput>;
  /** In the contract's currency; up to `creditLimit`. */
  alertAt?: InputMaybe<MoneyInput>;
  clawbackRisk?: InputMaybe<RiskBearer>;
  refundOrder?: InputMaybe<RefundOrder>;
  pending?: InputMaybe<PendingMode>;
  /** For DAYS, and for nothing else: 1 to 365, counted from the day after the activity's own. */
  pendingDays?: InputMaybe<Scalars['Int']['input']>;
  backdateDays?: InputMaybe<Scalars['Int']['input']>;
  /** 0 to 3,650. */
  claimWindowDays?: InputMaybe<Scalars['Int']['input']>;
  /** 0 to 365. */
  paymentTermsDays?: InputMaybe<Scalars['Int']['input']>;
  monthlyIssueLimit?: InputMaybe<Scalars['Points']['input']>;
  /**
   * At most 20, each pair of currencies once. They hold from `validFrom` until the next version, whose own take their
   * place. Refused where all rates together hold a cycle that makes points: `details.subject` names it.
   */
  conversions?: InputMaybe<Array<ConversionInput>>;
};

/** What points of one currency become in another; both are currencies of the program. */
export type ConversionInput = {
  fromCurrency: Scalars['String']['input'];
  toCurrency: Scalars['String']['input'];
  /** One block, and what it becomes. */
  fromPoints: Scalars['Points']['input'];
  toUnits: Scalars['Points']['input'];
  minimumPoints: Scalars['Points']['input'];
  /** With `bonusUnits`: so many on top for every so many moved at once. */
  bonusEvery?: InputMaybe<Scalars['Points']['input']>;
  bonusUnits?: InputMaybe<Scalars['Points']['input']>;
  /** Of each member. */
  dailyLimit?: InputMaybe<Scalars['Points']['input']>;
  yearlyLimit?: InputMaybe<Scalars['Points']['input']>;
  /** 1 to 720. Then the points come back, unless the partner has confirmed. Left out: converted at once. */
  confirmHours?: InputMaybe<Scalars['Int']['input']>;
};

/** One rule; at most 100 in a set, each with a code of its own. */
export type EarnRuleInput = {
  code: Scalars['String']['input'];
  name: Scalars['String']['input'];
  priority?: InputMaybe<Scalars['Int']['input']>;
  /** For bonuses: of a group only the best counts. */
  stackingGroup?: InputMaybe<Scalars['String']['input']>;
  /**
   * CEL over `activity` (kind, reference, amount, tax, shipping, discount, pointsPaid, currency, occurredAt, dayOfWeek from 1
   * for Monday, hour, engagement; flight: flightNumber, origin, destination, cabin, bookingClass, distanceMiles; stay:
   * property, ratePlan, nights, rooms, roomRevenue; card: product, mcc, merchant; ride: service, distanceKm), `item` (sku,
   * productType, category, brand, quantity, amount), `member` (status, tier, segments) and `partner` (code, kind). Amounts
   * are exact, `activity.amount >= dec("50")`, and in the contract's currency; `currency` is what was paid in. Days and
   * hours are the program's. What was not given is an empty text, or 0. A rule that asks about `item`
   * is asked of each.
   */
  when?: InputMaybe<Scalars['String']['input']>;
  earn: EarningInput;
  awards?: InputMaybe<Award>;
  base?: InputMaybe<EarnBaseInput>;
  roundedPer?: InputMaybe<RoundingScope>;
  /** For a multiplier. */
  combine?: InputMaybe<Combine>;
  /** At most one for each period. */
  caps?: InputMaybe<Array<EarnCapInput>>;
  /**
   * Which currency it earns: one of the partner's own, the same in all rules of a set; null for the coalition's shared one. Its
   * points are to spend: BOTH means that here, and QUALIFYING is INVALID. Not for rules of offers.
   */
  currency?: InputMaybe<Scalars['String']['input']>;
};

/** What counts as spend. */
export type EarnBaseInput = {
  tax?: InputMaybe<Scalars['Boolean']['input']>;
  shipping?: InputMaybe<Scalars['Boolean']['input']>;
  beforeDiscount?: InputMaybe<Scalars['Boolean']['input']>;
  pointsPaid?: InputMaybe<Scalars['Boolean']['input']>;
};

/** Exactly one field is set. */
export type EarningInput = {
  spend?: InputMaybe<Scalars['Decimal']['input']>;
  fixed?: InputMaybe<Scalars['Points']['input']>;
  /** 1 or more. */
  multiplier?: InputMaybe<Scalars['Decimal']['input']>;
  distance?: InputMaybe<Scalars['Decimal']['input']>;
  night?: InputMaybe<Scalars['Points']['input']>;
  stamp?: InputMaybe<StampCardInput>;
  /** Over what `when` may ask about. */
  expression?: InputMaybe<Scalars['String']['input']>;
};

/** The same card in all rules of a set that stamp it. Its points are to spend. */
export type StampCardInput = {
  code: Scalars['String']['input'];
  /** 1 to 1,000. */
  stamps: Scalars['Int']['input'];
  points: Scalars['Points']['input'];
};

/** The most that a rule earns a member. */
export type EarnCapInput = {
  points: Scalars['Points']['input'];
  per: CapPeriod;
  mode?: InputMaybe<CapMode>;
};

/** A rule set, or why it was refused. */
export type RuleSetPayload = {
  ruleSet?: Maybe<RuleSet>;
  userErrors: Array<UserError>;
};

/** The replay; null where the rules refuse: `userErrors` then says why. */
export type ReplayPayload = {
  replay?: Maybe<RuleSetReplay>;
  userErrors: Array<UserError>;
};

/** An API client that shall be made. */
export type ApiClientInput = {
  partnerId: Scalars['ID']['input'];
  name: Scalars['String']['input'];
  /** Those of partners: ACCRUALS_WRITE to CLIENTS_MANAGE. */
  scopes: Array<Scope>;
  sandbox?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Public keys (a JWK set) for private_key_jwt: 1 to 5 of P-256 (ES256) or Ed25519 (EdDSA), each with a `kid` of its own.
   * Left out: a secret is made.
   */
  jwks?: InputMaybe<Scalars['String']['input']>;
  /** Chosen by the client, unique in the partner. */
  idempotencyKey: Scalars['String']['input'];
};

/** A webhook that shall be registered. */
export type WebhookInput = {
  partnerId: Scalars['ID']['input'];
  /** https, a public address. */
  url: Scalars['String']['input'];
  events: Array<WebhookEvent>;
  sandbox?: InputMaybe<Scalars['Boolean']['input']>;
  /** Chosen by the client, unique in the partner. */
  idempotencyKey: Scalars['String']['input'];
};

/** What shall be changed of a webhook. */
export type WebhookChanges = {
  url?: InputMaybe<Scalars['String']['input']>;
  events?: InputMaybe<Array<WebhookEvent>>;
  enabled?: InputMaybe<Scalars['Boolean']['input']>;
};

/** An API client with its secret, or why it was refused. */
export type ApiClientPayload = {
  client?: Maybe<ApiClient>;
  /** Shown this once, and again to the same idempotency key for an hour; null after that, and for a client with keys. */
  clientSecret?: Maybe<Scalars['String']['output']>;
  userErrors: Array<UserError>;
};

/** A webhook, with its secret where it has a new one, or why it was refused. */
export type WebhookPayload = {
  webhook?: Maybe<Webhook>;
  /**
   * The Standard Webhooks signing secret. `registerWebhook` shows it this once, and again to the same idempotency key for
   * an hour; `rotateWebhookSecret` once. Null everywhere else.
   */
  secret?: Maybe<Scalars['String']['output']>;
  userErrors: Array<UserError>;
};

/** Points that a partner buys before it issues them. */
export type SellPointsInput = {
  partnerId: Scalars['ID']['input'];
  points: Scalars['Points']['input'];
  /** Of the whole block, in the contract's currency. */
  price: MoneyInput;
  /** The first day of posting on which it is used; what was bought for an earlier one is used first. */
  validFrom: Scalars['Date']['input'];
  /** Unique in the partner. */
  idempotencyKey: Scalars['String']['input'];
};

/** A campaign that shall be. */
export type OfferInput = {
  partnerId: Scalars['ID']['input'];
  title: Scalars['String']['input'];
  description?: InputMaybe<Scalars['String']['input']>;
  /** May be past when it is published: what has happened since then and is recorded later counts. */
  startsAt: Scalars['DateTime']['input'];
  /** Later than the start, by five years at most. */
  endsAt: Scalars['DateTime']['input'];
  optIn?: InputMaybe<Scalars['Boolean']['input']>;
  /** Of the program's; any of them is enough. */
  segments?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Of the program's; any of them is enough. */
  tiers?: InputMaybe<Array<Scalars['String']['input']>>;
  /** In points to spend. */
  budget?: InputMaybe<Scalars['Points']['input']>;
  /** Shares that sum to 1, of 20 at most; the partner alone where left out. */
  funding?: InputMaybe<Array<FundingShareInput>>;
  /**
   * 1 to 20. All are bonuses: `spend`, `distance` and `night` give points on top of the base, and are not multiplied. Codes
   * and cards are the offer's own; a `stackingGroup` is shared with the partner's other rules.
   */
  rules: Array<EarnRuleInput>;
};

/** Who shall pay which part of it. */
export type FundingShareInput = {
  /** A LIVE partner; the coalition where left out. Each once. */
  partnerId?: InputMaybe<Scalars['ID']['input']>;
  /** More than 0. */
  share: Scalars['Decimal']['input'];
};

/** An offer, or why it was refused. */
export type OfferPayload = {
  offer?: Maybe<Offer>;
  userErrors: Array<UserError>;
};

/** Statements, or why it was refused. */
export type SettlementPayload = {
  statements?: Maybe<Array<SettlementStatement>>;
  userErrors: Array<UserError>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Partner: Partner;
  Activity: Activity;
  Offer: Offer;
  SettlementStatement: SettlementStatement;
  Member: Member;
  Program: Program;
  ActivityImport: ActivityImport;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Partner:
    ( { __typename: 'Partner' }
    & GraphQLRecursivePick<FederationTypes['Partner'], {"id":true}> );
  Activity:
    ( { __typename: 'Activity' }
    & GraphQLRecursivePick<FederationTypes['Activity'], {"id":true}> );
  Offer:
    ( { __typename: 'Offer' }
    & GraphQLRecursivePick<FederationTypes['Offer'], {"id":true}> );
  SettlementStatement:
    ( { __typename: 'SettlementStatement' }
    & GraphQLRecursivePick<FederationTypes['SettlementStatement'], {"id":true}> );
  Member:
    ( { __typename: 'Member' }
    & GraphQLRecursivePick<FederationTypes['Member'], {"id":true}> );
  Program:
    ( { __typename: 'Program' }
    & GraphQLRecursivePick<FederationTypes['Program'], {"id":true}> );
  ActivityImport:
    ( { __typename: 'ActivityImport' }
    & GraphQLRecursivePick<FederationTypes['ActivityImport'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Audience: Audience;
  Scope: Scope;
  ConsentScope: ConsentScope;
  Points: ResolverTypeWrapper<Scalars['Points']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  CurrencyCode: ResolverTypeWrapper<Scalars['CurrencyCode']['output']>;
  Money: ResolverTypeWrapper<Money>;
  MoneyInput: MoneyInput;
  MemberRef: MemberRef;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  UserError: ResolverTypeWrapper<UserError>;
  ErrorDetails: ResolverTypeWrapper<ErrorDetails>;
  UserErrorCode: UserErrorCode;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  PartnerKind: PartnerKind;
  PartnerStatus: PartnerStatus;
  Partner: ResolverTypeWrapper<PartnerRow>;
  PartnerDetails: ResolverTypeWrapper<PartnerDetailsRow>;
  AirlineDetails: ResolverTypeWrapper<AirlineDetailsRow>;
  Cabin: Cabin;
  FareEarning: ResolverTypeWrapper<FareEarningRow>;
  HotelDetails: ResolverTypeWrapper<HotelDetailsRow>;
  CardIssuerDetails: ResolverTypeWrapper<CardIssuerDetailsRow>;
  CardProduct: ResolverTypeWrapper<CardProductRow>;
  CategoryRate: ResolverTypeWrapper<CategoryRateRow>;
  RetailerDetails: ResolverTypeWrapper<RetailerDetailsRow>;
  MobilityDetails: ResolverTypeWrapper<MobilityDetailsRow>;
  ActivityFilter: ActivityFilter;
  PeriodInput: PeriodInput;
  PartnerConnection: ResolverTypeWrapper<PartnerConnectionRow>;
  PartnerEdge: ResolverTypeWrapper<Omit<PartnerEdge, 'node'> & { node: ResolversTypes['Partner'] }>;
  Onboarding: ResolverTypeWrapper<OnboardingRow>;
  OnboardingStep: ResolverTypeWrapper<OnboardingStepRow>;
  OnboardingStepCode: OnboardingStepCode;
  Contract: ResolverTypeWrapper<ContractRow>;
  Billing: Billing;
  RefundOrder: RefundOrder;
  PendingMode: PendingMode;
  RiskBearer: RiskBearer;
  ConversionTerms: ResolverTypeWrapper<ConversionTerms>;
  PartnerCredit: ResolverTypeWrapper<PartnerCreditRow>;
  PointBlockConnection: ResolverTypeWrapper<Omit<PointBlockConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['PointBlockEdge']>, nodes: Array<ResolversTypes['PointBlock']> }>;
  PointBlockEdge: ResolverTypeWrapper<Omit<PointBlockEdge, 'node'> & { node: ResolversTypes['PointBlock'] }>;
  PointBlock: ResolverTypeWrapper<PointBlockRow>;
  ClientAuthentication: ClientAuthentication;
  ApiClient: ResolverTypeWrapper<ApiClientRow>;
  WebhookEvent: ResolverTypeWrapper<WebhookEventRow>;
  Webhook: ResolverTypeWrapper<WebhookRow>;
  DeliveryStatus: ResolverTypeWrapper<DeliveryStatusRow>;
  WebhookDeliveryConnection: ResolverTypeWrapper<Omit<WebhookDeliveryConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['WebhookDeliveryEdge']>, nodes: Array<ResolversTypes['WebhookDelivery']> }>;
  WebhookDeliveryEdge: ResolverTypeWrapper<Omit<WebhookDeliveryEdge, 'node'> & { node: ResolversTypes['WebhookDelivery'] }>;
  WebhookDelivery: ResolverTypeWrapper<WebhookDeliveryRow>;
  RuleSetStatus: RuleSetStatus;
  RuleSet: ResolverTypeWrapper<RuleSetRow>;
  EarnRule: ResolverTypeWrapper<EarnRuleRow>;
  Award: Award;
  EarnBase: ResolverTypeWrapper<EarnBaseRow>;
  RoundingScope: RoundingScope;
  Combine: Combine;
  Earning: ResolverTypeWrapper<EarningRow>;
  StampCard: ResolverTypeWrapper<StampCardRow>;
  EarnCap: ResolverTypeWrapper<EarnCapRow>;
  CapMode: CapMode;
  CapPeriod: ResolverTypeWrapper<CapPeriodRow>;
  ActivityKind: ActivityKind;
  ActivityStatus: ActivityStatus;
  Activity: ResolverTypeWrapper<ActivityRow>;
  CurrencyPoints: ResolverTypeWrapper<CurrencyPoints>;
  ExchangeRate: ResolverTypeWrapper<ExchangeRateRow>;
  ActivityItem: ResolverTypeWrapper<ActivityItem>;
  EarnLine: ResolverTypeWrapper<EarnLineRow>;
  OfferStatus: OfferStatus;
  Offer: ResolverTypeWrapper<OfferRow>;
  FundingShare: ResolverTypeWrapper<FundingShareRow>;
  OfferProgress: ResolverTypeWrapper<OfferProgress>;
  OfferConnection: ResolverTypeWrapper<Omit<OfferConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['OfferEdge']>, nodes: Array<ResolversTypes['Offer']> }>;
  OfferEdge: ResolverTypeWrapper<Omit<OfferEdge, 'node'> & { node: ResolversTypes['Offer'] }>;
  ClaimStatus: ClaimStatus;
  Claim: ResolverTypeWrapper<ClaimRow>;
  ClaimEdge: ResolverTypeWrapper<Omit<ClaimEdge, 'node'> & { node: ResolversTypes['Claim'] }>;
  ClaimConnection: ResolverTypeWrapper<Omit<ClaimConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['ClaimEdge']>, nodes: Array<ResolversTypes['Claim']> }>;
  PartnerPerformance: ResolverTypeWrapper<PartnerPerformanceRow>;
  DailyPoints: ResolverTypeWrapper<DailyPointsRow>;
  IssuanceReport: ResolverTypeWrapper<IssuanceReportRow>;
  PartnerIssuance: ResolverTypeWrapper<PartnerIssuanceRow>;
  SettlementStatus: SettlementStatus;
  SettlementStatement: ResolverTypeWrapper<SettlementStatementRow>;
  SettlementLineKind: SettlementLineKind;
  SettlementLine: ResolverTypeWrapper<SettlementLineRow>;
  SettlementSum: ResolverTypeWrapper<SettlementSumRow>;
  SettlementLineConnection: ResolverTypeWrapper<Omit<SettlementLineConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['SettlementLineEdge']>, nodes: Array<ResolversTypes['SettlementLine']> }>;
  SettlementLineEdge: ResolverTypeWrapper<Omit<SettlementLineEdge, 'node'> & { node: ResolversTypes['SettlementLine'] }>;
  SettlementStatementEdge: ResolverTypeWrapper<Omit<SettlementStatementEdge, 'node'> & { node: ResolversTypes['SettlementStatement'] }>;
  SettlementStatementConnection: ResolverTypeWrapper<Omit<SettlementStatementConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['SettlementStatementEdge']>, nodes: Array<ResolversTypes['SettlementStatement']> }>;
  Period: ResolverTypeWrapper<Period>;
  Member: ResolverTypeWrapper<MemberRow>;
  StampCardProgress: ResolverTypeWrapper<StampCardProgressRow>;
  Program: ResolverTypeWrapper<ProgramRow>;
  ActivityConnection: ResolverTypeWrapper<Omit<ActivityConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['ActivityEdge']>, nodes: Array<ResolversTypes['Activity']> }>;
  ActivityEdge: ResolverTypeWrapper<Omit<ActivityEdge, 'node'> & { node: ResolversTypes['Activity'] }>;
  SettlementReport: ResolverTypeWrapper<SettlementReportRow>;
  RuleSetConnection: ResolverTypeWrapper<Omit<RuleSetConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['RuleSetEdge']>, nodes: Array<ResolversTypes['RuleSet']> }>;
  RuleSetEdge: ResolverTypeWrapper<Omit<RuleSetEdge, 'node'> & { node: ResolversTypes['RuleSet'] }>;
  LedgerSeal: ResolverTypeWrapper<LedgerSealRow>;
  LedgerSealConnection: ResolverTypeWrapper<Omit<LedgerSealConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['LedgerSealEdge']>, nodes: Array<ResolversTypes['LedgerSeal']> }>;
  LedgerSealEdge: ResolverTypeWrapper<Omit<LedgerSealEdge, 'node'> & { node: ResolversTypes['LedgerSeal'] }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RuleSetReplay: ResolverTypeWrapper<RuleSetReplayRow>;
  JobStatus: JobStatus;
  PointsPreview: ResolverTypeWrapper<PointsPreview>;
  ActivitySimulation: ResolverTypeWrapper<Omit<ActivitySimulation, 'explanation'> & { explanation?: Maybe<Array<ResolversTypes['EarnLine']>> }>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ActivityInput: ActivityInput;
  PointsPreviewInput: PointsPreviewInput;
  GrantInput: GrantInput;
  FlightInput: FlightInput;
  StayInput: StayInput;
  CardSpendInput: CardSpendInput;
  RideInput: RideInput;
  ExchangeRateInput: ExchangeRateInput;
  ExchangeRatesPayload: ResolverTypeWrapper<Omit<ExchangeRatesPayload, 'exchangeRates'> & { exchangeRates?: Maybe<Array<ResolversTypes['ExchangeRate']>> }>;
  ItemInput: ItemInput;
  ActivityPayload: ResolverTypeWrapper<Omit<ActivityPayload, 'activity'> & { activity?: Maybe<ResolversTypes['Activity']> }>;
  ClaimInput: ClaimInput;
  ClaimPayload: ResolverTypeWrapper<Omit<ClaimPayload, 'claim'> & { claim?: Maybe<ResolversTypes['Claim']> }>;
  RefundActivityInput: RefundActivityInput;
  RefundItemInput: RefundItemInput;
  ImportStatus: ImportStatus;
  ActivityImport: ResolverTypeWrapper<ActivityImportRow>;
  ImportRejection: ResolverTypeWrapper<ImportRejectionRow>;
  ImportRejectionConnection: ResolverTypeWrapper<Omit<ImportRejectionConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['ImportRejectionEdge']>, nodes: Array<ResolversTypes['ImportRejection']> }>;
  ImportRejectionEdge: ResolverTypeWrapper<Omit<ImportRejectionEdge, 'node'> & { node: ResolversTypes['ImportRejection'] }>;
  ActivityImportConnection: ResolverTypeWrapper<Omit<ActivityImportConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['ActivityImportEdge']>, nodes: Array<ResolversTypes['ActivityImport']> }>;
  ActivityImportEdge: ResolverTypeWrapper<Omit<ActivityImportEdge, 'node'> & { node: ResolversTypes['ActivityImport'] }>;
  StartImportInput: StartImportInput;
  ActivityImportPayload: ResolverTypeWrapper<Omit<ActivityImportPayload, 'activityImport'> & { activityImport?: Maybe<ResolversTypes['ActivityImport']> }>;
  UploadPayload: ResolverTypeWrapper<UploadPayload>;
  InvitePartnerInput: InvitePartnerInput;
  AirlineInput: AirlineInput;
  FareEarningInput: FareEarningInput;
  HotelInput: HotelInput;
  CardIssuerInput: CardIssuerInput;
  CardProductInput: CardProductInput;
  CategoryRateInput: CategoryRateInput;
  RetailerInput: RetailerInput;
  MobilityInput: MobilityInput;
  UpdatePartnerInput: UpdatePartnerInput;
  PartnerPayload: ResolverTypeWrapper<Omit<PartnerPayload, 'partner'> & { partner?: Maybe<ResolversTypes['Partner']> }>;
  ContractInput: ContractInput;
  ConversionInput: ConversionInput;
  EarnRuleInput: EarnRuleInput;
  EarnBaseInput: EarnBaseInput;
  EarningInput: EarningInput;
  StampCardInput: StampCardInput;
  EarnCapInput: EarnCapInput;
  RuleSetPayload: ResolverTypeWrapper<Omit<RuleSetPayload, 'ruleSet'> & { ruleSet?: Maybe<ResolversTypes['RuleSet']> }>;
  ReplayPayload: ResolverTypeWrapper<Omit<ReplayPayload, 'replay'> & { replay?: Maybe<ResolversTypes['RuleSetReplay']> }>;
  ApiClientInput: ApiClientInput;
  WebhookInput: WebhookInput;
  WebhookChanges: WebhookChanges;
  ApiClientPayload: ResolverTypeWrapper<Omit<ApiClientPayload, 'client'> & { client?: Maybe<ResolversTypes['ApiClient']> }>;
  WebhookPayload: ResolverTypeWrapper<Omit<WebhookPayload, 'webhook'> & { webhook?: Maybe<ResolversTypes['Webhook']> }>;
  SellPointsInput: SellPointsInput;
  OfferInput: OfferInput;
  FundingShareInput: FundingShareInput;
  OfferPayload: ResolverTypeWrapper<Omit<OfferPayload, 'offer'> & { offer?: Maybe<ResolversTypes['Offer']> }>;
  SettlementPayload: ResolverTypeWrapper<Omit<SettlementPayload, 'statements'> & { statements?: Maybe<Array<ResolversTypes['SettlementStatement']>> }>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Points: Scalars['Points']['output'];
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  Decimal: Scalars['Decimal']['output'];
  CurrencyCode: Scalars['CurrencyCode']['output'];
  Money: Money;
  MoneyInput: MoneyInput;
  MemberRef: MemberRef;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  UserError: UserError;
  ErrorDetails: ErrorDetails;
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  Partner: PartnerRow;
  PartnerDetails: PartnerDetailsRow;
  AirlineDetails: AirlineDetailsRow;
  FareEarning: FareEarningRow;
  HotelDetails: HotelDetailsRow;
  CardIssuerDetails: CardIssuerDetailsRow;
  CardProduct: CardProductRow;
  CategoryRate: CategoryRateRow;
  RetailerDetails: RetailerDetailsRow;
  MobilityDetails: MobilityDetailsRow;
  ActivityFilter: ActivityFilter;
  PeriodInput: PeriodInput;
  PartnerConnection: PartnerConnectionRow;
  PartnerEdge: Omit<PartnerEdge, 'node'> & { node: ResolversParentTypes['Partner'] };
  Onboarding: OnboardingRow;
  OnboardingStep: OnboardingStepRow;
  Contract: ContractRow;
  ConversionTerms: ConversionTerms;
  PartnerCredit: PartnerCreditRow;
  PointBlockConnection: Omit<PointBlockConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['PointBlockEdge']>, nodes: Array<ResolversParentTypes['PointBlock']> };
  PointBlockEdge: Omit<PointBlockEdge, 'node'> & { node: ResolversParentTypes['PointBlock'] };
  PointBlock: PointBlockRow;
  ApiClient: ApiClientRow;
  Webhook: WebhookRow;
  WebhookDeliveryConnection: Omit<WebhookDeliveryConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['WebhookDeliveryEdge']>, nodes: Array<ResolversParentTypes['WebhookDelivery']> };
  WebhookDeliveryEdge: Omit<WebhookDeliveryEdge, 'node'> & { node: ResolversParentTypes['WebhookDelivery'] };
  WebhookDelivery: WebhookDeliveryRow;
  RuleSet: RuleSetRow;
  EarnRule: EarnRuleRow;
  EarnBase: EarnBaseRow;
  Earning: EarningRow;
  StampCard: StampCardRow;
  EarnCap: EarnCapRow;
  Activity: ActivityRow;
  CurrencyPoints: CurrencyPoints;
  ExchangeRate: ExchangeRateRow;
  ActivityItem: ActivityItem;
  EarnLine: EarnLineRow;
  Offer: OfferRow;
  FundingShare: FundingShareRow;
  OfferProgress: OfferProgress;
  OfferConnection: Omit<OfferConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['OfferEdge']>, nodes: Array<ResolversParentTypes['Offer']> };
  OfferEdge: Omit<OfferEdge, 'node'> & { node: ResolversParentTypes['Offer'] };
  Claim: ClaimRow;
  ClaimEdge: Omit<ClaimEdge, 'node'> & { node: ResolversParentTypes['Claim'] };
  ClaimConnection: Omit<ClaimConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['ClaimEdge']>, nodes: Array<ResolversParentTypes['Claim']> };
  PartnerPerformance: PartnerPerformanceRow;
  DailyPoints: DailyPointsRow;
  IssuanceReport: IssuanceReportRow;
  PartnerIssuance: PartnerIssuanceRow;
  SettlementStatement: SettlementStatementRow;
  SettlementLine: SettlementLineRow;
  SettlementSum: SettlementSumRow;
  SettlementLineConnection: Omit<SettlementLineConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['SettlementLineEdge']>, nodes: Array<ResolversParentTypes['SettlementLine']> };
  SettlementLineEdge: Omit<SettlementLineEdge, 'node'> & { node: ResolversParentTypes['SettlementLine'] };
  SettlementStatementEdge: Omit<SettlementStatementEdge, 'node'> & { node: ResolversParentTypes['SettlementStatement'] };
  SettlementStatementConnection: Omit<SettlementStatementConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['SettlementStatementEdge']>, nodes: Array<ResolversParentTypes['SettlementStatement']> };
  Period: Period;
  Member: MemberRow;
  StampCardProgress: StampCardProgressRow;
  Program: ProgramRow;
  ActivityConnection: Omit<ActivityConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['ActivityEdge']>, nodes: Array<ResolversParentTypes['Activity']> };
  ActivityEdge: Omit<ActivityEdge, 'node'> & { node: ResolversParentTypes['Activity'] };
  SettlementReport: SettlementReportRow;
  RuleSetConnection: Omit<RuleSetConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['RuleSetEdge']>, nodes: Array<ResolversParentTypes['RuleSet']> };
  RuleSetEdge: Omit<RuleSetEdge, 'node'> & { node: ResolversParentTypes['RuleSet'] };
  LedgerSeal: LedgerSealRow;
  LedgerSealConnection: Omit<LedgerSealConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['LedgerSealEdge']>, nodes: Array<ResolversParentTypes['LedgerSeal']> };
  LedgerSealEdge: Omit<LedgerSealEdge, 'node'> & { node: ResolversParentTypes['LedgerSeal'] };
  Query: Record<PropertyKey, never>;
  RuleSetReplay: RuleSetReplayRow;
  PointsPreview: PointsPreview;
  ActivitySimulation: Omit<ActivitySimulation, 'explanation'> & { explanation?: Maybe<Array<ResolversParentTypes['EarnLine']>> };
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  ActivityInput: ActivityInput;
  PointsPreviewInput: PointsPreviewInput;
  GrantInput: GrantInput;
  FlightInput: FlightInput;
  StayInput: StayInput;
  CardSpendInput: CardSpendInput;
  RideInput: RideInput;
  ExchangeRateInput: ExchangeRateInput;
  ExchangeRatesPayload: Omit<ExchangeRatesPayload, 'exchangeRates'> & { exchangeRates?: Maybe<Array<ResolversParentTypes['ExchangeRate']>> };
  ItemInput: ItemInput;
  ActivityPayload: Omit<ActivityPayload, 'activity'> & { activity?: Maybe<ResolversParentTypes['Activity']> };
  ClaimInput: ClaimInput;
  ClaimPayload: Omit<ClaimPayload, 'claim'> & { claim?: Maybe<ResolversParentTypes['Claim']> };
  RefundActivityInput: RefundActivityInput;
  RefundItemInput: RefundItemInput;
  ActivityImport: ActivityImportRow;
  ImportRejection: ImportRejectionRow;
  ImportRejectionConnection: Omit<ImportRejectionConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['ImportRejectionEdge']>, nodes: Array<ResolversParentTypes['ImportRejection']> };
  ImportRejectionEdge: Omit<ImportRejectionEdge, 'node'> & { node: ResolversParentTypes['ImportRejection'] };
  ActivityImportConnection: Omit<ActivityImportConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['ActivityImportEdge']>, nodes: Array<ResolversParentTypes['ActivityImport']> };
  ActivityImportEdge: Omit<ActivityImportEdge, 'node'> & { node: ResolversParentTypes['ActivityImport'] };
  StartImportInput: StartImportInput;
  ActivityImportPayload: Omit<ActivityImportPayload, 'activityImport'> & { activityImport?: Maybe<ResolversParentTypes['ActivityImport']> };
  UploadPayload: UploadPayload;
  InvitePartnerInput: InvitePartnerInput;
  AirlineInput: AirlineInput;
  FareEarningInput: FareEarningInput;
  HotelInput: HotelInput;
  CardIssuerInput: CardIssuerInput;
  CardProductInput: CardProductInput;
  CategoryRateInput: CategoryRateInput;
  RetailerInput: RetailerInput;
  MobilityInput: MobilityInput;
  UpdatePartnerInput: UpdatePartnerInput;
  PartnerPayload: Omit<PartnerPayload, 'partner'> & { partner?: Maybe<ResolversParentTypes['Partner']> };
  ContractInput: ContractInput;
  ConversionInput: ConversionInput;
  EarnRuleInput: EarnRuleInput;
  EarnBaseInput: EarnBaseInput;
  EarningInput: EarningInput;
  StampCardInput: StampCardInput;
  EarnCapInput: EarnCapInput;
  RuleSetPayload: Omit<RuleSetPayload, 'ruleSet'> & { ruleSet?: Maybe<ResolversParentTypes['RuleSet']> };
  ReplayPayload: Omit<ReplayPayload, 'replay'> & { replay?: Maybe<ResolversParentTypes['RuleSetReplay']> };
  ApiClientInput: ApiClientInput;
  WebhookInput: WebhookInput;
  WebhookChanges: WebhookChanges;
  ApiClientPayload: Omit<ApiClientPayload, 'client'> & { client?: Maybe<ResolversParentTypes['ApiClient']> };
  WebhookPayload: Omit<WebhookPayload, 'webhook'> & { webhook?: Maybe<ResolversParentTypes['Webhook']> };
  SellPointsInput: SellPointsInput;
  OfferInput: OfferInput;
  FundingShareInput: FundingShareInput;
  OfferPayload: Omit<OfferPayload, 'offer'> & { offer?: Maybe<ResolversParentTypes['Offer']> };
  SettlementPayload: Omit<SettlementPayload, 'statements'> & { statements?: Maybe<Array<ResolversParentTypes['SettlementStatement']>> };
  Int: Scalars['Int']['output'];
};

export type AccessDirectiveArgs = {
  to: Array<Audience>;
  scope?: Maybe<Scope>;
  consent?: Maybe<ConsentScope>;
};

export type AccessDirectiveResolver<Result, Parent, ContextType = SubgraphContext, Args = AccessDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type CachedDirectiveArgs = {
  seconds: Scalars['Int']['input'];
};

export type CachedDirectiveResolver<Result, Parent, ContextType = SubgraphContext, Args = CachedDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export interface PointsScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Points'], any> {
  name: 'Points';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DecimalScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Decimal'], any> {
  name: 'Decimal';
}

export interface CurrencyCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CurrencyCode'], any> {
  name: 'CurrencyCode';
}

export type MoneyResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['UserErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  details?: Resolver<Maybe<ResolversTypes['ErrorDetails']>, ParentType, ContextType>;
};

export type ErrorDetailsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ErrorDetails'] = ResolversParentTypes['ErrorDetails']> = {
  available?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  required?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  limit?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  retryAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  subject?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PartnerResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Partner'] = ResolversParentTypes['Partner'], FederationReferenceType extends FederationReferenceTypes['Partner'] = FederationReferenceTypes['Partner']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Partner']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['PartnerKind'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PartnerStatus'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  website?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  brandColor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  logoUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  details?: Resolver<Maybe<ResolversTypes['PartnerDetails']>, ParentType, ContextType>;
  earningSummary?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  conversions?: Resolver<Array<ResolversTypes['ConversionTerms']>, ParentType, ContextType>;
  offers?: Resolver<ResolversTypes['OfferConnection'], ParentType, ContextType, RequireFields<PartnerOffersArgs, 'status' | 'first'>>;
  contract?: Resolver<Maybe<ResolversTypes['Contract']>, ParentType, ContextType, Partial<PartnerContractArgs>>;
  contracts?: Resolver<Maybe<Array<ResolversTypes['Contract']>>, ParentType, ContextType>;
  ruleSets?: Resolver<Maybe<ResolversTypes['RuleSetConnection']>, ParentType, ContextType, RequireFields<PartnerRuleSetsArgs, 'first'>>;
  onboarding?: Resolver<Maybe<ResolversTypes['Onboarding']>, ParentType, ContextType>;
  apiClients?: Resolver<Maybe<Array<ResolversTypes['ApiClient']>>, ParentType, ContextType>;
  webhooks?: Resolver<Maybe<Array<ResolversTypes['Webhook']>>, ParentType, ContextType>;
  activities?: Resolver<Maybe<ResolversTypes['ActivityConnection']>, ParentType, ContextType, RequireFields<PartnerActivitiesArgs, 'first'>>;
  imports?: Resolver<Maybe<ResolversTypes['ActivityImportConnection']>, ParentType, ContextType, RequireFields<PartnerImportsArgs, 'first'>>;
  credit?: Resolver<Maybe<ResolversTypes['PartnerCredit']>, ParentType, ContextType>;
  claims?: Resolver<Maybe<ResolversTypes['ClaimConnection']>, ParentType, ContextType, RequireFields<PartnerClaimsArgs, 'first'>>;
  performance?: Resolver<Maybe<ResolversTypes['PartnerPerformance']>, ParentType, ContextType, RequireFields<PartnerPerformanceArgs, 'period'>>;
  settlementStatements?: Resolver<Maybe<ResolversTypes['SettlementStatementConnection']>, ParentType, ContextType, RequireFields<PartnerSettlementStatementsArgs, 'first'>>;
};

export type PartnerDetailsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PartnerDetails'] = ResolversParentTypes['PartnerDetails']> = {
  __resolveType: TypeResolveFn<'AirlineDetails' | 'HotelDetails' | 'CardIssuerDetails' | 'RetailerDetails' | 'MobilityDetails', ParentType, ContextType>;
};

export type AirlineDetailsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['AirlineDetails'] = ResolversParentTypes['AirlineDetails']> = {
  iataCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  alliance?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  earnChart?: Resolver<Array<ResolversTypes['FareEarning']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type FareEarningResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['FareEarning'] = ResolversParentTypes['FareEarning']> = {
  cabin?: Resolver<ResolversTypes['Cabin'], ParentType, ContextType>;
  bookingClasses?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  rate?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
};

export type HotelDetailsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['HotelDetails'] = ResolversParentTypes['HotelDetails']> = {
  chainCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  properties?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  excludedRatePlans?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CardIssuerDetailsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['CardIssuerDetails'] = ResolversParentTypes['CardIssuerDetails']> = {
  cardProducts?: Resolver<Array<ResolversTypes['CardProduct']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CardProductResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['CardProduct'] = ResolversParentTypes['CardProduct']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  baseRate?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  categories?: Resolver<Array<ResolversTypes['CategoryRate']>, ParentType, ContextType>;
};

export type CategoryRateResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['CategoryRate'] = ResolversParentTypes['CategoryRate']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mcc?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  rate?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
};

export type RetailerDetailsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RetailerDetails'] = ResolversParentTypes['RetailerDetails']> = {
  productCategories?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  stores?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MobilityDetailsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['MobilityDetails'] = ResolversParentTypes['MobilityDetails']> = {
  services?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PartnerConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PartnerConnection'] = ResolversParentTypes['PartnerConnection']> = {
  edges?: Resolver<Array<ResolversTypes['PartnerEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Partner']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type PartnerEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PartnerEdge'] = ResolversParentTypes['PartnerEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Partner'], ParentType, ContextType>;
};

export type OnboardingResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Onboarding'] = ResolversParentTypes['Onboarding']> = {
  steps?: Resolver<Array<ResolversTypes['OnboardingStep']>, ParentType, ContextType>;
  readyForLive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type OnboardingStepResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['OnboardingStep'] = ResolversParentTypes['OnboardingStep']> = {
  code?: Resolver<ResolversTypes['OnboardingStepCode'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  done?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  missing?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ContractResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Contract'] = ResolversParentTypes['Contract']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  issuePrice?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  redemptionRate?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  conversions?: Resolver<Array<ResolversTypes['ConversionTerms']>, ParentType, ContextType>;
  feeRate?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  billing?: Resolver<ResolversTypes['Billing'], ParentType, ContextType>;
  creditLimit?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  alertAt?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  clawbackRisk?: Resolver<ResolversTypes['RiskBearer'], ParentType, ContextType>;
  refundOrder?: Resolver<ResolversTypes['RefundOrder'], ParentType, ContextType>;
  pending?: Resolver<ResolversTypes['PendingMode'], ParentType, ContextType>;
  pendingDays?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  backdateDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  claimWindowDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  paymentTermsDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  monthlyIssueLimit?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
};

export type ConversionTermsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ConversionTerms'] = ResolversParentTypes['ConversionTerms']> = {
  fromCurrency?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  toCurrency?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fromPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  toUnits?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  minimumPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  bonusEvery?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  bonusUnits?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  dailyLimit?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  yearlyLimit?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  confirmHours?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
};

export type PartnerCreditResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PartnerCredit'] = ResolversParentTypes['PartnerCredit']> = {
  owed?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  limit?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  prepaidPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  blocks?: Resolver<Array<ResolversTypes['PointBlock']>, ParentType, ContextType>;
  purchases?: Resolver<ResolversTypes['PointBlockConnection'], ParentType, ContextType, RequireFields<PartnerCreditPurchasesArgs, 'first'>>;
};

export type PointBlockConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PointBlockConnection'] = ResolversParentTypes['PointBlockConnection']> = {
  edges?: Resolver<Array<ResolversTypes['PointBlockEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['PointBlock']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PointBlockEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PointBlockEdge'] = ResolversParentTypes['PointBlockEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PointBlock'], ParentType, ContextType>;
};

export type PointBlockResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PointBlock'] = ResolversParentTypes['PointBlock']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  bought?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  price?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type ApiClientResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ApiClient'] = ResolversParentTypes['ApiClient']> = {
  clientId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  scopes?: Resolver<Array<ResolversTypes['Scope']>, ParentType, ContextType>;
  authentication?: Resolver<ResolversTypes['ClientAuthentication'], ParentType, ContextType>;
  sandbox?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lastUsedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  revokedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type WebhookEventResolvers = EnumResolverSignature<{ ACTIVITY_POSTED?: any, ACTIVITY_REFUNDED?: any, HOLD_EXPIRED?: any, REDEMPTION_CONFIRMED?: any, REDEMPTION_CANCELLED?: any, CONSENT_GRANTED?: any, CONSENT_REVOKED?: any, MEMBER_ERASED?: any, CREDIT_ALERT?: any, CLAIM_OPENED?: any, IMPORT_FINISHED?: any, STATEMENT_ISSUED?: any, LEDGER_SEALED?: any, TEST?: any }, ResolversTypes['WebhookEvent']>;

export type WebhookResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Webhook'] = ResolversParentTypes['Webhook']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  events?: Resolver<Array<ResolversTypes['WebhookEvent']>, ParentType, ContextType>;
  sandbox?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  enabled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  disabledBecause?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  deliveries?: Resolver<ResolversTypes['WebhookDeliveryConnection'], ParentType, ContextType, RequireFields<WebhookDeliveriesArgs, 'first'>>;
};

export type DeliveryStatusResolvers = EnumResolverSignature<{ WAITING?: any, DELIVERED?: any, DEAD?: any }, ResolversTypes['DeliveryStatus']>;

export type WebhookDeliveryConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['WebhookDeliveryConnection'] = ResolversParentTypes['WebhookDeliveryConnection']> = {
  edges?: Resolver<Array<ResolversTypes['WebhookDeliveryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['WebhookDelivery']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type WebhookDeliveryEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['WebhookDeliveryEdge'] = ResolversParentTypes['WebhookDeliveryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['WebhookDelivery'], ParentType, ContextType>;
};

export type WebhookDeliveryResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['WebhookDelivery'] = ResolversParentTypes['WebhookDelivery']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  event?: Resolver<ResolversTypes['WebhookEvent'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DeliveryStatus'], ParentType, ContextType>;
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  deliveredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  nextAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  responseStatus?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type RuleSetResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RuleSet'] = ResolversParentTypes['RuleSet']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['RuleSetStatus'], ParentType, ContextType>;
  validFrom?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  rules?: Resolver<Array<ResolversTypes['EarnRule']>, ParentType, ContextType>;
};

export type EarnRuleResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['EarnRule'] = ResolversParentTypes['EarnRule']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  priority?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  stackingGroup?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  when?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  earn?: Resolver<ResolversTypes['Earning'], ParentType, ContextType>;
  awards?: Resolver<ResolversTypes['Award'], ParentType, ContextType>;
  base?: Resolver<ResolversTypes['EarnBase'], ParentType, ContextType>;
  roundedPer?: Resolver<ResolversTypes['RoundingScope'], ParentType, ContextType>;
  combine?: Resolver<ResolversTypes['Combine'], ParentType, ContextType>;
  caps?: Resolver<Array<ResolversTypes['EarnCap']>, ParentType, ContextType>;
  currency?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type EarnBaseResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['EarnBase'] = ResolversParentTypes['EarnBase']> = {
  tax?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  shipping?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  beforeDiscount?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  pointsPaid?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type EarningResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Earning'] = ResolversParentTypes['Earning']> = {
  spend?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  fixed?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  multiplier?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  distance?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  night?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  stamp?: Resolver<Maybe<ResolversTypes['StampCard']>, ParentType, ContextType>;
  expression?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type StampCardResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['StampCard'] = ResolversParentTypes['StampCard']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  stamps?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
};

export type EarnCapResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['EarnCap'] = ResolversParentTypes['EarnCap']> = {
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  per?: Resolver<ResolversTypes['CapPeriod'], ParentType, ContextType>;
  mode?: Resolver<ResolversTypes['CapMode'], ParentType, ContextType>;
};

export type CapPeriodResolvers = EnumResolverSignature<{ ACTIVITY?: any, DAY?: any, WEEK?: any, MONTH?: any, QUARTER?: any, YEAR?: any, EVER?: any }, ResolversTypes['CapPeriod']>;

export type ActivityResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Activity'] = ResolversParentTypes['Activity'], FederationReferenceType extends FederationReferenceTypes['Activity'] = FederationReferenceTypes['Activity']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Activity']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ActivityKind'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ActivityStatus'], ParentType, ContextType>;
  partner?: Resolver<ResolversTypes['Partner'], ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  postedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  amount?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  exchangeRate?: Resolver<Maybe<ResolversTypes['ExchangeRate']>, ParentType, ContextType>;
  refundedAmount?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  items?: Resolver<Array<ResolversTypes['ActivityItem']>, ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  awarded?: Resolver<Array<ResolversTypes['CurrencyPoints']>, ParentType, ContextType>;
  qualifyingPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  cost?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  ruleSetVersion?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  contractVersion?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  rejectedBecause?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  expectedBy?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  explanation?: Resolver<Array<ResolversTypes['EarnLine']>, ParentType, ContextType>;
};

export type CurrencyPointsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['CurrencyPoints'] = ResolversParentTypes['CurrencyPoints']> = {
  currency?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
};

export type ExchangeRateResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ExchangeRate'] = ResolversParentTypes['ExchangeRate']> = {
  from?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  on?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  rate?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
};

export type ActivityItemResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ActivityItem'] = ResolversParentTypes['ActivityItem']> = {
  line?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  refundedQuantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  awarded?: Resolver<Array<ResolversTypes['CurrencyPoints']>, ParentType, ContextType>;
};

export type EarnLineResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['EarnLine'] = ResolversParentTypes['EarnLine']> = {
  rule?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  offer?: Resolver<Maybe<ResolversTypes['Offer']>, ParentType, ContextType>;
  currency?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  base?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  multiplier?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  desired?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  cappedBy?: Resolver<Maybe<ResolversTypes['CapPeriod']>, ParentType, ContextType>;
  applied?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OfferResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Offer'] = ResolversParentTypes['Offer'], FederationReferenceType extends FederationReferenceTypes['Offer'] = FederationReferenceTypes['Offer']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Offer']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  partner?: Resolver<ResolversTypes['Partner'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['OfferStatus'], ParentType, ContextType>;
  version?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  optIn?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  earningSummary?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  tiers?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  segments?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  rules?: Resolver<Maybe<Array<ResolversTypes['EarnRule']>>, ParentType, ContextType>;
  budget?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  spent?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  funding?: Resolver<Maybe<Array<ResolversTypes['FundingShare']>>, ParentType, ContextType>;
  activated?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  progress?: Resolver<Maybe<ResolversTypes['OfferProgress']>, ParentType, ContextType>;
};

export type FundingShareResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['FundingShare'] = ResolversParentTypes['FundingShare']> = {
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
};

export type OfferProgressResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['OfferProgress'] = ResolversParentTypes['OfferProgress']> = {
  current?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  target?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  percent?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type OfferConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['OfferConnection'] = ResolversParentTypes['OfferConnection']> = {
  edges?: Resolver<Array<ResolversTypes['OfferEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Offer']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type OfferEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['OfferEdge'] = ResolversParentTypes['OfferEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Offer'], ParentType, ContextType>;
};

export type ClaimResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Claim'] = ResolversParentTypes['Claim']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  partner?: Resolver<ResolversTypes['Partner'], ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ClaimStatus'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  decideBy?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  occurredOn?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  reference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  amount?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  decidedBecause?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  activity?: Resolver<Maybe<ResolversTypes['Activity']>, ParentType, ContextType>;
};

export type ClaimEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ClaimEdge'] = ResolversParentTypes['ClaimEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Claim'], ParentType, ContextType>;
};

export type ClaimConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ClaimConnection'] = ResolversParentTypes['ClaimConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ClaimEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Claim']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PartnerPerformanceResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PartnerPerformance'] = ResolversParentTypes['PartnerPerformance']> = {
  activities?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activeMembers?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  pointsIssued?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  pointsRedeemed?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  membersWonFromCoalition?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  averageSpend?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  daily?: Resolver<Array<ResolversTypes['DailyPoints']>, ParentType, ContextType>;
};

export type DailyPointsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['DailyPoints'] = ResolversParentTypes['DailyPoints']> = {
  day?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  issued?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  redeemed?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
};

export type IssuanceReportResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['IssuanceReport'] = ResolversParentTypes['IssuanceReport']> = {
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  byPartner?: Resolver<Array<ResolversTypes['PartnerIssuance']>, ParentType, ContextType>;
  crossPartnerRate?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
};

export type PartnerIssuanceResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PartnerIssuance'] = ResolversParentTypes['PartnerIssuance']> = {
  partner?: Resolver<ResolversTypes['Partner'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  activities?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SettlementStatementResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['SettlementStatement'] = ResolversParentTypes['SettlementStatement'], FederationReferenceType extends FederationReferenceTypes['SettlementStatement'] = FederationReferenceTypes['SettlementStatement']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['SettlementStatement']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  partner?: Resolver<ResolversTypes['Partner'], ParentType, ContextType>;
  period?: Resolver<ResolversTypes['Period'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['SettlementStatus'], ParentType, ContextType>;
  issuedPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  reversedPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  redeemedPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  issuance?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  reimbursement?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  fees?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  adjustments?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  disputed?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  net?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  due?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  sums?: Resolver<Array<ResolversTypes['SettlementSum']>, ParentType, ContextType>;
  issuedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  dueOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  paidAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  paymentReference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lines?: Resolver<ResolversTypes['SettlementLineConnection'], ParentType, ContextType, RequireFields<SettlementStatementLinesArgs, 'first'>>;
  csvUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  htmlUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  csvPiece?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType, RequireFields<SettlementStatementCsvPieceArgs, 'place'>>;
  html?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SettlementLineResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['SettlementLine'] = ResolversParentTypes['SettlementLine']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['SettlementLineKind'], ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  rate?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  contractVersion?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  postedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  disputed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type SettlementSumResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['SettlementSum'] = ResolversParentTypes['SettlementSum']> = {
  kind?: Resolver<ResolversTypes['SettlementLineKind'], ParentType, ContextType>;
  rate?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type SettlementLineConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['SettlementLineConnection'] = ResolversParentTypes['SettlementLineConnection']> = {
  edges?: Resolver<Array<ResolversTypes['SettlementLineEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['SettlementLine']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type SettlementLineEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['SettlementLineEdge'] = ResolversParentTypes['SettlementLineEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['SettlementLine'], ParentType, ContextType>;
};

export type SettlementStatementEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['SettlementStatementEdge'] = ResolversParentTypes['SettlementStatementEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['SettlementStatement'], ParentType, ContextType>;
};

export type SettlementStatementConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['SettlementStatementConnection'] = ResolversParentTypes['SettlementStatementConnection']> = {
  edges?: Resolver<Array<ResolversTypes['SettlementStatementEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['SettlementStatement']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PeriodResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Period'] = ResolversParentTypes['Period']> = {
  from?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
};

export type MemberResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Member'] = ResolversParentTypes['Member'], FederationReferenceType extends FederationReferenceTypes['Member'] = FederationReferenceTypes['Member']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Member']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  activities?: Resolver<Maybe<ResolversTypes['ActivityConnection']>, ParentType, ContextType, RequireFields<MemberActivitiesArgs, 'first'>>;
  stampCards?: Resolver<Maybe<Array<ResolversTypes['StampCardProgress']>>, ParentType, ContextType>;
  offers?: Resolver<Maybe<ResolversTypes['OfferConnection']>, ParentType, ContextType, RequireFields<MemberOffersArgs, 'first'>>;
  claims?: Resolver<Maybe<ResolversTypes['ClaimConnection']>, ParentType, ContextType, RequireFields<MemberClaimsArgs, 'first'>>;
};

export type StampCardProgressResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['StampCardProgress'] = ResolversParentTypes['StampCardProgress']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  partner?: Resolver<ResolversTypes['Partner'], ParentType, ContextType>;
  current?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  target?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
};

export type ProgramResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Program'] = ResolversParentTypes['Program'], FederationReferenceType extends FederationReferenceTypes['Program'] = FederationReferenceTypes['Program']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Program']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  partners?: Resolver<Maybe<ResolversTypes['PartnerConnection']>, ParentType, ContextType, RequireFields<ProgramPartnersArgs, 'first'>>;
  issuance?: Resolver<Maybe<ResolversTypes['IssuanceReport']>, ParentType, ContextType, RequireFields<ProgramIssuanceArgs, 'period'>>;
  settlement?: Resolver<Maybe<ResolversTypes['SettlementReport']>, ParentType, ContextType, RequireFields<ProgramSettlementArgs, 'month'>>;
};

export type ActivityConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ActivityConnection'] = ResolversParentTypes['ActivityConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ActivityEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Activity']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ActivityEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ActivityEdge'] = ResolversParentTypes['ActivityEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Activity'], ParentType, ContextType>;
};

export type SettlementReportResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['SettlementReport'] = ResolversParentTypes['SettlementReport']> = {
  closed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  statements?: Resolver<ResolversTypes['SettlementStatementConnection'], ParentType, ContextType, RequireFields<SettlementReportStatementsArgs, 'first'>>;
  net?: Resolver<Array<ResolversTypes['Money']>, ParentType, ContextType>;
};

export type RuleSetConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RuleSetConnection'] = ResolversParentTypes['RuleSetConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RuleSetEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['RuleSet']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RuleSetEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RuleSetEdge'] = ResolversParentTypes['RuleSetEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['RuleSet'], ParentType, ContextType>;
};

export type LedgerSealResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['LedgerSeal'] = ResolversParentTypes['LedgerSeal']> = {
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  hash?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  previous?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sealedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type LedgerSealConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['LedgerSealConnection'] = ResolversParentTypes['LedgerSealConnection']> = {
  edges?: Resolver<Array<ResolversTypes['LedgerSealEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['LedgerSeal']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type LedgerSealEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['LedgerSealEdge'] = ResolversParentTypes['LedgerSealEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['LedgerSeal'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType, Partial<QueryPartnerArgs>>;
  partners?: Resolver<Maybe<ResolversTypes['PartnerConnection']>, ParentType, ContextType, RequireFields<QueryPartnersArgs, 'first'>>;
  myPartner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  offer?: Resolver<Maybe<ResolversTypes['Offer']>, ParentType, ContextType, RequireFields<QueryOfferArgs, 'id'>>;
  offers?: Resolver<Maybe<ResolversTypes['OfferConnection']>, ParentType, ContextType, RequireFields<QueryOffersArgs, 'status' | 'first'>>;
  activity?: Resolver<Maybe<ResolversTypes['Activity']>, ParentType, ContextType, Partial<QueryActivityArgs>>;
  claim?: Resolver<Maybe<ResolversTypes['Claim']>, ParentType, ContextType, RequireFields<QueryClaimArgs, 'id'>>;
  previewPoints?: Resolver<Maybe<ResolversTypes['PointsPreview']>, ParentType, ContextType, RequireFields<QueryPreviewPointsArgs, 'input'>>;
  simulateActivity?: Resolver<Maybe<ResolversTypes['ActivitySimulation']>, ParentType, ContextType, RequireFields<QuerySimulateActivityArgs, 'input'>>;
  replay?: Resolver<Maybe<ResolversTypes['RuleSetReplay']>, ParentType, ContextType, RequireFields<QueryReplayArgs, 'id'>>;
  exchangeRates?: Resolver<Maybe<Array<ResolversTypes['ExchangeRate']>>, ParentType, ContextType, RequireFields<QueryExchangeRatesArgs, 'to'>>;
  activityImport?: Resolver<Maybe<ResolversTypes['ActivityImport']>, ParentType, ContextType, RequireFields<QueryActivityImportArgs, 'id'>>;
  settlementStatement?: Resolver<Maybe<ResolversTypes['SettlementStatement']>, ParentType, ContextType, RequireFields<QuerySettlementStatementArgs, 'id'>>;
  ledgerSeals?: Resolver<Maybe<ResolversTypes['LedgerSealConnection']>, ParentType, ContextType, RequireFields<QueryLedgerSealsArgs, 'first'>>;
};

export type RuleSetReplayResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RuleSetReplay'] = ResolversParentTypes['RuleSetReplay']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['JobStatus'], ParentType, ContextType>;
  ruleSet?: Resolver<ResolversTypes['RuleSet'], ParentType, ContextType>;
  period?: Resolver<ResolversTypes['Period'], ParentType, ContextType>;
  activities?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  pointsThen?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  pointsNow?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  costThen?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  costNow?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  membersBetterOff?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  membersWorseOff?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type PointsPreviewResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PointsPreview'] = ResolversParentTypes['PointsPreview']> = {
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  qualifyingPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  awarded?: Resolver<Array<ResolversTypes['CurrencyPoints']>, ParentType, ContextType>;
  summary?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ActivitySimulationResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ActivitySimulation'] = ResolversParentTypes['ActivitySimulation']> = {
  points?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  qualifyingPoints?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  awarded?: Resolver<Maybe<Array<ResolversTypes['CurrencyPoints']>>, ParentType, ContextType>;
  explanation?: Resolver<Maybe<Array<ResolversTypes['EarnLine']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type MutationResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  recordActivity?: Resolver<Maybe<ResolversTypes['ActivityPayload']>, ParentType, ContextType, RequireFields<MutationRecordActivityArgs, 'input'>>;
  recordActivities?: Resolver<Maybe<Array<ResolversTypes['ActivityPayload']>>, ParentType, ContextType, RequireFields<MutationRecordActivitiesArgs, 'inputs'>>;
  confirmActivity?: Resolver<Maybe<ResolversTypes['ActivityPayload']>, ParentType, ContextType, RequireFields<MutationConfirmActivityArgs, 'reference'>>;
  refundActivity?: Resolver<Maybe<ResolversTypes['ActivityPayload']>, ParentType, ContextType, RequireFields<MutationRefundActivityArgs, 'input'>>;
  startImport?: Resolver<Maybe<ResolversTypes['ActivityImportPayload']>, ParentType, ContextType, RequireFields<MutationStartImportArgs, 'input'>>;
  cancelImport?: Resolver<Maybe<ResolversTypes['ActivityImportPayload']>, ParentType, ContextType, RequireFields<MutationCancelImportArgs, 'id'>>;
  uploadActivities?: Resolver<Maybe<ResolversTypes['UploadPayload']>, ParentType, ContextType, RequireFields<MutationUploadActivitiesArgs, 'id' | 'fileName' | 'place' | 'content' | 'isLast'>>;
  dropUpload?: Resolver<Maybe<ResolversTypes['UploadPayload']>, ParentType, ContextType, RequireFields<MutationDropUploadArgs, 'id'>>;
  claimMissingPoints?: Resolver<Maybe<ResolversTypes['ClaimPayload']>, ParentType, ContextType, RequireFields<MutationClaimMissingPointsArgs, 'input'>>;
  decideClaim?: Resolver<Maybe<ResolversTypes['ClaimPayload']>, ParentType, ContextType, RequireFields<MutationDecideClaimArgs, 'id' | 'grant' | 'reason'>>;
  invitePartner?: Resolver<Maybe<ResolversTypes['PartnerPayload']>, ParentType, ContextType, RequireFields<MutationInvitePartnerArgs, 'input'>>;
  updatePartner?: Resolver<Maybe<ResolversTypes['PartnerPayload']>, ParentType, ContextType, RequireFields<MutationUpdatePartnerArgs, 'id' | 'input'>>;
  signContract?: Resolver<Maybe<ResolversTypes['PartnerPayload']>, ParentType, ContextType, RequireFields<MutationSignContractArgs, 'partnerId' | 'input'>>;
  activatePartner?: Resolver<Maybe<ResolversTypes['PartnerPayload']>, ParentType, ContextType, RequireFields<MutationActivatePartnerArgs, 'id'>>;
  suspendPartner?: Resolver<Maybe<ResolversTypes['PartnerPayload']>, ParentType, ContextType, RequireFields<MutationSuspendPartnerArgs, 'id' | 'reason'>>;
  terminatePartner?: Resolver<Maybe<ResolversTypes['PartnerPayload']>, ParentType, ContextType, RequireFields<MutationTerminatePartnerArgs, 'id' | 'on' | 'reason'>>;
  setExchangeRates?: Resolver<Maybe<ResolversTypes['ExchangeRatesPayload']>, ParentType, ContextType, RequireFields<MutationSetExchangeRatesArgs, 'rates'>>;
  draftRuleSet?: Resolver<Maybe<ResolversTypes['RuleSetPayload']>, ParentType, ContextType, RequireFields<MutationDraftRuleSetArgs, 'partnerId' | 'rules'>>;
  publishRuleSet?: Resolver<Maybe<ResolversTypes['RuleSetPayload']>, ParentType, ContextType, RequireFields<MutationPublishRuleSetArgs, 'id'>>;
  startReplay?: Resolver<Maybe<ResolversTypes['ReplayPayload']>, ParentType, ContextType, RequireFields<MutationStartReplayArgs, 'ruleSetId' | 'period'>>;
  createApiClient?: Resolver<Maybe<ResolversTypes['ApiClientPayload']>, ParentType, ContextType, RequireFields<MutationCreateApiClientArgs, 'input'>>;
  rotateApiClient?: Resolver<Maybe<ResolversTypes['ApiClientPayload']>, ParentType, ContextType, RequireFields<MutationRotateApiClientArgs, 'clientId'>>;
  revokeApiClient?: Resolver<Maybe<ResolversTypes['PartnerPayload']>, ParentType, ContextType, RequireFields<MutationRevokeApiClientArgs, 'clientId'>>;
  registerWebhook?: Resolver<Maybe<ResolversTypes['WebhookPayload']>, ParentType, ContextType, RequireFields<MutationRegisterWebhookArgs, 'input'>>;
  updateWebhook?: Resolver<Maybe<ResolversTypes['WebhookPayload']>, ParentType, ContextType, RequireFields<MutationUpdateWebhookArgs, 'id' | 'input'>>;
  rotateWebhookSecret?: Resolver<Maybe<ResolversTypes['WebhookPayload']>, ParentType, ContextType, RequireFields<MutationRotateWebhookSecretArgs, 'id'>>;
  testWebhook?: Resolver<Maybe<ResolversTypes['WebhookPayload']>, ParentType, ContextType, RequireFields<MutationTestWebhookArgs, 'id'>>;
  removeWebhook?: Resolver<Maybe<ResolversTypes['PartnerPayload']>, ParentType, ContextType, RequireFields<MutationRemoveWebhookArgs, 'id'>>;
  redeliverWebhook?: Resolver<Maybe<ResolversTypes['PartnerPayload']>, ParentType, ContextType, RequireFields<MutationRedeliverWebhookArgs, 'deliveryId'>>;
  sellPoints?: Resolver<Maybe<ResolversTypes['PartnerPayload']>, ParentType, ContextType, RequireFields<MutationSellPointsArgs, 'input'>>;
  createOffer?: Resolver<Maybe<ResolversTypes['OfferPayload']>, ParentType, ContextType, RequireFields<MutationCreateOfferArgs, 'input'>>;
  updateOffer?: Resolver<Maybe<ResolversTypes['OfferPayload']>, ParentType, ContextType, RequireFields<MutationUpdateOfferArgs, 'id' | 'input'>>;
  publishOffer?: Resolver<Maybe<ResolversTypes['OfferPayload']>, ParentType, ContextType, RequireFields<MutationPublishOfferArgs, 'id'>>;
  endOffer?: Resolver<Maybe<ResolversTypes['OfferPayload']>, ParentType, ContextType, RequireFields<MutationEndOfferArgs, 'id'>>;
  activateOffer?: Resolver<Maybe<ResolversTypes['OfferPayload']>, ParentType, ContextType, RequireFields<MutationActivateOfferArgs, 'id'>>;
  closeSettlementMonth?: Resolver<Maybe<ResolversTypes['SettlementPayload']>, ParentType, ContextType, RequireFields<MutationCloseSettlementMonthArgs, 'month'>>;
  disputeStatement?: Resolver<Maybe<ResolversTypes['SettlementPayload']>, ParentType, ContextType, RequireFields<MutationDisputeStatementArgs, 'id' | 'reason'>>;
  resolveDispute?: Resolver<Maybe<ResolversTypes['SettlementPayload']>, ParentType, ContextType, RequireFields<MutationResolveDisputeArgs, 'id' | 'uphold' | 'reason'>>;
  markStatementPaid?: Resolver<Maybe<ResolversTypes['SettlementPayload']>, ParentType, ContextType, RequireFields<MutationMarkStatementPaidArgs, 'id' | 'paymentReference'>>;
};

export type SubscriptionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  importProgressed?: SubscriptionResolver<ResolversTypes['ActivityImport'], "importProgressed", ParentType, ContextType, RequireFields<SubscriptionImportProgressedArgs, 'id'>>;
  activityPosted?: SubscriptionResolver<ResolversTypes['Activity'], "activityPosted", ParentType, ContextType>;
};

export type ExchangeRatesPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ExchangeRatesPayload'] = ResolversParentTypes['ExchangeRatesPayload']> = {
  exchangeRates?: Resolver<Maybe<Array<ResolversTypes['ExchangeRate']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ActivityPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ActivityPayload'] = ResolversParentTypes['ActivityPayload']> = {
  activity?: Resolver<Maybe<ResolversTypes['Activity']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ClaimPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ClaimPayload'] = ResolversParentTypes['ClaimPayload']> = {
  claim?: Resolver<Maybe<ResolversTypes['Claim']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ActivityImportResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ActivityImport'] = ResolversParentTypes['ActivityImport'], FederationReferenceType extends FederationReferenceTypes['ActivityImport'] = FederationReferenceTypes['ActivityImport']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['ActivityImport']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  partner?: Resolver<ResolversTypes['Partner'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ActivityKind'], ParentType, ContextType>;
  fileName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  dryRun?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ImportStatus'], ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  rows?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  total?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  posted?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  refunded?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  duplicates?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rejected?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rejections?: Resolver<ResolversTypes['ImportRejectionConnection'], ParentType, ContextType, RequireFields<ActivityImportRejectionsArgs, 'first'>>;
  rejectionsAfter?: Resolver<Maybe<Array<ResolversTypes['ImportRejection']>>, ParentType, ContextType, RequireFields<ActivityImportRejectionsAfterArgs, 'line'>>;
  rejectionsUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type ImportRejectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ImportRejection'] = ResolversParentTypes['ImportRejection']> = {
  line?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['UserErrorCode'], ParentType, ContextType>;
  field?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ImportRejectionConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ImportRejectionConnection'] = ResolversParentTypes['ImportRejectionConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ImportRejectionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['ImportRejection']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ImportRejectionEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ImportRejectionEdge'] = ResolversParentTypes['ImportRejectionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ImportRejection'], ParentType, ContextType>;
};

export type ActivityImportConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ActivityImportConnection'] = ResolversParentTypes['ActivityImportConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ActivityImportEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['ActivityImport']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ActivityImportEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ActivityImportEdge'] = ResolversParentTypes['ActivityImportEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ActivityImport'], ParentType, ContextType>;
};

export type ActivityImportPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ActivityImportPayload'] = ResolversParentTypes['ActivityImportPayload']> = {
  activityImport?: Resolver<Maybe<ResolversTypes['ActivityImport']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UploadPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['UploadPayload'] = ResolversParentTypes['UploadPayload']> = {
  upload?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type PartnerPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PartnerPayload'] = ResolversParentTypes['PartnerPayload']> = {
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RuleSetPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RuleSetPayload'] = ResolversParentTypes['RuleSetPayload']> = {
  ruleSet?: Resolver<Maybe<ResolversTypes['RuleSet']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReplayPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ReplayPayload'] = ResolversParentTypes['ReplayPayload']> = {
  replay?: Resolver<Maybe<ResolversTypes['RuleSetReplay']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ApiClientPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ApiClientPayload'] = ResolversParentTypes['ApiClientPayload']> = {
  client?: Resolver<Maybe<ResolversTypes['ApiClient']>, ParentType, ContextType>;
  clientSecret?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type WebhookPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['WebhookPayload'] = ResolversParentTypes['WebhookPayload']> = {
  webhook?: Resolver<Maybe<ResolversTypes['Webhook']>, ParentType, ContextType>;
  secret?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type OfferPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['OfferPayload'] = ResolversParentTypes['OfferPayload']> = {
  offer?: Resolver<Maybe<ResolversTypes['Offer']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SettlementPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['SettlementPayload'] = ResolversParentTypes['SettlementPayload']> = {
  statements?: Resolver<Maybe<Array<ResolversTypes['SettlementStatement']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = SubgraphContext> = {
  Points?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  Decimal?: GraphQLScalarType;
  CurrencyCode?: GraphQLScalarType;
  Money?: MoneyResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  ErrorDetails?: ErrorDetailsResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Partner?: PartnerResolvers<ContextType>;
  PartnerDetails?: PartnerDetailsResolvers<ContextType>;
  AirlineDetails?: AirlineDetailsResolvers<ContextType>;
  FareEarning?: FareEarningResolvers<ContextType>;
  HotelDetails?: HotelDetailsResolvers<ContextType>;
  CardIssuerDetails?: CardIssuerDetailsResolvers<ContextType>;
  CardProduct?: CardProductResolvers<ContextType>;
  CategoryRate?: CategoryRateResolvers<ContextType>;
  RetailerDetails?: RetailerDetailsResolvers<ContextType>;
  MobilityDetails?: MobilityDetailsResolvers<ContextType>;
  PartnerConnection?: PartnerConnectionResolvers<ContextType>;
  PartnerEdge?: PartnerEdgeResolvers<ContextType>;
  Onboarding?: OnboardingResolvers<ContextType>;
  OnboardingStep?: OnboardingStepResolvers<ContextType>;
  Contract?: ContractResolvers<ContextType>;
  ConversionTerms?: ConversionTermsResolvers<ContextType>;
  PartnerCredit?: PartnerCreditResolvers<ContextType>;
  PointBlockConnection?: PointBlockConnectionResolvers<ContextType>;
  PointBlockEdge?: PointBlockEdgeResolvers<ContextType>;
  PointBlock?: PointBlockResolvers<ContextType>;
  ApiClient?: ApiClientResolvers<ContextType>;
  WebhookEvent?: WebhookEventResolvers;
  Webhook?: WebhookResolvers<ContextType>;
  DeliveryStatus?: DeliveryStatusResolvers;
  WebhookDeliveryConnection?: WebhookDeliveryConnectionResolvers<ContextType>;
  WebhookDeliveryEdge?: WebhookDeliveryEdgeResolvers<ContextType>;
  WebhookDelivery?: WebhookDeliveryResolvers<ContextType>;
  RuleSet?: RuleSetResolvers<ContextType>;
  EarnRule?: EarnRuleResolvers<ContextType>;
  EarnBase?: EarnBaseResolvers<ContextType>;
  Earning?: EarningResolvers<ContextType>;
  StampCard?: StampCardResolvers<ContextType>;
  EarnCap?: EarnCapResolvers<ContextType>;
  CapPeriod?: CapPeriodResolvers;
  Activity?: ActivityResolvers<ContextType>;
  CurrencyPoints?: CurrencyPointsResolvers<ContextType>;
  ExchangeRate?: ExchangeRateResolvers<ContextType>;
  ActivityItem?: ActivityItemResolvers<ContextType>;
  EarnLine?: EarnLineResolvers<ContextType>;
  Offer?: OfferResolvers<ContextType>;
  FundingShare?: FundingShareResolvers<ContextType>;
  OfferProgress?: OfferProgressResolvers<ContextType>;
  OfferConnection?: OfferConnectionResolvers<ContextType>;
  OfferEdge?: OfferEdgeResolvers<ContextType>;
  Claim?: ClaimResolvers<ContextType>;
  ClaimEdge?: ClaimEdgeResolvers<ContextType>;
  ClaimConnection?: ClaimConnectionResolvers<ContextType>;
  PartnerPerformance?: PartnerPerformanceResolvers<ContextType>;
  DailyPoints?: DailyPointsResolvers<ContextType>;
  IssuanceReport?: IssuanceReportResolvers<ContextType>;
  PartnerIssuance?: PartnerIssuanceResolvers<ContextType>;
  SettlementStatement?: SettlementStatementResolvers<ContextType>;
  SettlementLine?: SettlementLineResolvers<ContextType>;
  SettlementSum?: SettlementSumResolvers<ContextType>;
  SettlementLineConnection?: SettlementLineConnectionResolvers<ContextType>;
  SettlementLineEdge?: SettlementLineEdgeResolvers<ContextType>;
  SettlementStatementEdge?: SettlementStatementEdgeResolvers<ContextType>;
  SettlementStatementConnection?: SettlementStatementConnectionResolvers<ContextType>;
  Period?: PeriodResolvers<ContextType>;
  Member?: MemberResolvers<ContextType>;
  StampCardProgress?: StampCardProgressResolvers<ContextType>;
  Program?: ProgramResolvers<ContextType>;
  ActivityConnection?: ActivityConnectionResolvers<ContextType>;
  ActivityEdge?: ActivityEdgeResolvers<ContextType>;
  SettlementReport?: SettlementReportResolvers<ContextType>;
  RuleSetConnection?: RuleSetConnectionResolvers<ContextType>;
  RuleSetEdge?: RuleSetEdgeResolvers<ContextType>;
  LedgerSeal?: LedgerSealResolvers<ContextType>;
  LedgerSealConnection?: LedgerSealConnectionResolvers<ContextType>;
  LedgerSealEdge?: LedgerSealEdgeResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RuleSetReplay?: RuleSetReplayResolvers<ContextType>;
  PointsPreview?: PointsPreviewResolvers<ContextType>;
  ActivitySimulation?: ActivitySimulationResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  ExchangeRatesPayload?: ExchangeRatesPayloadResolvers<ContextType>;
  ActivityPayload?: ActivityPayloadResolvers<ContextType>;
  ClaimPayload?: ClaimPayloadResolvers<ContextType>;
  ActivityImport?: ActivityImportResolvers<ContextType>;
  ImportRejection?: ImportRejectionResolvers<ContextType>;
  ImportRejectionConnection?: ImportRejectionConnectionResolvers<ContextType>;
  ImportRejectionEdge?: ImportRejectionEdgeResolvers<ContextType>;
  ActivityImportConnection?: ActivityImportConnectionResolvers<ContextType>;
  ActivityImportEdge?: ActivityImportEdgeResolvers<ContextType>;
  ActivityImportPayload?: ActivityImportPayloadResolvers<ContextType>;
  UploadPayload?: UploadPayloadResolvers<ContextType>;
  PartnerPayload?: PartnerPayloadResolvers<ContextType>;
  RuleSetPayload?: RuleSetPayloadResolvers<ContextType>;
  ReplayPayload?: ReplayPayloadResolvers<ContextType>;
  ApiClientPayload?: ApiClientPayloadResolvers<ContextType>;
  WebhookPayload?: WebhookPayloadResolvers<ContextType>;
  OfferPayload?: OfferPayloadResolvers<ContextType>;
  SettlementPayload?: SettlementPayloadResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = SubgraphContext> = {
  access?: AccessDirectiveResolver<any, any, ContextType>;
  cached?: CachedDirectiveResolver<any, any, ContextType>;
};

