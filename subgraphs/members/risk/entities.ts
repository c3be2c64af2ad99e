import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';
import { Program } from '../program/entities.ts';

/** How much members may move, before somebody looks at it or at all: one row. */
@Entity({ schema: 'members' })
export class RiskLimits {
  @ForeignKey(() => Program)
  @PrimaryColumn({ type: 'uuid' })
  programId!: string;
  @Column({ type: 'integer' }) newAccountDays!: number;
  @Column({ type: 'integer' }) transfersPerDay!: number;
  @Column({ type: 'integer' }) transfersPer30Days!: number;
  @Column({ type: 'integer' }) transfersPerYear!: number;
  @Column(pointsColumn) transferPointsPerDay!: bigint;
  @Column(pointsColumn) transferPointsPer30Days!: bigint;
  @Column(pointsColumn) transferPointsPerYear!: bigint;
  @Column(pointsColumn) conversionPointsPerDay!: bigint;
  @Column(pointsColumn) conversionPointsPerYear!: bigint;
  @Column({ type: 'integer' }) redemptionsPerDay!: number;
  @Column(pointsColumn) redemptionPointsPerDay!: bigint;
  /** Points redeemed on one day, from which on a member signs in again. */
  @Column(pointsColumn) redemptionStepUpFrom!: bigint;
  /** Points of one day, from which on a member signs in again. */
  @Column(pointsColumn) stepUpFrom!: bigint;
  @Column({ type: 'integer' }) receiversPer30Days!: number;
  @Column({ type: 'integer', default: 5 }) unknownReceiversPerDay!: number;
  @Column({ type: 'integer' }) dormantDays!: number;
  @Column({ type: 'integer' }) reviewHours!: number;
}

/** What counts against a member's limits. Its id is that of the act's own row. */
@Entity({ schema: 'members' })
@Index(['memberId', 'action', 'actedAt'])
@Check(
  'risk_act_action_ck',
  `"action" IN ('TRANSFER', 'CONVERSION', 'UNKNOWN_RECEIVER', 'REDEMPTION', 'HOLD')`,
)
@Check('risk_act_points_ck', '"points" > 0')
export class RiskAct {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  /** UNKNOWN_RECEIVER: a transfer that was refused, since nobody was there to get it. */
  @Column({ type: 'text' })
  action!: 'TRANSFER' | 'CONVERSION' | 'UNKNOWN_RECEIVER' | 'REDEMPTION' | 'HOLD';
  @Column(pointsColumn) points!: bigint;
  /** Who gets the points, where that is another member. */
  @Column({ type: 'uuid', nullable: true }) receiverId!: string | null;
  @Column(instantColumn) actedAt!: Date;
}

/** Something that was held back for a person to look at. */
@Entity({ schema: 'members' })
@Unique(['subjectId'])
@Index(['dueAt', 'id'])
@Index(['status', 'dueAt', 'id'])
@Index(['memberId'])
@Check('risk_case_status_ck', `"status" IN ('OPEN', 'ALLOWED', 'DENIED', 'EXPIRED')`)
@Check('risk_case_action_ck', `"action" IN ('TRANSFER', 'REDEMPTION', 'HOLD')`)
@Check('risk_case_reasons_ck', 'cardinality("reasons") > 0')
@Check(
  'risk_case_decided_ck',
  `("status" IN ('ALLOWED', 'DENIED')) = ("decided_by" IS NOT NULL)
   AND ("decided_by" IS NULL) = ("decided_because" IS NULL)`,
)
export class RiskCase {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) status!: 'OPEN' | 'ALLOWED' | 'DENIED' | 'EXPIRED';
  @Column({ type: 'text' }) action!: 'TRANSFER' | 'REDEMPTION' | 'HOLD';
  /** What is held back: of a TRANSFER its row; otherwise the request, by its key and its input. */
  @Column({ type: 'uuid' }) subjectId!: string;
  /** Where it was to happen; null where points stay among members. */
  @Column({ type: 'uuid', nullable: true }) partnerId!: string | null;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  @Column(pointsColumn) points!: bigint;
  /** The heaviest first. */
  @Column({ type: 'text', array: true }) reasons!: string[];
  @Column(instantColumn) openedAt!: Date;
  /** An OPEN case counts as EXPIRED from then on, whether or not the worker has been there. */
  @Column(instantColumn) dueAt!: Date;
  /** The token's subject. */
  @Column({ type: 'text', nullable: true }) decidedBy!: string | null;
  @Column({ type: 'text', nullable: true }) decidedBecause!: string | null;
}
