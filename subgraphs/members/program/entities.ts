import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { pointsColumn } from '../../../platform/database.ts';

/** The coalition itself: one row, made by the migration. */
@Entity({ schema: 'members' })
@Check('program_id_ck', `"id" = '5f0c1d6e-8a53-4c0e-9d5b-0e1f7a2b6c01'`)
@Check(
  'program_qualification_period_ck',
  `"qualification_period" IN ('CALENDAR_YEAR', 'MEMBERSHIP_YEAR', 'ROLLING_12_MONTHS')`,
)
@Check('program_downgrade_ck', `"downgrade" IN ('ONE_STEP', 'TO_QUALIFIED', 'TO_BASE')`)
@Check('program_grace_days_ck', '"grace_days" BETWEEN 0 AND 366')
@Check('program_adjustment_approval_limit_ck', '"adjustment_approval_limit" >= 0')
@Check('program_adjustment_daily_limit_ck', '"adjustment_daily_limit" >= 0')
@Check('program_negative_limit_ck', '"negative_limit" BETWEEN 0 AND 1000000000000')
export class Program {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) name!: string;
  /** IANA name. */
  @Column({ type: 'text' }) timeZone!: string;
  /** ISO 4217. */
  @Column({ type: 'text' }) moneyCurrency!: string;
  @Column({ type: 'integer' }) version!: number;
  /** Within which a tier's threshold has to be reached. */
  @Column({ type: 'text' }) qualificationPeriod!:
    'CALENDAR_YEAR' | 'MEMBERSHIP_YEAR' | 'ROLLING_12_MONTHS';
  /** What becomes of a tier that was not reached again. */
  @Column({ type: 'text' }) downgrade!: 'ONE_STEP' | 'TO_QUALIFIED' | 'TO_BASE';
  /** How long a tier is sure after the period for which it was. */
  @Column({ type: 'integer' }) graceDays!: number;
  @Column({ type: 'boolean' }) demoteOnReversal!: boolean;
  /** Counts up with each change that may move members to another tier. */
  @Column({ type: 'integer' }) tiersVersion!: number;
  /** Days before points expire on which a member is told, the first first. */
  @Column({ type: 'integer', array: true }) expiryNoticeDays!: number[];
  /** Points that one administrator may adjust of one member on one day without a second one. */
  @Column(pointsColumn) adjustmentApprovalLimit!: bigint;
  /** The same, of all members together. */
  @Column(pointsColumn) adjustmentDailyLimit!: bigint;
  /** How far refunds may take a balance below zero. */
  @Column({ ...pointsColumn, default: 1_000_000_000_000 }) negativeLimit!: bigint;
}
