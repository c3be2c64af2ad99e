import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/** What comes with a tier. */
export interface Benefit {
  code: string;
  name: string;
  description: string | null;
}

/** A step of the program. One that it has no more stays here, for those who had it. */
@Entity({ schema: 'members' })
@Unique(['rank'])
@Check('tier_threshold_ck', '"threshold" >= 0')
@Check('tier_earn_multiplier_ck', '"earn_multiplier" >= 1')
export class Tier {
  @PrimaryColumn({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) name!: string;
  /** From 0, the lowest; null once the program has it no more. */
  @Column({ type: 'integer', nullable: true }) rank!: number | null;
  /** Qualifying points needed within one qualification period. */
  @Column(pointsColumn) threshold!: bigint;
  /** Exact decimal. */
  @Column(decimalColumn) earnMultiplier!: string;
  @Column({ type: 'jsonb' }) benefits!: Benefit[];
}

/** Where a member stood when it was last looked at: what they earned, and what they were given. */
@Entity({ schema: 'members' })
@Index(['reviewOn'])
@Index(['tiersVersion'])
@Check('tier_standing_granted_source_ck', `"granted_source" IN ('MATCHED', 'MANUAL', 'LIFETIME')`)
@Check('tier_standing_earned_ck', '("earned_tier" IS NULL) = ("earned_until" IS NULL)')
@Check(
  'tier_standing_granted_ck',
  'num_nulls("granted_tier", "granted_source", "granted_since") IN (0, 3)',
)
export class TierStanding {
  @ForeignKey(() => Member)
  @PrimaryColumn({ type: 'uuid' })
  memberId!: string;
  /** The higher of both. */
  @ForeignKey(() => Tier) @Column({ type: 'text', nullable: true }) tier!: string | null;
  /** Null for the lowest. */
  @Column({ type: 'text', nullable: true }) earnedTier!: string | null;
  @Column({ type: 'date' }) earnedSince!: string;
  @Column({ type: 'date', nullable: true }) earnedUntil!: string | null;
  /** What happened before counts for no tier. */
  @Column({ type: 'date', nullable: true }) countsFrom!: string | null;
  @Column({ type: 'text', nullable: true }) grantedTier!: string | null;
  @Column({ type: 'text', nullable: true }) grantedSource!: GrantSource | null;
  @Column({ type: 'date', nullable: true }) grantedSince!: string | null;
  /** Null for good. */
  @Column({ type: 'date', nullable: true }) grantedUntil!: string | null;
  /** The first day on which the tier may be another; null for none. */
  @Column({ type: 'date', nullable: true }) reviewOn!: string | null;
  @Column({ type: 'integer' }) tiersVersion!: number;
}

/** That a member came to another tier. Never changed. */
@Entity({ schema: 'members' })
@Index('tier_move_up_ix', ['movedOn', 'memberId'], { where: '"is_up"' })
export class TierMove {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' }) id!: bigint;
  @Column({ type: 'uuid' }) memberId!: string;
  /** In the program's time zone. */
  @Column({ type: 'date' }) movedOn!: string;
  @Column({ type: 'text' }) fromTier!: string;
  @Column({ type: 'text' }) toTier!: string;
  /** By the tiers that the program had then. */
  @Column({ type: 'boolean' }) isUp!: boolean;
}

/** Why staff gave a tier. */
export type GrantSource = 'MATCHED' | 'MANUAL' | 'LIFETIME';

/** Qualifying points, by the program's day. What takes some back is below 0. */
@Entity({ schema: 'members' })
export class TierCredit {
  @PrimaryColumn({ type: 'uuid' }) memberId!: string;
  @PrimaryColumn({ type: 'date' }) occurredOn!: string;
  /** The activity that earned them, or the refund that takes them back. */
  @PrimaryColumn({ type: 'uuid' }) key!: string;
  @Column(pointsColumn) points!: bigint;
  @Column(instantColumn) postedAt!: Date;
}
