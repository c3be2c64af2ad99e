import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn } from '../../../platform/database.ts';
import { Partner } from '../brands/entities.ts';

/** The price of points between a partner and the coalition: a version of it. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'version'])
@Index('contract_open_uq', ['partnerId'], { unique: true, where: '"valid_to" IS NULL' })
@Check('contract_issue_price_ck', '"issue_price" >= 0')
@Check('contract_redemption_rate_ck', '"redemption_rate" >= 0')
@Check('contract_backdate_days_ck', '"backdate_days" >= 0')
@Check('contract_pending_ck', `"pending" IN ('AT_ONCE', 'DAYS')`)
@Check(
  'contract_pending_days_ck',
  `CASE WHEN "pending" = 'DAYS' THEN "pending_days" IS NOT NULL AND "pending_days" BETWEEN 1 AND 365
   ELSE "pending_days" IS NULL END`,
)
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
  /** When points can be spent that are earned: at once, or after the days in which goods come back. */
  @Column({ type: 'text' }) pending!: 'AT_ONCE' | 'DAYS';
  /** Null where they do not wait. */
  @Column({ type: 'integer', nullable: true }) pendingDays!: number | null;
  /** How many days back an activity may be dated. */
  @Column({ type: 'integer' }) backdateDays!: number;
  @Column(instantColumn) signedAt!: Date;
}
