import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Partner } from '../brands/entities.ts';
import type { Award } from './caps.ts';
import type { CapPeriod, EarnRule } from './rows.ts';

/** A partner's earn rules as a whole: a draft until it is valid from an instant. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'version'])
@Index('rule_set_open_uq', ['partnerId'], {
  unique: true,
  where: '"valid_from" IS NOT NULL AND "valid_to" IS NULL',
})
@Check('rule_set_valid_to_ck', '"valid_to" > "valid_from"')
@Check('rule_set_rules_ck', `NOT jsonb_path_exists("rules", '$[*] ? (!exists(@.caps))')`)
export class RuleSet {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  /** Counts the partner's rule sets, drafts too, from 1. */
  @Column({ type: 'integer' }) version!: number;
  /** Null for a draft. */
  @Column({ ...instantColumn, nullable: true }) validFrom!: Date | null;
  /** The first instant of the set that follows; null for the latest. */
  @Column({ ...instantColumn, nullable: true }) validTo!: Date | null;
  /** The token's subject that drafted it. */
  @Column({ type: 'text' }) createdBy!: string;
  @Column({ type: 'jsonb' }) rules!: EarnRule[];
}

/** What a rule with a cap has earned a member in a period. */
@Entity({ schema: 'partners' })
@Check('earn_usage_award_ck', `"award" IN ('SPENDABLE', 'QUALIFYING')`)
@Check('earn_usage_per_ck', `"per" IN ('DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'EVER')`)
@Check('earn_usage_points_ck', '"points" >= 0')
export class EarnUsage {
  @PrimaryColumn({ type: 'uuid' }) memberId!: string;
  @ForeignKey(() => Partner) @PrimaryColumn({ type: 'uuid' }) partnerId!: string;
  /** Its code, whichever version of the partner's rules has it; behind its currency, where that is the partner's own. */
  @PrimaryColumn({ type: 'text' }) rule!: string;
  @PrimaryColumn({ type: 'text' }) award!: Award;
  @PrimaryColumn({ type: 'text' }) per!: Exclude<CapPeriod, 'ACTIVITY'>;
  /** The first day of the period. */
  @PrimaryColumn({ type: 'date' }) startsOn!: string;
  @Column(pointsColumn) points!: bigint;
  /** Of them, what counts for the membership that this one was merged into. */
  @Column({ ...pointsColumn, default: 0 }) moved!: bigint;
}

/** The stamps of a member on a card of a partner. */
@Entity({ schema: 'partners' })
@Check('collected_stamps_stamps_ck', '"stamps" >= 0')
export class CollectedStamps {
  @PrimaryColumn({ type: 'uuid' }) memberId!: string;
  @ForeignKey(() => Partner) @PrimaryColumn({ type: 'uuid' }) partnerId!: string;
  @PrimaryColumn({ type: 'text' }) code!: string;
  /** On the card in hand: more than fill one where it has become smaller, or two were made one. */
  @Column(pointsColumn) stamps!: bigint;
  /** Of them, what is on the card of the membership that this one was merged into. */
  @Column({ ...pointsColumn, default: 0 }) moved!: bigint;
}
