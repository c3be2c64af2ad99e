import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn } from '../../../platform/database.ts';
import { Activity } from '../activities/entities.ts';
import { Partner } from '../brands/entities.ts';

/** A member says that an activity with a partner earned nothing. Decided once. */
@Entity({ schema: 'partners' })
@Unique(['memberId', 'claimKey'])
@Index(['memberId', 'createdAt', 'id'])
@Index(['partnerId', 'status', 'createdAt', 'id'])
@Index('claim_open_ix', ['memberId'], { where: `"status" = 'OPEN'` })
@Index('claim_granted_ix', ['memberId'], {
  where: `"status" = 'GRANTED' AND "reference" IS NULL`,
})
@Index(['activityId'], { where: '"activity_id" IS NOT NULL' })
@Check('claim_status_ck', `"status" IN ('OPEN', 'GRANTED', 'REJECTED')`)
@Check('claim_decided_at_ck', `("decided_at" IS NULL) = ("status" = 'OPEN')`)
@Check('claim_activity_id_ck', `"activity_id" IS NULL OR "status" = 'GRANTED'`)
@Check('claim_named_ck', '"reference" IS NOT NULL OR "amount" IS NOT NULL')
@Check('claim_amount_ck', '"amount" > 0')
@Check('claim_currency_ck', '("amount" IS NULL) = ("currency" IS NULL)')
export class Claim {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @Column({ type: 'uuid' }) memberId!: string;
  /** What it is about: partner, day and reference, or amount. The id, where the same came by a merge. */
  @Column({ type: 'text' }) claimKey!: string;
  /** To tell a repetition from another claim of the same. */
  @Column({ type: 'text' }) inputHash!: string;
  @Column({ type: 'text' }) status!: 'OPEN' | 'GRANTED' | 'REJECTED';
  /** In the program's time zone, as all days here. */
  @Column({ type: 'date' }) occurredOn!: string;
  @Column({ type: 'text', nullable: true }) reference!: string | null;
  /** In whole units of the currency. */
  @Column({ ...decimalColumn, nullable: true }) amount!: string | null;
  @Column({ type: 'text', nullable: true }) currency!: string | null;
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @Column(instantColumn) createdAt!: Date;
  @Column({ type: 'date' }) decideBy!: string;
  @Column({ ...instantColumn, nullable: true }) decidedAt!: Date | null;
  /** Null where an activity that came in has decided it. */
  @Column({ type: 'text', nullable: true }) decidedBecause!: string | null;
  @ForeignKey(() => Activity)
  @Column({ type: 'uuid', nullable: true })
  activityId!: string | null;
}
