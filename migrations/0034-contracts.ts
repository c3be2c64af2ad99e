import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API clients that are given other secrets; contracts by which points wait; brands that leave. */
export class Contracts1763740800034 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partners.client_rotation (
        id uuid CONSTRAINT client_rotation_pk PRIMARY KEY,
        client_id text NOT NULL
          CONSTRAINT client_rotation_client_id_fk REFERENCES partners.api_client,
        -- What the client had before: forgotten once it works no more.
        former_secret_hash text,
        former_keys jsonb,
        former_until timestamptz NOT NULL,
        caller text NOT NULL CONSTRAINT client_rotation_caller_ck CHECK (caller IN ('PARTNER', 'ADMIN')),
        idempotency_key text,
        input_hash text NOT NULL,
        sealed_secret text,
        sealed_until timestamptz,
        CONSTRAINT client_rotation_client_id_caller_idempotency_key_uq
          UNIQUE (client_id, caller, idempotency_key),
        CONSTRAINT client_rotation_former_ck CHECK (former_keys IS NULL OR former_secret_hash IS NULL)
      );
      -- What partners.forget_secrets looks for.
      CREATE INDEX client_rotation_sealed_until_ix ON partners.client_rotation (sealed_until)
        WHERE sealed_secret IS NOT NULL;
      CREATE INDEX client_rotation_former_until_ix ON partners.client_rotation (former_until)
        WHERE former_secret_hash IS NOT NULL OR former_keys IS NOT NULL;

      -- Contracts that are signed let points be spent at once.
      ALTER TABLE partners.contract
        ADD COLUMN pending text NOT NULL DEFAULT 'AT_ONCE',
        ADD COLUMN pending_days integer,
        ADD CONSTRAINT contract_pending_ck CHECK (pending IN ('AT_ONCE', 'DAYS')),
        ADD CONSTRAINT contract_pending_days_ck CHECK (
          CASE WHEN pending = 'DAYS' THEN pending_days IS NOT NULL AND pending_days BETWEEN 1 AND 365
          ELSE pending_days IS NULL END);
      ALTER TABLE partners.contract ALTER COLUMN pending DROP DEFAULT;
      ALTER TABLE partners.partner
        ADD COLUMN terminates_on date,
        ADD COLUMN terminated_because text;
      -- At last, since it keeps others out.
      ALTER TABLE partners.activity ADD COLUMN expected_by timestamptz;
    `);
  }

  /** What was replaced works no more at once. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS partners.former_hashes(text), partners.working_keys(text);
      DROP TABLE partners.client_rotation;
      ALTER TABLE partners.contract DROP COLUMN pending, DROP COLUMN pending_days;
      DROP FUNCTION IF EXISTS partners.terminate_due(integer);
      ALTER TABLE partners.partner DROP COLUMN terminates_on, DROP COLUMN terminated_because;
      ALTER TABLE partners.activity DROP COLUMN expected_by;
    `);
  }
}
