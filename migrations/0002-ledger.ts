import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ledger's tables. Every key starts with the member; its functions stand in ledger/sql. */
export class Ledger1763740800002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger.currency (
        code text CONSTRAINT currency_pk PRIMARY KEY,
        name text NOT NULL,
        kind text NOT NULL CONSTRAINT currency_kind_ck CHECK (kind IN ('SPENDABLE', 'QUALIFYING')),
        -- The partner whose own currency it is; null for the coalition's shared one.
        issuer uuid
      );
      COMMENT ON TABLE ledger.currency IS 'A unit that the ledger counts. Reference table.';
      INSERT INTO ledger.currency (code, name, kind) VALUES ('PTS', 'Points', 'SPENDABLE');

      CREATE TABLE ledger.counter_account (
        id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT counter_account_pk PRIMARY KEY,
        kind text NOT NULL CONSTRAINT counter_account_kind_ck
          CHECK (kind IN ('PARTNER_ISSUANCE', 'PARTNER_REDEMPTION')),
        owner uuid NOT NULL,
        CONSTRAINT counter_account_kind_owner_uq UNIQUE (kind, owner)
      );
      COMMENT ON TABLE ledger.counter_account IS
        'The other side of a movement: where a member''s points come from and go to. It holds no
         balance, since every posting of a partner would wait for that row. Reference table.';

      CREATE TABLE ledger.account (
        member_id uuid NOT NULL,
        currency text NOT NULL
          CONSTRAINT account_currency_fk REFERENCES ledger.currency,
        balance bigint NOT NULL CONSTRAINT account_balance_ck
          CHECK (balance BETWEEN 0 AND 9007199254740991),
        held bigint NOT NULL DEFAULT 0,
        debt bigint NOT NULL DEFAULT 0 CONSTRAINT account_debt_ck CHECK (debt >= 0),
        version bigint NOT NULL,
        CONSTRAINT account_pk PRIMARY KEY (member_id, currency),
        CONSTRAINT account_held_ck CHECK (held BETWEEN 0 AND balance)
      ) WITH (fillfactor = 60);
      COMMENT ON TABLE ledger.account IS
        'A member''s points in one currency. balance = pending + available + held; version counts
         the movements.';

      CREATE TABLE ledger.idempotency (
        member_id uuid NOT NULL,
        key uuid NOT NULL,
        request_hash bytea NOT NULL,
        transfer_id uuid,
        result jsonb,
        CONSTRAINT idempotency_pk PRIMARY KEY (member_id, key)
      );
      COMMENT ON TABLE ledger.idempotency IS
        'Each command once: the id of the command''s row, the hash of what it asked, and its answer.';

      CREATE TABLE ledger.transfer (
        member_id uuid NOT NULL,
        transfer_id uuid NOT NULL,
        currency text NOT NULL,
        account_version bigint NOT NULL,
        kind text NOT NULL
          CONSTRAINT transfer_kind_ck CHECK (kind IN ('ACCRUAL', 'REDEMPTION')),
        points bigint NOT NULL CONSTRAINT transfer_points_ck CHECK (points <> 0),
        balance_after bigint NOT NULL CONSTRAINT transfer_balance_after_ck CHECK (balance_after >= 0),
        counter_account integer NOT NULL
          CONSTRAINT transfer_counter_account_fk REFERENCES ledger.counter_account,
        effective_at timestamptz NOT NULL,
        posted_at timestamptz NOT NULL,
        source_kind text NOT NULL
          CONSTRAINT transfer_source_kind_ck CHECK (source_kind IN ('activity', 'redemption')),
        source_id uuid NOT NULL,
        description text NOT NULL,
        CONSTRAINT transfer_pk PRIMARY KEY (member_id, transfer_id, posted_at),
        CONSTRAINT transfer_account_version_uq
          UNIQUE (member_id, currency, account_version, posted_at),
        CONSTRAINT transfer_account_fk FOREIGN KEY (member_id, currency) REFERENCES ledger.account
      ) PARTITION BY RANGE (posted_at);
      COMMENT ON TABLE ledger.transfer IS
        'One row for each movement: the member''s signed points, and the counter account that moves
         by as much the other way. Never changed.';
      -- What falls outside the months made ahead is kept all the same.
      CREATE TABLE ledger.transfer_other PARTITION OF ledger.transfer DEFAULT;

      CREATE TABLE ledger.lot (
        member_id uuid NOT NULL,
        -- The id of the transfer that made it.
        lot_id uuid NOT NULL,
        currency text NOT NULL,
        issuer uuid NOT NULL,
        issue_price numeric NOT NULL,
        original bigint NOT NULL CONSTRAINT lot_original_ck CHECK (original > 0),
        remaining bigint NOT NULL,
        activates_at timestamptz NOT NULL,
        expires_at timestamptz,
        CONSTRAINT lot_pk PRIMARY KEY (member_id, lot_id),
        CONSTRAINT lot_account_fk FOREIGN KEY (member_id, currency) REFERENCES ledger.account,
        CONSTRAINT lot_remaining_ck CHECK (remaining BETWEEN 0 AND original)
      ) WITH (fillfactor = 80);
      CREATE INDEX lot_open_ix ON ledger.lot (member_id, currency, expires_at, lot_id)
        WHERE remaining > 0;
      CREATE INDEX lot_expires_at_ix ON ledger.lot (expires_at) WHERE remaining > 0;
      COMMENT ON TABLE ledger.lot IS 'Points earned together: who issued them, at what price, until when.';

      CREATE TABLE ledger.lot_use (
        member_id uuid NOT NULL,
        transfer_id uuid NOT NULL,
        lot_id uuid NOT NULL,
        points bigint NOT NULL CONSTRAINT lot_use_points_ck CHECK (points > 0),
        CONSTRAINT lot_use_pk PRIMARY KEY (member_id, transfer_id, lot_id),
        CONSTRAINT lot_use_lot_fk FOREIGN KEY (member_id, lot_id) REFERENCES ledger.lot
      );
      COMMENT ON TABLE ledger.lot_use IS 'Which debit took what from which lot.';

      CREATE TYPE ledger.posting AS (
        -- POSTED, REPEATED, IDEMPOTENCY_MISMATCH, LIMIT_REACHED or INSUFFICIENT_POINTS.
        outcome text,
        transfer_id uuid,
        -- The account's balance after the movement; null where nothing was posted.
        balance bigint,
        -- What could be spent, where it was too little.
        available bigint
      );

      GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO coalition_ledger;

      -- Both legs of each movement: an account's balance is the sum of its entries.
      CREATE VIEW ledger.entry AS
        SELECT transfer_id, member_id, currency, NULL::integer AS counter_account, points,
               effective_at, posted_at
        FROM ledger.transfer
        UNION ALL
        SELECT transfer_id, NULL, currency, counter_account, -points, effective_at, posted_at
        FROM ledger.transfer;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP SCHEMA ledger CASCADE;
      CREATE SCHEMA ledger;
      GRANT USAGE ON SCHEMA ledger
        TO coalition_members, coalition_partners, coalition_rewards, coalition_community;
    `);
  }
}
