import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/** Rows that went with the points, by their ids. */
export interface Moved {
  activities: string[];
  redemptions: string[];
  /** Posts and reviews. */
  words: string[];
  accounts: string[];
  identifiers: string[];
  /** Qualifying points. */
  credits: string[];
  /** Partners whom the other trusts since, as this one did. */
  trusted: string[];
}

/** A membership that has become part of another, and what to give back where it is undone. */
@Entity({ schema: 'members' })
@Index('merge_from_id_uq', ['fromId'], { unique: true, where: '"undone_at" IS NULL' })
@Index(['intoId'])
@Index(['mergedAt', 'id'], { where: '"gathered_at" IS NULL AND "undone_at" IS NULL' })
@Check('merge_from_status_ck', `"from_status" IN ('PROVISIONAL', 'ACTIVE', 'SUSPENDED')`)
@Check('merge_members_ck', '"from_id" <> "into_id"')
export class Merge {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) fromId!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) intoId!: string;
  @Column({ type: 'text' }) reason!: string;
  @Column({ type: 'text' }) fromStatus!: Exclude<Member['status'], 'CLOSED'>;
  @Column(instantColumn) mergedAt!: Date;
  /** The ledger's: each currency, with the key of its movement, and to whom. */
  @Column({ type: 'jsonb' }) postings!: { currency: string; key: string; intoId: string }[];
  @Column({ type: 'jsonb' }) moved!: Moved;
  @Column({ ...instantColumn, nullable: true }) undoneAt!: Date | null;
  /** When rows that came late went over as well; null while some may come. */
  @Column({ ...instantColumn, nullable: true }) gatheredAt!: Date | null;
  /** Transactions that may still write such rows; null until somebody has looked. */
  @Column({ type: 'text', array: true, nullable: true }) waitsFor!: string[] | null;
}
