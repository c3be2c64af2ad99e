import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What partners and the coalition owe each other, month by month. */
export class Settlement1763740800039 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partners.settlement_month (
        month date CONSTRAINT settlement_month_pk PRIMARY KEY
          CONSTRAINT settlement_month_month_ck CHECK (extract(day FROM month) = 1),
        -- Where the next one begins, whatever becomes of the program's time zone.
        ends_at timestamptz NOT NULL,
        closed_at timestamptz NOT NULL,
        -- What transactions before it posted was all to be seen; of later ones, some was.
        xact bigint NOT NULL
      );

      CREATE TABLE partners.settlement_statement (
        id uuid CONSTRAINT settlement_statement_pk PRIMARY KEY,
        partner_id uuid NOT NULL CONSTRAINT settlement_statement_partner_id_fk
          REFERENCES partners.partner,
        month date NOT NULL CONSTRAINT settlement_statement_month_fk
          REFERENCES partners.settlement_month,
        currency text NOT NULL,
        -- Decimals of the currency, to which its sums were rounded.
        digits smallint NOT NULL CONSTRAINT settlement_statement_digits_ck CHECK (digits >= 0),
        status text NOT NULL
          CONSTRAINT settlement_statement_status_ck CHECK (status IN ('ISSUED', 'DISPUTED', 'PAID')),
        issued_at timestamptz NOT NULL,
        due_on date NOT NULL,
        paid_at timestamptz,
        payment_reference text,
        CONSTRAINT settlement_statement_partner_id_month_currency_uq
          UNIQUE (partner_id, month, currency),
        CONSTRAINT settlement_statement_paid_at_ck CHECK ((paid_at IS NULL) = (status <> 'PAID')),
        CONSTRAINT settlement_statement_payment_reference_ck
          CHECK ((payment_reference IS NULL) = (paid_at IS NULL))
      );
      CREATE INDEX settlement_statement_month_ix ON partners.settlement_statement (month);

      CREATE TABLE partners.settlement_sum (
        statement_id uuid CONSTRAINT settlement_sum_statement_id_fk
          REFERENCES partners.settlement_statement,
        kind text,
        rate numeric,
        points bigint NOT NULL,
        -- As the lines add up, and rounded: what the statement adds up.
        exact numeric NOT NULL,
        amount numeric NOT NULL,
        CONSTRAINT settlement_sum_pk PRIMARY KEY (statement_id, kind, rate)
      );

      -- Without a foreign key: it would be looked up for each of a million lines, which one statement writes.
      CREATE TABLE partners.settlement_line (
        statement_id uuid,
        -- Counts the statement's lines from 1.
        number integer CONSTRAINT settlement_line_number_ck CHECK (number > 0),
        kind text NOT NULL CONSTRAINT settlement_line_kind_ck CHECK (kind IN ('ISSUANCE',
          'ISSUANCE_REVERSAL', 'REDEMPTION', 'REDEMPTION_CANCELLATION', 'FEE', 'FUNDING_SHARE',
          'EXCHANGE', 'ADJUSTMENT')),
        -- What is settled, once: a movement of points, by the MD5 of its member and its id, so that no
        -- member is named; or a charge.
        movement_id uuid,
        reference text NOT NULL,
        points bigint NOT NULL,
        rate numeric NOT NULL,
        amount numeric NOT NULL,
        contract_version integer NOT NULL,
        occurred_at timestamptz NOT NULL,
        posted_at timestamptz NOT NULL,
        CONSTRAINT settlement_line_pk PRIMARY KEY (statement_id, number),
        CONSTRAINT settlement_line_movement_id_uq UNIQUE (movement_id),
        CONSTRAINT settlement_line_movement_id_ck CHECK ((movement_id IS NULL) = (kind = 'FEE'))
      );
      -- What a partner is charged, or credited, beside what points moved: the next statement has it.
      CREATE TABLE partners.settlement_charge (
        id uuid CONSTRAINT settlement_charge_pk PRIMARY KEY,
        partner_id uuid NOT NULL CONSTRAINT settlement_charge_partner_id_fk
          REFERENCES partners.partner,
        currency text NOT NULL,
        kind text NOT NULL CONSTRAINT settlement_charge_kind_ck
          CHECK (kind IN ('ADJUSTMENT', 'FUNDING_SHARE')),
        reference text NOT NULL,
        points bigint NOT NULL CONSTRAINT settlement_charge_points_ck CHECK (points >= 0),
        rate numeric NOT NULL CONSTRAINT settlement_charge_rate_ck CHECK (rate >= 0),
        amount numeric NOT NULL,
        contract_version integer NOT NULL,
        occurred_at timestamptz NOT NULL,
        posted_at timestamptz NOT NULL
      );
      CREATE INDEX settlement_charge_posted_at_ix ON partners.settlement_charge (posted_at);
      CREATE TABLE partners.settlement_dispute (
        statement_id uuid CONSTRAINT settlement_dispute_statement_id_fk
          REFERENCES partners.settlement_statement,
        -- 0: all lines that have no dispute of their own.
        line integer CONSTRAINT settlement_dispute_line_ck CHECK (line >= 0),
        reason text NOT NULL,
        opened_at timestamptz NOT NULL,
        resolved_at timestamptz,
        upheld boolean,
        resolution text,
        CONSTRAINT settlement_dispute_pk PRIMARY KEY (statement_id, line),
        CONSTRAINT settlement_dispute_resolved_at_ck CHECK (
          (resolved_at IS NULL) = (upheld IS NULL) AND (upheld IS NULL) = (resolution IS NULL))
      );

      -- What was closed stays as it is: nobody who writes here may forget that.
      REVOKE UPDATE, DELETE ON partners.settlement_month, partners.settlement_sum,
        partners.settlement_line, partners.settlement_charge FROM coalition_partners;
      REVOKE DELETE ON partners.settlement_statement, partners.settlement_dispute FROM coalition_partners;
      CREATE FUNCTION partners.keep_settled() RETURNS trigger
      LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        RAISE EXCEPTION 'What was settled stays as it is: % of %.', TG_OP, TG_TABLE_NAME;
      END $$;
      CREATE TRIGGER settlement_line_kept_tg BEFORE UPDATE OR DELETE ON partners.settlement_line
        FOR EACH STATEMENT EXECUTE FUNCTION partners.keep_settled();
      CREATE TRIGGER settlement_sum_kept_tg BEFORE UPDATE OR DELETE ON partners.settlement_sum
        FOR EACH STATEMENT EXECUTE FUNCTION partners.keep_settled();
      CREATE TRIGGER settlement_month_kept_tg BEFORE UPDATE OR DELETE ON partners.settlement_month
        FOR EACH STATEMENT EXECUTE FUNCTION partners.keep_settled();
      CREATE TRIGGER settlement_statement_kept_tg
        BEFORE UPDATE OF id, partner_id, month, currency, digits, issued_at, due_on OR DELETE
        ON partners.settlement_statement
        FOR EACH STATEMENT EXECUTE FUNCTION partners.keep_settled();

      ALTER TABLE rewards.reward
        ADD COLUMN face_value numeric,
        ADD COLUMN face_currency text,
        ADD CONSTRAINT reward_face_value_ck
          CHECK ((face_value IS NULL) = (face_currency IS NULL) AND face_value >= 0);
      ALTER TABLE rewards.redemption
        ADD COLUMN face_value numeric,
        ADD COLUMN face_currency text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE partners.settlement_dispute, partners.settlement_charge, partners.settlement_line,
        partners.settlement_sum, partners.settlement_statement, partners.settlement_month;
      DROP FUNCTION partners.keep_settled();
      ALTER TABLE rewards.redemption DROP COLUMN face_value, DROP COLUMN face_currency;
      ALTER TABLE rewards.reward DROP COLUMN face_value, DROP COLUMN face_currency;
      DROP FUNCTION IF EXISTS members.of_sandbox(), members.hold_terms(uuid[]),
        rewards.redemption_terms(uuid[]);
    `);
  }
}
