import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn } from '../../../platform/database.ts';
import type { costKinds, goalMeasures } from './kinds.ts';

/** What the program wants to reach in a period. */
@Entity({ schema: 'members' })
@Unique(['measure', 'startsOn', 'endsOn'])
@Check(
  'program_goal_measure_ck',
  `"measure" IN ('RETENTION', 'CHURN', 'AVERAGE_ORDER_VALUE', 'REDEMPTION_RATE', 'LIFETIME_VALUE',
    'ENGAGEMENT', 'SATISFACTION', 'REFERRALS')`,
)
@Check('program_goal_target_ck', '"target" > 0')
@Check('program_goal_ends_on_ck', '"ends_on" >= "starts_on"')
export class ProgramGoal {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) measure!: (typeof goalMeasures)[number];
  @Column({ type: 'date' }) startsOn!: string;
  /** The last day. */
  @Column({ type: 'date' }) endsOn!: string;
  @Column(decimalColumn) target!: string;
  @Column(instantColumn) setAt!: Date;
}

/** Something that the program cost, as it was recorded. Never changed. */
@Entity({ schema: 'members' })
@Unique(['reference'])
@Index(['onDay'])
@Check(
  'recorded_cost_kind_ck',
  `"kind" IN ('TECHNOLOGY', 'MARKETING', 'MANAGEMENT', 'REWARDS', 'SERVICE')`,
)
@Check('recorded_cost_amount_ck', '"amount" >= 0')
export class RecordedCost {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  /** The caller's own number for it. */
  @Column({ type: 'text' }) reference!: string;
  /** Of the input, to tell a repetition from another cost. */
  @Column({ type: 'text' }) inputHash!: string;
  @Column({ type: 'text' }) kind!: (typeof costKinds)[number];
  @Column({ type: 'date' }) onDay!: string;
  /** In whole units of the currency. */
  @Column(decimalColumn) amount!: string;
  @Column({ type: 'text' }) currency!: string;
  @Column(instantColumn) recordedAt!: Date;
}

/** Customer lifetime value as the worker fitted it to the purchases of a day. Never changed. */
@Entity({ schema: 'members' })
export class LifetimeValueFit {
  @PrimaryColumn(instantColumn) fittedAt!: Date;
  /** Who had bought something. */
  @Column({ type: 'integer' }) members!: number;
  @Column({ type: 'double precision' }) r!: number;
  @Column({ type: 'double precision' }) alpha!: number;
  @Column({ type: 'double precision' }) a!: number;
  @Column({ type: 'double precision' }) b!: number;
  @Column({ type: 'double precision' }) logLikelihood!: number;
  /** Of a member, in the year to come. */
  @Column({ type: 'double precision' }) expectedPurchases!: number;
  /** The same in money; null where too few bought again to tell. */
  @Column({ ...decimalColumn, nullable: true }) expectedValue!: string | null;
  @Column({ type: 'text', nullable: true }) currency!: string | null;
}
