import type { MigrationInterface, QueryRunner } from 'typeorm';
import { makeIndex } from './busy-tables.ts';

/** Points of the sandbox, claims of members for missing points, and what figures of partners are read from. */
export class SandboxAndClaims1763740800042 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(newTables);
    // With all that figures of partners are made of: they are read from here alone.
    await makeIndex(runner, {
      name: 'partners.activity_of_partner_ix',
      on: `partners.activity (partner_id, occurred_at, id)
        INCLUDE (member_id, status, sandbox, amount, currency)`,
    });
    await runner.query('DROP INDEX IF EXISTS partners.activity_partner_id_occurred_at_id_ix');
    // Whoever is invited from now on has these.
    await runner.query(`
      INSERT INTO ledger.counter_account (kind, owner)
      SELECT k.kind, p.id FROM partners.partner p
      CROSS JOIN unnest(ARRAY['PARTNER_ISSUANCE', 'PARTNER_REDEMPTION', 'PARTNER_WRITE_OFF']) k (kind)
      ON CONFLICT DO NOTHING`);
    await runner.query(`
      INSERT INTO ledger.currency (code, name, kind, time_zone)
      SELECT 'test', 'Test points', 'SPENDABLE', time_zone FROM ledger.currency WHERE code = 'PTS'
      ON CONFLICT DO NOTHING`);
  }

  /** What the books have got stays in them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX activity_partner_id_occurred_at_id_ix
        ON partners.activity (partner_id, occurred_at, id);
      DROP INDEX partners.activity_of_partner_ix;
      DROP TABLE partners.claim;
    `);
  }
}

const newTables = `
  CREATE TABLE IF NOT EXISTS partners.claim (
    id uuid CONSTRAINT claim_pk PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT claim_partner_id_fk REFERENCES partners.partner (id),
    member_id uuid NOT NULL,
    -- What it is about: partner, day and reference, or amount.
    claim_key text NOT NULL,
    input_hash text NOT NULL,
    status text NOT NULL CONSTRAINT claim_status_ck CHECK (status IN ('OPEN', 'GRANTED', 'REJECTED')),
    occurred_on date NOT NULL,
    reference text,
    amount numeric CONSTRAINT claim_amount_ck CHECK (amount > 0),
    currency text,
    note text,
    created_at timestamptz NOT NULL,
    decide_by date NOT NULL,
    decided_at timestamptz,
    -- Null where an activity that came in has decided it.
    decided_because text,
    activity_id uuid CONSTRAINT claim_activity_id_fk REFERENCES partners.activity (id),
    CONSTRAINT claim_member_id_claim_key_uq UNIQUE (member_id, claim_key),
    CONSTRAINT claim_named_ck CHECK (reference IS NOT NULL OR amount IS NOT NULL),
    CONSTRAINT claim_currency_ck CHECK ((amount IS NULL) = (currency IS NULL)),
    CONSTRAINT claim_decided_at_ck CHECK ((decided_at IS NULL) = (status = 'OPEN')),
    CONSTRAINT claim_activity_id_ck CHECK (activity_id IS NULL OR status = 'GRANTED')
  );
  CREATE INDEX IF NOT EXISTS claim_member_id_created_at_id_ix
    ON partners.claim (member_id, created_at, id);
  CREATE INDEX IF NOT EXISTS claim_partner_id_status_created_at_id_ix
    ON partners.claim (partner_id, status, created_at, id);
  CREATE INDEX IF NOT EXISTS claim_open_ix ON partners.claim (member_id) WHERE status = 'OPEN';
  CREATE INDEX IF NOT EXISTS claim_activity_id_ix
    ON partners.claim (activity_id) WHERE activity_id IS NOT NULL;
`;
