import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/** Points that a member gives to another. */
@Entity({ schema: 'members' })
@Unique(['memberId', 'idempotencyKey'])
@Check('points_transfer_points_ck', '"points" > 0')
@Check('points_transfer_receiver_id_ck', '"receiver_id" <> "member_id"')
@Check('points_transfer_status_ck', `"status" IN ('POSTED', 'UNDER_REVIEW', 'REVERSED')`)
@Check('points_transfer_entry_id_ck', `("status" = 'POSTED') = ("entry_id" IS NOT NULL)`)
export class PointsTransfer {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  /** Who gives. */
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) receiverId!: string;
  @Column(pointsColumn) points!: bigint;
  /** From the giver to the other. */
  @Column({ type: 'text', nullable: true }) message!: string | null;
  @Column({ type: 'text' }) status!: 'POSTED' | 'UNDER_REVIEW' | 'REVERSED';
  /** The ledger's movement. What is under review is a hold there, with the transfer's id. */
  @Column({ type: 'uuid', nullable: true }) entryId!: string | null;
  /** Until when it is looked at, where it was held back. */
  @Column({ ...instantColumn, nullable: true }) reviewDueAt!: Date | null;
  @Column({ type: 'text' }) idempotencyKey!: string;
  @Column({ type: 'text' }) inputHash!: string;
  @Column(instantColumn) createdAt!: Date;
}
