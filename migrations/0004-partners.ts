import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of partners: brands, contracts, earn rules, API clients, activities. */
export class Partners1763740800004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partners.partner (
        id uuid CONSTRAINT partner_pk PRIMARY KEY,
        code text NOT NULL,
        name text NOT NULL,
        kind text NOT NULL CONSTRAINT partner_kind_ck CHECK (kind IN
          ('AIRLINE', 'HOTEL', 'CARD_ISSUER', 'RETAILER', 'MOBILITY', 'EMPLOYER', 'OTHER')),
        status text NOT NULL CONSTRAINT partner_status_ck
          CHECK (status IN ('DRAFT', 'SANDBOX', 'LIVE', 'SUSPENDED', 'TERMINATED')),
        description text,
        website text,
        contact_email text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT partner_code_uq UNIQUE (code)
      );
      CREATE INDEX partner_name_id_ix ON partners.partner (name, id);

      CREATE TABLE partners.contract (
        id uuid CONSTRAINT contract_pk PRIMARY KEY,
        partner_id uuid NOT NULL CONSTRAINT contract_partner_id_fk REFERENCES partners.partner,
        version integer NOT NULL,
        valid_from date NOT NULL,
        valid_to date,
        currency text NOT NULL,
        issue_price numeric NOT NULL CONSTRAINT contract_issue_price_ck CHECK (issue_price >= 0),
        redemption_rate numeric NOT NULL
          CONSTRAINT contract_redemption_rate_ck CHECK (redemption_rate >= 0),
        backdate_days integer NOT NULL
          CONSTRAINT contract_backdate_days_ck CHECK (backdate_days >= 0),
        signed_at timestamptz NOT NULL,
        CONSTRAINT contract_partner_id_version_uq UNIQUE (partner_id, version),
        CONSTRAINT contract_valid_to_ck CHECK (valid_to >= valid_from)
      );
      -- One version is open at a time: the latest.
      CREATE UNIQUE INDEX contract_open_uq ON partners.contract (partner_id)
        WHERE valid_to IS NULL;

      CREATE TABLE partners.rule_set (
        id uuid CONSTRAINT rule_set_pk PRIMARY KEY,
        partner_id uuid NOT NULL CONSTRAINT rule_set_partner_id_fk REFERENCES partners.partner,
        version integer NOT NULL,
        valid_from timestamptz,
        valid_to timestamptz,
        created_by text NOT NULL,
        rules jsonb NOT NULL,
        CONSTRAINT rule_set_partner_id_version_uq UNIQUE (partner_id, version),
        CONSTRAINT rule_set_valid_to_ck CHECK (valid_to > valid_from)
      );
      -- One published set is open at a time: the latest.
      CREATE UNIQUE INDEX rule_set_open_uq ON partners.rule_set (partner_id)
        WHERE valid_from IS NOT NULL AND valid_to IS NULL;

      CREATE TABLE partners.api_client (
        client_id text CONSTRAINT api_client_pk PRIMARY KEY,
        partner_id uuid NOT NULL CONSTRAINT api_client_partner_id_fk REFERENCES partners.partner,
        name text NOT NULL,
        scopes text[] NOT NULL CONSTRAINT api_client_scopes_ck CHECK (
          cardinality(scopes) > 0 AND scopes <@ ARRAY['ACCRUALS_WRITE', 'ACCRUALS_REVERSE',
            'REDEMPTIONS_AUTHORISE', 'REDEMPTIONS_CAPTURE', 'MEMBERS_LINK', 'BALANCES_READ',
            'WEBHOOKS_MANAGE', 'SETTLEMENT_READ', 'RULES_MANAGE', 'CATALOG_MANAGE',
            'CLIENTS_MANAGE']),
        sandbox boolean NOT NULL,
        secret_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz,
        revoked_at timestamptz,
        caller text NOT NULL
          CONSTRAINT api_client_caller_ck CHECK (caller IN ('PARTNER', 'ADMIN')),
        idempotency_key text NOT NULL,
        input_hash text NOT NULL,
        sealed_secret text,
        sealed_until timestamptz NOT NULL,
        CONSTRAINT api_client_partner_id_caller_idempotency_key_uq
          UNIQUE (partner_id, caller, idempotency_key)
      );
      CREATE INDEX api_client_sealed_until_ix ON partners.api_client (sealed_until)
        WHERE sealed_secret IS NOT NULL;

      CREATE TABLE partners.activity (
        id uuid CONSTRAINT activity_pk PRIMARY KEY,
        partner_id uuid NOT NULL CONSTRAINT activity_partner_id_fk REFERENCES partners.partner,
        member_id uuid NOT NULL,
        sandbox boolean NOT NULL,
        reference text NOT NULL,
        input_hash text NOT NULL,
        kind text NOT NULL CONSTRAINT activity_kind_ck CHECK (kind IN ('PURCHASE')),
        status text NOT NULL CONSTRAINT activity_status_ck CHECK (status IN ('POSTED')),
        amount numeric NOT NULL CONSTRAINT activity_amount_ck CHECK (amount >= 0),
        currency text NOT NULL,
        points bigint NOT NULL
          CONSTRAINT activity_points_ck CHECK (points BETWEEN 0 AND 1000000000000),
        issue_price numeric NOT NULL CONSTRAINT activity_issue_price_ck CHECK (issue_price >= 0),
        contract_version integer NOT NULL,
        rule_set_version integer NOT NULL,
        explanation jsonb NOT NULL,
        occurred_at timestamptz NOT NULL,
        posted_at timestamptz NOT NULL,
        CONSTRAINT activity_partner_id_sandbox_reference_uq UNIQUE (partner_id, sandbox, reference)
      );
      CREATE INDEX activity_partner_id_occurred_at_id_ix
        ON partners.activity (partner_id, occurred_at, id);
      CREATE INDEX activity_member_id_occurred_at_id_ix
        ON partners.activity (member_id, occurred_at, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE partners.activity, partners.api_client, partners.rule_set, partners.contract,
        partners.partner;
    `);
  }
}
