import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Activity } from '../activities/entities.ts';
import { Partner } from '../brands/entities.ts';

/** What came back to a partner, in one return of its own number. Never changed. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'sandbox', 'reference'])
export class Refund {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @Column({ type: 'boolean' }) sandbox!: boolean;
  /** The partner's own number for the return. */
  @Column({ type: 'text' }) reference!: string;
  /** Of the input, to tell a repetition from another return. */
  @Column({ type: 'text' }) inputHash!: string;
  @Column(instantColumn) occurredAt!: Date;
  @Column(instantColumn) postedAt!: Date;
}

/** What a return takes back of one activity. Its id is the key of the ledger's movement. */
@Entity({ schema: 'partners' })
@Index(['refundId'])
@Index(['activityId'])
@Check('refund_part_amount_ck', '"amount" >= 0')
@Check('refund_part_points_ck', '"points" >= 0')
@Check('refund_part_qualifying_points_ck', '"qualifying_points" >= 0')
@Check('refund_part_own_points_ck', '"own_points" >= 0')
export class RefundPart {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Refund) @Column({ type: 'uuid' }) refundId!: string;
  @ForeignKey(() => Activity) @Column({ type: 'uuid' }) activityId!: string;
  /** Of what was paid, in the activity's currency. */
  @Column(decimalColumn) amount!: string;
  @Column(pointsColumn) points!: bigint;
  /** Of those that count for the member's tier. */
  @Column(pointsColumn) qualifyingPoints!: bigint;
  /** Of those of the partner's own currency. */
  @Column({ ...pointsColumn, default: 0 }) ownPoints!: bigint;
}
