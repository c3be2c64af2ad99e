// Generated from schema/ by `npm run codegen`. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Reward as RewardRow, RewardPrice as RewardPriceRow, Redemption as RedemptionRow, Voucher as VoucherRow } from './entities.ts';
import type { Member as MemberRow, Partner as PartnerRow } from './rows.ts';
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

/** What a reward is. Grows: clients keep a default branch. */
export type RewardKind =
  | 'PRODUCT'
  /** A code for money off a purchase. */
  | 'DISCOUNT'
  /** A code for one thing or service. */
  | 'VOUCHER'
  /** A code for an amount of money at the partner. */
  | 'GIFT_CARD'
  | 'FLIGHT'
  | 'NIGHT'
  | 'UPGRADE'
  | 'EXPERIENCE'
  /** A place at an event. */
  | 'EVENT'
  /** A purchase before others can make it. */
  | 'EARLY_ACCESS'
  /** Money on the statement of the partner's card. */
  | 'STATEMENT_CREDIT'
  /** A membership at the partner. */
  | 'MEMBERSHIP';

/** Where a reward stands. Grows: clients keep a default branch. */
export type RewardStatus =
  /** Not yet shown to members. */
  | 'DRAFT'
  | 'PUBLISHED';

/**
 * Something that a member can obtain for points. Look-ups and lists hold PUBLISHED ones of LIVE partners, and for their
 * partner and staff all; a redemption leads to its reward whatever became of it.
 */
export type Reward = {
  id: Scalars['ID']['output'];
  /** The partner's own code for it, unique in the partner. */
  sku: Scalars['String']['output'];
  name: Scalars['String']['output'];
  description?: Maybe<Scalars['String']['output']>;
  imageUrl?: Maybe<Scalars['String']['output']>;
  kind: RewardKind;
  /** What it is found under: lower-case words, each once. */
  categories: Array<Scalars['String']['output']>;
  status: RewardStatus;
  /** The brand that gives it. */
  partner?: Maybe<Partner>;
  /** Ways to pay; the first is the usual one. */
  prices: Array<RewardPrice>;
  availability: Availability;
  /** What the partner is paid for one, where that is no rate for its points; null for other partners. */
  faceValue?: Maybe<Money>;
};

/** A way to pay for one unit of a reward. */
export type RewardPrice = {
  id: Scalars['ID']['output'];
  points: Scalars['Points']['output'];
};

/** How much of a reward there is. */
export type Availability = {
  /** Units left. Null where unlimited. */
  stock?: Maybe<Scalars['Int']['output']>;
};

/** A page of rewards. */
export type RewardConnection = {
  edges: Array<RewardEdge>;
  nodes: Array<Reward>;
  pageInfo: PageInfo;
};

/** A reward and its place in the list. */
export type RewardEdge = {
  cursor: Scalars['String']['output'];
  node: Reward;
};

/** Which rewards to list; what is left out does not narrow. */
export type RewardFilter = {
  kinds?: InputMaybe<Array<RewardKind>>;
  partnerIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Those of any of these categories, however they are written. */
  categories?: InputMaybe<Array<Scalars['String']['input']>>;
  /** At least so many points at the usual price, the first one. */
  minPoints?: InputMaybe<Scalars['Points']['input']>;
  maxPoints?: InputMaybe<Scalars['Points']['input']>;
  /** For the partner and staff: everyone else finds PUBLISHED ones. */
  status?: InputMaybe<RewardStatus>;
};

/** The order of a list of rewards. Points are those of the usual price. */
export type RewardSort =
  | 'POINTS_ASC'
  | 'POINTS_DESC'
  | 'NEWEST';

/** Where a redemption stands. Grows: clients keep a default branch. */
export type RedemptionStatus =
  /** Points are taken, the partner has not delivered yet. */
  | 'CONFIRMED'
  /** The points went back to the lots that they came from. */
  | 'CANCELLED';

/** Units of one reward that one member obtained. For the member, the reward's partner and staff. */
export type Redemption = {
  id: Scalars['ID']['output'];
  /** Ten letters and digits for people to say and type. */
  number: Scalars['String']['output'];
  member?: Maybe<Member>;
  reward: Reward;
  quantity: Scalars['Int']['output'];
  /** What was paid for all units, fixed at the time of redemption. */
  points: Scalars['Points']['output'];
  /** Of the points, how many the rest of the member's household paid. */
  householdPoints?: Maybe<Scalars['Points']['output']>;
  status: RedemptionStatus;
  /** One code for each unit where the reward is a VOUCHER, a GIFT_CARD or a DISCOUNT; empty otherwise. */
  vouchers: Array<Voucher>;
  /** Why it was cancelled, where the one who did said so. */
  endedBecause?: Maybe<Scalars['String']['output']>;
  createdAt: Scalars['DateTime']['output'];
  cancelledAt?: Maybe<Scalars['DateTime']['output']>;
  /** Until when the member may cancel it; null where they may not. Staff may at any time. */
  cancellableUntil?: Maybe<Scalars['DateTime']['output']>;
};

/** Where a voucher stands. Grows: clients keep a default branch. */
export type VoucherStatus =
  /** Good: not used yet. */
  | 'ISSUED'
  /** Its redemption was cancelled. */
  | 'VOID';

/** One unit of a redemption, for the member to show or type at the partner. Whoever has the code can use it. */
export type Voucher = {
  /**
   * 17 random characters and one that checks them, in three groups of six: "4H7QRW-2MZK9T-XC3BNE". Hyphens and small
   * letters make no difference. A slip is noticed: each character stands for its place, from 0, in
   * 23456789ABCDEFGHJKMNPQRSTUVWXYZ, and the places, each times its own from the right, from 1, sum to a multiple of 31.
   */
  code: Scalars['String']['output'];
  status: VoucherStatus;
};

/** A page of redemptions, newest first. */
export type RedemptionConnection = {
  edges: Array<RedemptionEdge>;
  nodes: Array<Redemption>;
  pageInfo: PageInfo;
};

/** A redemption and its place in the list. */
export type RedemptionEdge = {
  cursor: Scalars['String']['output'];
  node: Redemption;
};

/** A person in the program. */
export type Member = {
  id: Scalars['ID']['output'];
  /** What the member redeemed, newest first. */
  redemptions?: Maybe<RedemptionConnection>;
};


/** A person in the program. */
export type MemberRedemptionsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** A brand that takes part. */
export type Partner = {
  id: Scalars['ID']['output'];
  /** What the brand gives for points, newest first. Drafts are for the partner itself and staff, who ask for that status. */
  rewards?: Maybe<RewardConnection>;
};


/** A brand that takes part. */
export type PartnerRewardsArgs = {
  status?: InputMaybe<RewardStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Query = {
  /** One reward; exactly one argument is given. A SKU is unique in its partner only: by it, a partner finds its own. */
  reward?: Maybe<Reward>;
  /** The catalog. */
  rewards?: Maybe<RewardConnection>;
  /** One redemption; exactly one argument is given. */
  redemption?: Maybe<Redemption>;
  /**
   * What `redeemReward` would take now, and what stands in its way, but for the program's limits against fraud. Null for a
   * reward or price that is not there.
   */
  quoteRedemption?: Maybe<RedemptionQuote>;
};


export type QueryRewardArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  sku?: InputMaybe<Scalars['String']['input']>;
};


export type QueryRewardsArgs = {
  filter?: InputMaybe<RewardFilter>;
  sort?: InputMaybe<RewardSort>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryRedemptionArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  number?: InputMaybe<Scalars['String']['input']>;
};


export type QueryQuoteRedemptionArgs = {
  input: RedemptionQuoteInput;
};

export type Mutation = {
  /**
   * Takes the points and the stock together, or neither. Again with the same idempotencyKey: the first redemption.
   * A refused call leaves its key free. Limited by the program's `riskLimits`: LIMIT_REACHED beyond them, STEP_UP_REQUIRED
   * where the member must sign in again first; UNDER_REVIEW where somebody looks at it first: the same call again once that
   * is decided.
   */
  redeemReward?: Maybe<RedemptionPayload>;
  /**
   * Points go back to the lots they came from, those of the household to each member's, and the stock to the shelf. For the
   * member for a day, where no code was shown; for staff at any time, and codes are void then. Again: the same answer.
   */
  cancelRedemption?: Maybe<RedemptionPayload>;
  /** A draft. The SKU is unique in the partner. Not for test clients. */
  createReward?: Maybe<RewardPayload>;
  /** Shows a draft to everybody, once its partner is LIVE. Again: the same answer. */
  publishReward?: Maybe<RewardPayload>;
};


export type MutationRedeemRewardArgs = {
  input: RedeemRewardInput;
};


export type MutationCancelRedemptionArgs = {
  id: Scalars['ID']['input'];
  reason?: InputMaybe<Scalars['String']['input']>;
};


export type MutationCreateRewardArgs = {
  input: RewardInput;
};


export type MutationPublishRewardArgs = {
  id: Scalars['ID']['input'];
};

/** What to redeem, and how it is paid. */
export type RedeemRewardInput = {
  rewardId: Scalars['ID']['input'];
  /** One of the reward's prices; its first where left out. */
  priceId?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 100. Each unit has the price. */
  quantity?: InputMaybe<Scalars['Int']['input']>;
  /**
   * Spend the household's points after the member's own: each of the others who share gives in proportion to what they have
   * available. Of a business, as far as its owner lets the member spend: LIMIT_REACHED beyond that.
   */
  useHousehold?: InputMaybe<Scalars['Boolean']['input']>;
  /** Chosen by the client, unique in the member. */
  idempotencyKey: Scalars['String']['input'];
};

/** What to ask the price of. */
export type RedemptionQuoteInput = {
  rewardId: Scalars['ID']['input'];
  /** One of the reward's prices; its first where left out. */
  priceId?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 100. */
  quantity?: InputMaybe<Scalars['Int']['input']>;
  useHousehold?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What a redemption would take. */
export type RedemptionQuote = {
  points: Scalars['Points']['output'];
  /** Of the points, how many from the household. */
  householdPoints: Scalars['Points']['output'];
  /** What the member would have available after it. */
  balanceAfter: Scalars['Points']['output'];
  eligibility: Eligibility;
};

/** Whether the member can redeem it now. */
export type Eligibility = {
  eligible: Scalars['Boolean']['output'];
  /** What stands in the way; empty where eligible. */
  reasons: Array<EligibilityReason>;
  /** How many more points it takes, the household's counted where it is to pay. */
  pointsShort: Scalars['Points']['output'];
};

/** One thing that stands in the way. */
export type EligibilityReason = {
  code: EligibilityCode;
  message: Scalars['String']['output'];
};

/** What can stand in the way. Grows: clients keep a default branch. */
export type EligibilityCode =
  | 'POINTS_SHORT'
  | 'OUT_OF_STOCK'
  /** The member may not have so much: of a business, not spend so many points of it in a month. */
  | 'MEMBER_LIMIT';

/** What became of a redemption. */
export type RedemptionPayload = {
  /** Null where the rules refuse: `userErrors` then says why. */
  redemption?: Maybe<Redemption>;
  userErrors: Array<UserError>;
};

/** A reward as its partner describes it. */
export type RewardInput = {
  partnerId: Scalars['ID']['input'];
  sku: Scalars['String']['input'];
  name: Scalars['String']['input'];
  description?: InputMaybe<Scalars['String']['input']>;
  imageUrl?: InputMaybe<Scalars['String']['input']>;
  kind: RewardKind;
  /** At most 10, of 1 to 50 characters. Kept in lower case, with single spaces, each once. */
  categories?: InputMaybe<Array<Scalars['String']['input']>>;
  /** 1 to 10; the first is the usual one. */
  prices: Array<RewardPriceInput>;
  /** Unlimited where left out. */
  availability?: InputMaybe<AvailabilityInput>;
  /** What the partner is paid for one unit, whatever its points, in the money of its contract; by the point where left out. */
  faceValue?: InputMaybe<MoneyInput>;
};

/** A way to pay for one unit. */
export type RewardPriceInput = {
  points: Scalars['Points']['input'];
};

/** How much of a reward there is. */
export type AvailabilityInput = {
  /** Units to give. Null: unlimited. */
  stock?: InputMaybe<Scalars['Int']['input']>;
};

/** What became of a reward. */
export type RewardPayload = {
  /** Null where the rules refuse: `userErrors` then says why. */
  reward?: Maybe<Reward>;
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
  Reward: Reward;
  Redemption: Redemption;
  Member: Member;
  Partner: Partner;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Reward:
    ( { __typename: 'Reward' }
    & GraphQLRecursivePick<FederationTypes['Reward'], {"id":true}> );
  Redemption:
    ( { __typename: 'Redemption' }
    & GraphQLRecursivePick<FederationTypes['Redemption'], {"id":true}> );
  Member:
    ( { __typename: 'Member' }
    & GraphQLRecursivePick<FederationTypes['Member'], {"id":true}> );
  Partner:
    ( { __typename: 'Partner' }
    & GraphQLRecursivePick<FederationTypes['Partner'], {"id":true}> );
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
  RewardKind: RewardKind;
  RewardStatus: RewardStatus;
  Reward: ResolverTypeWrapper<RewardRow>;
  RewardPrice: ResolverTypeWrapper<RewardPriceRow>;
  Availability: ResolverTypeWrapper<Availability>;
  RewardConnection: ResolverTypeWrapper<Omit<RewardConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['RewardEdge']>, nodes: Array<ResolversTypes['Reward']> }>;
  RewardEdge: ResolverTypeWrapper<Omit<RewardEdge, 'node'> & { node: ResolversTypes['Reward'] }>;
  RewardFilter: RewardFilter;
  RewardSort: RewardSort;
  RedemptionStatus: RedemptionStatus;
  Redemption: ResolverTypeWrapper<RedemptionRow>;
  VoucherStatus: VoucherStatus;
  Voucher: ResolverTypeWrapper<VoucherRow>;
  RedemptionConnection: ResolverTypeWrapper<Omit<RedemptionConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['RedemptionEdge']>, nodes: Array<ResolversTypes['Redemption']> }>;
  RedemptionEdge: ResolverTypeWrapper<Omit<RedemptionEdge, 'node'> & { node: ResolversTypes['Redemption'] }>;
  Member: ResolverTypeWrapper<MemberRow>;
  Partner: ResolverTypeWrapper<PartnerRow>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RedeemRewardInput: RedeemRewardInput;
  RedemptionQuoteInput: RedemptionQuoteInput;
  RedemptionQuote: ResolverTypeWrapper<RedemptionQuote>;
  Eligibility: ResolverTypeWrapper<Eligibility>;
  EligibilityReason: ResolverTypeWrapper<EligibilityReason>;
  EligibilityCode: EligibilityCode;
  RedemptionPayload: ResolverTypeWrapper<Omit<RedemptionPayload, 'redemption'> & { redemption?: Maybe<ResolversTypes['Redemption']> }>;
  RewardInput: RewardInput;
  RewardPriceInput: RewardPriceInput;
  AvailabilityInput: AvailabilityInput;
  RewardPayload: ResolverTypeWrapper<Omit<RewardPayload, 'reward'> & { reward?: Maybe<ResolversTypes['Reward']> }>;
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
  Reward: RewardRow;
  RewardPrice: RewardPriceRow;
  Availability: Availability;
  RewardConnection: Omit<RewardConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['RewardEdge']>, nodes: Array<ResolversParentTypes['Reward']> };
  RewardEdge: Omit<RewardEdge, 'node'> & { node: ResolversParentTypes['Reward'] };
  RewardFilter: RewardFilter;
  Redemption: RedemptionRow;
  Voucher: VoucherRow;
  RedemptionConnection: Omit<RedemptionConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['RedemptionEdge']>, nodes: Array<ResolversParentTypes['Redemption']> };
  RedemptionEdge: Omit<RedemptionEdge, 'node'> & { node: ResolversParentTypes['Redemption'] };
  Member: MemberRow;
  Partner: PartnerRow;
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
  RedeemRewardInput: RedeemRewardInput;
  RedemptionQuoteInput: RedemptionQuoteInput;
  RedemptionQuote: RedemptionQuote;
  Eligibility: Eligibility;
  EligibilityReason: EligibilityReason;
  RedemptionPayload: Omit<RedemptionPayload, 'redemption'> & { redemption?: Maybe<ResolversParentTypes['Redemption']> };
  RewardInput: RewardInput;
  RewardPriceInput: RewardPriceInput;
  AvailabilityInput: AvailabilityInput;
  RewardPayload: Omit<RewardPayload, 'reward'> & { reward?: Maybe<ResolversParentTypes['Reward']> };
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

export type RewardResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Reward'] = ResolversParentTypes['Reward'], FederationReferenceType extends FederationReferenceTypes['Reward'] = FederationReferenceTypes['Reward']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Reward']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  imageUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['RewardKind'], ParentType, ContextType>;
  categories?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['RewardStatus'], ParentType, ContextType>;
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType>;
  prices?: Resolver<Array<ResolversTypes['RewardPrice']>, ParentType, ContextType>;
  availability?: Resolver<ResolversTypes['Availability'], ParentType, ContextType>;
  faceValue?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
};

export type RewardPriceResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RewardPrice'] = ResolversParentTypes['RewardPrice']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
};

export type AvailabilityResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Availability'] = ResolversParentTypes['Availability']> = {
  stock?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type RewardConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RewardConnection'] = ResolversParentTypes['RewardConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RewardEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Reward']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RewardEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RewardEdge'] = ResolversParentTypes['RewardEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Reward'], ParentType, ContextType>;
};

export type RedemptionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Redemption'] = ResolversParentTypes['Redemption'], FederationReferenceType extends FederationReferenceTypes['Redemption'] = FederationReferenceTypes['Redemption']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Redemption']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  number?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  reward?: Resolver<ResolversTypes['Reward'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  householdPoints?: Resolver<Maybe<ResolversTypes['Points']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['RedemptionStatus'], ParentType, ContextType>;
  vouchers?: Resolver<Array<ResolversTypes['Voucher']>, ParentType, ContextType>;
  endedBecause?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  cancelledAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  cancellableUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type VoucherResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Voucher'] = ResolversParentTypes['Voucher']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['VoucherStatus'], ParentType, ContextType>;
};

export type RedemptionConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RedemptionConnection'] = ResolversParentTypes['RedemptionConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RedemptionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Redemption']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RedemptionEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RedemptionEdge'] = ResolversParentTypes['RedemptionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Redemption'], ParentType, ContextType>;
};

export type MemberResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Member'] = ResolversParentTypes['Member'], FederationReferenceType extends FederationReferenceTypes['Member'] = FederationReferenceTypes['Member']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Member']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  redemptions?: Resolver<Maybe<ResolversTypes['RedemptionConnection']>, ParentType, ContextType, RequireFields<MemberRedemptionsArgs, 'first'>>;
};

export type PartnerResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Partner'] = ResolversParentTypes['Partner'], FederationReferenceType extends FederationReferenceTypes['Partner'] = FederationReferenceTypes['Partner']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Partner']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  rewards?: Resolver<Maybe<ResolversTypes['RewardConnection']>, ParentType, ContextType, RequireFields<PartnerRewardsArgs, 'status' | 'first'>>;
};

export type QueryResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  reward?: Resolver<Maybe<ResolversTypes['Reward']>, ParentType, ContextType, Partial<QueryRewardArgs>>;
  rewards?: Resolver<Maybe<ResolversTypes['RewardConnection']>, ParentType, ContextType, RequireFields<QueryRewardsArgs, 'sort' | 'first'>>;
  redemption?: Resolver<Maybe<ResolversTypes['Redemption']>, ParentType, ContextType, Partial<QueryRedemptionArgs>>;
  quoteRedemption?: Resolver<Maybe<ResolversTypes['RedemptionQuote']>, ParentType, ContextType, RequireFields<QueryQuoteRedemptionArgs, 'input'>>;
};

export type MutationResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  redeemReward?: Resolver<Maybe<ResolversTypes['RedemptionPayload']>, ParentType, ContextType, RequireFields<MutationRedeemRewardArgs, 'input'>>;
  cancelRedemption?: Resolver<Maybe<ResolversTypes['RedemptionPayload']>, ParentType, ContextType, RequireFields<MutationCancelRedemptionArgs, 'id'>>;
  createReward?: Resolver<Maybe<ResolversTypes['RewardPayload']>, ParentType, ContextType, RequireFields<MutationCreateRewardArgs, 'input'>>;
  publishReward?: Resolver<Maybe<ResolversTypes['RewardPayload']>, ParentType, ContextType, RequireFields<MutationPublishRewardArgs, 'id'>>;
};

export type RedemptionQuoteResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RedemptionQuote'] = ResolversParentTypes['RedemptionQuote']> = {
  points?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  householdPoints?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  balanceAfter?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
  eligibility?: Resolver<ResolversTypes['Eligibility'], ParentType, ContextType>;
};

export type EligibilityResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Eligibility'] = ResolversParentTypes['Eligibility']> = {
  eligible?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reasons?: Resolver<Array<ResolversTypes['EligibilityReason']>, ParentType, ContextType>;
  pointsShort?: Resolver<ResolversTypes['Points'], ParentType, ContextType>;
};

export type EligibilityReasonResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['EligibilityReason'] = ResolversParentTypes['EligibilityReason']> = {
  code?: Resolver<ResolversTypes['EligibilityCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RedemptionPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RedemptionPayload'] = ResolversParentTypes['RedemptionPayload']> = {
  redemption?: Resolver<Maybe<ResolversTypes['Redemption']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RewardPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['RewardPayload'] = ResolversParentTypes['RewardPayload']> = {
  reward?: Resolver<Maybe<ResolversTypes['Reward']>, ParentType, ContextType>;
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
  Reward?: RewardResolvers<ContextType>;
  RewardPrice?: RewardPriceResolvers<ContextType>;
  Availability?: AvailabilityResolvers<ContextType>;
  RewardConnection?: RewardConnectionResolvers<ContextType>;
  RewardEdge?: RewardEdgeResolvers<ContextType>;
  Redemption?: RedemptionResolvers<ContextType>;
  Voucher?: VoucherResolvers<ContextType>;
  RedemptionConnection?: RedemptionConnectionResolvers<ContextType>;
  RedemptionEdge?: RedemptionEdgeResolvers<ContextType>;
  Member?: MemberResolvers<ContextType>;
  Partner?: PartnerResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  RedemptionQuote?: RedemptionQuoteResolvers<ContextType>;
  Eligibility?: EligibilityResolvers<ContextType>;
  EligibilityReason?: EligibilityReasonResolvers<ContextType>;
  RedemptionPayload?: RedemptionPayloadResolvers<ContextType>;
  RewardPayload?: RewardPayloadResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = SubgraphContext> = {
  access?: AccessDirectiveResolver<any, any, ContextType>;
  cached?: CachedDirectiveResolver<any, any, ContextType>;
};

