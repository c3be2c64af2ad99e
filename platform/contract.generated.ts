// Generated from schema/ by `npm run codegen`. Do not edit.
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
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

