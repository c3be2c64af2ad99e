import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Partner } from '../brands/entities.ts';
import type { ConversionRow } from './rows.ts';

/** The price of points between a partner and the coalition: a version of it. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'version'])
@Index('contract_open_uq', ['partnerId'], { unique: true, where: '"valid_to" IS NULL' })
@Check('contract_issue_price_ck', '"issue_price" >= 0')
@Check('contract_redemption_rate_ck', '"redemption_rate" >= 0')
@Check('contract_backdate_days_ck', '"backdate_days" >= 0')
@Check('contract_fee_rate_ck', '"fee_rate" BETWEEN 0 AND 1')
@Check('contract_billing_ck', `"billing" IN ('PREPAID', 'POSTPAID')`)
@Check('contract_credit_limit_ck', '"credit_limit" >= 0')
@Check('contract_billing_credit_limit_ck', `"billing" = 'POSTPAID' OR "credit_limit" IS NULL`)
@Check('contract_alert_at_ck', '"alert_at" > 0')
@Check('contract_clawback_risk_ck', `"clawback_risk" IN ('PARTNER', 'COALITION')`)
@Check(
  'contract_refund_order_ck',
  `"refund_order" IN ('PROPORTIONAL', 'MONEY_FIRST', 'POINTS_FIRST')`,
)
@Check('contract_pending_ck', `"pending" IN ('AT_ONCE', 'DAYS', 'ON_CONFIRMATION')`)
@Check(
  'contract_pending_days_ck',
  `CASE WHEN "pending" = 'DAYS' THEN "pending_days" IS NOT NULL AND "pending_days" BETWEEN 1 AND 365
   ELSE "pending_days" IS NULL END`,
)
@Check('contract_claim_window_days_ck', '"claim_window_days" >= 0')
@Check('contract_payment_terms_days_ck', '"payment_terms_days" >= 0')
@Check('contract_monthly_issue_limit_ck', '"monthly_issue_limit" > 0')
@Check('contract_valid_to_ck', '"valid_to" >= "valid_from"')
export class Contract {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  /** Counts the partner's contracts from 1. */
  @Column({ type: 'integer' }) version!: number;
  @Column({ type: 'date' }) validFrom!: string;
  /** The last day, set when the next version is signed: all that ever changes. */
  @Column({ type: 'date', nullable: true }) validTo!: string | null;
  @Column({ type: 'text' }) currency!: string;
  /** Whole units of the currency for each point issued. */
  @Column(decimalColumn) issuePrice!: string;
  /** Whole units of the currency for each point redeemed. */
  @Column(decimalColumn) redemptionRate!: string;
  /** Share of the issuance that the coalition keeps. */
  @Column(decimalColumn) feeRate!: string;
  @Column({ type: 'text' }) billing!: 'PREPAID' | 'POSTPAID';
  /** What may be owed, in the contract's currency; null for any amount, and where points are prepaid. */
  @Column({ ...decimalColumn, nullable: true }) creditLimit!: string | null;
  /** Owed, or used of what was bought: people are told. */
  @Column({ ...decimalColumn, nullable: true }) alertAt!: string | null;
  /** Who bears points that were refunded after they were spent. */
  @Column({ type: 'text' }) clawbackRisk!: 'PARTNER' | 'COALITION';
  /** What goes back first of a payment of points and money. */
  @Column({ type: 'text' }) refundOrder!: 'PROPORTIONAL' | 'MONEY_FIRST' | 'POINTS_FIRST';
  /** When points can be spent that are earned: at once, after the days in which goods come back, or once told. */
  @Column({ type: 'text' }) pending!: 'AT_ONCE' | 'DAYS' | 'ON_CONFIRMATION';
  /** Null where they do not wait. */
  @Column({ type: 'integer', nullable: true }) pendingDays!: number | null;
  /** How many days back an activity may be dated. */
  @Column({ type: 'integer' }) backdateDays!: number;
  /** How many days a member may claim points that are missing. */
  @Column({ type: 'integer' }) claimWindowDays!: number;
  /** How many days after its issue a statement is due. */
  @Column({ type: 'integer' }) paymentTermsDays!: number;
  /** What may be issued in a calendar month of the program, by the day of posting; null for any number. */
  @Column({ ...pointsColumn, nullable: true }) monthlyIssueLimit!: bigint | null;
  @Column({ type: 'jsonb' }) conversions!: ConversionRow[];
  @Column(instantColumn) signedAt!: Date;
}
