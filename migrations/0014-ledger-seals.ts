import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What proves that history stands as it was posted, and where months go that are set apart. */
export class LedgerSeals1763740800014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger.seal (
        number bigint CONSTRAINT seal_pk PRIMARY KEY,
        -- Half open, and each goes on where the one before it ends.
        from_xact bigint NOT NULL,
        to_xact bigint NOT NULL,
        movements bigint NOT NULL CONSTRAINT seal_movements_ck CHECK (movements >= 0),
        -- What staff and partners did meanwhile.
        acts bigint NOT NULL CONSTRAINT seal_acts_ck CHECK (acts >= 0),
        -- The hash of the seal before it; null for the first.
        previous bytea,
        hash bytea NOT NULL,
        sealed_at timestamptz NOT NULL,
        CONSTRAINT seal_from_xact_to_xact_ck CHECK (from_xact < to_xact)
      );
      COMMENT ON TABLE ledger.seal IS
        'A closed period, by the transactions that wrote in it, and a hash of what they wrote and of the
         seal before: whoever keeps a hash can tell that nothing before it was rewritten.';

      -- The same columns as ledger.transfer: what is added there is added here.
      CREATE TABLE ledger.transfer_detached (
        LIKE ledger.transfer INCLUDING DEFAULTS,
        CONSTRAINT transfer_detached_pk PRIMARY KEY (member_id, transfer_id, posted_at)
      ) PARTITION BY RANGE (posted_at);
      COMMENT ON TABLE ledger.transfer_detached IS
        'Months that postings and their readers need no more. One may be dumped and dropped.';

      CREATE TABLE ledger.detached_month (
        month date CONSTRAINT detached_month_pk PRIMARY KEY,
        movements bigint NOT NULL,
        -- The transactions that wrote them; null for a month without movements.
        first_xact bigint,
        last_xact bigint,
        detached_at timestamptz NOT NULL
      );
      COMMENT ON TABLE ledger.detached_month IS
        'The months that were set apart, whether their tables are still there or not.';

      CREATE TABLE ledger.opening (
        member_id uuid NOT NULL,
        currency text NOT NULL,
        version bigint NOT NULL,
        balance bigint NOT NULL,
        debt bigint NOT NULL,
        posted_at timestamptz NOT NULL,
        -- No key of the account's: to write it would hold up whoever posts.
        CONSTRAINT opening_pk PRIMARY KEY (member_id, currency)
      );
      COMMENT ON TABLE ledger.opening IS
        'What is carried forward of the months that were set apart: an account''s last movement there.';

      CREATE VIEW ledger.movement AS
        SELECT * FROM ledger.transfer UNION ALL SELECT * FROM ledger.transfer_detached;
      COMMENT ON VIEW ledger.movement IS 'Every movement, set apart or not.';
      CREATE OR REPLACE VIEW ledger.entry AS
        SELECT transfer_id, member_id, currency, NULL::integer AS counter_account,
               points - debt AS points, effective_at, posted_at
        FROM ledger.movement
        UNION ALL
        SELECT transfer_id, NULL, currency, counter_account, debt - points, effective_at, posted_at
        FROM ledger.movement WHERE counter_account IS NOT NULL;

      GRANT SELECT ON ledger.seal, ledger.transfer_detached, ledger.detached_month, ledger.opening,
        ledger.movement TO coalition_ledger;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE VIEW ledger.entry AS
        SELECT transfer_id, member_id, currency, NULL::integer AS counter_account,
               points - debt AS points, effective_at, posted_at
        FROM ledger.transfer
        UNION ALL
        SELECT transfer_id, NULL, currency, counter_account, debt - points, effective_at, posted_at
        FROM ledger.transfer WHERE counter_account IS NOT NULL;
      DROP VIEW ledger.movement;
      DO $$
      DECLARE
        v_month record;
      BEGIN
        FOR v_month IN
          SELECT c.oid::regclass AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
          FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
          WHERE inhparent = 'ledger.transfer_detached'::regclass
        LOOP
          EXECUTE format('ALTER TABLE ledger.transfer_detached DETACH PARTITION %s', v_month.name);
          EXECUTE format('ALTER TABLE ledger.transfer ATTACH PARTITION %s %s', v_month.name, v_month.bound);
        END LOOP;
      END $$;
      DROP TABLE ledger.opening, ledger.detached_month, ledger.transfer_detached, ledger.seal;
    `);
  }
}
