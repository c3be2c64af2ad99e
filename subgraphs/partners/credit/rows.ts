/** How a partner stands by a version of its contract. */
export interface PartnerCredit {
  partnerId: string;
  /** That of the version. */
  currency: string;
  /** Whole units; null for any amount. */
  creditLimit: string | null;
}
