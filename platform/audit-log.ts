import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Audience } from './contract.generated.ts';
import { type Database, instantColumn, rows } from './database.ts';
import type { Viewer } from './viewer.ts';

/** One act of staff or of a partner. Never changed, but for what it says of a person who was erased. */
@Entity({ schema: 'platform' })
@Index(['id'], { unique: true })
@Index(['actor', 'sequence'])
@Index(['action', 'sequence'])
@Index(['subjectType', 'subjectId', 'sequence'])
@Index(['xact'])
export class AuditEvent {
  /** Counts up: the order of recording. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity' }) sequence!: bigint;
  @Column({ type: 'uuid' }) id!: string;
  @Column(instantColumn) occurredAt!: Date;
  /** The token's subject. */
  @Column({ type: 'text' }) actor!: string;
  @Column({ type: 'text' }) audience!: Audience;
  /** Where a partner acted. */
  @Column({ type: 'uuid', nullable: true }) partnerId!: string | null;
  /** The operation's name. */
  @Column({ type: 'text' }) action!: string;
  /** The type's name in the graph. */
  @Column({ type: 'text' }) subjectType!: string;
  @Column({ type: 'text' }) subjectId!: string;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'jsonb' }) changes!: AuditChange[];
  /** Keeps what is erased from being guessed by its hash; gone with it. */
  @Column({ type: 'bytea', nullable: true }) salt!: Buffer | null;
  /** SHA-256 of salt, reason and changes: what is sealed of them. */
  @Column({ type: 'bytea' }) contentHash!: Buffer;
  /** The transaction, as the ledger counts them: the seal of a period covers its acts. */
  @Column({ type: 'bigint' }) xact!: bigint;
}

/** Before and after, as text; null where there was nothing, or will be nothing. */
export interface AuditChange {
  field: string;
  before: string | null;
  after: string | null;
}

/** What is told of an act. */
export interface Act {
  /** The operation's name: "configureProgram". */
  action: string;
  /** What it was done to: the type's name in the graph, and the row's id. */
  subject: { type: string; id: string };
  /** Why, as the caller gave it. */
  reason?: string | null;
  /** The fields as they were; left out for what is new. */
  before?: Readonly<Record<string, unknown>>;
  /** The fields as they are; those that are equal in both are no change. */
  after?: Readonly<Record<string, unknown>>;
  at: Date;
}

/** Longer values are cut: the log tells what was done, and is no copy of it. */
const valueMax = 2_000;

/**
 * Records what staff or a partner did, in the transaction in which it is done: there is no act without
 * its record. Acts of members and of the system itself are not recorded here.
 *
 * A secret is never passed. Of a member, pass what has to be explained; it goes when the member is
 * erased, so the subject is then the member: { type: 'Member', id }.
 */
export async function recordAct(
  tx: Database,
  { audience, subject: actor, partnerId }: Pick<Viewer, 'audience' | 'subject' | 'partnerId'>,
  { action, subject, reason = null, before = {}, after = {}, at }: Act,
): Promise<void> {
  if (audience !== 'ADMIN' && audience !== 'PARTNER') return;
  await rows(tx, 'SELECT platform.record_act($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    at,
    actor ?? audience,
    audience,
    partnerId,
    action,
    subject.type,
    subject.id,
    reason,
    JSON.stringify(changesBetween(before, after)),
  ]);
}

/** The fields that differ, in the order of their names. */
export function changesBetween(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): AuditChange[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return fields
    .map((field) => ({ field, before: textOf(before[field]), after: textOf(after[field]) }))
    .filter((change) => change.before !== change.after);
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  const text =
    typeof value === 'object'
      ? JSON.stringify(value, (_, part: unknown) =>
          typeof part === 'bigint' ? part.toString() : part,
        )
      : String(value as string | number | bigint | boolean);
  return text.length > valueMax ? `${text.slice(0, valueMax - 1)}…` : text;
}
