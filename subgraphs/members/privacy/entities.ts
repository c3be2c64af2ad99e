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

/** A document of all that is known of a member, made for them, and kept for some days. */
@Entity({ schema: 'members' })
@Index(['memberId', 'requestedAt'])
@Index(['dueAt'], { where: '"done_at" IS NULL' })
@Index(['expiresAt'])
@Check('data_export_bytes_ck', '"bytes" > 0')
@Check('data_export_done_at_ck', '("done_at" IS NULL) = ("bytes" IS NULL)')
export class DataExport {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  @Column(instantColumn) requestedAt!: Date;
  /** When the worker looks at it next. */
  @Column({ ...instantColumn, default: () => 'now()' }) dueAt!: Date;
  /** Null until the document is whole. */
  @Column({ ...instantColumn, nullable: true }) doneAt!: Date | null;
  /** When it is cleared, whether it was made or not. */
  @Column(instantColumn) expiresAt!: Date;
  /** Of the whole document; null until it is done. */
  @Column({ type: 'bigint', nullable: true }) bytes!: bigint | null;
}

/** A piece of the document of an export: all of them, in their order, are one JSON text. */
@Entity({ schema: 'members' })
@Check('data_export_piece_place_ck', '"place" >= 0')
export class DataExportPiece {
  @ForeignKey(() => DataExport, { onDelete: 'CASCADE' })
  @PrimaryColumn({ type: 'uuid' })
  exportId!: string;
  /** From 0. */
  @PrimaryColumn({ type: 'integer' }) place!: number;
  @Column({ type: 'text' }) content!: string;
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
