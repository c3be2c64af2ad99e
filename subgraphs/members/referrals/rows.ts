/** A member's code, and what became of it. */
export interface ReferralStatus {
  code: string;
  /** Enrolments that were begun with it. */
  invited: number;
  /** Who became members. */
  joined: number;
  pointsEarned: bigint;
}
