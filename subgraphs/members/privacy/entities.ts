import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/** A member who is forgotten, part by part. It stays for good, with the id alone. */
@Entity({ schema: 'members' })
@Unique(['memberId'])
@Index(['dueAt'], { where: '"done_at" IS NULL' })
export class Erasure {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  @Column(instantColumn) requestedAt!: Date;
  /** Null while parts are left. */
  @Column({ ...instantColumn, nullable: true }) doneAt!: Date | null;
  /** When the worker looks at it next. */
  @Column({ ...instantColumn, default: () => 'now()' }) dueAt!: Date;
  /** Transactions that may have seen the member active; null until somebody has looked. */
  @Column({ type: 'text', array: true, nullable: true }) waitsFor!: string[] | null;
}

/** That a part has erased what it knew of the member. */
@Entity({ schema: 'members' })
@Check('erasure_receipt_records_ck', '"records" >= 0')
export class ErasureReceipt {
  @ForeignKey(() => Erasure) @PrimaryColumn({ type: 'uuid' }) erasureId!: string;
  /** The part's name; identity has one too. */
  @PrimaryColumn({ type: 'text' }) subgraph!: string;
  @Column(instantColumn) erasedAt!: Date;
  /** Rows that it deleted or emptied. */
  @Column({ type: 'integer' }) records!: number;
}
