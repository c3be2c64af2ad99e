import type { Big } from 'big.js';
import type { Liability, PointsMovement as LedgerMovement } from '../../../ledger/index.ts';
import type { CostKind } from '../types.generated.ts';
import type { Tier } from '../tiers/entities.ts';
import type { LifetimeValueFit, ProgramGoal as SetGoal } from './entities.ts';

export interface ProgramCost {
  kind: CostKind;
  amount: MoneyAmount;
}

/** An exact decimal, in whole units of the currency. */
interface MoneyAmount {
  amount: string;
  currency: string;
}

/** What members have, read where a field asks for it, and once. */
export interface LiabilityReport {
  asOf: Date;
  outstanding(): Promise<Liability>;
  breakage(): Promise<Big>;
  worth(): Promise<Worth>;
}

/** Points at their price of issue. */
export interface Worth {
  byIssuer: IssuerLiability[];
  /** The program's currency. */
  currency: string;
}

export interface IssuerLiability {
  issuerId: string | null;
  outstanding: bigint;
  /** Unrounded. */
  value: Big;
  currency: string;
}

export type PointsMovement = LedgerMovement;

export interface TierCount {
  tier: Tier;
  members: number;
}

/** What members did up to the ends of a period. */
export interface MembershipReport {
  members: number;
  activeMembers: number;
  enrolled: number;
  lapsed: number;
  activeAtStart: number;
  raised: number;
}

/** A goal, and what is measured of it, where a field asks for it. */
export interface ProgramGoal {
  goal: SetGoal;
  current: () => Promise<Big | null>;
}

export type LifetimeValueReport = LifetimeValueFit;
