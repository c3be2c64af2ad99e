import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Activity } from '../activities/entities.ts';
import { Partner } from '../brands/entities.ts';

/**
 * What a partner with limits has issued so far: whoever issues for it locks this row. Made when it is first
 * needed; sums are then read from the activities.
 */
@Entity({ schema: 'partners' })
@Check('credit_counter_issued_ck', '"issued" >= 0')
@Check('credit_counter_used_ck', '"used" >= 0')
@Check('credit_counter_owed_ck', '("owed" IS NULL) = ("currency" IS NULL)')
export class CreditCounter {
  @ForeignKey(() => Partner) @PrimaryColumn({ type: 'uuid' }) partnerId!: string;
  /** Its first day; null where nothing was counted yet. */
  @Column({ type: 'date', nullable: true }) month!: string | null;
  /** Points of the month. */
  @Column({ ...pointsColumn, default: 0 }) issued!: bigint;
  /** In which `owed` is. */
  @Column({ type: 'text', nullable: true }) currency!: string | null;
  /**
   * As it was read last, with what was issued since, had nothing ever been redeemed: that is taken off when it is
   * looked at. Null until it is read.
   */
  @Column({ ...decimalColumn, nullable: true }) owed!: string | null;
  /** What was used of blocks since the last was bought, at their prices. */
  @Column({ ...decimalColumn, default: 0 }) used!: string;
}

/** Points that a partner has bought. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'idempotencyKey'])
@Index('point_block_open_ix', ['partnerId', 'validFrom', 'soldAt', 'id'], {
  where: '"remaining" > 0',
})
@Check('point_block_bought_ck', '"bought" > 0')
@Check('point_block_remaining_ck', '"remaining" BETWEEN 0 AND "bought"')
@Check('point_block_price_ck', '"price" >= 0')
export class PointBlock {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  /** The day of posting, in the program's time zone, from which on it is used. */
  @Column({ type: 'date' }) validFrom!: string;
  @Column(pointsColumn) bought!: bigint;
  @Column(pointsColumn) remaining!: bigint;
  /** Of the whole block, in whole units of the currency. */
  @Column(decimalColumn) price!: string;
  @Column({ type: 'text' }) currency!: string;
  @Column({ type: 'text' }) idempotencyKey!: string;
  @Column({ type: 'text' }) inputHash!: string;
  @Column(instantColumn) soldAt!: Date;
}

/** What an activity has used of a block. */
@Entity({ schema: 'partners' })
@Check('block_use_points_ck', '"points" > 0')
@Check('block_use_returned_ck', '"returned" BETWEEN 0 AND "points"')
export class BlockUse {
  @ForeignKey(() => Activity) @PrimaryColumn({ type: 'uuid' }) activityId!: string;
  @ForeignKey(() => PointBlock) @PrimaryColumn({ type: 'uuid' }) blockId!: string;
  @Column(pointsColumn) points!: bigint;
  /** What came back of them, since the activity was refunded. */
  @Column({ ...pointsColumn, default: 0 }) returned!: bigint;
}
