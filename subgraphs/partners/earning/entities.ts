import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import { Partner } from '../brands/entities.ts';
import type { EarnRule } from './rows.ts';

/** A partner's earn rules as a whole: a draft until it is valid from an instant. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'version'])
@Index('rule_set_open_uq', ['partnerId'], {
  unique: true,
  where: '"valid_from" IS NOT NULL AND "valid_to" IS NULL',
})
@Check('rule_set_valid_to_ck', '"valid_to" > "valid_from"')
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
