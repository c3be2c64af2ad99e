import type { MigrationInterface, QueryRunner } from 'typeorm';
import { makeIndex, validate } from './busy-tables.ts';

/** Purchases that are returned, whole or in part, and points that wait until a partner confirms. */
export class Refunds1763740800037 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(newTables);
    await runner.query(activityColumns);
    await validate(
      runner,
      'partners.activity',
      'activity_status_ck',
      'activity_refunded_amount_ck',
      'activity_reversed_points_ck',
      'activity_reversed_qualifying_ck',
      'activity_confirmed_at_ck',
    );
    await makeIndex(runner, {
      name: 'partners.activity_partly_refunded_ix',
      on: `partners.activity (currency, occurred_at) WHERE status = 'PARTLY_REFUNDED'`,
    });
  }

  /** What was returned counts as it was bought: the ledger keeps what was taken back. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE partners.refund_part, partners.refund;
      DROP INDEX partners.activity_partly_refunded_ix;
      DROP FUNCTION IF EXISTS members.negative_limit();
      ALTER TABLE members.program DROP COLUMN negative_limit;
      UPDATE partners.activity SET status = 'POSTED' WHERE status <> 'POSTED';
      ALTER TABLE partners.activity
        DROP COLUMN refunded_amount, DROP COLUMN reversed_points, DROP COLUMN reversed_qualifying,
        DROP COLUMN counted, DROP COLUMN confirm_by, DROP COLUMN confirmed_at,
        DROP CONSTRAINT activity_status_ck,
        ADD CONSTRAINT activity_status_ck CHECK (status IN ('POSTED'));
    `);
  }
}

const newTables = `
  ALTER TABLE members.program ADD COLUMN IF NOT EXISTS negative_limit bigint NOT NULL
    DEFAULT 1000000000000
    CONSTRAINT program_negative_limit_ck CHECK (negative_limit BETWEEN 0 AND 1000000000000);

  -- What a partner was given back, in one return of its own number.
  CREATE TABLE IF NOT EXISTS partners.refund (
    id uuid CONSTRAINT refund_pk PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT refund_partner_id_fk REFERENCES partners.partner,
    sandbox boolean NOT NULL,
    reference text NOT NULL,
    input_hash text NOT NULL,
    occurred_at timestamptz NOT NULL,
    posted_at timestamptz NOT NULL,
    CONSTRAINT refund_partner_id_sandbox_reference_uq UNIQUE (partner_id, sandbox, reference)
  );

  -- What it takes back of one activity.
  CREATE TABLE IF NOT EXISTS partners.refund_part (
    id uuid CONSTRAINT refund_part_pk PRIMARY KEY,
    refund_id uuid NOT NULL CONSTRAINT refund_part_refund_id_fk REFERENCES partners.refund,
    activity_id uuid NOT NULL CONSTRAINT refund_part_activity_id_fk REFERENCES partners.activity,
    -- In the activity's currency.
    amount numeric NOT NULL,
    points bigint NOT NULL,
    qualifying_points bigint NOT NULL,
    CONSTRAINT refund_part_amount_ck CHECK (amount >= 0),
    CONSTRAINT refund_part_points_ck CHECK (points >= 0),
    CONSTRAINT refund_part_qualifying_points_ck CHECK (qualifying_points >= 0)
  );
  CREATE INDEX IF NOT EXISTS refund_part_refund_id_ix ON partners.refund_part (refund_id);
  CREATE INDEX IF NOT EXISTS refund_part_activity_id_ix ON partners.refund_part (activity_id);
`;

// Defaults that do not change are kept beside the table: no row is written.
const activityColumns = `
  ALTER TABLE partners.activity
    ADD COLUMN IF NOT EXISTS refunded_amount numeric NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS reversed_points bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS reversed_qualifying bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS counted jsonb,
    ADD COLUMN IF NOT EXISTS confirm_by timestamptz,
    ADD COLUMN IF NOT EXISTS confirmed_at timestamptz,
    DROP CONSTRAINT IF EXISTS activity_status_ck,
    DROP CONSTRAINT IF EXISTS activity_refunded_amount_ck,
    DROP CONSTRAINT IF EXISTS activity_reversed_points_ck,
    DROP CONSTRAINT IF EXISTS activity_reversed_qualifying_ck,
    DROP CONSTRAINT IF EXISTS activity_confirmed_at_ck;
  ALTER TABLE partners.activity
    ADD CONSTRAINT activity_status_ck
      CHECK (status IN ('POSTED', 'PARTLY_REFUNDED', 'REFUNDED')) NOT VALID,
    ADD CONSTRAINT activity_refunded_amount_ck
      CHECK (refunded_amount >= 0 AND refunded_amount <= amount) NOT VALID,
    ADD CONSTRAINT activity_reversed_points_ck
      CHECK (reversed_points >= 0 AND reversed_points <= points) NOT VALID,
    ADD CONSTRAINT activity_reversed_qualifying_ck
      CHECK (reversed_qualifying >= 0 AND reversed_qualifying <= qualifying_points) NOT VALID,
    ADD CONSTRAINT activity_confirmed_at_ck
      CHECK (confirmed_at IS NULL OR confirm_by IS NOT NULL) NOT VALID;
`;
