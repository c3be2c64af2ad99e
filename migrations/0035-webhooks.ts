import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where partners are told of what happens, and what they were told. */
export class Webhooks1763740800035 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partners.webhook (
        id uuid CONSTRAINT webhook_pk PRIMARY KEY,
        partner_id uuid NOT NULL CONSTRAINT webhook_partner_id_fk REFERENCES partners.partner (id),
        url text NOT NULL,
        events text[] NOT NULL CONSTRAINT webhook_events_ck CHECK (cardinality(events) > 0),
        sandbox boolean NOT NULL,
        enabled boolean NOT NULL,
        disabled_because text,
        created_at timestamptz NOT NULL,
        caller text NOT NULL CONSTRAINT webhook_caller_ck CHECK (caller IN ('PARTNER', 'ADMIN')),
        idempotency_key text NOT NULL,
        input_hash text NOT NULL,
        sealed_secret text NOT NULL,
        -- The secret before it, while both sign.
        previous_secret text,
        rotated_at timestamptz,
        answered_at timestamptz,
        failures integer NOT NULL CONSTRAINT webhook_failures_ck CHECK (failures >= 0),
        failing_since timestamptz,
        due_at timestamptz NOT NULL,
        CONSTRAINT webhook_partner_id_caller_idempotency_key_uq
          UNIQUE (partner_id, caller, idempotency_key),
        CONSTRAINT webhook_previous_secret_ck
          CHECK (previous_secret IS NULL OR rotated_at IS NOT NULL)
      );

      CREATE TABLE partners.webhook_delivery (
        id uuid CONSTRAINT webhook_delivery_pk PRIMARY KEY,
        webhook_id uuid NOT NULL CONSTRAINT webhook_delivery_webhook_id_fk
          REFERENCES partners.webhook (id) ON DELETE CASCADE,
        -- Of the event in the outbox: a member's are delivered in this order.
        sequence bigint NOT NULL,
        member_id uuid,
        event text NOT NULL,
        payload jsonb NOT NULL,
        occurred_at timestamptz NOT NULL,
        status text NOT NULL
          CONSTRAINT webhook_delivery_status_ck CHECK (status IN ('WAITING', 'DELIVERED', 'DEAD')),
        attempts integer NOT NULL,
        created_at timestamptz NOT NULL,
        due_at timestamptz,
        delivered_at timestamptz,
        response_status integer,
        CONSTRAINT webhook_delivery_due_at_ck CHECK ((due_at IS NULL) = (status <> 'WAITING')),
        CONSTRAINT webhook_delivery_delivered_at_ck
          CHECK ((delivered_at IS NULL) = (status <> 'DELIVERED'))
      );
      CREATE INDEX webhook_delivery_webhook_id_created_at_id_ix
        ON partners.webhook_delivery (webhook_id, created_at, id);
      CREATE INDEX webhook_delivery_waiting_ix
        ON partners.webhook_delivery (webhook_id, sequence) WHERE status = 'WAITING';
      CREATE INDEX webhook_delivery_waiting_member_ix
        ON partners.webhook_delivery (webhook_id, member_id, sequence) WHERE status = 'WAITING';
      CREATE INDEX webhook_delivery_created_at_ix ON partners.webhook_delivery (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE partners.webhook_delivery, partners.webhook');
  }
}
