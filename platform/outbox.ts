import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type Database, instantColumn, rows } from './database.ts';

/** Something that happened, to be told to whom it concerns after the commit. */
@Entity({ schema: 'platform' })
@Index('outbox_unnoticed_ix', ['sequence'], {
  where: `"noticed_at" IS NULL AND "type" <> 'activity.posted'`,
})
@Index('outbox_undelivered_ix', ['sequence'], { where: '"delivered_at" IS NULL' })
export class Outbox {
  /** Counts up: the order of insertion. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity' }) sequence!: bigint;
  @Column({ type: 'uuid' }) id!: string;
  /** `noun.past`: "reward.redeemed". */
  @Column({ type: 'text' }) type!: string;
  @Column({ type: 'uuid', nullable: true }) memberId!: string | null;
  @Column({ type: 'uuid', nullable: true }) partnerId!: string | null;
  @Column({ type: 'jsonb' }) payload!: Record<string, unknown>;
  @Column(instantColumn) occurredAt!: Date;
  @Column({ ...instantColumn, nullable: true }) deliveredAt!: Date | null;
  /** When it was looked at whether a member is told of it. */
  @Column({ ...instantColumn, nullable: true }) noticedAt!: Date | null;
}

export interface DomainEvent {
  /** `noun.past`: "reward.redeemed". */
  type: string;
  /** The member whom it concerns: events of one member are delivered in order. */
  memberId?: string;
  /** The partner whom it concerns. */
  partnerId?: string;
  /** Ids, figures and brands’ names, never personal data: receivers read the rest through the graph. */
  payload: Record<string, string>;
  occurredAt: Date;
}

/** Records an event in the caller's transaction: it is delivered if, and only if, that commits. */
export function emit(tx: Database, event: DomainEvent): Promise<void> {
  return emitAll(tx, [event]);
}

/** Records events in their order, in one statement. */
export async function emitAll(tx: Database, events: DomainEvent[]): Promise<void> {
  // Plain SQL: a part may insert here and not read, and TypeORM's insert reads back what it wrote.
  await rows(
    tx,
    `INSERT INTO platform.outbox (id, type, member_id, partner_id, payload, occurred_at)
     SELECT gen_random_uuid(), e.type, e."memberId", e."partnerId", e.payload, e."occurredAt"
     FROM ROWS FROM (jsonb_to_recordset($1) AS (type text, "memberId" uuid, "partnerId" uuid,
       payload jsonb, "occurredAt" timestamptz)) WITH ORDINALITY AS e
     ORDER BY e.ordinality`,
    [JSON.stringify(events)],
  );
}
