import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/** Points given to a member, or taken, by the coalition's staff. */
@Entity({ schema: 'members' })
@Unique(['requestedBy', 'idempotencyKey'])
@Index(['createdAt', 'id'])
@Index(['status', 'createdAt', 'id'])
@Index(['requestedBy', 'createdAt'])
@Check('adjustment_points_ck', '"points" <> 0')
@Check('adjustment_status_ck', `"status" IN ('AWAITING_APPROVAL', 'POSTED', 'REJECTED')`)
@Check(
  'adjustment_decided_by_ck',
  `CASE "status" WHEN 'AWAITING_APPROVAL' THEN "decided_by" IS NULL
     WHEN 'POSTED' THEN ("decided_by" <> "requested_by") IS NOT FALSE
     ELSE "decided_by" IS NOT NULL END`,
)
@Check(
  'adjustment_rejected_because_ck',
  `("status" = 'REJECTED') = ("rejected_because" IS NOT NULL)`,
)
export class Adjustment {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  /** Given where positive, taken where negative. */
  @Column(pointsColumn) points!: bigint;
  /** The code of a currency of the ledger. */
  @Column({ type: 'text' }) currency!: string;
  @Column({ type: 'text' }) reason!: string;
  /** The last day of points given; by the currency's policy where null. */
  @Column({ type: 'date', nullable: true }) expiresOn!: string | null;
  @Column({ type: 'text' }) status!: 'AWAITING_APPROVAL' | 'POSTED' | 'REJECTED';
  /** The token's subject. */
  @Column({ type: 'text' }) requestedBy!: string;
  /** Who approved or rejected it; null where nobody had to. */
  @Column({ type: 'text', nullable: true }) decidedBy!: string | null;
  @Column({ type: 'text', nullable: true }) rejectedBecause!: string | null;
  @Column({ type: 'text' }) idempotencyKey!: string;
  @Column({ type: 'text' }) inputHash!: string;
  @Column(instantColumn) createdAt!: Date;
}
