// Generated from schema/ by `npm run codegen`. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Post as PostRow, Review as ReviewRow } from './entities.ts';
import type { Member as MemberRow, Reward as RewardRow, Partner as PartnerRow, ReviewConnection as ReviewConnectionRow, ReviewSummary as ReviewSummaryRow } from './rows.ts';
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

/** What a post is. */
export type PostKind =
  | 'TIP'
  | 'QUESTION'
  | 'STORY';

/** What one member tells all others. */
export type Post = {
  id: Scalars['ID']['output'];
  kind: PostKind;
  /** Null where the member is gone. */
  author?: Maybe<Member>;
  title: Scalars['String']['output'];
  body: Scalars['String']['output'];
  /** Lower-case words, each once. */
  topics: Array<Scalars['String']['output']>;
  /** The reward or partner that it is about. Null where it is about none, or that one is gone. */
  about?: Maybe<Subject>;
  createdAt: Scalars['DateTime']['output'];
};

/** What a post or a review can be about. */
export type Subject = Reward | Partner;

/** A page of posts, newest first. */
export type PostConnection = {
  edges: Array<PostEdge>;
  nodes: Array<Post>;
  pageInfo: PageInfo;
};

/** A post and its place in the list. */
export type PostEdge = {
  cursor: Scalars['String']['output'];
  node: Post;
};

/**
 * What one member thinks of a reward or a partner. Only a member who redeemed the reward, or was active with the partner,
 * may write one: `verified` says so.
 */
export type Review = {
  id: Scalars['ID']['output'];
  /** Null where the member is gone. */
  author?: Maybe<Member>;
  /** The reward or the partner. Null where that one is gone. */
  about?: Maybe<Subject>;
  /** 1 to 5. */
  rating: Scalars['Int']['output'];
  title?: Maybe<Scalars['String']['output']>;
  body: Scalars['String']['output'];
  /** When it was written, the author had redeemed the reward, or been active with the partner. */
  verified: Scalars['Boolean']['output'];
  createdAt: Scalars['DateTime']['output'];
  /** When its author last replaced it. Null where they never did. */
  editedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** Many reviews in figures. */
export type ReviewSummary = {
  count: Scalars['Int']['output'];
  /** Of the ratings, to two decimals, halves up: "4.33". Null where there are none. */
  average?: Maybe<Scalars['Decimal']['output']>;
  /** How many gave 1, 2, 3, 4 and 5 stars: five counts. */
  histogram: Array<Scalars['Int']['output']>;
};

/** A page of reviews, newest first. */
export type ReviewConnection = {
  edges: Array<ReviewEdge>;
  nodes: Array<Review>;
  pageInfo: PageInfo;
  /** Of the whole list, not of the page. */
  summary: ReviewSummary;
};

/** A review and its place in the list. */
export type ReviewEdge = {
  cursor: Scalars['String']['output'];
  node: Review;
};

/** A person in the program. */
export type Member = {
  id: Scalars['ID']['output'];
  /** What the member wrote, newest first. */
  posts?: Maybe<PostConnection>;
  /** What the member reviewed, newest first. */
  reviews?: Maybe<ReviewConnection>;
};


/** A person in the program. */
export type MemberPostsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** A person in the program. */
export type MemberReviewsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** Something that a member can obtain for points. */
export type Reward = {
  id: Scalars['ID']['output'];
  /** Its reviews in figures: for cards in a list. */
  rating?: Maybe<ReviewSummary>;
  /** What members who redeemed it think of it, newest first. */
  reviews?: Maybe<ReviewConnection>;
};


/** Something that a member can obtain for points. */
export type RewardReviewsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** A brand that takes part. */
export type Partner = {
  id: Scalars['ID']['output'];
  /** Its reviews in figures; those of its rewards do not count. */
  rating?: Maybe<ReviewSummary>;
  /** What members who were active with it think of it, newest first. */
  reviews?: Maybe<ReviewConnection>;
};


/** A brand that takes part. */
export type PartnerReviewsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Query = {
  /** All posts, newest first. A topic is found however it is written: "#Hotels" is `hotels`. */
  feed?: Maybe<PostConnection>;
  /** One post; null where there is none. */
  post?: Maybe<Post>;
  /** One review; null where there is none. */
  review?: Maybe<Review>;
};


export type QueryFeedArgs = {
  topic?: InputMaybe<Scalars['String']['input']>;
  kind?: InputMaybe<PostKind>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryPostArgs = {
  id: Scalars['ID']['input'];
};


export type QueryReviewArgs = {
  id: Scalars['ID']['input'];
};

export type Mutation = {
  /** Publishes a post at once. Again with the same idempotencyKey: the first post. */
  createPost?: Maybe<PostPayload>;
  /**
   * Reviews a reward that the member redeemed and that everybody can see. One for each member and reward: again, it
   * replaces the first, which keeps its id and its place in the lists.
   */
  reviewReward?: Maybe<ReviewPayload>;
  /** The same for a LIVE partner that has recorded an activity of the member. */
  reviewPartner?: Maybe<ReviewPayload>;
  /** Takes a review away for good, by its author or staff, and answers with it as it was. Again: NOT_FOUND. */
  deleteReview?: Maybe<ReviewPayload>;
};


export type MutationCreatePostArgs = {
  input: PostInput;
};


export type MutationReviewRewardArgs = {
  rewardId: Scalars['ID']['input'];
  input: ReviewInput;
};


export type MutationReviewPartnerArgs = {
  partnerId: Scalars['ID']['input'];
  input: ReviewInput;
};


export type MutationDeleteReviewArgs = {
  id: Scalars['ID']['input'];
};

/** What a member wants to tell. */
export type PostInput = {
  kind: PostKind;
  title: Scalars['String']['input'];
  body: Scalars['String']['input'];
  /** At most 10, of 1 to 50 characters. Kept in lower case, without a leading #, with single spaces, each once. */
  topics?: InputMaybe<Array<Scalars['String']['input']>>;
  /** At most one of the two. */
  aboutRewardId?: InputMaybe<Scalars['ID']['input']>;
  aboutPartnerId?: InputMaybe<Scalars['ID']['input']>;
  /** Chosen by the client, unique in the member. */
  idempotencyKey: Scalars['String']['input'];
};

/** What became of a post. */
export type PostPayload = {
  /** Null where the rules refuse: `userErrors` then says why. */
  post?: Maybe<Post>;
  userErrors: Array<UserError>;
};

/** What a member thinks of it. */
export type ReviewInput = {
  /** 1 to 5. */
  rating: Scalars['Int']['input'];
  title?: InputMaybe<Scalars['String']['input']>;
  body: Scalars['String']['input'];
};

/** What became of a review. */
export type ReviewPayload = {
  /** Null where the rules refuse: `userErrors` then says why. */
  review?: Maybe<Review>;
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
  Post: Post;
  Review: Review;
  Member: Member;
  Reward: Reward;
  Partner: Partner;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Post:
    ( { __typename: 'Post' }
    & GraphQLRecursivePick<FederationTypes['Post'], {"id":true}> );
  Review:
    ( { __typename: 'Review' }
    & GraphQLRecursivePick<FederationTypes['Review'], {"id":true}> );
  Member:
    ( { __typename: 'Member' }
    & GraphQLRecursivePick<FederationTypes['Member'], {"id":true}> );
  Reward:
    ( { __typename: 'Reward' }
    & GraphQLRecursivePick<FederationTypes['Reward'], {"id":true}> );
  Partner:
    ( { __typename: 'Partner' }
    & GraphQLRecursivePick<FederationTypes['Partner'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  Subject:
    | ( RewardRow )
    | ( PartnerRow )
  ;
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
  PostKind: PostKind;
  Post: ResolverTypeWrapper<PostRow>;
  Subject: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['Subject']>;
  PostConnection: ResolverTypeWrapper<Omit<PostConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['PostEdge']>, nodes: Array<ResolversTypes['Post']> }>;
  PostEdge: ResolverTypeWrapper<Omit<PostEdge, 'node'> & { node: ResolversTypes['Post'] }>;
  Review: ResolverTypeWrapper<ReviewRow>;
  ReviewSummary: ResolverTypeWrapper<ReviewSummaryRow>;
  ReviewConnection: ResolverTypeWrapper<ReviewConnectionRow>;
  ReviewEdge: ResolverTypeWrapper<Omit<ReviewEdge, 'node'> & { node: ResolversTypes['Review'] }>;
  Member: ResolverTypeWrapper<MemberRow>;
  Reward: ResolverTypeWrapper<RewardRow>;
  Partner: ResolverTypeWrapper<PartnerRow>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PostInput: PostInput;
  PostPayload: ResolverTypeWrapper<Omit<PostPayload, 'post'> & { post?: Maybe<ResolversTypes['Post']> }>;
  ReviewInput: ReviewInput;
  ReviewPayload: ResolverTypeWrapper<Omit<ReviewPayload, 'review'> & { review?: Maybe<ResolversTypes['Review']> }>;
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
  Post: PostRow;
  Subject: ResolversUnionTypes<ResolversParentTypes>['Subject'];
  PostConnection: Omit<PostConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['PostEdge']>, nodes: Array<ResolversParentTypes['Post']> };
  PostEdge: Omit<PostEdge, 'node'> & { node: ResolversParentTypes['Post'] };
  Review: ReviewRow;
  ReviewSummary: ReviewSummaryRow;
  ReviewConnection: ReviewConnectionRow;
  ReviewEdge: Omit<ReviewEdge, 'node'> & { node: ResolversParentTypes['Review'] };
  Member: MemberRow;
  Reward: RewardRow;
  Partner: PartnerRow;
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
  PostInput: PostInput;
  PostPayload: Omit<PostPayload, 'post'> & { post?: Maybe<ResolversParentTypes['Post']> };
  ReviewInput: ReviewInput;
  ReviewPayload: Omit<ReviewPayload, 'review'> & { review?: Maybe<ResolversParentTypes['Review']> };
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

export type PostResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Post'] = ResolversParentTypes['Post'], FederationReferenceType extends FederationReferenceTypes['Post'] = FederationReferenceTypes['Post']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Post']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['PostKind'], ParentType, ContextType>;
  author?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  topics?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  about?: Resolver<Maybe<ResolversTypes['Subject']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type SubjectResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Subject'] = ResolversParentTypes['Subject']> = {
  __resolveType: TypeResolveFn<'Reward' | 'Partner', ParentType, ContextType>;
};

export type PostConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PostConnection'] = ResolversParentTypes['PostConnection']> = {
  edges?: Resolver<Array<ResolversTypes['PostEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Post']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PostEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PostEdge'] = ResolversParentTypes['PostEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Post'], ParentType, ContextType>;
};

export type ReviewResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Review'] = ResolversParentTypes['Review'], FederationReferenceType extends FederationReferenceTypes['Review'] = FederationReferenceTypes['Review']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Review']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  author?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  about?: Resolver<Maybe<ResolversTypes['Subject']>, ParentType, ContextType>;
  rating?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  verified?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  editedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type ReviewSummaryResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ReviewSummary'] = ResolversParentTypes['ReviewSummary']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  average?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  histogram?: Resolver<Array<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type ReviewConnectionResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ReviewConnection'] = ResolversParentTypes['ReviewConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ReviewEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Review']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['ReviewSummary'], ParentType, ContextType>;
};

export type ReviewEdgeResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ReviewEdge'] = ResolversParentTypes['ReviewEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Review'], ParentType, ContextType>;
};

export type MemberResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Member'] = ResolversParentTypes['Member'], FederationReferenceType extends FederationReferenceTypes['Member'] = FederationReferenceTypes['Member']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Member']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  posts?: Resolver<Maybe<ResolversTypes['PostConnection']>, ParentType, ContextType, RequireFields<MemberPostsArgs, 'first'>>;
  reviews?: Resolver<Maybe<ResolversTypes['ReviewConnection']>, ParentType, ContextType, RequireFields<MemberReviewsArgs, 'first'>>;
};

export type RewardResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Reward'] = ResolversParentTypes['Reward'], FederationReferenceType extends FederationReferenceTypes['Reward'] = FederationReferenceTypes['Reward']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Reward']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  rating?: Resolver<Maybe<ResolversTypes['ReviewSummary']>, ParentType, ContextType>;
  reviews?: Resolver<Maybe<ResolversTypes['ReviewConnection']>, ParentType, ContextType, RequireFields<RewardReviewsArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PartnerResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Partner'] = ResolversParentTypes['Partner'], FederationReferenceType extends FederationReferenceTypes['Partner'] = FederationReferenceTypes['Partner']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Partner']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  rating?: Resolver<Maybe<ResolversTypes['ReviewSummary']>, ParentType, ContextType>;
  reviews?: Resolver<Maybe<ResolversTypes['ReviewConnection']>, ParentType, ContextType, RequireFields<PartnerReviewsArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type QueryResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  feed?: Resolver<Maybe<ResolversTypes['PostConnection']>, ParentType, ContextType, RequireFields<QueryFeedArgs, 'first'>>;
  post?: Resolver<Maybe<ResolversTypes['Post']>, ParentType, ContextType, RequireFields<QueryPostArgs, 'id'>>;
  review?: Resolver<Maybe<ResolversTypes['Review']>, ParentType, ContextType, RequireFields<QueryReviewArgs, 'id'>>;
};

export type MutationResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createPost?: Resolver<Maybe<ResolversTypes['PostPayload']>, ParentType, ContextType, RequireFields<MutationCreatePostArgs, 'input'>>;
  reviewReward?: Resolver<Maybe<ResolversTypes['ReviewPayload']>, ParentType, ContextType, RequireFields<MutationReviewRewardArgs, 'rewardId' | 'input'>>;
  reviewPartner?: Resolver<Maybe<ResolversTypes['ReviewPayload']>, ParentType, ContextType, RequireFields<MutationReviewPartnerArgs, 'partnerId' | 'input'>>;
  deleteReview?: Resolver<Maybe<ResolversTypes['ReviewPayload']>, ParentType, ContextType, RequireFields<MutationDeleteReviewArgs, 'id'>>;
};

export type PostPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['PostPayload'] = ResolversParentTypes['PostPayload']> = {
  post?: Resolver<Maybe<ResolversTypes['Post']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReviewPayloadResolvers<ContextType = SubgraphContext, ParentType extends ResolversParentTypes['ReviewPayload'] = ResolversParentTypes['ReviewPayload']> = {
  review?: Resolver<Maybe<ResolversTypes['Review']>, ParentType, ContextType>;
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
  Post?: PostResolvers<ContextType>;
  Subject?: SubjectResolvers<ContextType>;
  PostConnection?: PostConnectionResolvers<ContextType>;
  PostEdge?: PostEdgeResolvers<ContextType>;
  Review?: ReviewResolvers<ContextType>;
  ReviewSummary?: ReviewSummaryResolvers<ContextType>;
  ReviewConnection?: ReviewConnectionResolvers<ContextType>;
  ReviewEdge?: ReviewEdgeResolvers<ContextType>;
  Member?: MemberResolvers<ContextType>;
  Reward?: RewardResolvers<ContextType>;
  Partner?: PartnerResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PostPayload?: PostPayloadResolvers<ContextType>;
  ReviewPayload?: ReviewPayloadResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = SubgraphContext> = {
  access?: AccessDirectiveResolver<any, any, ContextType>;
  cached?: CachedDirectiveResolver<any, any, ContextType>;
};

