/** Who pays which part of what an offer gives. */
export interface FundingShare {
  /** Null for the coalition. */
  partnerId: string | null;
  /** An exact decimal, more than 0. */
  share: string;
}
