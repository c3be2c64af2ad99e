import {
  Check,
  Column,
  Entity,
  ForeignKey,
  Index,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
} from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import { Partner } from '../brands/entities.ts';

/** How many activities a partner had in a month that is over. Where there is none, nobody has counted it. */
@Entity({ schema: 'partners' })
@Check('active_month_activities_ck', '"activities" >= 0')
@Check('active_month_ends_at_ck', '"ends_at" > "begins_at"')
export class ActiveMonth {
  @ForeignKey(() => Partner) @PrimaryColumn({ type: 'uuid' }) partnerId!: string;
  /** The month, by the program's time zone when it was counted. */
  @PrimaryColumn(instantColumn) beginsAt!: Date;
  @Column(instantColumn) endsAt!: Date;
  @Column({ type: 'integer' }) activities!: number;
}

/** Some of the members who were active with the partner in it: a bit for each. */
@Entity({ schema: 'partners' })
@ForeignKey(() => ActiveMonth, ['partnerId', 'beginsAt'], ['partnerId', 'beginsAt'], {
  onDelete: 'CASCADE',
})
export class ActiveMembers {
  @PrimaryColumn({ type: 'uuid' }) partnerId!: string;
  @PrimaryColumn(instantColumn) beginsAt!: Date;
  /** Whose bits these are: a member's place over 8,192. */
  @PrimaryColumn({ type: 'integer' }) block!: number;
  @Column({ type: 'bit', length: 8192 }) members!: string;
}

/** Which bit is a member's. */
@Entity({ schema: 'partners' })
@Unique(['place'])
@Check('member_place_place_ck', '"place" >= 0')
export class MemberPlace {
  @PrimaryColumn({ type: 'uuid' }) memberId!: string;
  @Column({ type: 'integer' }) place!: number;
}

/** Between these instants something has come, or no longer counts, since it may have been counted. */
@Entity({ schema: 'partners' })
@Index(['partnerId', 'firstAt'])
export class ActivityChange {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'bigint' }) id!: bigint;
  @Column({ type: 'uuid' }) partnerId!: string;
  @Column(instantColumn) firstAt!: Date;
  @Column(instantColumn) lastAt!: Date;
}
