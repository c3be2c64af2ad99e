import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import { Partner } from '../brands/entities.ts';
import type { DeliveryStatus, WebhookEvent } from './rows.ts';

/** An address at which a partner is told of what happens. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'caller', 'idempotencyKey'])
@Check('webhook_events_ck', 'cardinality("events") > 0')
@Check('webhook_caller_ck', `"caller" IN ('PARTNER', 'ADMIN')`)
@Check('webhook_failures_ck', '"failures" >= 0')
@Check('webhook_previous_secret_ck', '"previous_secret" IS NULL OR "rotated_at" IS NOT NULL')
export class Webhook {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @Column({ type: 'text' }) url!: string;
  @Column({ type: 'text', array: true }) events!: WebhookEvent[];
  /** Hears of members of the sandbox only; one that is not never does. */
  @Column({ type: 'boolean' }) sandbox!: boolean;
  @Column({ type: 'boolean' }) enabled!: boolean;
  /** Where the system switched it off. */
  @Column({ type: 'text', nullable: true }) disabledBecause!: string | null;
  @Column(instantColumn) createdAt!: Date;
  /** Who registered it: a key of staff must not give its secret to the partner's own clients. */
  @Column({ type: 'text' }) caller!: 'PARTNER' | 'ADMIN';
  @Column({ type: 'text' }) idempotencyKey!: string;
  @Column({ type: 'text' }) inputHash!: string;
  /** What signs, sealed. */
  @Column({ type: 'text' }) sealedSecret!: string;
  /** What signed before it, and still does for a day. */
  @Column({ type: 'text', nullable: true }) previousSecret!: string | null;
  @Column({ ...instantColumn, nullable: true }) rotatedAt!: Date | null;
  /** When the receiver first took something. */
  @Column({ ...instantColumn, nullable: true }) answeredAt!: Date | null;
  /** Rounds in a row of which it took nothing. */
  @Column({ type: 'integer' }) failures!: number;
  @Column({ ...instantColumn, nullable: true }) failingSince!: Date | null;
  /** When it may be called again: later while a worker is at it, and after failures. */
  @Column(instantColumn) dueAt!: Date;
}

/** One event on its way to one webhook. */
@Entity({ schema: 'partners' })
@Index(['webhookId', 'createdAt', 'id'])
@Index('webhook_delivery_waiting_ix', ['webhookId', 'sequence'], {
  where: `"status" = 'WAITING'`,
})
@Index('webhook_delivery_waiting_member_ix', ['webhookId', 'memberId', 'sequence'], {
  where: `"status" = 'WAITING'`,
})
@Index(['createdAt'])
@Check('webhook_delivery_status_ck', `"status" IN ('WAITING', 'DELIVERED', 'DEAD')`)
@Check('webhook_delivery_due_at_ck', `("due_at" IS NULL) = ("status" <> 'WAITING')`)
@Check('webhook_delivery_delivered_at_ck', `("delivered_at" IS NULL) = ("status" <> 'DELIVERED')`)
export class WebhookDelivery {
  /** Of the message: the same each time that it is sent. */
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Webhook, { onDelete: 'CASCADE' })
  @Column({ type: 'uuid' })
  webhookId!: string;
  /** Of the event in the outbox: a member's are delivered in this order. */
  @Column({ type: 'bigint' }) sequence!: bigint;
  @Column({ type: 'uuid', nullable: true }) memberId!: string | null;
  @Column({ type: 'text' }) event!: WebhookEvent;
  /** Ids and codes. */
  @Column({ type: 'jsonb' }) payload!: Record<string, string>;
  @Column(instantColumn) occurredAt!: Date;
  @Column({ type: 'text' }) status!: DeliveryStatus;
  @Column({ type: 'integer' }) attempts!: number;
  @Column(instantColumn) createdAt!: Date;
  /** When it is tried next, at the earliest. */
  @Column({ ...instantColumn, nullable: true }) dueAt!: Date | null;
  @Column({ ...instantColumn, nullable: true }) deliveredAt!: Date | null;
  /** Of the last answer; null where there was none. */
  @Column({ type: 'integer', nullable: true }) responseStatus!: number | null;
}
