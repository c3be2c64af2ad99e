import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { decimalColumn, instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Partner } from '../brands/entities.ts';
import { RuleSet } from '../earning/entities.ts';

/** A partner's activities of some days under a rule set of its own. Nothing is posted; kept for 30 days. */
@Entity({ schema: 'partners', name: 'replay' })
@Index('replay_running_ix', ['workedAt'], { where: `"status" = 'RUNNING'` })
@Index('replay_partner_id_running_ix', ['partnerId', 'startedAt', 'id'], {
  where: `"status" = 'RUNNING'`,
})
@Index(['startedAt'])
@Check('replay_status_ck', `"status" IN ('RUNNING', 'DONE', 'FAILED')`)
@Check('replay_last_day_ck', '"last_day" >= "first_day"')
@Check('replay_finished_at_ck', `("finished_at" IS NULL) = ("status" = 'RUNNING')`)
export class RuleSetReplay {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @ForeignKey(() => RuleSet) @Column({ type: 'uuid' }) ruleSetId!: string;
  /** Both count. */
  @Column({ type: 'date' }) firstDay!: string;
  @Column({ type: 'date' }) lastDay!: string;
  @Column({ type: 'text' }) status!: 'RUNNING' | 'DONE' | 'FAILED';
  /** Of the contracts of these days; null where they have several, or there is none. */
  @Column({ type: 'text', nullable: true }) currency!: string | null;
  @Column(instantColumn) startedAt!: Date;
  @Column({ ...instantColumn, nullable: true }) finishedAt!: Date | null;
  /** Whether its parts are there. */
  @Column({ type: 'boolean' }) listed!: boolean;
  /** When a worker was at it last: the one that has waited longest comes next. */
  @Column(instantColumn) workedAt!: Date;
  /** How often in a row a worker could not go on. */
  @Column({ type: 'integer' }) faults!: number;
  /** Figures of the parts that are done. */
  @Column({ type: 'integer' }) activities!: number;
  @Column(pointsColumn) pointsThen!: bigint;
  @Column(pointsColumn) pointsNow!: bigint;
  @Column(decimalColumn) costThen!: string;
  @Column(decimalColumn) costNow!: string;
  @Column({ type: 'integer' }) membersBetterOff!: number;
  @Column({ type: 'integer' }) membersWorseOff!: number;
}

/** What is still to be replayed: all activities of some members, by member and time. */
@Entity({ schema: 'partners' })
export class ReplayPart {
  @ForeignKey(() => RuleSetReplay, { onDelete: 'CASCADE' })
  @PrimaryColumn({ type: 'uuid' })
  replayId!: string;
  @PrimaryColumn({ type: 'integer' }) place!: number;
  @Column({ type: 'uuid', array: true }) activityIds!: string[];
}
