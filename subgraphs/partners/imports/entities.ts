import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { UserErrorCode } from '../../../platform/contract.generated.ts';
import { instantColumn } from '../../../platform/database.ts';
import type { RecordActivity } from '../activities/reports.ts';
import { Partner } from '../brands/entities.ts';

/** A file that a partner has sent, or is sending. */
@Entity({ schema: 'partners' })
@Index(['partnerId'])
@Index(['touchedAt'])
@Check('activity_upload_pieces_ck', '"pieces" >= 0')
@Check('activity_upload_bytes_ck', '"bytes" >= 0')
export class ActivityUpload {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @Column({ type: 'boolean' }) sandbox!: boolean;
  @Column({ type: 'text' }) fileName!: string;
  /** What is kept of it so far. */
  @Column({ type: 'integer' }) pieces!: number;
  @Column({ type: 'bigint' }) bytes!: bigint;
  /** When its last piece came. */
  @Column(instantColumn) touchedAt!: Date;
  /** Null while its pieces arrive. */
  @Column({ ...instantColumn, nullable: true }) endedAt!: Date | null;
}

/** A piece of a file: all of them, in their order, are the file. */
@Entity({ schema: 'partners' })
@Check('activity_upload_piece_starts_at_ck', '"starts_at" >= 0')
export class ActivityUploadPiece {
  @ForeignKey(() => ActivityUpload, { onDelete: 'CASCADE' })
  @PrimaryColumn({ type: 'uuid' })
  uploadId!: string;
  /** Where its first byte is in the file. */
  @PrimaryColumn({ type: 'bigint' }) startsAt!: bigint;
  @Column({ type: 'bytea' }) content!: Buffer;
}

/**
 * A file of activities that the worker posts, and how far it is. It reads the file twice: once to count its
 * rows, once to record them. Where each has come to is kept with what came of the rows before.
 */
@Entity({ schema: 'partners' })
@Unique(['uploadId', 'dryRun'])
@Index(['partnerId', 'startedAt', 'id'])
@Index('activity_import_open_ix', ['workedAt'], { where: '"finished_at" IS NULL' })
@Index(['finishedAt'])
@Check(
  'activity_import_status_ck',
  `"status" IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')`,
)
@Check('activity_import_rows_ck', '"rows" = "posted" + "refunded" + "duplicates" + "rejected"')
@Check('activity_import_failure_ck', `("failure" IS NULL) = ("status" <> 'FAILED')`)
@Check(
  'activity_import_finished_at_ck',
  `("finished_at" IS NULL) = ("status" IN ('QUEUED', 'RUNNING'))`,
)
export class ActivityImport {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @Column({ type: 'boolean' }) sandbox!: boolean;
  @Column({ type: 'uuid' }) uploadId!: string;
  @Column({ type: 'text' }) fileName!: string;
  @Column({ type: 'text' }) kind!: RecordActivity['kind'];
  /** Unknown accounts become provisional members. */
  @Column({ type: 'boolean' }) enrol!: boolean;
  /** Checks rows and posts none. */
  @Column({ type: 'boolean' }) dryRun!: boolean;
  /** Back beyond the contract's window, as staff may. */
  @Column({ type: 'boolean' }) backdates!: boolean;
  /** The header. */
  @Column({ type: 'text', array: true }) columns!: string[];
  @Column({ type: 'text' }) status!: 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';
  @Column({ type: 'text', nullable: true }) failure!: string | null;
  /** Rows that are counted, and the byte and the line from which on the others are. */
  @Column({ type: 'integer' }) counted!: number;
  @Column({ type: 'bigint' }) countedTo!: bigint;
  @Column({ type: 'integer' }) countedLine!: number;
  /** Null while they are counted. */
  @Column({ type: 'integer', nullable: true }) total!: number | null;
  /** Rows that something has come of, and the byte and the line from which on the others are. */
  @Column({ type: 'integer' }) rows!: number;
  @Column({ type: 'bigint' }) readTo!: bigint;
  @Column({ type: 'integer' }) readLine!: number;
  @Column({ type: 'integer' }) posted!: number;
  /** Returns that have taken something back. */
  @Column({ type: 'integer' }) refunded!: number;
  @Column({ type: 'integer' }) duplicates!: number;
  @Column({ type: 'integer' }) rejected!: number;
  /** Of the system, in a row. */
  @Column({ type: 'integer' }) faults!: number;
  @Column(instantColumn) startedAt!: Date;
  /** When a worker last took it: they take the one that has waited longest. */
  @Column(instantColumn) workedAt!: Date;
  @Column({ ...instantColumn, nullable: true }) finishedAt!: Date | null;
}

/** A row that was not posted, and why. */
@Entity({ schema: 'partners' })
export class ImportRejection {
  @ForeignKey(() => ActivityImport, { onDelete: 'CASCADE' })
  @PrimaryColumn({ type: 'uuid' })
  importId!: string;
  /** Where the row starts in the file, from 1. */
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @Column({ type: 'text' }) code!: UserErrorCode;
  @Column({ type: 'text', nullable: true }) field!: string | null;
  @Column({ type: 'text' }) message!: string;
}
