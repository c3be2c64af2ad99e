// Generated from schema/ by `npm run codegen`. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Adjustment as AdjustmentRow, Consent as ConsentRow, ConsentRequest as ConsentRequestRow, Conversion as ConversionRow, Hold as HoldRow, HouseholdMember as HouseholdMemberRow, HouseholdInvitation as HouseholdInvitationRow, Member as MemberRow, Notification as NotificationRow, Erasure as ErasureRow, DataExport as DataExportRow, ErasureReceipt as ErasureReceiptRow, Program as ProgramRow, ReferralRules as ReferralRulesRow, RiskLimits as RiskLimitsRow, RiskCase as RiskCaseRow, Segment as SegmentRow, Staff as StaffRow, Benefit as BenefitRow, Tier as TierRow, PointsTransfer as PointsTransferRow } from './entities.ts';
import type { Household as HouseholdRow, ProgramGoal as ProgramGoalRow, AuditEvent as AuditEventRow, ConversionPayload as ConversionPayloadRow, Money as MoneyRow, PaymentQuote as PaymentQuoteRow, HoldPayload as HoldPayloadRow, MemberIdentifier as MemberIdentifierRow, MemberProfile as MemberProfileRow, Viewer as ViewerRow, NotificationPreference as NotificationPreferenceRow, NotificationConnection as NotificationConnectionRow, Balance as BalanceRow, IssuerBalance as IssuerBalanceRow, StatementEntry as StatementEntryRow, PointsCurrency as PointsCurrencyRow, ReferralStatus as ReferralStatusRow, ProgramCost as ProgramCostRow, LiabilityReport as LiabilityReportRow, IssuerLiability as IssuerLiabilityRow, PointsMovement as PointsMovementRow, TierCount as TierCountRow, MembershipReport as MembershipReportRow, LifetimeValueReport as LifetimeValueReportRow, TierStatus as TierStatusRow } from './rows.ts';
import type { SubgraphContext } from './loaders.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
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

/** The coalition itself. */
export type Program = {
  id: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  /** IANA name. Days, expiry and periods go by it. */
  timeZone: Scalars['String']['output'];
  /** The money that worth and value are shown in. */
  moneyCurrency: Scalars['CurrencyCode']['output'];
  /** Counts up with each `configureProgram`. */
  version: Scalars['Int']['output'];
  /** What the program counts, the shared currency first. */
  currencies: Array<PointsCurrency>;
  /** By rank, lowest first; empty where the program has none. */
  tiers: Array<Tier>;
  tierPolicy: TierPolicy;
  /** Of the coalition's shared currency. */
  expiryPolicy: ExpiryPolicy;
  /**
   * Points that one administrator may give or take by hand of one member on one day: what goes beyond it waits for a second
   * administrator.
   */
  adjustmentApprovalLimit?: Maybe<Scalars['Points']['output']>;
  /** The same, of all members together. */
  adjustmentDailyLimit?: Maybe<Scalars['Points']['output']>;
  /**
   * How far a member's balance may go below zero where points are taken back that are spent already: what is beyond it
   * is borne by whom the partner's contract names.
   */
  negativeLimit?: Maybe<Scalars['Points']['output']>;
  /**
   * The public keys of wallet tokens, a JWK set as JSON: a till without a connection can tell by them that a token is
   * genuine and not over, though not whose it is, nor whether it was used.
   */
  walletKeys: Scalars['String']['output'];
  /** What members may move at once, and how often. */
  riskLimits?: Maybe<RiskLimits>;
  /** What is given for new members whom others bring. */
  referralRules: ReferralRules;
  /** Who takes part, and who came and went, in a period of 366 days at most. */
  membership?: Maybe<MembershipReport>;
  /** What the coalition owes in its shared currency: now where `asOf` is left out or yet to come. */
  liability?: Maybe<LiabilityReport>;
  /** What the program wants to reach, the period that ends last first. */
  goals?: Maybe<Array<ProgramGoal>>;
  /** What was recorded for the days of the period: each kind, also with nothing. */
  costs?: Maybe<Array<ProgramCost>>;
};


/** The coalition itself. */
export type ProgramMembershipArgs = {
  period: PeriodInput;
};


/** The coalition itself. */
export type ProgramLiabilityArgs = {
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
};


/** The coalition itself. */
export type ProgramCostsArgs = {
  period: PeriodInput;
};

/** Days in the program's time zone. Both days count. */
export type PeriodInput = {
  from: Scalars['Date']['input'];
  to: Scalars['Date']['input'];
};

/** A unit that the ledger counts: the coalition's shared points, or a partner's own miles or nights. */
export type PointsCurrency = {
  code: Scalars['String']['output'];
  name: Scalars['String']['output'];
  kind: CurrencyKind;
  /** Null for the coalition's shared currency. */
  issuer?: Maybe<Partner>;
};

/**
 * How much members may move, before somebody looks at it or at all. Days and years are those of the program's time zone;
 * 30 days end now. What was refused, denied or given back does not count; a redemption that was cancelled, and a hold that
 * was released, count on.
 */
export type RiskLimits = {
  /** For so many days after joining a member gives no points away, and converts none. */
  newAccountDays: Scalars['Int']['output'];
  /** Transfers of one member. */
  transfersPerDay: Scalars['Int']['output'];
  transfersPer30Days: Scalars['Int']['output'];
  transfersPerYear: Scalars['Int']['output'];
  /** Points that one member transfers. */
  transferPointsPerDay: Scalars['Points']['output'];
  transferPointsPer30Days: Scalars['Points']['output'];
  transferPointsPerYear: Scalars['Points']['output'];
  /** Points that one member converts. */
  conversionPointsPerDay: Scalars['Points']['output'];
  conversionPointsPerYear: Scalars['Points']['output'];
  /** What one member redeems and pays with points at tills, together. */
  redemptionsPerDay: Scalars['Int']['output'];
  redemptionPointsPerDay: Scalars['Points']['output'];
  /** From so many points redeemed on one day on, a member signs in again with a second factor. Tills do not ask for it. */
  redemptionStepUpFrom: Scalars['Points']['output'];
  /** From so many points on one day on, a member signs in again with a second factor. */
  stepUpFrom: Scalars['Points']['output'];
  /** A transfer to one receiver more within 30 days is held back for a look. */
  receiversPer30Days: Scalars['Int']['output'];
  /** After so many receivers in a day who are no members, a member gives only to whom they gave before. */
  unknownReceiversPerDay: Scalars['Int']['output'];
  /** After so many days without earning or redeeming, the first transfer, redemption or hold is held back for a look. */
  dormantDays: Scalars['Int']['output'];
  /** How long what is held back waits for a decision; then a transfer's points are free again. */
  reviewHours: Scalars['Int']['output'];
};

/**
 * What is given for a new member who enrols with another's code: to both, once, when the new member has points of a partner
 * that can be spent. Nothing where both are 0.
 */
export type ReferralRules = {
  /** For the member whose code it was. */
  referrerPoints: Scalars['Points']['output'];
  /** For the new member. */
  friendPoints: Scalars['Points']['output'];
  /** The new member earns within so many days after joining. */
  withinDays: Scalars['Int']['output'];
  /** Points are given so many days after the new member has earned: until then a purchase may go back. */
  waitDays: Scalars['Int']['output'];
  /** For so many new members in a calendar year a member is given points. */
  rewardsPerYear: Scalars['Int']['output'];
  /** So many who join with a code on one day count for it; further ones join all the same. */
  joinsPerDay?: Maybe<Scalars['Int']['output']>;
};

/** What points of a currency are good for. */
export type CurrencyKind =
  | 'SPENDABLE'
  /** Counts for tiers; cannot be spent, transferred or converted. */
  | 'QUALIFYING';

/** A brand of the coalition. */
export type Partner = {
  id: Scalars['ID']['output'];
};

/** What a member did at a partner. */
export type Activity = {
  id: Scalars['ID']['output'];
};

/** A reward that a member obtained. */
export type Redemption = {
  id: Scalars['ID']['output'];
};

/** How long a tier lasts, and what comes after it. */
export type TierPolicy = {
  period: QualificationPeriod;
  /** What becomes of a tier that was not reached again by its last day. */
  downgrade: Downgrade;
  /** A tier lasts for the rest of the period in which it is reached, the next period, and so many days. */
  graceDays: Scalars['Int']['output'];
  /** A refund may cost the tier before the period ends. */
  demoteOnReversal: Scalars['Boolean']['output'];
};

/** Within which qualifying points are counted together, by the days of the program's time zone. */
export type QualificationPeriod =
  | 'CALENDAR_YEAR'
  /** From the day of the year on which the member joined. */
  | 'MEMBERSHIP_YEAR'
  | 'ROLLING_12_MONTHS';

/** The way down. */
export type Downgrade =
  /** Soft landing: one tier at a time. */
  | 'ONE_STEP'
  /** To what the last periods came to. */
  | 'TO_QUALIFIED'
  /** To the lowest: what was earned before counts no more. */
  | 'TO_BASE';

/** When points end that are not spent. A change holds for what is earned from then on. */
export type ExpiryPolicy = {
  kind: ExpiryKind;
  /** Null where points do not end after months. */
  months?: Maybe<Scalars['Int']['output']>;
  /** For FIXED_DATES: month and day, for example "12-31". */
  dates: Array<Scalars['String']['output']>;
  /** For FIXED_DATES: with fewer days left, the date after counts. */
  minimumDays?: Maybe<Scalars['Int']['output']>;
  /** How far an end after months goes on. */
  rounding: ExpiryRounding;
  /** Days before expiry on which a member is told. */
  noticeDays: Array<Scalars['Int']['output']>;
};

/** To whose end an end after months goes on. */
export type ExpiryRounding =
  | 'DAY'
  | 'MONTH'
  | 'QUARTER'
  | 'HALF_YEAR'
  | 'YEAR';

/** What points end by. */
export type ExpiryKind =
  /** Each lot expires a number of months after it was earned. */
  | 'LOT_AGE'
  /** All points expire after a number of months without activity. */
  | 'INACTIVITY'
  | 'FIXED_DATES'
  | 'NEVER';

/** A step of the program that members reach by what they earn, and what comes with it. */
export type Tier = {
  code: Scalars['String']['output'];
  name: Scalars['String']['output'];
  /** Counts from 0, the lowest. */
  rank: Scalars['Int']['output'];
  /** Qualifying points needed within one qualification period. */
  threshold: Scalars['Points']['output'];
  /**
   * Multiplies the base of what a member of this tier earns by purchases from then on, together with partners' multipliers:
   * base x (1 + sum of (multiplier - 1)). Fixed points, and what counts for tiers, stay as they are.
   */
  earnMultiplier: Scalars['Decimal']['output'];
  benefits: Array<Benefit>;
};

/** Something that comes with a tier. */
export type Benefit = {
  code: Scalars['String']['output'];
  name: Scalars['String']['output'];
  description?: Maybe<Scalars['String']['output']>;
};

/**
 * Who takes part. Active on a day is who earned or spent in the twelve months up to it, by when things happened. Members
 * of the sandbox do not count.
 */
export type MembershipReport = {
  /** Who had joined by the end of the period, provisional members too; whose membership is closed by now is left out. */
  members: Scalars['Int']['output'];
  /** Active on the last day. */
  activeMembers: Scalars['Int']['output'];
  /** Joined in the period. */
  enrolled: Scalars['Int']['output'];
  /** Active on the day before the period, and not on its last day. */
  lapsed: Scalars['Int']['output'];
  /** `lapsed` / active on the day before the period, to six decimals. Null where nobody was. */
  churnRate?: Maybe<Scalars['Decimal']['output']>;
  /**
   * Members who moved up a tier in the period, or raised their spend, against those active on the day before it, to six
   * decimals. Who raised it earned more of the shared currency with partners in the months of the period than in as many
   * months before. Null where nobody was active.
   */
  upgradeRate?: Maybe<Scalars['Decimal']['output']>;
  /** How members stand now, whatever the period, lowest tier first; empty where the program has no tiers. */
  byTier: Array<TierCount>;
  /** As it was fitted last, whatever the period. Null before the first time, and while too few have bought. */
  lifetimeValue?: Maybe<LifetimeValueReport>;
};

/** How many members have a tier. */
export type TierCount = {
  tier: Tier;
  members: Scalars['Int']['output'];
};

/**
 * Customer lifetime value by BG/NBD and Gamma-Gamma, fitted to the program's own purchases by maximum likelihood, once a
 * day.
 */
export type LifetimeValueReport = {
  r: Scalars['Float']['output'];
  alpha: Scalars['Float']['output'];
  a: Scalars['Float']['output'];
  b: Scalars['Float']['output'];
  logLikelihood: Scalars['Float']['output'];
  /** How often a member who has bought is expected to buy in the year to come. */
  expectedPurchasesPerMember: Scalars['Float']['output'];
  /** What those purchases come to. Null where too few bought again to tell. */
  expectedValuePerMember?: Maybe<Money>;
  /** To the purchases up to then. */
  fittedAt: Scalars['DateTime']['output'];
};

/** What members have of the shared currency, and what it is worth. */
export type LiabilityReport = {
  asOf: Scalars['DateTime']['output'];
  /** Everything that members have: pending and held points too. */
  outstanding: Scalars['Points']['output'];
  /** Of these, what could not be spent yet. It takes the longer, the longer ago `asOf` is. */
  pending: Scalars['Points']['output'];
  /** Opening and what moved it to the closing figure, by the days on which it was posted. */
  movement: PointsMovement;
  /**
   * Outstanding points at their issue price, less expected breakage: of the issuers whose contracts are in the program's
   * money, and of the coalition itself.
   */
  fairValue: Money;
  /** The same of issuers with contracts in other currencies, one amount for each currency. */
  fairValueElsewhere: Array<Money>;
  /**
   * The part of the outstanding points that is expected never to be redeemed, to six decimals: by the chain ladder over
   * the months that were over. 0 for a program too young to tell.
   */
  breakageRate: Scalars['Decimal']['output'];
  /** The most points first. */
  byIssuer: Array<IssuerLiability>;
  /** The ledger's own proof: the sum of all accounts as they are now, which must be 0. */
  trialBalance: Scalars['Points']['output'];
};


/** What members have of the shared currency, and what it is worth. */
export type LiabilityReportMovementArgs = {
  period: PeriodInput;
};

/** How points moved: closing = opening + issued - redeemed - expired + exchanged + adjusted. */
export type PointsMovement = {
  opening: Scalars['Points']['output'];
  /** By partners, less what was taken back. */
  issued: Scalars['Points']['output'];
  /** With partners and for causes, less what was cancelled. */
  redeemed: Scalars['Points']['output'];
  /** Less what was given back after its end. */
  expired: Scalars['Points']['output'];
  /** Came from other currencies less what went there. */
  exchanged: Scalars['Points']['output'];
  /** By the coalition, what was written off, and by what members' debts grew or were paid. */
  adjusted: Scalars['Points']['output'];
  closing: Scalars['Points']['output'];
};

/** Something that the program wants to reach in a period. */
export type ProgramGoal = {
  id: Scalars['ID']['output'];
  measure: GoalMeasure;
  period: Period;
  /** In the measure's own unit. */
  target: Scalars['Decimal']['output'];
  /** To six decimals. Null until there is something to measure. */
  current?: Maybe<Scalars['Decimal']['output']>;
  /**
   * How much of the target is reached: rounded down, and 100 only when it is reached. For CHURN, of which less is better,
   * how much the target is of `current`.
   */
  percent?: Maybe<Scalars['Int']['output']>;
};

/** What a goal is measured by. Rates are parts of a whole: 0.25 is a quarter. */
export type GoalMeasure =
  /** 1 less the churn rate. */
  | 'RETENTION'
  /** `MembershipReport.churnRate` of the period. */
  | 'CHURN'
  /** Of purchases that were paid in the program's money, in it. */
  | 'AVERAGE_ORDER_VALUE'
  /** Points redeemed in the period / points issued in it. */
  | 'REDEMPTION_RATE'
  /** `LifetimeValueReport.expectedValuePerMember`, as it was fitted last. */
  | 'LIFETIME_VALUE'
  /** Members who wrote a post or a review in the period / members at its end. */
  | 'ENGAGEMENT'
  /** Not measured until members are asked: `current` is null. */
  | 'SATISFACTION'
  /** Who became members in the period whom others brought. */
  | 'REFERRALS';

/** What the program cost, of one kind. */
export type ProgramCost = {
  kind: CostKind;
  /** In the program's money; costs that were recorded in another before are left out. */
  amount: Money;
};

/** What the program's money goes to. What was recorded counts, and nothing else: redemptions are no costs by themselves. */
export type CostKind =
  | 'TECHNOLOGY'
  | 'MARKETING'
  | 'MANAGEMENT'
  | 'REWARDS'
  | 'SERVICE';

/** What members have of one issuer's points. */
export type IssuerLiability = {
  /** Null for the coalition itself. */
  issuer?: Maybe<Partner>;
  outstanding: Scalars['Points']['output'];
  /** At the price of issue, in the money of the issuer's last contract; breakage is not taken off. */
  value: Money;
};

/** Where a membership stands. */
export type MemberStatus =
  /** Made by a partner's file or till: earns, and spends once claimed. */
  | 'PROVISIONAL'
  | 'ACTIVE'
  | 'SUSPENDED'
  | 'CLOSED';

/**
 * Who takes part. What is not open to every caller is null for the others: a member who reads another, a partner without
 * consent.
 */
export type Member = {
  id: Scalars['ID']['output'];
  /** The name that other members see. */
  displayName: Scalars['String']['output'];
  /** The tier that other members see; null where the member hides it, and where the program has none. */
  level?: Maybe<Tier>;
  status?: Maybe<MemberStatus>;
  /** What stands on the card: 16 digits, the last by Luhn. */
  memberNumber?: Maybe<Scalars['String']['output']>;
  /** Null while the member is provisional: nobody has told anything yet. */
  profile?: Maybe<MemberProfile>;
  joinedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Null where the program has no tiers. */
  tier?: Maybe<TierStatus>;
  /** In the coalition's shared currency, and in each other that the member ever had, the shared one first. */
  balances?: Maybe<Array<Balance>>;
  /**
   * The coalition's shared currency where none is named; null for one that the program does not count. `asOf`: as it stood
   * then, by when things happened. `knownAt`: as the ledger knew it then, before later corrections. Both are now where left
   * out or yet to come. A partner reads now only: with one of them it is FORBIDDEN.
   */
  balance?: Maybe<Balance>;
  /**
   * Every movement of the member's points in one currency, newest posted first, each with its reason. The coalition's
   * shared currency where none is named; empty for one that the program does not count. `period` goes by the day posted.
   */
  statement?: Maybe<StatementConnection>;
  /** Points that partners' tills set aside, the last placed first. */
  holds?: Maybe<HoldConnection>;
  /** Null for who is in none. */
  household?: Maybe<Household>;
  /** Whom the member trusts now, the first trusted first. */
  consents?: Maybe<Array<Consent>>;
  /** What partners ask to be let do, and the member has not answered: the last asked first. */
  consentRequests?: Maybe<Array<ConsentRequest>>;
  /**
   * The code with which others join for the member, made when it is first asked for, and what became of it. Null for who
   * is not active and has none.
   */
  referral?: Maybe<ReferralStatus>;
  /** What the member was told, newest first. */
  notifications?: Maybe<NotificationConnection>;
  /** By which ways the member hears of each kind of thing: of every kind one. */
  notificationPreferences?: Maybe<Array<NotificationPreference>>;
  /** What the member is found by, and what waits to be proven; the number and the address first, then in the order linked. */
  identifiers?: Maybe<Array<MemberIdentifier>>;
  /** The codes of the segments that the member is in, as the worker found them when it last looked: within the hour, mostly. */
  segments?: Maybe<Array<Scalars['String']['output']>>;
};


/**
 * Who takes part. What is not open to every caller is null for the others: a member who reads another, a partner without
 * consent.
 */
export type MemberBalanceArgs = {
  currency?: InputMaybe<Scalars['String']['input']>;
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
  knownAt?: InputMaybe<Scalars['DateTime']['input']>;
};


/**
 * Who takes part. What is not open to every caller is null for the others: a member who reads another, a partner without
 * consent.
 */
export type MemberStatementArgs = {
  currency?: InputMaybe<Scalars['String']['input']>;
  kinds?: InputMaybe<Array<EntryKind>>;
  period?: InputMaybe<PeriodInput>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/**
 * Who takes part. What is not open to every caller is null for the others: a member who reads another, a partner without
 * consent.
 */
export type MemberHoldsArgs = {
  status?: InputMaybe<HoldStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/**
 * Who takes part. What is not open to every caller is null for the others: a member who reads another, a partner without
 * consent.
 */
export type MemberNotificationsArgs = {
  unreadOnly?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** What a member told of themselves. */
export type MemberProfile = {
  email: Scalars['String']['output'];
  emailVerified: Scalars['Boolean']['output'];
  /** E.164, as the member told it. Others find the member by a phone only once it is proven: see `identifiers`. */
  phone?: Maybe<Scalars['String']['output']>;
  givenName?: Maybe<Scalars['String']['output']>;
  familyName?: Maybe<Scalars['String']['output']>;
  birthday?: Maybe<Scalars['Date']['output']>;
  /** BCP 47, for example "de-DE". */
  locale: Scalars['String']['output'];
  marketingOptIn: Scalars['Boolean']['output'];
  /** Other members see the tier. */
  showLevel: Scalars['Boolean']['output'];
};

/** Where a member stands, and how near the next step is. What is due has happened: a tier that ended yesterday is gone. */
export type TierStatus = {
  tier: Tier;
  source: TierSource;
  since: Scalars['Date']['output'];
  /** The last day on which it is sure. Null for the lowest, and for one that was given for good. */
  validUntil?: Maybe<Scalars['Date']['output']>;
  /** Earned in the qualification period; bonuses do not count. */
  qualifyingPoints: Scalars['Points']['output'];
  /** The one that today belongs to. */
  qualificationPeriod: Period;
  /** Null at the highest. */
  next?: Maybe<TierProgress>;
};

/** Where a tier comes from. What is given is a floor: whoever earns a higher tier has that one. */
export type TierSource =
  | 'EARNED'
  /** Status that the member has with somebody else. */
  | 'MATCHED'
  | 'MANUAL'
  | 'LIFETIME';

/** Days in the program's time zone. Both days count. */
export type Period = {
  from: Scalars['Date']['output'];
  to: Scalars['Date']['output'];
};

/** What is missing to the next tier. */
export type TierProgress = {
  tier: Tier;
  current: Scalars['Points']['output'];
  target: Scalars['Points']['output'];
  remaining: Scalars['Points']['output'];
  /** Rounded down: 100 only when reached. */
  percent: Scalars['Int']['output'];
  /** At the member's pace of the last 90 days; null where it would not lead there before the period ends. */
  expectedOn?: Maybe<Scalars['Date']['output']>;
};

/**
 * A member's points in one currency. What is due has happened: points that expired a second ago are gone. A partner sees
 * what can be spent and what it is worth, not where it was earned.
 */
export type Balance = {
  currency: PointsCurrency;
  /** Can be spent now: posted, less what holds keep. */
  available: Scalars['Points']['output'];
  /**
   * What the available points are worth at least, in the program's money: at the lowest rate of today at which a LIVE
   * partner whose contract is in that money redeems points. Null for a currency that no partner redeems.
   */
  worth?: Maybe<Money>;
  /** Earned, not yet spendable (inside a return window, say). */
  pending?: Maybe<Scalars['Points']['output']>;
  /** Set aside for partners: captured or given back later. */
  held?: Maybe<Scalars['Points']['output']>;
  /** Owed after a refund of points that were spent; the next points earned pay it first. */
  debt?: Maybe<Scalars['Points']['output']>;
  /**
   * Everything that partners ever issued, less what was taken back of it. Points from other members, or given back by the
   * coalition, do not count; what was spent or has expired since does.
   */
  lifetimeEarned?: Maybe<Scalars['Points']['output']>;
  /** Available points by the partner that issued them, the largest first. */
  byIssuer?: Maybe<Array<IssuerBalance>>;
  /**
   * Which of the available points expire within so many days, 1 to 366, the soonest first. Where points expire for want of
   * activity: if nothing more happens.
   */
  expiring?: Maybe<Array<ExpiringPoints>>;
};


/**
 * A member's points in one currency. What is due has happened: points that expired a second ago are gone. A partner sees
 * what can be spent and what it is worth, not where it was earned.
 */
export type BalanceExpiringArgs = {
  within?: InputMaybe<Scalars['Int']['input']>;
};

/** Available points of one issuer. */
export type IssuerBalance = {
  /** Null where the coalition itself gave them. */
  issuer?: Maybe<Partner>;
  points: Scalars['Points']['output'];
};

/** Points that expire together. */
export type ExpiringPoints = {
  points: Scalars['Points']['output'];
  /** The last day on which they can be spent. */
  on: Scalars['Date']['output'];
};

/** Why points moved. Grows: clients keep a default branch. */
export type EntryKind =
  | 'ACCRUAL'
  | 'REDEMPTION'
  /** An accrual that was taken back, or points of a redemption that were given back. */
  | 'REVERSAL'
  | 'EXPIRY'
  | 'TRANSFER_IN'
  | 'TRANSFER_OUT'
  | 'CONVERSION'
  /** Given or taken by hand, by the coalition's staff. */
  | 'ADJUSTMENT'
  | 'DONATION'
  /** Expired points given back. */
  | 'REINSTATEMENT'
  /** Moved by joining two memberships. */
  | 'MERGE'
  /** A debt that was paid with points. */
  | 'REPAYMENT'
  /** A debt that others bear. */
  | 'WRITE_OFF';

/** One movement of a member's points. */
export type StatementEntry = {
  id: Scalars['ID']['output'];
  kind: EntryKind;
  /** Signed: what the member's balance changed by. */
  points: Scalars['Points']['output'];
  currency: PointsCurrency;
  /** The balance after this entry: everything that the member has, pending and held points too. */
  balance: Scalars['Points']['output'];
  /** Signed: what the member's debt changed by. */
  debt: Scalars['Points']['output'];
  /** When the thing happened; postedAt is when the ledger took it. */
  effectiveAt: Scalars['DateTime']['output'];
  postedAt: Scalars['DateTime']['output'];
  /** Who issued the points, or with whom they were redeemed. */
  partner?: Maybe<Partner>;
  /** Why, in words for the member. */
  description: Scalars['String']['output'];
  /** What took the points back, or gave them back, in full or in part; of several the last. */
  reversedBy?: Maybe<StatementEntry>;
  /** What it takes back, or gives back. */
  reverses?: Maybe<StatementEntry>;
  /** Entries that were posted together, and both sides of a transfer between members, have one. */
  transferId: Scalars['ID']['output'];
  /** What earned the points, where the entry is an accrual or takes one back. */
  activity?: Maybe<Activity>;
  /** What the points were spent on, where the entry is a redemption. */
  redemption?: Maybe<Redemption>;
  /** What set the points aside, where a till captured them, or gives captured points back. */
  hold?: Maybe<Hold>;
  /** Between whom, where points went from one member to another. */
  transfer?: Maybe<PointsTransfer>;
};

/** Points from one member to another. */
export type PointsTransfer = {
  id: Scalars['ID']['output'];
  from: Member;
  to: Member;
  points: Scalars['Points']['output'];
  /** What the giver wrote to the other. */
  message?: Maybe<Scalars['String']['output']>;
  createdAt: Scalars['DateTime']['output'];
};

/** A page of a statement. */
export type StatementConnection = {
  edges: Array<StatementEdge>;
  nodes: Array<StatementEntry>;
  pageInfo: PageInfo;
};

/** An entry and its place in the statement. */
export type StatementEdge = {
  cursor: Scalars['String']['output'];
  node: StatementEntry;
};

/** Where a hold stands. One that nobody captured is EXPIRED from its end on. */
export type HoldStatus =
  | 'ACTIVE'
  | 'CAPTURED'
  /** Captured in part; the rest was released. */
  | 'PARTIALLY_CAPTURED'
  | 'RELEASED'
  | 'EXPIRED';

/**
 * Points that a partner's till has set aside. Nothing else can spend them until the partner captures or releases them, or
 * the hold ends. Points that expire meanwhile stay good for it.
 */
export type Hold = {
  id: Scalars['ID']['output'];
  member: Member;
  partner?: Maybe<Partner>;
  points: Scalars['Points']['output'];
  /** What the points are worth at this till, by the contract of the day; fixed when the hold was placed. */
  worth?: Maybe<Money>;
  capturedPoints: Scalars['Points']['output'];
  /** Given back of what was captured. */
  refundedPoints: Scalars['Points']['output'];
  status: HoldStatus;
  /** The partner's own order or till number. */
  reference: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  expiresAt: Scalars['DateTime']['output'];
};

/** A page of holds. */
export type HoldConnection = {
  edges: Array<HoldEdge>;
  nodes: Array<Hold>;
  pageInfo: PageInfo;
};

/** A hold and its place in the list. */
export type HoldEdge = {
  cursor: Scalars['String']['output'];
  node: Hold;
};

/** What a household is for. Grows: clients keep a default branch. */
export type HouseholdKind =
  /** Members keep their own balances and spend together. */
  | 'FAMILY'
  /**
   * What its members earn goes to one balance, with a tier of its own. Its owner says who spends it, and how much in a
   * month. Each lot stays with who earned it, who takes along what is left of it.
   */
  | 'BUSINESS';

/**
 * Members who spend together. Each keeps their own points; `redeemReward(useHousehold: true)` takes the others' after the
 * member's own. A member is in one household at a time.
 */
export type Household = {
  id: Scalars['ID']['output'];
  kind: HouseholdKind;
  name: Scalars['String']['output'];
  /**
   * Invites and removes, and of a business says who spends. When the owner leaves, it is whoever joined first of those who
   * stay, of a business of those who may spend.
   */
  owner: Member;
  /** Who is in it, the first to join first. Of the others a member sees what everybody sees. */
  members: Array<HouseholdMember>;
  /** How many it may have, invitations included: 7, of a business 50. */
  memberLimit: Scalars['Int']['output'];
  /** Those that can be accepted, the first first. For the owner: null for the others. */
  invitations?: Maybe<Array<HouseholdInvitation>>;
  /**
   * Points that the household may spend together: what active members have available who share it, in the coalition's
   * shared currency.
   */
  available: Scalars['Points']['output'];
  /**
   * Of a business: where it stands, by what its members earned while they were in it. They have the benefits of this tier
   * or of their own, whichever is higher. Null for a family, and where the program has no tiers.
   */
  tier?: Maybe<TierStatus>;
};

/** A member's place in a household. */
export type HouseholdMember = {
  member: Member;
  joinedAt: Scalars['DateTime']['output'];
  /**
   * The day from which the member may join another: six months after joining this one. Who makes a household may do so at
   * any time until somebody joins it: null.
   */
  mayChangeOn?: Maybe<Scalars['Date']['output']>;
  /** Whether the others may spend the member's points, and the member theirs as far as they may spend. */
  sharesPoints: Scalars['Boolean']['output'];
  /** May spend the others' points: in a family everybody, in a business its owner and whom the owner lets. */
  maySpend: Scalars['Boolean']['output'];
  /** How many of the others' points in a month of the program; null for any number. */
  monthlyLimit?: Maybe<Scalars['Points']['output']>;
};

/** An address that was invited and has not joined. */
export type HouseholdInvitation = {
  id: Scalars['ID']['output'];
  /** Masked: "a***@example.com". */
  email: Scalars['String']['output'];
  expiresAt: Scalars['DateTime']['output'];
};

/** What a partner asks to be let do. `grantConsent` to the partner answers it, whatever is granted. */
export type ConsentRequest = {
  id: Scalars['ID']['output'];
  partner?: Maybe<Partner>;
  scopes: Array<ConsentScope>;
  /** Why, in the partner's words. */
  purpose: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  /** It is gone then. */
  expiresAt: Scalars['DateTime']['output'];
};

/** What a member lets a partner do. */
export type Consent = {
  partner?: Maybe<Partner>;
  scopes: Array<ConsentScope>;
  grantedAt: Scalars['DateTime']['output'];
};

/** What became of a member's referral code. */
export type ReferralStatus = {
  /** 10 letters and digits. For `EnrolInput.referralCode`. */
  code: Scalars['String']['output'];
  /** Enrolments that were begun with it, of members and others alike: one for each address of a day. */
  invited: Scalars['Int']['output'];
  /** Who became members with it. */
  joined: Scalars['Int']['output'];
  /** What the member was given for them. */
  pointsEarned: Scalars['Points']['output'];
};

/** Grows: clients keep a default branch. */
export type NotificationKind =
  /** How many points there are, and what moved them. */
  | 'BALANCE'
  /** Points that are about to expire. */
  | 'EXPIRY'
  /** Another tier. */
  | 'TIER'
  /** An offer for the member. */
  | 'OFFER'
  /** Points that were spent, or came back. */
  | 'REDEMPTION'
  /** Points from or to other members and programs. */
  | 'TRANSFER'
  | 'HOUSEHOLD'
  /** Answers and reactions of other members. */
  | 'COMMUNITY'
  | 'BIRTHDAY'
  /** Welcome, and anniversaries. */
  | 'THANK_YOU'
  /** What concerns the safety of the account. An e-mail always goes. */
  | 'SECURITY';

/** The way by which a member hears of something. */
export type NotificationChannel =
  /** In the application: `Member.notifications`. */
  | 'IN_APP'
  | 'EMAIL';

/**
 * By which ways a member hears of one kind of thing; none: of it nothing is told. What advertises (OFFER, BIRTHDAY and
 * THANK_YOU) goes by e-mail only while `marketingOptIn` of the profile is true, whatever was chosen before.
 */
export type NotificationPreference = {
  kind: NotificationKind;
  channels: Array<NotificationChannel>;
};

/** Something that a member is told, once. Its words are in the member's language. */
export type Notification = {
  id: Scalars['ID']['output'];
  kind: NotificationKind;
  title: Scalars['String']['output'];
  body: Scalars['String']['output'];
  /** Where a click leads, from the application's root. */
  link?: Maybe<Scalars['String']['output']>;
  createdAt: Scalars['DateTime']['output'];
  readAt?: Maybe<Scalars['DateTime']['output']>;
};

/** Notifications, page by page. */
export type NotificationConnection = {
  edges: Array<NotificationEdge>;
  nodes: Array<Notification>;
  /** Of all, not of this page. */
  unread: Scalars['Int']['output'];
  pageInfo: PageInfo;
};

/** One notification of a list. */
export type NotificationEdge = {
  cursor: Scalars['String']['output'];
  node: Notification;
};

/** What a member can be found by. Grows: clients keep a default branch. */
export type IdentifierKind =
  | 'MEMBER_NUMBER'
  | 'EMAIL'
  | 'PHONE'
  /** The number under which a partner knows the member. */
  | 'PARTNER_ACCOUNT'
  /** A token of the issuer's or the network's, never a card number. */
  | 'PAYMENT_CARD'
  | 'WALLET_TOKEN';

/** One thing that a member is found by. */
export type MemberIdentifier = {
  id: Scalars['ID']['output'];
  kind: IdentifierKind;
  /** Masked but for the last four characters; of a short one, but for half of it. */
  masked: Scalars['String']['output'];
  /** Whose account it is, or who vouches for the card. */
  partner?: Maybe<Partner>;
  /** Possession is proven; an unproven one finds nobody, and is forgotten after a while. */
  verified: Scalars['Boolean']['output'];
  linkedAt: Scalars['DateTime']['output'];
};

/** A page of members. */
export type MemberConnection = {
  edges: Array<MemberEdge>;
  nodes: Array<Member>;
  pageInfo: PageInfo;
  /** Null where counting would cost too much. */
  totalCount?: Maybe<Scalars['Int']['output']>;
};

/** A member and their place in the list. */
export type MemberEdge = {
  cursor: Scalars['String']['output'];
  node: Member;
};

/** What is left out does not narrow the list. */
export type MemberFilter = {
  /** The beginning of a name, an e-mail address or a member number. */
  search?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<MemberStatus>;
  /** A tier's code. A tier that was lost or reached by the calendar shows within minutes. */
  tier?: InputMaybe<Scalars['String']['input']>;
  /** A segment's code, for who is in it as `Member.segments` says. */
  segment?: InputMaybe<Scalars['String']['input']>;
};

/** What points and money cover together at the calling partner's till. */
export type PaymentQuote = {
  /** At most what covers the whole amount. */
  points: Scalars['Points']['output'];
  worth: Money;
  /** Left to pay in money. */
  due: Money;
};

/** Who calls: what a console shows and hides. */
export type Viewer = {
  audience: Audience;
  scopes: Array<Scope>;
  /** Where a member calls. */
  member?: Maybe<Member>;
  /** Where a partner's client or staff calls. */
  partner?: Maybe<Partner>;
  /** The name of the person, where staff of the coalition or of a partner calls. */
  name?: Maybe<Scalars['String']['output']>;
};

/** What a person of the staff may do: the coalition's roles first, then those of partners. */
export type StaffRole =
  /** Everything that the coalition's staff may. */
  | 'ADMINISTRATOR'
  /** The program's rules, and its partners. */
  | 'PROGRAM'
  /** Adjustments, settlement and the audit log. */
  | 'FINANCE'
  | 'SUPPORT'
  | 'MODERATOR'
  | 'AUDITOR'
  /** Everything that a partner may. */
  | 'PARTNER_OWNER'
  /** What tills and the back office do: activities, redemptions, links, balances. */
  | 'PARTNER_OPERATIONS'
  /** Rewards, offers and earn rules. */
  | 'PARTNER_CATALOG'
  | 'PARTNER_FINANCE'
  /** API clients, webhooks and the people who have access. */
  | 'PARTNER_INTEGRATION';

/** Where a person of the staff stands. Only who is ACTIVE gets tokens. */
export type StaffStatus =
  /** A link is out, or has run out: `reinviteStaff` sends another. */
  | 'INVITED'
  | 'ACTIVE'
  | 'SUSPENDED'
  /** For good. The address may be invited anew. */
  | 'REMOVED';

/** A person who works for the coalition, or for a partner, and signs in with a second factor. */
export type Staff = {
  id: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  email: Scalars['String']['output'];
  role: StaffRole;
  /** The language of their mail, BCP 47. */
  locale: Scalars['String']['output'];
  /** What the role gives: a token holds those of them that were asked for. */
  scopes: Array<Scope>;
  /** Null for the coalition's own people. */
  partner?: Maybe<Partner>;
  status: StaffStatus;
  /** When they were first invited. */
  invitedAt: Scalars['DateTime']['output'];
  /** Until when the invitation that is out is good; null where none is. */
  invitationEndsAt?: Maybe<Scalars['DateTime']['output']>;
  /** When they last took an invitation up. */
  acceptedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** People of the staff, page by page. */
export type StaffConnection = {
  edges: Array<StaffEdge>;
  nodes: Array<Staff>;
  pageInfo: PageInfo;
};

/** A person and their place in the list. */
export type StaffEdge = {
  cursor: Scalars['String']['output'];
  node: Staff;
};

/** Whom to invite. */
export type InviteStaffInput = {
  email: Scalars['String']['input'];
  /** The person's own name, as others of the staff see it. */
  name: Scalars['String']['input'];
  role: StaffRole;
  /** Whose people they join, with the roles of partners; left out for the coalition's own. */
  partnerId?: InputMaybe<Scalars['ID']['input']>;
  /** The language of their mail, BCP 47, as for "de-AT"; English where left out. */
  locale?: InputMaybe<Scalars['String']['input']>;
};

/** What became of a person of the staff. */
export type StaffPayload = {
  /** Null where the rules refuse: `userErrors` then says why. */
  staff?: Maybe<Staff>;
  userErrors: Array<UserError>;
};

/** One act of staff or of a partner, in any subgraph. Never changed, and sealed with the ledger. */
export type AuditEvent = {
  id: Scalars['ID']['output'];
  occurredAt: Scalars['DateTime']['output'];
  /** The subject of the token that acted: a person's, or an API client's. */
  actor: Scalars['String']['output'];
  audience: Audience;
  /** Where a partner acted. */
  partner?: Maybe<Partner>;
  /** The operation's name. */
  action: Scalars['String']['output'];
  /** What it was done to: the type and the id, "Member:5f0c…". */
  subject: Scalars['String']['output'];
  /** Why, as the one who acted gave it. Null where none is asked for, and once the member it is about was erased. */
  reason?: Maybe<Scalars['String']['output']>;
  /** By name of the field. Empty once the member they are about was erased. */
  changes: Array<AuditChange>;
};

/** A field as it was and as it became; null where there was nothing, or is nothing now. Long values are cut at 2,000 characters. */
export type AuditChange = {
  field: Scalars['String']['output'];
  before?: Maybe<Scalars['String']['output']>;
  after?: Maybe<Scalars['String']['output']>;
};

/** Acts, page by page. */
export type AuditConnection = {
  edges: Array<AuditEdge>;
  nodes: Array<AuditEvent>;
  pageInfo: PageInfo;
};

/** One act of a list. */
export type AuditEdge = {
  cursor: Scalars['String']['output'];
  node: AuditEvent;
};

/** What is left out does not narrow the list. */
export type AuditFilter = {
  actor?: InputMaybe<Scalars['String']['input']>;
  /** An operation's name. */
  action?: InputMaybe<Scalars['String']['input']>;
  /** Type and id, as `AuditEvent.subject` has it. */
  subject?: InputMaybe<Scalars['String']['input']>;
  /** By the day of the act, in the program's time zone. */
  period?: InputMaybe<PeriodInput>;
};

/** A named group of members: those who meet a condition. */
export type Segment = {
  code: Scalars['String']['output'];
  name: Scalars['String']['output'];
  /** A CEL expression; `SegmentInput.when` says what it may ask about. */
  when: Scalars['String']['output'];
  /**
   * How many the last whole round over all members found. Null until a round has gone by this condition; for a partner
   * also under 10 members, and for its test clients.
   */
  members?: Maybe<Scalars['Int']['output']>;
  /** When that round began. Null until a round has gone by this condition. */
  evaluatedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** Points moved later than at once, or after a look. */
export type MovementStatus =
  | 'POSTED'
  | 'UNDER_REVIEW'
  /** The other program has not confirmed. */
  | 'PENDING'
  | 'REVERSED';

/** Points into another currency of the graph, at the rate of its day. The partner is the one on the other side. */
export type Conversion = {
  id: Scalars['ID']['output'];
  /** PENDING until the other program has confirmed; POSTED; REVERSED where it refused, or did not answer in time. */
  status: MovementStatus;
  from: PointsCurrency;
  to: PointsCurrency;
  /** Whole blocks of the one currency. */
  moved: Scalars['Points']['output'];
  /** What they become in the other, with the bonus. */
  credited: Scalars['Points']['output'];
  debited?: Maybe<StatementEntry>;
  createdAt: Scalars['DateTime']['output'];
  /** While it is PENDING: the latest instant; then the points come back. */
  estimatedCompletionAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it was posted or reversed. */
  completedAt?: Maybe<Scalars['DateTime']['output']>;
};

/**
 * What points would become. Keeps its rate until it expires, whatever becomes of the program's, as long as its partner
 * takes part.
 */
export type ConversionQuote = {
  /** Names the rate to `convertPoints` until it expires. */
  id: Scalars['ID']['output'];
  /** Whole blocks only. */
  moved: Scalars['Points']['output'];
  /** With the bonus. */
  credited: Scalars['Points']['output'];
  bonus: Scalars['Points']['output'];
  /** What stays behind. */
  remaining: Scalars['Points']['output'];
  /** At once, or the latest instant at which the other program confirms. */
  estimatedCompletionAt?: Maybe<Scalars['DateTime']['output']>;
  expiresAt: Scalars['DateTime']['output'];
};

/** What a member does that the rules against fraud look at. Grows: clients keep a default branch. */
export type RiskAction =
  | 'ENROLMENT'
  | 'ACTIVITY'
  | 'TRANSFER'
  | 'CONVERSION'
  | 'REDEMPTION'
  | 'HOLD'
  | 'REFERRAL';

/** What became of something that was held back. */
export type RiskStatus =
  | 'OPEN'
  | 'ALLOWED'
  | 'DENIED'
  /** Nobody decided in time. */
  | 'EXPIRED';

/**
 * Something that the rules against fraud held back for a person to look at. Of a transfer the points are set aside until
 * `dueAt`; a redemption or a hold is asked for again once it is decided.
 */
export type RiskCase = {
  id: Scalars['ID']['output'];
  status: RiskStatus;
  action: RiskAction;
  member?: Maybe<Member>;
  /** The partner where it was to happen; null where points stay among members. */
  partner?: Maybe<Partner>;
  points?: Maybe<Scalars['Points']['output']>;
  /** Codes of the rules that caught it, the heaviest first: RING, MANY_RECEIVERS, DORMANT_ACCOUNT. Grows. */
  reasons: Array<Scalars['String']['output']>;
  openedAt: Scalars['DateTime']['output'];
  /** Until then it can be decided; then a transfer's points are free again. */
  dueAt: Scalars['DateTime']['output'];
  decidedBy?: Maybe<Scalars['String']['output']>;
  decidedBecause?: Maybe<Scalars['String']['output']>;
};

/** A page of the review queue. */
export type RiskCaseConnection = {
  edges: Array<RiskCaseEdge>;
  nodes: Array<RiskCase>;
  pageInfo: PageInfo;
};

/** A case and its place in the queue. */
export type RiskCaseEdge = {
  cursor: Scalars['String']['output'];
  node: RiskCase;
};

/** How far something is that takes longer than a request: it is begun by a mutation, and looked at by its id. */
export type JobStatus =
  | 'RUNNING'
  | 'DONE'
  | 'FAILED';

/**
 * Everything that the coalition holds on the member, gathered from each part into one JSON document: `docs/privacy.md`
 * says what is in it. It is kept for 7 days.
 */
export type DataExport = {
  id: Scalars['ID']['output'];
  /** RUNNING until the document is whole, which takes minutes. */
  status: JobStatus;
  requestedAt: Scalars['DateTime']['output'];
  /** Where the document is: a GET with the member's token, and no other. Null until it is DONE. */
  downloadUrl?: Maybe<Scalars['String']['output']>;
  /** How long the document is. Null until it is DONE. */
  bytes?: Maybe<Scalars['Int']['output']>;
  /** When the document is deleted. Null until it is DONE. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** A piece of the document, from 0; null beyond the last. For the gateway, which sends the document to the member. */
  piece?: Maybe<Scalars['String']['output']>;
};


/**
 * Everything that the coalition holds on the member, gathered from each part into one JSON document: `docs/privacy.md`
 * says what is in it. It is kept for 7 days.
 */
export type DataExportPieceArgs = {
  place: Scalars['Int']['input'];
};

/**
 * A member who is forgotten. What the ledger must keep, its entries, stays under the member's id, which says nothing of
 * anybody any more; the points that were left are forfeited.
 */
export type Erasure = {
  id: Scalars['ID']['output'];
  /** RUNNING until each part has erased what it knew, which takes minutes. */
  status: JobStatus;
  requestedAt: Scalars['DateTime']['output'];
  /** One for each part that has erased what it knew: the subgraphs, and `identity`. */
  receipts: Array<ErasureReceipt>;
};

/** That a part has erased what it knew of the member. */
export type ErasureReceipt = {
  subgraph: Scalars['String']['output'];
  erasedAt: Scalars['DateTime']['output'];
  /** Rows that it deleted or emptied. */
  records: Scalars['Int']['output'];
};

export type Query = {
  /** The coalition's program. */
  program?: Maybe<Program>;
  /** Who calls, as the token says. */
  viewer?: Maybe<Viewer>;
  /** The calling member. */
  me?: Maybe<Member>;
  /** For a partner: the member must have consented to it, or have shown a wallet token, which is spent by it. */
  member?: Maybe<Member>;
  /** Exactly one is given. `reference` is the calling partner's own. */
  hold?: Maybe<Hold>;
  /**
   * How many points cover an amount, or what some points leave to pay, at the calling partner's rate of today. Nothing is
   * set aside: `holdPoints` fixes the price. The amount is in the currency of the partner's contract.
   */
  quotePayment?: Maybe<PaymentQuote>;
  /** Null for another member's, and when its days are over. */
  dataExport?: Maybe<DataExport>;
  /** Null for another member's. */
  erasure?: Maybe<Erasure>;
  /** All of them, by their codes. */
  segments?: Maybe<Array<Segment>>;
  /** What staff and partners did, the last first. */
  auditLog?: Maybe<AuditConnection>;
  /** Those who joined last first. */
  members?: Maybe<MemberConnection>;
  /**
   * What points would become in another currency. Null where there is no rate; a part of a block is BAD_USER_INPUT, and so
   * is a rate whose partner is suspended or has left.
   */
  quoteConversion?: Maybe<ConversionQuote>;
  /** Null for one that the caller may not see: a partner sees those that it is to confirm, or was. */
  conversion?: Maybe<Conversion>;
  /** Points given and taken by hand, the newest first; all of them where `status` is null. */
  adjustments?: Maybe<AdjustmentConnection>;
  /** What was held back, the first that is due first; all of it where `status` is null. */
  riskCases?: Maybe<RiskCaseConnection>;
  /**
   * The people of an organisation, the last invited first, without those who were removed: of the partner that is named,
   * the caller's own where none is. Null for a partner that names another.
   */
  staff?: Maybe<StaffConnection>;
};


export type QueryMemberArgs = {
  by: MemberRef;
};


export type QueryHoldArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  reference?: InputMaybe<Scalars['String']['input']>;
};


export type QueryQuotePaymentArgs = {
  amount: MoneyInput;
  points?: InputMaybe<Scalars['Points']['input']>;
};


export type QueryDataExportArgs = {
  id: Scalars['ID']['input'];
};


export type QueryErasureArgs = {
  id: Scalars['ID']['input'];
};


export type QueryAuditLogArgs = {
  filter?: InputMaybe<AuditFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryMembersArgs = {
  filter?: InputMaybe<MemberFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryQuoteConversionArgs = {
  from: Scalars['String']['input'];
  to: Scalars['String']['input'];
  points: Scalars['Points']['input'];
};


export type QueryConversionArgs = {
  id: Scalars['ID']['input'];
};


export type QueryAdjustmentsArgs = {
  status?: InputMaybe<AdjustmentStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryRiskCasesArgs = {
  status?: InputMaybe<RiskStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryStaffArgs = {
  partnerId?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  /** One field is enough to join: an e-mail address. Answers the same whether the address is known or not; the rest goes by e-mail. */
  enrol?: Maybe<EnrolPayload>;
  /**
   * Ends an enrolment, or a change of address, with the code from the e-mail. Five tries in 15 minutes; the same right
   * code again gives the same member.
   */
  verifyEmail?: Maybe<MemberPayload>;
  /** The same again changes nothing. */
  updateProfile?: Maybe<MemberPayload>;
  /**
   * Takes effect with `verifyEmail`, and the member signs in anew; the old address is told at once. Answers the same whether
   * others have the new one or not. STEP_UP_REQUIRED where the member has not just signed in again: who has the address has the account.
   */
  changeEmail?: Maybe<EnrolPayload>;
  /**
   * Links a phone, which gets a code for `confirmIdentifier`; or an account at a partner or a card's token, for which the
   * partner hands over a proof: now, or for `confirmIdentifier` within a day. The partner gets no consent by it. Points of
   * an account that nobody had claimed are the member's from then on. The same again changes nothing.
   */
  linkIdentifier?: Maybe<LinkIdentifierPayload>;
  /**
   * With the code that the phone got, within 15 minutes, or the proof that the partner gave. Five tries. CONFLICT where
   * another member has it.
   */
  confirmIdentifier?: Maybe<LinkIdentifierPayload>;
  /** The member is found by it no more. The member number and the address stay. */
  unlinkIdentifier?: Maybe<MemberPayload>;
  /**
   * For a QR code in the member's wallet: good once, for 90 seconds. The partner whose till reads it may act for the member
   * for 15 minutes, as if the member had consented to EARN, SPEND and READ_BALANCE.
   */
  createWalletToken?: Maybe<WalletTokenPayload>;
  /** Replaces what the partner had, and answers what it asked for. It must be LIVE. */
  grantConsent?: Maybe<MemberPayload>;
  /** Takes effect at once. Harmless where the partner had none. */
  revokeConsent?: Maybe<MemberPayload>;
  /** The partner is not told, and nothing comes of its asking for 30 days. Again: the same answer. */
  declineConsentRequest?: Maybe<MemberPayload>;
  /**
   * Asks a member for consent. Answers the same whether the member exists or not, and whatever comes of it: the member
   * finds it in `consentRequests`. Asking again while it is open replaces what was asked, and makes it last longer.
   */
  requestConsent?: Maybe<RequestConsentPayload>;
  /**
   * The caller owns it, is its first member, and shares their points. CONFLICT for who is in one; LIMIT_REACHED, with
   * `retryAt`, for who joined another less than six months ago.
   */
  createHousehold?: Maybe<HouseholdPayload>;
  /**
   * For the owner. The invitation goes by e-mail, with the owner's own address, and is good for 14 days; an earlier one to
   * the same address is not any more. The answer does not tell whether the address is a member's. At most 20 a day.
   */
  inviteToHousehold?: Maybe<HouseholdPayload>;
  /** For the owner. The invitation cannot be accepted any more. Again: the same answer. */
  withdrawHouseholdInvitation?: Maybe<HouseholdPayload>;
  /**
   * With the invitation from the e-mail, once, by the member whose verified address was invited. From then on the others
   * may spend the member's points, and the member theirs, of a business once its owner lets them: `setHouseholdSharing`
   * changes that.
   */
  joinHousehold?: Maybe<HouseholdPayload>;
  /**
   * Takes one's own lots along; nobody can keep a member in. The last one to leave ends the household. `household` is null
   * then, and for who is in none.
   */
  leaveHousehold?: Maybe<HouseholdPayload>;
  /** For the owner. The member keeps all points of their own. Again: the same answer. */
  removeFromHousehold?: Maybe<HouseholdPayload>;
  /** Whether the others may spend the caller's points, and the caller theirs. Takes effect at once. */
  setHouseholdSharing?: Maybe<HouseholdPayload>;
  /**
   * For the owner of a business: lets a member spend the others' points, up to a limit of each month, null for none; or not
   * any more. What somebody cancels counts no more. Takes effect at once.
   */
  setHouseholdSpending?: Maybe<HouseholdPayload>;
  /** What was read stays read. Ids of others do nothing. */
  markNotificationsRead?: Maybe<MemberPayload>;
  /** Of each kind once; the kinds that are left out stay as they are. */
  updateNotificationPreferences?: Maybe<MemberPayload>;
  /**
   * Asks for one document of everything that is held on the member. It is made within minutes, and the member is told.
   * While one is made, and for a day after it was asked for, it is the same one.
   */
  exportMyData?: Maybe<DataExportPayload>;
  /**
   * Forgets who the member is, and keeps what the ledger must. At once the membership is CLOSED: nobody signs in, earns or
   * spends, and no partner is trusted; the rest is done within minutes. Points left are forfeited. There is no way back;
   * again, it is the same erasure. Members erase themselves, STEP_UP_REQUIRED where they have not just signed in again;
   * staff anybody.
   */
  eraseMember?: Maybe<ErasurePayload>;
  /**
   * Sets points aside for the calling partner, at its rate of today. The member consented to SPEND, or showed a wallet
   * token. The same `reference` again gives the first hold, also when that token is spent. Limited by the program's
   * `riskLimits`; UNDER_REVIEW where somebody looks at it first: the same `reference` and points again once that is decided.
   */
  holdPoints?: Maybe<HoldPayload>;
  /**
   * Redeems what a hold keeps, in full or in part, once; the rest is released. What the member let the partner hold it may
   * capture, though the consent was taken back meanwhile. After the hold's end: EXPIRED.
   */
  captureHold?: Maybe<HoldPayload>;
  /** Gives a hold up: its points can be spent again at once. */
  releaseHold?: Maybe<HoldPayload>;
  /** Gives captured points back, to the lots they came from; those that expired meanwhile by the program's policy. */
  refundCapture?: Maybe<HoldPayload>;
  /**
   * A member of the sandbox, with points to try with, who lets the partner do everything. For a partner's test client;
   * each call makes another, 1,000 at most.
   */
  createSandboxMember?: Maybe<MemberPayload>;
  /**
   * From ACTIVE to SUSPENDED and back, and to CLOSED for good. Who is not ACTIVE keeps their points, and neither earns nor
   * spends; who is reinstated signs in anew. The same status again changes nothing.
   */
  setMemberStatus?: Maybe<MemberPayload>;
  /**
   * For two memberships of one person. Points, history and links of `fromId` go to `intoId`; whatever named the one finds
   * the other. Can be undone for 30 days. CONFLICT while a till holds points of the one, or it is in a household. The same
   * again gives the first merge.
   */
  mergeMembers?: Maybe<MergePayload>;
  /**
   * What is left of the points that moved goes back, with history and links; what was spent in the meantime stays spent.
   * EXPIRED 30 days after the merge. The same again changes nothing.
   */
  undoMerge?: Maybe<MergePayload>;
  /**
   * Gives a member a tier, whatever they earned: status match, lifetime or by hand, in place of what was given before; the
   * lowest tier takes that back. It is a floor: what the member has earned stays. `until` null is for good.
   */
  setTier?: Maybe<MemberPayload>;
  /** Changes the program's rules, all that are given or none. */
  configureProgram?: Maybe<ProgramPayload>;
  /** Makes a currency, or gives it another name. Kind and issuer of one that members have stay. */
  saveCurrency?: Maybe<ProgramPayload>;
  /**
   * Makes a segment, or changes the one of the code; a program has 100 at most. Who meets a new condition is worked out
   * within minutes; until then members stay where they were. The same again changes nothing.
   */
  saveSegment?: Maybe<SegmentPayload>;
  /**
   * Gives points of the shared currency to another member, who gets them with the end that they have. Limited by the
   * program's `riskLimits`: refused beyond them, STEP_UP_REQUIRED where the member must sign in again first; what looks odd
   * is UNDER_REVIEW, with its points set aside, until staff decides. Calling again with the same key gives the first answer.
   */
  transferPoints?: Maybe<TransferPayload>;
  /**
   * Converts whole blocks of points into another currency, at the quoted rate or that of the day. At once, or PENDING until
   * the other program confirms it. Limited by the program's `riskLimits`. PARTNER_INACTIVE once the rate's partner is
   * suspended or has left. Calling again with the same key gives the first answer.
   */
  convertPoints?: Maybe<ConversionPayload>;
  /** The other program has taken the points: the member gets what they become. Once; again changes nothing. */
  confirmConversion?: Maybe<ConversionPayload>;
  /** The other program does not take the points: the member has them back. Once; again changes nothing. */
  refuseConversion?: Maybe<ConversionPayload>;
  /**
   * Gives points to a member, or takes them where negative. Above the program's limits, either way, a second administrator
   * must approve: what the caller did alone on the same day counts with it. Calling again with the same key gives the first
   * answer.
   */
  adjustPoints?: Maybe<AdjustmentPayload>;
  /** Posts an adjustment that awaits it. By another administrator than asked for it: NOT_ALLOWED otherwise. */
  approveAdjustment?: Maybe<AdjustmentPayload>;
  /** Ends an adjustment that awaits approval; who asked for it may take it back so. */
  rejectAdjustment?: Maybe<AdjustmentPayload>;
  /**
   * Allowed, a transfer that was held back is carried out; otherwise its points are free again. A redemption or a hold that
   * was allowed may be asked for again; one that was denied is NOT_ALLOWED. Once: the same decision again changes nothing,
   * another one is CONFLICT.
   */
  decideRiskCase?: Maybe<RiskCasePayload>;
  /** What is left out stays. Holds for what members do from then on. */
  setRiskLimits?: Maybe<ProgramPayload>;
  /** What is left out stays. Holds for all new members for whom nothing was given yet. */
  setReferralRules?: Maybe<ProgramPayload>;
  /**
   * Mails a link, good once and for 72 hours, by which the person sets up their second factor. A caller gives only roles
   * whose scopes its own token holds; the coalition's staff gives a partner's with PARTNERS_MANAGE. The same call again,
   * while the invitation is out, answers the same and mails nothing.
   */
  inviteStaff?: Maybe<StaffPayload>;
  /**
   * Mails a new link, to who lost the first or their second factor. The last link is void, and the person cannot sign in
   * until they take the new one up.
   */
  reinviteStaff?: Maybe<StaffPayload>;
  /**
   * Counts for the next token, ten minutes from now at the latest: the person signs in anew. Nobody changes themselves, or
   * who holds more than they do.
   */
  changeStaffRole?: Maybe<StaffPayload>;
  /** ACTIVE, SUSPENDED or REMOVED. Counts for the next token, as `changeStaffRole` does: who is let back signs in anew. */
  setStaffStatus?: Maybe<StaffPayload>;
  /** The language of a person's mail, BCP 47: one's own, too. */
  setStaffLocale?: Maybe<StaffPayload>;
  /** Sets a new goal, or changes the one of the `id`. There is one for each measure and period; 24 in all at most. */
  setProgramGoal?: Maybe<ProgramPayload>;
  /** Records a cost once, however often it is sent: its reference is its key. */
  recordProgramCost?: Maybe<ProgramPayload>;
};


export type MutationEnrolArgs = {
  input: EnrolInput;
};


export type MutationVerifyEmailArgs = {
  input: VerifyEmailInput;
};


export type MutationUpdateProfileArgs = {
  input: UpdateProfileInput;
};


export type MutationChangeEmailArgs = {
  email: Scalars['String']['input'];
};


export type MutationLinkIdentifierArgs = {
  input: LinkIdentifierInput;
};


export type MutationConfirmIdentifierArgs = {
  id: Scalars['ID']['input'];
  code: Scalars['String']['input'];
};


export type MutationUnlinkIdentifierArgs = {
  id: Scalars['ID']['input'];
};


export type MutationGrantConsentArgs = {
  partnerId: Scalars['ID']['input'];
  scopes: Array<ConsentScope>;
};


export type MutationRevokeConsentArgs = {
  partnerId: Scalars['ID']['input'];
};


export type MutationDeclineConsentRequestArgs = {
  id: Scalars['ID']['input'];
};


export type MutationRequestConsentArgs = {
  input: RequestConsentInput;
};


export type MutationCreateHouseholdArgs = {
  name: Scalars['String']['input'];
  kind?: InputMaybe<HouseholdKind>;
};


export type MutationInviteToHouseholdArgs = {
  email: Scalars['String']['input'];
};


export type MutationWithdrawHouseholdInvitationArgs = {
  id: Scalars['ID']['input'];
};


export type MutationJoinHouseholdArgs = {
  invitation: Scalars['String']['input'];
};


export type MutationRemoveFromHouseholdArgs = {
  memberId: Scalars['ID']['input'];
};


export type MutationSetHouseholdSharingArgs = {
  share: Scalars['Boolean']['input'];
};


export type MutationSetHouseholdSpendingArgs = {
  memberId: Scalars['ID']['input'];
  maySpend: Scalars['Boolean']['input'];
  monthlyLimit?: InputMaybe<Scalars['Points']['input']>;
};


export type MutationMarkNotificationsReadArgs = {
  ids: Array<Scalars['ID']['input']>;
};


export type MutationUpdateNotificationPreferencesArgs = {
  preferences: Array<NotificationPreferenceInput>;
};


export type MutationEraseMemberArgs = {
  memberId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};


export type MutationHoldPointsArgs = {
  input: HoldPointsInput;
};


export type MutationCaptureHoldArgs = {
  input: CaptureHoldInput;
};


export type MutationReleaseHoldArgs = {
  id: Scalars['ID']['input'];
  idempotencyKey: Scalars['String']['input'];
};


export type MutationRefundCaptureArgs = {
  input: RefundCaptureInput;
};


export type MutationCreateSandboxMemberArgs = {
  displayName: Scalars['String']['input'];
  points?: InputMaybe<Scalars['Points']['input']>;
};


export type MutationSetMemberStatusArgs = {
  memberId: Scalars['ID']['input'];
  status: MemberStatus;
  reason: Scalars['String']['input'];
};


export type MutationMergeMembersArgs = {
  input: MergeMembersInput;
};


export type MutationUndoMergeArgs = {
  id: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};


export type MutationSetTierArgs = {
  input: SetTierInput;
};


export type MutationConfigureProgramArgs = {
  input: ConfigureProgramInput;
};


export type MutationSaveCurrencyArgs = {
  input: CurrencyInput;
};


export type MutationSaveSegmentArgs = {
  input: SegmentInput;
};


export type MutationTransferPointsArgs = {
  input: TransferPointsInput;
};


export type MutationConvertPointsArgs = {
  input: ConvertPointsInput;
};


export type MutationConfirmConversionArgs = {
  id: Scalars['ID']['input'];
};


export type MutationRefuseConversionArgs = {
  id: Scalars['ID']['input'];
};


export type MutationAdjustPointsArgs = {
  input: AdjustPointsInput;
};


export type MutationApproveAdjustmentArgs = {
  id: Scalars['ID']['input'];
};


export type MutationRejectAdjustmentArgs = {
  id: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};


export type MutationDecideRiskCaseArgs = {
  id: Scalars['ID']['input'];
  allow: Scalars['Boolean']['input'];
  reason: Scalars['String']['input'];
};


export type MutationSetRiskLimitsArgs = {
  input: RiskLimitsInput;
};


export type MutationSetReferralRulesArgs = {
  input: ReferralRulesInput;
};


export type MutationInviteStaffArgs = {
  input: InviteStaffInput;
};


export type MutationReinviteStaffArgs = {
  id: Scalars['ID']['input'];
};


export type MutationChangeStaffRoleArgs = {
  id: Scalars['ID']['input'];
  role: StaffRole;
  reason: Scalars['String']['input'];
};


export type MutationSetStaffStatusArgs = {
  id: Scalars['ID']['input'];
  status: StaffStatus;
  reason: Scalars['String']['input'];
};


export type MutationSetStaffLocaleArgs = {
  id: Scalars['ID']['input'];
  locale: Scalars['String']['input'];
};


export type MutationSetProgramGoalArgs = {
  input: ProgramGoalInput;
};


export type MutationRecordProgramCostArgs = {
  input: ProgramCostInput;
};

/**
 * What happens, as it happens: docs/subscriptions.md. Nothing is told of what happened while nobody listened: after
 * a break, read the list of the same things.
 */
export type Subscription = {
  /** Each movement of the calling member's points, as it is posted: of one currency in the order of their statement. */
  pointsMoved: StatementEntry;
  /** Each notification of the calling member, as it comes; not what goes by e-mail alone. */
  notificationReceived: Notification;
};

/** Who wants to join. */
export type EnrolInput = {
  email: Scalars['String']['input'];
  /** The name that other members see; one that says nothing where left out. */
  displayName?: InputMaybe<Scalars['String']['input']>;
  /** BCP 47; "en" where left out. */
  locale?: InputMaybe<Scalars['String']['input']>;
  /** Of the member who brings the new one. The answer does not tell whether it is anybody's. */
  referralCode?: InputMaybe<Scalars['String']['input']>;
  marketingOptIn?: InputMaybe<Scalars['Boolean']['input']>;
};

/** How an enrolment, or a change of address, goes on. */
export type EnrolPayload = {
  /** For `verifyEmail`. Says nothing of the address. */
  verificationId?: Maybe<Scalars['ID']['output']>;
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  userErrors: Array<UserError>;
};

/** By which ways a member wants to hear of one kind of thing. */
export type NotificationPreferenceInput = {
  kind: NotificationKind;
  /**
   * None: of it nothing is told. SECURITY needs EMAIL. OFFER, BIRTHDAY and THANK_YOU by EMAIL need `marketingOptIn`: INVALID
   * without it.
   */
  channels: Array<NotificationChannel>;
};

/** The code from the e-mail. */
export type VerifyEmailInput = {
  verificationId: Scalars['ID']['input'];
  /** 6 digits. */
  code: Scalars['String']['input'];
};

/** What a member tells of themselves. Left out: unchanged. Null: emptied, as after an enrolment with an address alone. */
export type UpdateProfileInput = {
  /** 1 to 200 characters. */
  displayName?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 200 characters. */
  givenName?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 200 characters. */
  familyName?: InputMaybe<Scalars['String']['input']>;
  /** With its country code: "+49 30 901820". */
  phone?: InputMaybe<Scalars['String']['input']>;
  /** From 1900 to today, in the program's time zone. */
  birthday?: InputMaybe<Scalars['Date']['input']>;
  /** BCP 47. */
  locale?: InputMaybe<Scalars['String']['input']>;
  marketingOptIn?: InputMaybe<Scalars['Boolean']['input']>;
  showLevel?: InputMaybe<Scalars['Boolean']['input']>;
};

/** Something that the member is to be found by. */
export type LinkIdentifierInput = {
  /** PHONE, PARTNER_ACCOUNT or PAYMENT_CARD. */
  kind: IdentifierKind;
  value: Scalars['String']['input'];
  /** Whose account it is, or who vouches for the card: not for a phone. */
  partnerId?: InputMaybe<Scalars['ID']['input']>;
  /**
   * What the partner handed over after its own sign-in: a JWT signed with a key of its API client, whose `iss` is the
   * client's id, `sub` the value and `kind` the kind, for the audience of the graph, with an end within 10 minutes.
   */
  proof?: InputMaybe<Scalars['String']['input']>;
};

/** The identifier after the change; null where the rules refuse: `userErrors` then says why. */
export type LinkIdentifierPayload = {
  /** Not verified until `confirmIdentifier`, where no proof was given. */
  identifier?: Maybe<MemberIdentifier>;
  member?: Maybe<Member>;
  userErrors: Array<UserError>;
};

/** What to show at a till; null where the rules refuse: `userErrors` then says why. */
export type WalletTokenPayload = {
  /** A compact JWS of some 190 characters. */
  token?: Maybe<Scalars['String']['output']>;
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  userErrors: Array<UserError>;
};

/** Which membership becomes part of which. */
export type MergeMembersInput = {
  /** Closed by it. */
  fromId: Scalars['ID']['input'];
  /** ACTIVE. */
  intoId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};

/** What came of a merge; null where the rules refuse: `userErrors` then says why. */
export type MergePayload = {
  /** Undoes it. */
  mergeId?: Maybe<Scalars['ID']['output']>;
  /** Who has everything after it; after it was undone, who had. */
  member?: Maybe<Member>;
  userErrors: Array<UserError>;
};

/** The member after the change; null where the rules refuse: `userErrors` then says why. */
export type MemberPayload = {
  member?: Maybe<Member>;
  userErrors: Array<UserError>;
};

/** What a partner asks of a member. */
export type RequestConsentInput = {
  member: MemberRef;
  scopes: Array<ConsentScope>;
  /** Why, in words for the member. */
  purpose: Scalars['String']['input'];
};

/** The same for every member, and for nobody. */
export type RequestConsentPayload = {
  /** When the request is gone if nobody answers. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  userErrors: Array<UserError>;
};

/** Either `points` or `amount` is given. */
export type HoldPointsInput = {
  member: MemberRef;
  /** So many points. */
  points?: InputMaybe<Scalars['Points']['input']>;
  /** As many points as cover it, in the currency of the partner's contract. */
  amount?: InputMaybe<MoneyInput>;
  /** The partner's own order or till number, unique in the partner. */
  reference: Scalars['String']['input'];
  idempotencyKey: Scalars['String']['input'];
  /** Seconds, 1 or more. 7 days at most: more is taken for that. */
  expiresIn?: InputMaybe<Scalars['Int']['input']>;
};

/** What is captured of a hold. */
export type CaptureHoldInput = {
  id: Scalars['ID']['input'];
  /** At most the points held; the rest is released. All of them where left out. */
  points?: InputMaybe<Scalars['Points']['input']>;
  idempotencyKey: Scalars['String']['input'];
};

/** What is given back of a capture. */
export type RefundCaptureInput = {
  id: Scalars['ID']['input'];
  /** At most what was captured and not refunded; all of it where left out. */
  points?: InputMaybe<Scalars['Points']['input']>;
  /** The partner's own number for the return, unique in the partner. */
  refundReference: Scalars['String']['input'];
};

/** The hold after the change; null where the rules refuse: `userErrors` then says why. */
export type HoldPayload = {
  hold?: Maybe<Hold>;
  /** What the member has left. Null without the member's consent to READ_BALANCE. */
  balance?: Maybe<Balance>;
  userErrors: Array<UserError>;
};

/** Which tier a member is given, and why. */
export type SetTierInput = {
  memberId: Scalars['ID']['input'];
  /** Its code. */
  tier: Scalars['String']['input'];
  /** MATCHED, MANUAL or LIFETIME, which has no end. */
  source?: InputMaybe<TierSource>;
  /** The last day. */
  until?: InputMaybe<Scalars['Date']['input']>;
  reason: Scalars['String']['input'];
};

/** A unit that the ledger is to count. */
export type CurrencyInput = {
  code: Scalars['String']['input'];
  name: Scalars['String']['input'];
  kind?: InputMaybe<CurrencyKind>;
  /** Left out for one that is the coalition's own. */
  issuerId?: InputMaybe<Scalars['ID']['input']>;
};

/**
 * What is left out stays. Tiers replace all tiers; a raised threshold demotes nobody before the period ends, and a lowered
 * one promotes at once. Who has a tier that is gone stands at the highest that needs no more than it did.
 */
export type ConfigureProgramInput = {
  /** CONFLICT where the program has moved on. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  /** CONFLICT once points were booked by the days of another. */
  timeZone?: InputMaybe<Scalars['String']['input']>;
  moneyCurrency?: InputMaybe<Scalars['CurrencyCode']['input']>;
  /** At most 20, lowest first: thresholds rise from 0. */
  tiers?: InputMaybe<Array<TierInput>>;
  tierPolicy?: InputMaybe<TierPolicyInput>;
  expiry?: InputMaybe<ExpiryInput>;
  adjustmentApprovalLimit?: InputMaybe<Scalars['Points']['input']>;
  adjustmentDailyLimit?: InputMaybe<Scalars['Points']['input']>;
  /** 0 to 10^12. */
  negativeLimit?: InputMaybe<Scalars['Points']['input']>;
};

/** How long a tier lasts, and what comes after it. */
export type TierPolicyInput = {
  period: QualificationPeriod;
  downgrade: Downgrade;
  /** 0 to 366. */
  graceDays?: InputMaybe<Scalars['Int']['input']>;
  demoteOnReversal?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A step of the program. */
export type TierInput = {
  code: Scalars['String']['input'];
  name: Scalars['String']['input'];
  threshold: Scalars['Points']['input'];
  /** 1 or more. */
  earnMultiplier: Scalars['Decimal']['input'];
  benefits: Array<BenefitInput>;
};

/** Something that comes with a tier. */
export type BenefitInput = {
  code: Scalars['String']['input'];
  name: Scalars['String']['input'];
  description?: InputMaybe<Scalars['String']['input']>;
};

/** When points end that are not spent. */
export type ExpiryInput = {
  kind: ExpiryKind;
  /** For LOT_AGE and INACTIVITY. */
  months?: InputMaybe<Scalars['Int']['input']>;
  /** For FIXED_DATES. */
  dates?: InputMaybe<Array<Scalars['String']['input']>>;
  minimumDays?: InputMaybe<Scalars['Int']['input']>;
  rounding?: InputMaybe<ExpiryRounding>;
  /** 1 to 366 days, 10 at most. What is left out stays. */
  noticeDays?: InputMaybe<Array<Scalars['Int']['input']>>;
};

/** Points for another member. */
export type TransferPointsInput = {
  /** An active member, named by id, member number, e-mail address or phone. */
  to: MemberRef;
  points: Scalars['Points']['input'];
  /** For the other member; at most 2,000 characters. */
  message?: InputMaybe<Scalars['String']['input']>;
  /** Chosen by the client, unique in the member. */
  idempotencyKey: Scalars['String']['input'];
};

/** What became of a transfer. */
export type TransferPayload = {
  /** POSTED or UNDER_REVIEW; later REVERSED where staff denied it, or did not decide in time. */
  status?: Maybe<MovementStatus>;
  /** Null where nothing was debited. */
  debited?: Maybe<StatementEntry>;
  /** The giver's, of the shared currency. */
  balance?: Maybe<Balance>;
  userErrors: Array<UserError>;
};

/** Points by hand. */
export type AdjustPointsInput = {
  memberId: Scalars['ID']['input'];
  /** Given where positive, taken where negative; at most 10^12. */
  points: Scalars['Points']['input'];
  /** The coalition's shared currency where left out. */
  currency?: InputMaybe<Scalars['String']['input']>;
  /** For the audit and for the second administrator; the member reads that it was an adjustment. */
  reason: Scalars['String']['input'];
  /** The last day on which points given can be spent; by the currency's policy where left out. */
  expiresOn?: InputMaybe<Scalars['Date']['input']>;
  /** Chosen by the client, unique in the administrator. */
  idempotencyKey: Scalars['String']['input'];
};

/** Where an adjustment stands. */
export type AdjustmentStatus =
  | 'AWAITING_APPROVAL'
  | 'POSTED'
  | 'REJECTED';

/** Points given to a member, or taken, by the coalition's staff. */
export type Adjustment = {
  id: Scalars['ID']['output'];
  member: Member;
  points: Scalars['Points']['output'];
  currency: PointsCurrency;
  reason: Scalars['String']['output'];
  status: AdjustmentStatus;
  requestedBy: Scalars['String']['output'];
  /** The second administrator; null where none was needed, or none has approved. */
  approvedBy?: Maybe<Scalars['String']['output']>;
  /** Who decided and why, where it was rejected. */
  rejectedBecause?: Maybe<Scalars['String']['output']>;
  createdAt: Scalars['DateTime']['output'];
};

/** A page of adjustments. */
export type AdjustmentConnection = {
  edges: Array<AdjustmentEdge>;
  nodes: Array<Adjustment>;
  pageInfo: PageInfo;
};

/** An adjustment and its place in the list. */
export type AdjustmentEdge = {
  cursor: Scalars['String']['output'];
  node: Adjustment;
};

/** The adjustment after the call; null where the rules refuse: `userErrors` then says why. */
export type AdjustmentPayload = {
  adjustment?: Maybe<Adjustment>;
  userErrors: Array<UserError>;
};

/** Points for another currency. */
export type ConvertPointsInput = {
  /** A currency's code. */
  from: Scalars['String']['input'];
  /** Another one's. */
  to: Scalars['String']['input'];
  points: Scalars['Points']['input'];
  /** Keeps the quoted rate. Of these points: for others there is no such quote. */
  quoteId?: InputMaybe<Scalars['ID']['input']>;
  /** Chosen by the client, unique in the member. */
  idempotencyKey: Scalars['String']['input'];
};

/** The conversion as it stands; null where the rules refuse: `userErrors` then says why. */
export type ConversionPayload = {
  conversion?: Maybe<Conversion>;
  /** The member's, of the currency that the points left. Null for a partner without the member's consent to READ_BALANCE. */
  balance?: Maybe<Balance>;
  userErrors: Array<UserError>;
};

/** The case after the decision; null where the rules refuse: `userErrors` then says why. */
export type RiskCasePayload = {
  riskCase?: Maybe<RiskCase>;
  userErrors: Array<UserError>;
};

/** What is left out stays. Counts are 1 to 10,000, days 0 to 366, hours 1 to 720. */
export type RiskLimitsInput = {
  newAccountDays?: InputMaybe<Scalars['Int']['input']>;
  transfersPerDay?: InputMaybe<Scalars['Int']['input']>;
  transfersPer30Days?: InputMaybe<Scalars['Int']['input']>;
  transfersPerYear?: InputMaybe<Scalars['Int']['input']>;
  transferPointsPerDay?: InputMaybe<Scalars['Points']['input']>;
  transferPointsPer30Days?: InputMaybe<Scalars['Points']['input']>;
  transferPointsPerYear?: InputMaybe<Scalars['Points']['input']>;
  conversionPointsPerDay?: InputMaybe<Scalars['Points']['input']>;
  conversionPointsPerYear?: InputMaybe<Scalars['Points']['input']>;
  redemptionsPerDay?: InputMaybe<Scalars['Int']['input']>;
  redemptionPointsPerDay?: InputMaybe<Scalars['Points']['input']>;
  redemptionStepUpFrom?: InputMaybe<Scalars['Points']['input']>;
  stepUpFrom?: InputMaybe<Scalars['Points']['input']>;
  receiversPer30Days?: InputMaybe<Scalars['Int']['input']>;
  unknownReceiversPerDay?: InputMaybe<Scalars['Int']['input']>;
  dormantDays?: InputMaybe<Scalars['Int']['input']>;
  reviewHours?: InputMaybe<Scalars['Int']['input']>;
};

/** What is left out, or null, stays. */
export type ReferralRulesInput = {
  /** 0 to 10^6. */
  referrerPoints?: InputMaybe<Scalars['Points']['input']>;
  friendPoints?: InputMaybe<Scalars['Points']['input']>;
  /** 1 to 366. */
  withinDays?: InputMaybe<Scalars['Int']['input']>;
  /** 0 to 366. */
  waitDays?: InputMaybe<Scalars['Int']['input']>;
  rewardsPerYear?: InputMaybe<Scalars['Int']['input']>;
  joinsPerDay?: InputMaybe<Scalars['Int']['input']>;
};

/** A segment as it is to be. */
export type SegmentInput = {
  code: Scalars['String']['input'];
  name: Scalars['String']['input'];
  /**
   * A CEL expression that gives a bool, checked when it is saved: `member.points >= 1000 && member.tier in ["GOLD"]`. It may
   * ask about `member.status`, `tier` and `household` (the kind), each "" where there is none; `joinedAt`, `daysSinceJoined`;
   * `points` available and `lifetimePoints` in the shared currency; `everActive`, `daysSinceActivity` (days since joining for
   * who never earned or spent); `birthMonth` (0 where unknown), `language`, `country` (of the locale, "" where it names
   * none); `marketingOptIn`, `trusts` (ids of the partners that have a consent); and `today.year`, `month` and `day`, in the
   * program's time zone. No macros and no regular expressions.
   */
  when: Scalars['String']['input'];
};

/** What came of saving a segment; null where the rules refuse: `userErrors` then says why. */
export type SegmentPayload = {
  segment?: Maybe<Segment>;
  userErrors: Array<UserError>;
};

/** A goal of the program. */
export type ProgramGoalInput = {
  /** Left out: a new one. */
  id?: InputMaybe<Scalars['ID']['input']>;
  measure: GoalMeasure;
  /** Ten years at most; 366 days of RETENTION, CHURN, AVERAGE_ORDER_VALUE and ENGAGEMENT. */
  period: PeriodInput;
  /** More than 0; of a rate, 1 or less. */
  target: Scalars['Decimal']['input'];
};

/** Something that the program cost. */
export type ProgramCostInput = {
  kind: CostKind;
  on: Scalars['Date']['input'];
  /** In the program's money. */
  amount: MoneyInput;
  /** Unique in the program. */
  reference: Scalars['String']['input'];
};

/** The program after the change; null where the rules refuse: `userErrors` then says why. */
export type ProgramPayload = {
  program?: Maybe<Program>;
  userErrors: Array<UserError>;
};

/** The household after the change; null where the rules refuse: `userErrors` then says why. */
export type HouseholdPayload = {
  household?: Maybe<Household>;
  userErrors: Array<UserError>;
};

/** The export; null where the rules refuse: `userErrors` then says why. */
export type DataExportPayload = {
  export?: Maybe<DataExport>;
  userErrors: Array<UserError>;
};

/** The erasure; null where the rules refuse: `userErrors` then says why. */
export type ErasurePayload = {
  erasure?: Maybe<Erasure>;
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
  Program: Program;
  PointsCurrency: PointsCurrency;
  Member: Member;
  StatementEntry: StatementEntry;
  Hold: Hold;
  Notification: Notification;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Program:
    ( { __typename: 'Program' }
    & GraphQLRecursivePick<FederationTypes['Program'], {"id":true}> );
  PointsCurrency:
    ( { __typename: 'PointsCurrency' }
    & GraphQLRecursivePick<FederationTypes['PointsCurrency'], {"code":true}> );
  Member:
    ( { __typename: 'Member' }
    & GraphQLRecursivePick<FederationTypes['Member'], {"id":true}> );
  StatementEntry:
    ( { __typename: 'StatementEntry' }
    & GraphQLRecursivePick<FederationTypes['StatementEntry'], {"id":true}> );
  Hold:
    ( { __typename: 'Hold' }
    & GraphQLRecursivePick<FederationTypes['Hold'], {"id":true}> );
  Notification:
    ( { __typename: 'Notification' }
    & GraphQLRecursivePick<FederationTypes['Notification'], {"id":true}> );
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
  Money: ResolverTypeWrapper<MoneyRow>;
  MoneyInput: MoneyInput;
  MemberRef: MemberRef;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  UserError: ResolverTypeWrapper<UserError>;
  ErrorDetails: ResolverTypeWrapper<ErrorDetails>;
  UserErrorCode: UserErrorCode;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Program: ResolverTypeWrapper<ProgramRow>;
  PeriodInput: PeriodInput;
  PointsCurrency: ResolverTypeWrapper<PointsCurrencyRow>;
  RiskLimits: ResolverTypeWrapper<RiskLimitsRow>;
  ReferralRules: ResolverTypeWrapper<ReferralRulesRow>;
  CurrencyKind: CurrencyKind;
  Partner: ResolverTypeWrapper<Partner>;
  Activity: ResolverTypeWrapper<Activity>;
  Redemption: ResolverTypeWrapper<Redemption>;
  TierPolicy: ResolverTypeWrapper<TierPolicy>;
  QualificationPeriod: QualificationPeriod;
  Downgrade: Downgrade;
  ExpiryPolicy: ResolverTypeWrapper<ExpiryPolicy>;
  ExpiryRounding: ExpiryRounding;
  ExpiryKind: ExpiryKind;
  Tier: ResolverTypeWrapper<TierRow>;
  Benefit: ResolverTypeWrapper<BenefitRow>;
  MembershipReport: ResolverTypeWrapper<MembershipReportRow>;
  TierCount: ResolverTypeWrapper<TierCountRow>;
  LifetimeValueReport: ResolverTypeWrapper<LifetimeValueReportRow>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  LiabilityReport: ResolverTypeWrapper<LiabilityReportRow>;
  PointsMovement: ResolverTypeWrapper<PointsMovementRow>;
  ProgramGoal: ResolverTypeWrapper<ProgramGoalRow>;
  GoalMeasure: GoalMeasure;
  ProgramCost: ResolverTypeWrapper<ProgramCostRow>;
  CostKind: CostKind;
  IssuerLiability: ResolverTypeWrapper<IssuerLiabilityRow>;
  MemberStatus: MemberStatus;
  Member: ResolverTypeWrapper<MemberRow>;
  MemberProfile: ResolverTypeWrapper<MemberProfileRow>;
  TierStatus: ResolverTypeWrapper<TierStatusRow>;
  TierSource: TierSource;
  Period: ResolverTypeWrapper<Period>;
  TierProgress: ResolverTypeWrapper<Omit<TierProgress, 'tier'> & { tier: ResolversTypes['Tier'] }>;
  Balance: ResolverTypeWrapper<BalanceRow>;
  IssuerBalance: ResolverTypeWrapper<IssuerBalanceRow>;
  ExpiringPoints: ResolverTypeWrapper<ExpiringPoints>;
  EntryKind: EntryKind;
  StatementEntry: ResolverTypeWrapper<StatementEntryRow>;
  PointsTransfer: ResolverTypeWrapper<PointsTransferRow>;
  StatementConnection: ResolverTypeWrapper<Omit<StatementConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['StatementEdge']>, nodes: Array<ResolversTypes['StatementEntry']> }>;
  StatementEdge: ResolverTypeWrapper<Omit<StatementEdge, 'node'> & { node: ResolversTypes['StatementEntry'] }>;
  HoldStatus: HoldStatus;
  Hold: ResolverTypeWrapper<HoldRow>;
  HoldConnection: ResolverTypeWrapper<Omit<HoldConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['HoldEdge']>, nodes: Array<ResolversTypes['Hold']> }>;
  HoldEdge: ResolverTypeWrapper<Omit<HoldEdge, 'node'> & { node: ResolversTypes['Hold'] }>;
  HouseholdKind: HouseholdKind;
  Household: ResolverTypeWrapper<HouseholdRow>;
  HouseholdMember: ResolverTypeWrapper<HouseholdMemberRow>;
  HouseholdInvitation: ResolverTypeWrapper<HouseholdInvitationRow>;
  ConsentRequest: ResolverTypeWrapper<ConsentRequestRow>;
  Consent: ResolverTypeWrapper<ConsentRow>;
  ReferralStatus: ResolverTypeWrapper<ReferralStatusRow>;
  NotificationKind: NotificationKind;
  NotificationChannel: NotificationChannel;
  NotificationPreference: ResolverTypeWrapper<NotificationPreferenceRow>;
  Notification: ResolverTypeWrapper<NotificationRow>;
  NotificationConnection: ResolverTypeWrapper<NotificationConnectionRow>;
  NotificationEdge: ResolverTypeWrapper<Omit<NotificationEdge, 'node'> & { node: ResolversTypes['Notification'] }>;
  IdentifierKind: IdentifierKind;
  MemberIdentifier: ResolverTypeWrapper<MemberIdentifierRow>;
  MemberConnection: ResolverTypeWrapper<Omit<MemberConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['MemberEdge']>, nodes: Array<ResolversTypes['Member']> }>;
  MemberEdge: ResolverTypeWrapper<Omit<MemberEdge, 'node'> & { node: ResolversTypes['Member'] }>;
  MemberFilter: MemberFilter;
  PaymentQuote: ResolverTypeWrapper<PaymentQuoteRow>;
  Viewer: ResolverTypeWrapper<ViewerRow>;
  StaffRole: StaffRole;
  StaffStatus: StaffStatus;
  Staff: ResolverTypeWrapper<StaffRow>;
  StaffConnection: ResolverTypeWrapper<Omit<StaffConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['StaffEdge']>, nodes: Array<ResolversTypes['Staff']> }>;
  StaffEdge: ResolverTypeWrapper<Omit<StaffEdge, 'node'> & { node: ResolversTypes['Staff'] }>;
  InviteStaffInput: InviteStaffInput;
  StaffPayload: ResolverTypeWrapper<Omit<StaffPayload, 'staff'> & { staff?: Maybe<ResolversTypes['Staff']> }>;
  AuditEvent: ResolverTypeWrapper<AuditEventRow>;
  AuditChange: ResolverTypeWrapper<AuditChange>;
  AuditConnection: ResolverTypeWrapper<Omit<AuditConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['AuditEdge']>, nodes: Array<ResolversTypes['AuditEvent']> }>;
  AuditEdge: ResolverTypeWrapper<Omit<AuditEdge, 'node'> & { node: ResolversTypes['AuditEvent'] }>;
  AuditFilter: AuditFilter;
  Segment: ResolverTypeWrapper<SegmentRow>;
  MovementStatus: MovementStatus;
  Conversion: ResolverTypeWrapper<ConversionRow>;
  ConversionQuote: ResolverTypeWrapper<ConversionQuote>;
  RiskAction: RiskAction;
  RiskStatus: RiskStatus;
  RiskCase: ResolverTypeWrapper<RiskCaseRow>;
  RiskCaseConnection: ResolverTypeWrapper<Omit<RiskCaseConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['RiskCaseEdge']>, nodes: Array<ResolversTypes['RiskCase']> }>;
  RiskCaseEdge: ResolverTypeWrapper<Omit<RiskCaseEdge, 'node'> & { node: ResolversTypes['RiskCase'] }>;
  JobStatus: JobStatus;
  DataExport: ResolverTypeWrapper<DataExportRow>;
  Erasure: ResolverTypeWrapper<ErasureRow>;
  ErasureReceipt: ResolverTypeWrapper<ErasureReceiptRow>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  EnrolInput: EnrolInput;
  EnrolPayload: ResolverTypeWrapper<EnrolPayload>;
  NotificationPreferenceInput: NotificationPreferenceInput;
  VerifyEmailInput: VerifyEmailInput;
  UpdateProfileInput: UpdateProfileInput;
  LinkIdentifierInput: LinkIdentifierInput;
  LinkIdentifierPayload: ResolverTypeWrapper<Omit<LinkIdentifierPayload, 'identifier' | 'member'> & { identifier?: Maybe<ResolversTypes['MemberIdentifier']>, member?: Maybe<ResolversTypes['Member']> }>;
  WalletTokenPayload: ResolverTypeWrapper<WalletTokenPayload>;
  MergeMembersInput: MergeMembersInput;
  MergePayload: ResolverTypeWrapper<Omit<MergePayload, 'member'> & { member?: Maybe<ResolversTypes['Member']> }>;
  MemberPayload: ResolverTypeWrapper<Omit<MemberPayload, 'member'> & { member?: Maybe<ResolversTypes['Member']> }>;
  RequestConsentInput: RequestConsentInput;
  RequestConsentPayload: ResolverTypeWrapper<RequestConsentPayload>;
  HoldPointsInput: HoldPointsInput;
  CaptureHoldInput: CaptureHoldInput;
  RefundCaptureInput: RefundCaptureInput;
  HoldPayload: ResolverTypeWrapper<HoldPayloadRow>;
  SetTierInput: SetTierInput;
  CurrencyInput: CurrencyInput;
  ConfigureProgramInput: ConfigureProgramInput;
  TierPolicyInput: TierPolicyInput;
  TierInput: TierInput;
  BenefitInput: BenefitInput;
  ExpiryInput: ExpiryInput;
  TransferPointsInput: TransferPointsInput;
  TransferPayload: ResolverTypeWrapper<Omit<TransferPayload, 'debited' | 'balance'> & { debited?: Maybe<ResolversTypes['StatementEntry']>, balance?: Maybe<ResolversTypes['Balance']> }>;
  AdjustPointsInput: AdjustPointsInput;
  AdjustmentStatus: AdjustmentStatus;
  Adjustment: ResolverTypeWrapper<AdjustmentRow>;
  AdjustmentConnection: ResolverTypeWrapper<Omit<AdjustmentConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['AdjustmentEdge']>, nodes: Array<ResolversTypes['Adjustment']> }>;
  AdjustmentEdge: ResolverTypeWrapper<Omit<AdjustmentEdge, 'node'> & { node: ResolversTypes['Adjustment'] }>;
  AdjustmentPayload: ResolverTypeWrapper<Omit<AdjustmentPayload, 'adjustment'> & { adjustment?: Maybe<ResolversTypes['Adjustment']> }>;
  ConvertPointsInput: ConvertPointsInput;
  ConversionPayload: ResolverTypeWrapper<ConversionPayloadRow>;
  RiskCasePayload: ResolverTypeWrapper<Omit<RiskCasePayload, 'riskCase'> & { riskCase?: Maybe<ResolversTypes['RiskCase']> }>;
  RiskLimitsInput: RiskLimitsInput;
  ReferralRulesInput: ReferralRulesInput;
  SegmentInput: SegmentInput;
  SegmentPayload: ResolverTypeWrapper<Omit<SegmentPayload, 'segment'> & { segment?: Maybe<ResolversTypes['Segment']> }>;
  ProgramGoalInput: ProgramGoalInput;
  ProgramCostInput: ProgramCostInput;
  ProgramPayload: ResolverTypeWrapper<Omit<ProgramPayload, 'program'> & { program?: Maybe<ResolversTypes['Program']> }>;
  HouseholdPayload: ResolverTypeWrapper<Omit<HouseholdPayload, 'household'> & { household?: Maybe<ResolversTypes['Household']> }>;
  DataExportPayload: ResolverTypeWrapper<Omit<DataExportPayload, 'export'> & { export?: Maybe<ResolversTypes['DataExport']> }>;
  ErasurePayload: ResolverTypeWrapper<Omit<ErasurePayload, 'erasure'> & { erasure?: Maybe<ResolversTypes['Erasure']> }>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Points: Scalars['Points']['output'];
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  Decimal: Scalars['Decimal']['output'];
  CurrencyCode: Scalars['CurrencyCode']['output'];
  Money: MoneyRow;
  MoneyInput: MoneyInput;
  MemberRef: MemberRef;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  UserError: UserError;
  ErrorDetails: ErrorDetails;
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  Program: ProgramRow;
  PeriodInput: PeriodInput;
  PointsCurrency: PointsCurrencyRow;
  RiskLimits: RiskLimitsRow;
  ReferralRules: ReferralRulesRow;
  Partner: Partner;
  Activity: Activity;
  Redemption: Redemption;
  TierPolicy: TierPolicy;
  ExpiryPolicy: ExpiryPolicy;
  Tier: TierRow;
  Benefit: BenefitRow;
  MembershipReport: MembershipReportRow;
  TierCount: TierCountRow;
  LifetimeValueReport: LifetimeValueReportRow;
  Float: Scalars['Float']['output'];
  LiabilityReport: LiabilityReportRow;
  PointsMovement: PointsMovementRow;
  ProgramGoal: ProgramGoalRow;
  ProgramCost: ProgramCostRow;
  IssuerLiability: IssuerLiabilityRow;
  Member: MemberRow;
  MemberProfile: MemberProfileRow;
  TierStatus: TierStatusRow;
  Period: Period;
  TierProgress: Omit<TierProgress, 'tier'> & { tier: ResolversParentTypes['Tier'] };
  Balance: BalanceRow;
  IssuerBalance: IssuerBalanceRow;
  ExpiringPoints: ExpiringPoints;
  StatementEntry: StatementEntryRow;
  PointsTransfer: PointsTransferRow;
  StatementConnection: Omit<StatementConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['StatementEdge']>, nodes: Array<ResolversParentTypes['StatementEntry']> };
  StatementEdge: Omit<StatementEdge, 'node'> & { node: ResolversParentTypes['StatementEntry'] };
  Hold: HoldRow;
  HoldConnection: Omit<HoldConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['HoldEdge']>, nodes: Array<ResolversParentTypes['Hold']> };
  HoldEdge: Omit<HoldEdge, 'node'> & { node: ResolversParentTypes['Hold'] };
  Household: HouseholdRow;
  HouseholdMember: HouseholdMemberRow;
  HouseholdInvitation: HouseholdInvitationRow;
  ConsentRequest: ConsentRequestRow;
  Consent: ConsentRow;
  ReferralStatus: ReferralStatusRow;
  NotificationPreference: NotificationPreferenceRow;
  Notification: NotificationRow;
  NotificationConnection: NotificationConnectionRow;
  NotificationEdge: Omit<NotificationEdge, 'node'> & { node: ResolversParentTypes['Notification'] };
  MemberIdentifier: MemberIdentifierRow;
  MemberConnection: Omit<MemberConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['MemberEdge']>, nodes: Array<ResolversParentTypes['Member']> };
  MemberEdge: Omit<MemberEdge, 'node'> & { node: ResolversParentTypes['Member'] };
  MemberFilter: MemberFilter;
  PaymentQuote: PaymentQuoteRow;
  Viewer: ViewerRow;
  Staff: StaffRow;
  StaffConnection: Omit<StaffConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['StaffEdge']>, nodes: Array<ResolversParentTypes['Staff']> };
  StaffEdge: Omit<StaffEdge, 'node'> & { node: ResolversParentTypes['Staff'] };
  InviteStaffInput: InviteStaffInput;
  StaffPayload: Omit<StaffPayload, 'staff'> & { staff?: Maybe<ResolversParentTypes['Staff']> };
  AuditEvent: AuditEventRow;
  AuditChange: AuditChange;
  AuditConnection: Omit<AuditConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['AuditEdge']>, nodes: Array<ResolversParentTypes['AuditEvent']> };
  AuditEdge: Omit<AuditEdge, 'node'> & { node: ResolversParentTypes['AuditEvent'] };
  AuditFilter: AuditFilter;
  Segment: SegmentRow;
  Conversion: ConversionRow;
  ConversionQuote: ConversionQuote;
  RiskCase: RiskCaseRow;
  RiskCaseConnection: Omit<RiskCaseConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['RiskCaseEdge']>, nodes: Array<ResolversParentTypes['RiskCase']> };
  RiskCaseEdge: Omit<RiskCaseEdge, 'node'> & { node: ResolversParentTypes['RiskCase'] };
  DataExport: DataExportRow;
  Erasure: ErasureRow;
  ErasureReceipt: ErasureReceiptRow;
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  EnrolInput: EnrolInput;
  EnrolPayload: EnrolPayload;
  NotificationPreferenceInput: NotificationPreferenceInput;
  VerifyEmailInput: VerifyEmailInput;
  UpdateProfileInput: UpdateProfileInput;
  LinkIdentifierInput: LinkIdentifierInput;
  LinkIdentifierPayload: Omit<LinkIdentifierPayload, 'identifier' | 'member'> & { identifier?: Maybe<ResolversParentTypes['MemberIdentifier']>, member?: Maybe<ResolversParentTypes['Member']> };
  WalletTokenPayload: WalletTokenPayload;
  MergeMembersInput: MergeMembersInput;
  MergePayload: Omit<MergePayload, 'member'> & { member?: Maybe<ResolversParentTypes['Member']> };
  MemberPayload: Omit<MemberPayload, 'member'> & { member?: Maybe<ResolversParentTypes['Member']> };
  RequestConsentInput: RequestConsentInput;
  RequestConsentPayload: RequestConsentPayload;
  HoldPointsInput: HoldPointsInput;
  CaptureHoldInput: CaptureHoldInput;
  RefundCaptureInput: RefundCaptureInput;
  HoldPayload: HoldPayloadRow;
  SetTierInput: SetTierInput;
  CurrencyInput: CurrencyInput;
  ConfigureProgramInput: ConfigureProgramInput;
  TierPolicyInput: TierPolicyInput;
  TierInput: TierInput;
  BenefitInput: BenefitInput;
  ExpiryInput: ExpiryInput;
  TransferPointsInput: TransferPointsInput;
  TransferPayload: Omit<TransferPayload, 'debited' | 'balance'> & { debited?: Maybe<ResolversParentTypes['StatementEntry']>, balance?: Maybe<ResolversParentTypes['Balance']> };
  AdjustPointsInput: AdjustPointsInput;
  Adjustment: AdjustmentRow;
  AdjustmentConnection: Omit<AdjustmentConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['AdjustmentEdge']>, nodes: Array<ResolversParentTypes['Adjustment']> };
  AdjustmentEdge: Omit<AdjustmentEdge, 'node'> & { node: ResolversParentTypes['Adjustment'] };
  AdjustmentPayload: Omit<AdjustmentPayload, 'adjustment'> & { adjustment?: Maybe<ResolversParentTypes['Adjustment']> };
  ConvertPointsInput: ConvertPointsInput;
  ConversionPayload: ConversionPayloadRow;
  RiskCasePayload: Omit<RiskCasePayload, 'riskCase'> & { riskCase?: Maybe<ResolversParentTypes['RiskCase']> };
  RiskLimitsInput: RiskLimitsInput;
  ReferralRulesInput: ReferralRulesInput;
  SegmentInput: SegmentInput;
  SegmentPayload: Omit<SegmentPayload, 'segment'> & { segment?: Maybe<ResolversParentTypes['Segment']> };
  ProgramGoalInput: ProgramGoalInput;
  ProgramCostInput: ProgramCostInput;
  ProgramPayload: Omit<ProgramPayload, 'program'> & { program?: Maybe<ResolversParentTypes['Program']> };
  HouseholdPayload: Omit<HouseholdPayload, 'household'> & { household?: Maybe<ResolversParentTypes['Household']> };
  DataExportPayload: Omit<DataExportPayload, 'export'> & { export?: Maybe<ResolversParentTypes['DataExport']> };
  ErasurePayload: Omit<ErasurePayload, 'erasure'> & { erasure?: Maybe<ResolversParentTypes['Erasure']> };
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

export type ProgramResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Program'] = ResolversParentTypes['Program'], FederationReferenceType extends FederationReferenceTypes['Program'] = FederationReferenceTypes['Program']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Program']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  timeZone?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  moneyCurrency?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  currencies?: Resolver<Array<ResolversTypes['PointsCurrency']>, ParentType, ContextType>;
  tiers?: Resolver<Array<ResolversTypes['Tier']>, ParentType, ContextType>;
  tierPolicy?: Resolver<ResolversTypes['TierPolicy'], ParentType, ContextType>;
  expiryPolicy?: Resolver<ResolversTypes['ExpiryPolicy'], ParentType, ContextType>;
  adjustmentApprovalLimit?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  adjustmentDailyLimit?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  negativeLimit?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  walletKeys?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  riskLimits?: Resolver<Maybe<ResolversTypes['RiskLimits']>, ParentType, ContextType>;
  referralRules?: Resolver<ResolversTypes['ReferralRules'], ParentType, ContextType>;
  membership?: Resolver<Maybe<ResolversTypes['MembershipReport']>, ParentType, ContextType, RequireFields<ProgramMembershipArgs, 'period'>>;
  liability?: Resolver<Maybe<ResolversTypes['LiabilityReport']>, ParentType, ContextType, Partial<ProgramLiabilityArgs>>;
  goals?: Resolver<Maybe<Array<ResolversTypes['ProgramGoal']>>, ParentType, ContextType>;
  costs?: Resolver<Maybe<Array<ResolversTypes['ProgramCost']>>, ParentType, ContextType, RequireFields<ProgramCostsArgs, 'period'>>;
};

export type PointsCurrencyResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PointsCurrency'] = ResolversParentTypes['PointsCurrency'], FederationReferenceType extends FederationReferenceTypes['PointsCurrency'] = FederationReferenceTypes['PointsCurrency']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['PointsCurrency']> | FederationReferenceType, FederationReferenceType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['CurrencyKind'], ParentType, ContextType>;
  issuer?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
};

export type RiskLimitsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RiskLimits'] = ResolversParentTypes['RiskLimits']> = {
  newAccountDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  transfersPerDay?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  transfersPer30Days?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  transfersPerYear?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  transferPointsPerDay?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  transferPointsPer30Days?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  transferPointsPerYear?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  conversionPointsPerDay?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  conversionPointsPerYear?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  redemptionsPerDay?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  redemptionPointsPerDay?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  redemptionStepUpFrom?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  stepUpFrom?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  receiversPer30Days?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unknownReceiversPerDay?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  dormantDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reviewHours?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ReferralRulesResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ReferralRules'] = ResolversParentTypes['ReferralRules']> = {
  referrerPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  friendPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  withinDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  waitDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rewardsPerYear?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  joinsPerDay?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type PartnerResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Partner'] = ResolversParentTypes['Partner']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ActivityResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Activity'] = ResolversParentTypes['Activity']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type RedemptionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Redemption'] = ResolversParentTypes['Redemption']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type TierPolicyResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['TierPolicy'] = ResolversParentTypes['TierPolicy']> = {
  period?: Resolver<ResolversTypes['QualificationPeriod'], ParentType, ContextType>;
  downgrade?: Resolver<ResolversTypes['Downgrade'], ParentType, ContextType>;
  graceDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  demoteOnReversal?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ExpiryPolicyResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ExpiryPolicy'] = ResolversParentTypes['ExpiryPolicy']> = {
  kind?: Resolver<ResolversTypes['ExpiryKind'], ParentType, ContextType>;
  months?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  dates?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  minimumDays?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  rounding?: Resolver<ResolversTypes['ExpiryRounding'], ParentType, ContextType>;
  noticeDays?: Resolver<Array<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type TierResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Tier'] = ResolversParentTypes['Tier']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  rank?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  threshold?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  earnMultiplier?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  benefits?: Resolver<Array<ResolversTypes['Benefit']>, ParentType, ContextType>;
};

export type BenefitResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Benefit'] = ResolversParentTypes['Benefit']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type MembershipReportResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['MembershipReport'] = ResolversParentTypes['MembershipReport']> = {
  members?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activeMembers?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  enrolled?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lapsed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  churnRate?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  upgradeRate?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  byTier?: Resolver<Array<ResolversTypes['TierCount']>, ParentType, ContextType>;
  lifetimeValue?: Resolver<Maybe<ResolversTypes['LifetimeValueReport']>, ParentType, ContextType>;
};

export type TierCountResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['TierCount'] = ResolversParentTypes['TierCount']> = {
  tier?: Resolver<ResolversTypes['Tier'], ParentType, ContextType>;
  members?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type LifetimeValueReportResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['LifetimeValueReport'] = ResolversParentTypes['LifetimeValueReport']> = {
  r?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  alpha?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  a?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  b?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  logLikelihood?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  expectedPurchasesPerMember?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  expectedValuePerMember?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  fittedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type LiabilityReportResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['LiabilityReport'] = ResolversParentTypes['LiabilityReport']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  outstanding?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  pending?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  movement?: Resolver<ResolversTypes['PointsMovement'], ParentType, ContextType, RequireFields<LiabilityReportMovementArgs, 'period'>>;
  fairValue?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  fairValueElsewhere?: Resolver<Array<ResolversTypes['Money']>, ParentType, ContextType>;
  breakageRate?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  byIssuer?: Resolver<Array<ResolversTypes['IssuerLiability']>, ParentType, ContextType>;
  trialBalance?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
};

export type PointsMovementResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PointsMovement'] = ResolversParentTypes['PointsMovement']> = {
  opening?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  issued?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  redeemed?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  expired?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  exchanged?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  adjusted?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  closing?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
};

export type ProgramGoalResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ProgramGoal'] = ResolversParentTypes['ProgramGoal']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  measure?: Resolver<ResolversTypes['GoalMeasure'], ParentType, ContextType>;
  period?: Resolver<ResolversTypes['Period'], ParentType, ContextType>;
  target?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  current?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  percent?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type ProgramCostResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ProgramCost'] = ResolversParentTypes['ProgramCost']> = {
  kind?: Resolver<ResolversTypes['CostKind'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type IssuerLiabilityResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['IssuerLiability'] = ResolversParentTypes['IssuerLiability']> = {
  issuer?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  outstanding?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type MemberResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Member'] = ResolversParentTypes['Member'], FederationReferenceType extends FederationReferenceTypes['Member'] = FederationReferenceTypes['Member']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Member']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  displayName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  level?: Resolver<Maybe<ResolversTypes['Tier']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['MemberStatus']>, ParentType, ContextType>;
  memberNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  profile?: Resolver<Maybe<ResolversTypes['MemberProfile']>, ParentType, ContextType>;
  joinedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tier?: Resolver<Maybe<ResolversTypes['TierStatus']>, ParentType, ContextType>;
  balances?: Resolver<Maybe<Array<ResolversTypes['Balance']>>, ParentType, ContextType>;
  balance?: Resolver<Maybe<ResolversTypes['Balance']>, ParentType, ContextType, Partial<MemberBalanceArgs>>;
  statement?: Resolver<Maybe<ResolversTypes['StatementConnection']>, ParentType, ContextType, RequireFields<MemberStatementArgs, 'first'>>;
  holds?: Resolver<Maybe<ResolversTypes['HoldConnection']>, ParentType, ContextType, RequireFields<MemberHoldsArgs, 'first'>>;
  household?: Resolver<Maybe<ResolversTypes['Household']>, ParentType, ContextType>;
  consents?: Resolver<Maybe<Array<ResolversTypes['Consent']>>, ParentType, ContextType>;
  consentRequests?: Resolver<Maybe<Array<ResolversTypes['ConsentRequest']>>, ParentType, ContextType>;
  referral?: Resolver<Maybe<ResolversTypes['ReferralStatus']>, ParentType, ContextType>;
  notifications?: Resolver<Maybe<ResolversTypes['NotificationConnection']>, ParentType, ContextType, RequireFields<MemberNotificationsArgs, 'unreadOnly' | 'first'>>;
  notificationPreferences?: Resolver<Maybe<Array<ResolversTypes['NotificationPreference']>>, ParentType, ContextType>;
  identifiers?: Resolver<Maybe<Array<ResolversTypes['MemberIdentifier']>>, ParentType, ContextType>;
  segments?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type MemberProfileResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['MemberProfile'] = ResolversParentTypes['MemberProfile']> = {
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  emailVerified?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  phone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  givenName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  familyName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  birthday?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  locale?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  marketingOptIn?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  showLevel?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type TierStatusResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['TierStatus'] = ResolversParentTypes['TierStatus']> = {
  tier?: Resolver<ResolversTypes['Tier'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['TierSource'], ParentType, ContextType>;
  since?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validUntil?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  qualifyingPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  qualificationPeriod?: Resolver<ResolversTypes['Period'], ParentType, ContextType>;
  next?: Resolver<Maybe<ResolversTypes['TierProgress']>, ParentType, ContextType>;
};

export type PeriodResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Period'] = ResolversParentTypes['Period']> = {
  from?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
};

export type TierProgressResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['TierProgress'] = ResolversParentTypes['TierProgress']> = {
  tier?: Resolver<ResolversTypes['Tier'], ParentType, ContextType>;
  current?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  target?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  percent?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  expectedOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
};

export type BalanceResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Balance'] = ResolversParentTypes['Balance']> = {
  currency?: Resolver<ResolversTypes['PointsCurrency'], ParentType, ContextType>;
  available?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  worth?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  pending?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  held?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  debt?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  lifetimeEarned?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  byIssuer?: Resolver<Maybe<Array<ResolversTypes['IssuerBalance']>>, ParentType, ContextType>;
  expiring?: Resolver<Maybe<Array<ResolversTypes['ExpiringPoints']>>, ParentType, ContextType, RequireFields<BalanceExpiringArgs, 'within'>>;
};

export type IssuerBalanceResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['IssuerBalance'] = ResolversParentTypes['IssuerBalance']> = {
  issuer?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
};

export type ExpiringPointsResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ExpiringPoints'] = ResolversParentTypes['ExpiringPoints']> = {
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  on?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
};

export type StatementEntryResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['StatementEntry'] = ResolversParentTypes['StatementEntry'], FederationReferenceType extends FederationReferenceTypes['StatementEntry'] = FederationReferenceTypes['StatementEntry']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['StatementEntry']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['EntryKind'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['PointsCurrency'], ParentType, ContextType>;
  balance?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  debt?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  effectiveAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  postedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reversedBy?: Resolver<Maybe<ResolversTypes['StatementEntry']>, ParentType, ContextType>;
  reverses?: Resolver<Maybe<ResolversTypes['StatementEntry']>, ParentType, ContextType>;
  transferId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  activity?: Resolver<Maybe<ResolversTypes['Activity']>, ParentType, ContextType>;
  redemption?: Resolver<Maybe<ResolversTypes['Redemption']>, ParentType, ContextType>;
  hold?: Resolver<Maybe<ResolversTypes['Hold']>, ParentType, ContextType>;
  transfer?: Resolver<Maybe<ResolversTypes['PointsTransfer']>, ParentType, ContextType>;
};

export type PointsTransferResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PointsTransfer'] = ResolversParentTypes['PointsTransfer']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type StatementConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['StatementConnection'] = ResolversParentTypes['StatementConnection']> = {
  edges?: Resolver<Array<ResolversTypes['StatementEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['StatementEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type StatementEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['StatementEdge'] = ResolversParentTypes['StatementEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['StatementEntry'], ParentType, ContextType>;
};

export type HoldResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Hold'] = ResolversParentTypes['Hold'], FederationReferenceType extends FederationReferenceTypes['Hold'] = FederationReferenceTypes['Hold']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Hold']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  worth?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  capturedPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  refundedPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HoldStatus'], ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type HoldConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['HoldConnection'] = ResolversParentTypes['HoldConnection']> = {
  edges?: Resolver<Array<ResolversTypes['HoldEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Hold']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type HoldEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['HoldEdge'] = ResolversParentTypes['HoldEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Hold'], ParentType, ContextType>;
};

export type HouseholdResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Household'] = ResolversParentTypes['Household']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['HouseholdKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  owner?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  members?: Resolver<Array<ResolversTypes['HouseholdMember']>, ParentType, ContextType>;
  memberLimit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  invitations?: Resolver<Maybe<Array<ResolversTypes['HouseholdInvitation']>>, ParentType, ContextType>;
  available?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  tier?: Resolver<Maybe<ResolversTypes['TierStatus']>, ParentType, ContextType>;
};

export type HouseholdMemberResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['HouseholdMember'] = ResolversParentTypes['HouseholdMember']> = {
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  joinedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  mayChangeOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  sharesPoints?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  maySpend?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  monthlyLimit?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
};

export type HouseholdInvitationResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['HouseholdInvitation'] = ResolversParentTypes['HouseholdInvitation']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ConsentRequestResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ConsentRequest'] = ResolversParentTypes['ConsentRequest']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  scopes?: Resolver<Array<ResolversTypes['ConsentScope']>, ParentType, ContextType>;
  purpose?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ConsentResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Consent'] = ResolversParentTypes['Consent']> = {
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  scopes?: Resolver<Array<ResolversTypes['ConsentScope']>, ParentType, ContextType>;
  grantedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ReferralStatusResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ReferralStatus'] = ResolversParentTypes['ReferralStatus']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  invited?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  joined?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  pointsEarned?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
};

export type NotificationPreferenceResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['NotificationPreference'] = ResolversParentTypes['NotificationPreference']> = {
  kind?: Resolver<ResolversTypes['NotificationKind'], ParentType, ContextType>;
  channels?: Resolver<Array<ResolversTypes['NotificationChannel']>, ParentType, ContextType>;
};

export type NotificationResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Notification'] = ResolversParentTypes['Notification'], FederationReferenceType extends FederationReferenceTypes['Notification'] = FederationReferenceTypes['Notification']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Notification']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['NotificationKind'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  link?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  readAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type NotificationConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['NotificationConnection'] = ResolversParentTypes['NotificationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['NotificationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Notification']>, ParentType, ContextType>;
  unread?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type NotificationEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['NotificationEdge'] = ResolversParentTypes['NotificationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Notification'], ParentType, ContextType>;
};

export type MemberIdentifierResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['MemberIdentifier'] = ResolversParentTypes['MemberIdentifier']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['IdentifierKind'], ParentType, ContextType>;
  masked?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  verified?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  linkedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type MemberConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['MemberConnection'] = ResolversParentTypes['MemberConnection']> = {
  edges?: Resolver<Array<ResolversTypes['MemberEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Member']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type MemberEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['MemberEdge'] = ResolversParentTypes['MemberEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
};

export type PaymentQuoteResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PaymentQuote'] = ResolversParentTypes['PaymentQuote']> = {
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  worth?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  due?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type ViewerResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  audience?: Resolver<ResolversTypes['Audience'], ParentType, ContextType>;
  scopes?: Resolver<Array<ResolversTypes['Scope']>, ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type StaffResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Staff'] = ResolversParentTypes['Staff']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['StaffRole'], ParentType, ContextType>;
  locale?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  scopes?: Resolver<Array<ResolversTypes['Scope']>, ParentType, ContextType>;
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['StaffStatus'], ParentType, ContextType>;
  invitedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  invitationEndsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  acceptedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type StaffConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['StaffConnection'] = ResolversParentTypes['StaffConnection']> = {
  edges?: Resolver<Array<ResolversTypes['StaffEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Staff']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type StaffEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['StaffEdge'] = ResolversParentTypes['StaffEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Staff'], ParentType, ContextType>;
};

export type StaffPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['StaffPayload'] = ResolversParentTypes['StaffPayload']> = {
  staff?: Resolver<Maybe<ResolversTypes['Staff']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type AuditEventResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['AuditEvent'] = ResolversParentTypes['AuditEvent']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  actor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  audience?: Resolver<ResolversTypes['Audience'], ParentType, ContextType>;
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  changes?: Resolver<Array<ResolversTypes['AuditChange']>, ParentType, ContextType>;
};

export type AuditChangeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['AuditChange'] = ResolversParentTypes['AuditChange']> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  before?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  after?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AuditConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['AuditConnection'] = ResolversParentTypes['AuditConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AuditEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['AuditEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AuditEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['AuditEdge'] = ResolversParentTypes['AuditEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEvent'], ParentType, ContextType>;
};

export type SegmentResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Segment'] = ResolversParentTypes['Segment']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  when?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  members?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  evaluatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type ConversionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Conversion'] = ResolversParentTypes['Conversion']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['MovementStatus'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['PointsCurrency'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['PointsCurrency'], ParentType, ContextType>;
  moved?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  credited?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  debited?: Resolver<Maybe<ResolversTypes['StatementEntry']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  estimatedCompletionAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  completedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type ConversionQuoteResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ConversionQuote'] = ResolversParentTypes['ConversionQuote']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  moved?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  credited?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  bonus?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  estimatedCompletionAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type RiskCaseResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RiskCase'] = ResolversParentTypes['RiskCase']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['RiskStatus'], ParentType, ContextType>;
  action?: Resolver<ResolversTypes['RiskAction'], ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  points?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  reasons?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  openedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  decidedBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  decidedBecause?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RiskCaseConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RiskCaseConnection'] = ResolversParentTypes['RiskCaseConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RiskCaseEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['RiskCase']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RiskCaseEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RiskCaseEdge'] = ResolversParentTypes['RiskCaseEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['RiskCase'], ParentType, ContextType>;
};

export type DataExportResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['DataExport'] = ResolversParentTypes['DataExport']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['JobStatus'], ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  downloadUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  bytes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  piece?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType, RequireFields<DataExportPieceArgs, 'place'>>;
};

export type ErasureResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Erasure'] = ResolversParentTypes['Erasure']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['JobStatus'], ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  receipts?: Resolver<Array<ResolversTypes['ErasureReceipt']>, ParentType, ContextType>;
};

export type ErasureReceiptResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ErasureReceipt'] = ResolversParentTypes['ErasureReceipt']> = {
  subgraph?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  erasedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  records?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  program?: Resolver<Maybe<ResolversTypes['Program']>, ParentType, ContextType>;
  viewer?: Resolver<Maybe<ResolversTypes['Viewer']>, ParentType, ContextType>;
  me?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType, RequireFields<QueryMemberArgs, 'by'>>;
  hold?: Resolver<Maybe<ResolversTypes['Hold']>, ParentType, ContextType, Partial<QueryHoldArgs>>;
  quotePayment?: Resolver<Maybe<ResolversTypes['PaymentQuote']>, ParentType, ContextType, RequireFields<QueryQuotePaymentArgs, 'amount'>>;
  dataExport?: Resolver<Maybe<ResolversTypes['DataExport']>, ParentType, ContextType, RequireFields<QueryDataExportArgs, 'id'>>;
  erasure?: Resolver<Maybe<ResolversTypes['Erasure']>, ParentType, ContextType, RequireFields<QueryErasureArgs, 'id'>>;
  segments?: Resolver<Maybe<Array<ResolversTypes['Segment']>>, ParentType, ContextType>;
  auditLog?: Resolver<Maybe<ResolversTypes['AuditConnection']>, ParentType, ContextType, RequireFields<QueryAuditLogArgs, 'first'>>;
  members?: Resolver<Maybe<ResolversTypes['MemberConnection']>, ParentType, ContextType, RequireFields<QueryMembersArgs, 'first'>>;
  quoteConversion?: Resolver<Maybe<ResolversTypes['ConversionQuote']>, ParentType, ContextType, RequireFields<QueryQuoteConversionArgs, 'from' | 'to' | 'points'>>;
  conversion?: Resolver<Maybe<ResolversTypes['Conversion']>, ParentType, ContextType, RequireFields<QueryConversionArgs, 'id'>>;
  adjustments?: Resolver<Maybe<ResolversTypes['AdjustmentConnection']>, ParentType, ContextType, RequireFields<QueryAdjustmentsArgs, 'first'>>;
  riskCases?: Resolver<Maybe<ResolversTypes['RiskCaseConnection']>, ParentType, ContextType, RequireFields<QueryRiskCasesArgs, 'status' | 'first'>>;
  staff?: Resolver<Maybe<ResolversTypes['StaffConnection']>, ParentType, ContextType, RequireFields<QueryStaffArgs, 'first'>>;
};

export type MutationResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  enrol?: Resolver<Maybe<ResolversTypes['EnrolPayload']>, ParentType, ContextType, RequireFields<MutationEnrolArgs, 'input'>>;
  verifyEmail?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationVerifyEmailArgs, 'input'>>;
  updateProfile?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationUpdateProfileArgs, 'input'>>;
  changeEmail?: Resolver<Maybe<ResolversTypes['EnrolPayload']>, ParentType, ContextType, RequireFields<MutationChangeEmailArgs, 'email'>>;
  linkIdentifier?: Resolver<Maybe<ResolversTypes['LinkIdentifierPayload']>, ParentType, ContextType, RequireFields<MutationLinkIdentifierArgs, 'input'>>;
  confirmIdentifier?: Resolver<Maybe<ResolversTypes['LinkIdentifierPayload']>, ParentType, ContextType, RequireFields<MutationConfirmIdentifierArgs, 'id' | 'code'>>;
  unlinkIdentifier?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationUnlinkIdentifierArgs, 'id'>>;
  createWalletToken?: Resolver<Maybe<ResolversTypes['WalletTokenPayload']>, ParentType, ContextType>;
  grantConsent?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationGrantConsentArgs, 'partnerId' | 'scopes'>>;
  revokeConsent?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationRevokeConsentArgs, 'partnerId'>>;
  declineConsentRequest?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationDeclineConsentRequestArgs, 'id'>>;
  requestConsent?: Resolver<Maybe<ResolversTypes['RequestConsentPayload']>, ParentType, ContextType, RequireFields<MutationRequestConsentArgs, 'input'>>;
  createHousehold?: Resolver<Maybe<ResolversTypes['HouseholdPayload']>, ParentType, ContextType, RequireFields<MutationCreateHouseholdArgs, 'name' | 'kind'>>;
  inviteToHousehold?: Resolver<Maybe<ResolversTypes['HouseholdPayload']>, ParentType, ContextType, RequireFields<MutationInviteToHouseholdArgs, 'email'>>;
  withdrawHouseholdInvitation?: Resolver<Maybe<ResolversTypes['HouseholdPayload']>, ParentType, ContextType, RequireFields<MutationWithdrawHouseholdInvitationArgs, 'id'>>;
  joinHousehold?: Resolver<Maybe<ResolversTypes['HouseholdPayload']>, ParentType, ContextType, RequireFields<MutationJoinHouseholdArgs, 'invitation'>>;
  leaveHousehold?: Resolver<Maybe<ResolversTypes['HouseholdPayload']>, ParentType, ContextType>;
  removeFromHousehold?: Resolver<Maybe<ResolversTypes['HouseholdPayload']>, ParentType, ContextType, RequireFields<MutationRemoveFromHouseholdArgs, 'memberId'>>;
  setHouseholdSharing?: Resolver<Maybe<ResolversTypes['HouseholdPayload']>, ParentType, ContextType, RequireFields<MutationSetHouseholdSharingArgs, 'share'>>;
  setHouseholdSpending?: Resolver<Maybe<ResolversTypes['HouseholdPayload']>, ParentType, ContextType, RequireFields<MutationSetHouseholdSpendingArgs, 'memberId' | 'maySpend'>>;
  markNotificationsRead?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationMarkNotificationsReadArgs, 'ids'>>;
  updateNotificationPreferences?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationUpdateNotificationPreferencesArgs, 'preferences'>>;
  exportMyData?: Resolver<Maybe<ResolversTypes['DataExportPayload']>, ParentType, ContextType>;
  eraseMember?: Resolver<Maybe<ResolversTypes['ErasurePayload']>, ParentType, ContextType, RequireFields<MutationEraseMemberArgs, 'memberId' | 'reason'>>;
  holdPoints?: Resolver<Maybe<ResolversTypes['HoldPayload']>, ParentType, ContextType, RequireFields<MutationHoldPointsArgs, 'input'>>;
  captureHold?: Resolver<Maybe<ResolversTypes['HoldPayload']>, ParentType, ContextType, RequireFields<MutationCaptureHoldArgs, 'input'>>;
  releaseHold?: Resolver<Maybe<ResolversTypes['HoldPayload']>, ParentType, ContextType, RequireFields<MutationReleaseHoldArgs, 'id' | 'idempotencyKey'>>;
  refundCapture?: Resolver<Maybe<ResolversTypes['HoldPayload']>, ParentType, ContextType, RequireFields<MutationRefundCaptureArgs, 'input'>>;
  createSandboxMember?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationCreateSandboxMemberArgs, 'displayName' | 'points'>>;
  setMemberStatus?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationSetMemberStatusArgs, 'memberId' | 'status' | 'reason'>>;
  mergeMembers?: Resolver<Maybe<ResolversTypes['MergePayload']>, ParentType, ContextType, RequireFields<MutationMergeMembersArgs, 'input'>>;
  undoMerge?: Resolver<Maybe<ResolversTypes['MergePayload']>, ParentType, ContextType, RequireFields<MutationUndoMergeArgs, 'id' | 'reason'>>;
  setTier?: Resolver<Maybe<ResolversTypes['MemberPayload']>, ParentType, ContextType, RequireFields<MutationSetTierArgs, 'input'>>;
  configureProgram?: Resolver<Maybe<ResolversTypes['ProgramPayload']>, ParentType, ContextType, RequireFields<MutationConfigureProgramArgs, 'input'>>;
  saveCurrency?: Resolver<Maybe<ResolversTypes['ProgramPayload']>, ParentType, ContextType, RequireFields<MutationSaveCurrencyArgs, 'input'>>;
  saveSegment?: Resolver<Maybe<ResolversTypes['SegmentPayload']>, ParentType, ContextType, RequireFields<MutationSaveSegmentArgs, 'input'>>;
  transferPoints?: Resolver<Maybe<ResolversTypes['TransferPayload']>, ParentType, ContextType, RequireFields<MutationTransferPointsArgs, 'input'>>;
  convertPoints?: Resolver<Maybe<ResolversTypes['ConversionPayload']>, ParentType, ContextType, RequireFields<MutationConvertPointsArgs, 'input'>>;
  confirmConversion?: Resolver<Maybe<ResolversTypes['ConversionPayload']>, ParentType, ContextType, RequireFields<MutationConfirmConversionArgs, 'id'>>;
  refuseConversion?: Resolver<Maybe<ResolversTypes['ConversionPayload']>, ParentType, ContextType, RequireFields<MutationRefuseConversionArgs, 'id'>>;
  adjustPoints?: Resolver<Maybe<ResolversTypes['AdjustmentPayload']>, ParentType, ContextType, RequireFields<MutationAdjustPointsArgs, 'input'>>;
  approveAdjustment?: Resolver<Maybe<ResolversTypes['AdjustmentPayload']>, ParentType, ContextType, RequireFields<MutationApproveAdjustmentArgs, 'id'>>;
  rejectAdjustment?: Resolver<Maybe<ResolversTypes['AdjustmentPayload']>, ParentType, ContextType, RequireFields<MutationRejectAdjustmentArgs, 'id' | 'reason'>>;
  decideRiskCase?: Resolver<Maybe<ResolversTypes['RiskCasePayload']>, ParentType, ContextType, RequireFields<MutationDecideRiskCaseArgs, 'id' | 'allow' | 'reason'>>;
  setRiskLimits?: Resolver<Maybe<ResolversTypes['ProgramPayload']>, ParentType, ContextType, RequireFields<MutationSetRiskLimitsArgs, 'input'>>;
  setReferralRules?: Resolver<Maybe<ResolversTypes['ProgramPayload']>, ParentType, ContextType, RequireFields<MutationSetReferralRulesArgs, 'input'>>;
  inviteStaff?: Resolver<Maybe<ResolversTypes['StaffPayload']>, ParentType, ContextType, RequireFields<MutationInviteStaffArgs, 'input'>>;
  reinviteStaff?: Resolver<Maybe<ResolversTypes['StaffPayload']>, ParentType, ContextType, RequireFields<MutationReinviteStaffArgs, 'id'>>;
  changeStaffRole?: Resolver<Maybe<ResolversTypes['StaffPayload']>, ParentType, ContextType, RequireFields<MutationChangeStaffRoleArgs, 'id' | 'role' | 'reason'>>;
  setStaffStatus?: Resolver<Maybe<ResolversTypes['StaffPayload']>, ParentType, ContextType, RequireFields<MutationSetStaffStatusArgs, 'id' | 'status' | 'reason'>>;
  setStaffLocale?: Resolver<Maybe<ResolversTypes['StaffPayload']>, ParentType, ContextType, RequireFields<MutationSetStaffLocaleArgs, 'id' | 'locale'>>;
  setProgramGoal?: Resolver<Maybe<ResolversTypes['ProgramPayload']>, ParentType, ContextType, RequireFields<MutationSetProgramGoalArgs, 'input'>>;
  recordProgramCost?: Resolver<Maybe<ResolversTypes['ProgramPayload']>, ParentType, ContextType, RequireFields<MutationRecordProgramCostArgs, 'input'>>;
};

export type SubscriptionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  pointsMoved?: SubscriptionResolver<ResolversTypes['StatementEntry'], "pointsMoved", ParentType, ContextType>;
  notificationReceived?: SubscriptionResolver<ResolversTypes['Notification'], "notificationReceived", ParentType, ContextType>;
};

export type EnrolPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['EnrolPayload'] = ResolversParentTypes['EnrolPayload']> = {
  verificationId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type LinkIdentifierPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['LinkIdentifierPayload'] = ResolversParentTypes['LinkIdentifierPayload']> = {
  identifier?: Resolver<Maybe<ResolversTypes['MemberIdentifier']>, ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type WalletTokenPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['WalletTokenPayload'] = ResolversParentTypes['WalletTokenPayload']> = {
  token?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type MergePayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['MergePayload'] = ResolversParentTypes['MergePayload']> = {
  mergeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type MemberPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['MemberPayload'] = ResolversParentTypes['MemberPayload']> = {
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RequestConsentPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RequestConsentPayload'] = ResolversParentTypes['RequestConsentPayload']> = {
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type HoldPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['HoldPayload'] = ResolversParentTypes['HoldPayload']> = {
  hold?: Resolver<Maybe<ResolversTypes['Hold']>, ParentType, ContextType>;
  balance?: Resolver<Maybe<ResolversTypes['Balance']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type TransferPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['TransferPayload'] = ResolversParentTypes['TransferPayload']> = {
  status?: Resolver<Maybe<ResolversTypes['MovementStatus']>, ParentType, ContextType>;
  debited?: Resolver<Maybe<ResolversTypes['StatementEntry']>, ParentType, ContextType>;
  balance?: Resolver<Maybe<ResolversTypes['Balance']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type AdjustmentResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Adjustment'] = ResolversParentTypes['Adjustment']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['PointsCurrency'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['AdjustmentStatus'], ParentType, ContextType>;
  requestedBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  approvedBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  rejectedBecause?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type AdjustmentConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['AdjustmentConnection'] = ResolversParentTypes['AdjustmentConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AdjustmentEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Adjustment']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AdjustmentEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['AdjustmentEdge'] = ResolversParentTypes['AdjustmentEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Adjustment'], ParentType, ContextType>;
};

export type AdjustmentPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['AdjustmentPayload'] = ResolversParentTypes['AdjustmentPayload']> = {
  adjustment?: Resolver<Maybe<ResolversTypes['Adjustment']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ConversionPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ConversionPayload'] = ResolversParentTypes['ConversionPayload']> = {
  conversion?: Resolver<Maybe<ResolversTypes['Conversion']>, ParentType, ContextType>;
  balance?: Resolver<Maybe<ResolversTypes['Balance']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RiskCasePayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RiskCasePayload'] = ResolversParentTypes['RiskCasePayload']> = {
  riskCase?: Resolver<Maybe<ResolversTypes['RiskCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SegmentPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['SegmentPayload'] = ResolversParentTypes['SegmentPayload']> = {
  segment?: Resolver<Maybe<ResolversTypes['Segment']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ProgramPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ProgramPayload'] = ResolversParentTypes['ProgramPayload']> = {
  program?: Resolver<Maybe<ResolversTypes['Program']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type HouseholdPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['HouseholdPayload'] = ResolversParentTypes['HouseholdPayload']> = {
  household?: Resolver<Maybe<ResolversTypes['Household']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DataExportPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['DataExportPayload'] = ResolversParentTypes['DataExportPayload']> = {
  export?: Resolver<Maybe<ResolversTypes['DataExport']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ErasurePayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ErasurePayload'] = ResolversParentTypes['ErasurePayload']> = {
  erasure?: Resolver<Maybe<ResolversTypes['Erasure']>, ParentType, ContextType>;
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
  Program?: ProgramResolvers<ContextType>;
  PointsCurrency?: PointsCurrencyResolvers<ContextType>;
  RiskLimits?: RiskLimitsResolvers<ContextType>;
  ReferralRules?: ReferralRulesResolvers<ContextType>;
  Partner?: PartnerResolvers<ContextType>;
  Activity?: ActivityResolvers<ContextType>;
  Redemption?: RedemptionResolvers<ContextType>;
  TierPolicy?: TierPolicyResolvers<ContextType>;
  ExpiryPolicy?: ExpiryPolicyResolvers<ContextType>;
  Tier?: TierResolvers<ContextType>;
  Benefit?: BenefitResolvers<ContextType>;
  MembershipReport?: MembershipReportResolvers<ContextType>;
  TierCount?: TierCountResolvers<ContextType>;
  LifetimeValueReport?: LifetimeValueReportResolvers<ContextType>;
  LiabilityReport?: LiabilityReportResolvers<ContextType>;
  PointsMovement?: PointsMovementResolvers<ContextType>;
  ProgramGoal?: ProgramGoalResolvers<ContextType>;
  ProgramCost?: ProgramCostResolvers<ContextType>;
  IssuerLiability?: IssuerLiabilityResolvers<ContextType>;
  Member?: MemberResolvers<ContextType>;
  MemberProfile?: MemberProfileResolvers<ContextType>;
  TierStatus?: TierStatusResolvers<ContextType>;
  Period?: PeriodResolvers<ContextType>;
  TierProgress?: TierProgressResolvers<ContextType>;
  Balance?: BalanceResolvers<ContextType>;
  IssuerBalance?: IssuerBalanceResolvers<ContextType>;
  ExpiringPoints?: ExpiringPointsResolvers<ContextType>;
  StatementEntry?: StatementEntryResolvers<ContextType>;
  PointsTransfer?: PointsTransferResolvers<ContextType>;
  StatementConnection?: StatementConnectionResolvers<ContextType>;
  StatementEdge?: StatementEdgeResolvers<ContextType>;
  Hold?: HoldResolvers<ContextType>;
  HoldConnection?: HoldConnectionResolvers<ContextType>;
  HoldEdge?: HoldEdgeResolvers<ContextType>;
  Household?: HouseholdResolvers<ContextType>;
  HouseholdMember?: HouseholdMemberResolvers<ContextType>;
  HouseholdInvitation?: HouseholdInvitationResolvers<ContextType>;
  ConsentRequest?: ConsentRequestResolvers<ContextType>;
  Consent?: ConsentResolvers<ContextType>;
  ReferralStatus?: ReferralStatusResolvers<ContextType>;
  NotificationPreference?: NotificationPreferenceResolvers<ContextType>;
  Notification?: NotificationResolvers<ContextType>;
  NotificationConnection?: NotificationConnectionResolvers<ContextType>;
  NotificationEdge?: NotificationEdgeResolvers<ContextType>;
  MemberIdentifier?: MemberIdentifierResolvers<ContextType>;
  MemberConnection?: MemberConnectionResolvers<ContextType>;
  MemberEdge?: MemberEdgeResolvers<ContextType>;
  PaymentQuote?: PaymentQuoteResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
  Staff?: StaffResolvers<ContextType>;
  StaffConnection?: StaffConnectionResolvers<ContextType>;
  StaffEdge?: StaffEdgeResolvers<ContextType>;
  StaffPayload?: StaffPayloadResolvers<ContextType>;
  AuditEvent?: AuditEventResolvers<ContextType>;
  AuditChange?: AuditChangeResolvers<ContextType>;
  AuditConnection?: AuditConnectionResolvers<ContextType>;
  AuditEdge?: AuditEdgeResolvers<ContextType>;
  Segment?: SegmentResolvers<ContextType>;
  Conversion?: ConversionResolvers<ContextType>;
  ConversionQuote?: ConversionQuoteResolvers<ContextType>;
  RiskCase?: RiskCaseResolvers<ContextType>;
  RiskCaseConnection?: RiskCaseConnectionResolvers<ContextType>;
  RiskCaseEdge?: RiskCaseEdgeResolvers<ContextType>;
  DataExport?: DataExportResolvers<ContextType>;
  Erasure?: ErasureResolvers<ContextType>;
  ErasureReceipt?: ErasureReceiptResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  EnrolPayload?: EnrolPayloadResolvers<ContextType>;
  LinkIdentifierPayload?: LinkIdentifierPayloadResolvers<ContextType>;
  WalletTokenPayload?: WalletTokenPayloadResolvers<ContextType>;
  MergePayload?: MergePayloadResolvers<ContextType>;
  MemberPayload?: MemberPayloadResolvers<ContextType>;
  RequestConsentPayload?: RequestConsentPayloadResolvers<ContextType>;
  HoldPayload?: HoldPayloadResolvers<ContextType>;
  TransferPayload?: TransferPayloadResolvers<ContextType>;
  Adjustment?: AdjustmentResolvers<ContextType>;
  AdjustmentConnection?: AdjustmentConnectionResolvers<ContextType>;
  AdjustmentEdge?: AdjustmentEdgeResolvers<ContextType>;
  AdjustmentPayload?: AdjustmentPayloadResolvers<ContextType>;
  ConversionPayload?: ConversionPayloadResolvers<ContextType>;
  RiskCasePayload?: RiskCasePayloadResolvers<ContextType>;
  SegmentPayload?: SegmentPayloadResolvers<ContextType>;
  ProgramPayload?: ProgramPayloadResolvers<ContextType>;
  HouseholdPayload?: HouseholdPayloadResolvers<ContextType>;
  DataExportPayload?: DataExportPayloadResolvers<ContextType>;
  ErasurePayload?: ErasurePayloadResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = SubgraphContext> = {
  access?: AccessDirectiveResolver<any, any, ContextType>;
  cached?: CachedDirectiveResolver<any, any, ContextType>;
};

