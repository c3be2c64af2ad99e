import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/** A named group of members. */
@Entity({ schema: 'members' })
@Check('segment_evaluated_ck', '("members" IS NULL) = ("evaluated_at" IS NULL)')
export class Segment {
  @PrimaryColumn({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) name!: string;
  /** In CEL, over a member. */
  @Column({ type: 'text' }) condition!: string;
  /** Counts the conditions that it has had. */
  @Column({ type: 'integer' }) version!: number;
  /** The one that the round goes by which is under way, or was last. */
  @Column({ type: 'integer', nullable: true }) roundVersion!: number | null;
  /** How many that round has found so far. */
  @Column({ type: 'integer', default: 0 }) counted!: number;
  /** What the last whole round by this condition found; null before its end. */
  @Column({ type: 'integer', nullable: true }) members!: number | null;
  /** When that round began. */
  @Column({ ...instantColumn, nullable: true }) evaluatedAt!: Date | null;
}

/** Who was in which segment when the worker last looked at them. */
@Entity({ schema: 'members' })
@Index(['segment', 'memberId'])
export class SegmentMember {
  @ForeignKey(() => Member)
  @PrimaryColumn({ type: 'uuid' })
  memberId!: string;
  @ForeignKey(() => Segment)
  @PrimaryColumn({ type: 'text' })
  segment!: string;
}

/** How far the round over all members has come: one row. */
@Entity({ schema: 'members' })
@Check('segment_round_id_ck', '"id" = 1')
export class SegmentRound {
  @PrimaryColumn({ type: 'integer' }) id!: 1;
  @Column(instantColumn) startedAt!: Date;
  /** The last member who was looked at. */
  @Column({ type: 'uuid' }) after!: string;
  @Column({ type: 'boolean' }) ended!: boolean;
}
