/** The coalition's program, of which another part knows more. */
export interface Program {
  id: string;
}

/** What members did with a partner in a period. */
export interface PartnerPerformance {
  activities: number;
  activeMembers: number | null;
  membersWonFromCoalition: number | null;
  /** In whole units of the currency, an exact decimal. */
  averageSpend: { amount: string; currency: string } | null;
  pointsIssued: bigint;
  pointsRedeemed: bigint;
  daily: DailyPoints[];
}

export interface DailyPoints {
  day: string;
  issued: bigint;
  redeemed: bigint;
}

export interface IssuanceReport {
  points: bigint;
  byPartner: PartnerIssuance[];
  /** An exact decimal; null where nobody was active. */
  crossPartnerRate: string | null;
}

export interface PartnerIssuance {
  partnerId: string;
  points: bigint;
  activities: number;
}
