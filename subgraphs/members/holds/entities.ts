import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/** Points that a partner's till has set aside. The ledger keeps them under the same id. */
@Entity({ schema: 'members' })
@Unique(['partnerId', 'sandbox', 'reference'])
@Unique(['partnerId', 'sandbox', 'idempotencyKey'])
@Index(['memberId', 'createdAt', 'id'])
@Check('hold_points_ck', '"points" BETWEEN 1 AND 1000000000000')
@Check('hold_worth_ck', '"worth" >= 0')
@Check('hold_status_ck', `"status" IN ('ACTIVE', 'CAPTURED', 'PARTIALLY_CAPTURED', 'RELEASED')`)
@Check(
  'hold_captured_points_ck',
  `CASE "status" WHEN 'CAPTURED' THEN "captured_points" = "points"
     WHEN 'PARTIALLY_CAPTURED' THEN "captured_points" > 0 AND "captured_points" < "points"
     ELSE "captured_points" = 0 END`,
)
@Check('hold_refunded_points_ck', '"refunded_points" BETWEEN 0 AND "captured_points"')
@Check('hold_expires_at_ck', '"expires_at" > "created_at"')
export class Hold {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  @Column({ type: 'uuid' }) partnerId!: string;
  /** Placed by a test client: live ones never see it. */
  @Column({ type: 'boolean' }) sandbox!: boolean;
  /** The partner's own number for it. */
  @Column({ type: 'text' }) reference!: string;
  @Column({ type: 'text' }) idempotencyKey!: string;
  /** Of the input, to tell a repetition from another hold. */
  @Column({ type: 'text' }) inputHash!: string;
  @Column(pointsColumn) points!: bigint;
  /** What the points were worth at the till, in whole units of the currency. */
  @Column(decimalColumn) worth!: string;
  @Column({ type: 'text' }) currency!: string;
  /** Whole units of the currency for each point, by the contract of the day. */
  @Column(decimalColumn) redemptionRate!: string;
  /** As the partner left it: nobody writes that one has expired, see `statusAt`. */
  @Column({ type: 'text' }) status!: 'ACTIVE' | 'CAPTURED' | 'PARTIALLY_CAPTURED' | 'RELEASED';
  @Column({ ...pointsColumn, default: 0 }) capturedPoints!: bigint;
  /** Given back of what was captured. */
  @Column({ ...pointsColumn, default: 0 }) refundedPoints!: bigint;
  @Column(instantColumn) createdAt!: Date;
  @Column(instantColumn) expiresAt!: Date;
}

/** What was done with a hold, under a key of its partner's. Its id is the ledger's key. */
@Entity({ schema: 'members' })
@Unique(['partnerId', 'sandbox', 'kind', 'key'])
@Index(['holdId'])
@Check('hold_act_kind_ck', `"kind" IN ('CAPTURE', 'RELEASE', 'REFUND')`)
@Check('hold_act_points_ck', '"points" > 0')
export class HoldAct {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Hold) @Column({ type: 'uuid' }) holdId!: string;
  @Column({ type: 'text' }) kind!: 'CAPTURE' | 'RELEASE' | 'REFUND';
  @Column({ type: 'uuid' }) partnerId!: string;
  @Column({ type: 'boolean' }) sandbox!: boolean;
  /** The call's idempotency key; of a refund the partner's own number for it. */
  @Column({ type: 'text' }) key!: string;
  @Column({ type: 'text' }) inputHash!: string;
  /** Captured, released or given back. */
  @Column(pointsColumn) points!: bigint;
  @Column(instantColumn) createdAt!: Date;
}
