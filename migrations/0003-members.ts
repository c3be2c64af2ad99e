import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of members, and the one program. */
export class Members1763740800003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE members.program (
        -- One id is allowed: there is one program.
        id uuid CONSTRAINT program_pk PRIMARY KEY CONSTRAINT program_id_ck
          CHECK (id = '5f0c1d6e-8a53-4c0e-9d5b-0e1f7a2b6c01'),
        name text NOT NULL,
        time_zone text NOT NULL,
        money_currency text NOT NULL,
        version integer NOT NULL
      );
      INSERT INTO members.program
      VALUES ('5f0c1d6e-8a53-4c0e-9d5b-0e1f7a2b6c01', 'Coalition', 'Europe/Berlin', 'EUR', 1);

      CREATE TABLE members.member (
        id uuid CONSTRAINT member_pk PRIMARY KEY,
        member_number text NOT NULL CONSTRAINT member_member_number_uq UNIQUE
          CONSTRAINT member_member_number_ck CHECK (member_number ~ '^[0-9]{16}$'),
        status text NOT NULL CONSTRAINT member_status_ck
          CHECK (status IN ('PROVISIONAL', 'ACTIVE', 'SUSPENDED', 'CLOSED')),
        sandbox boolean NOT NULL DEFAULT false,
        display_name text NOT NULL,
        email text NOT NULL,
        email_key text NOT NULL CONSTRAINT member_email_key_uq UNIQUE,
        email_verified_at timestamptz,
        locale text NOT NULL,
        marketing_opt_in boolean NOT NULL,
        joined_at timestamptz NOT NULL
      );

      CREATE TABLE members.verification (
        id uuid CONSTRAINT verification_pk PRIMARY KEY,
        email text NOT NULL,
        email_key text NOT NULL,
        code_hash bytea,
        mailed boolean NOT NULL,
        display_name text,
        locale text NOT NULL,
        marketing_opt_in boolean NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        attempts integer NOT NULL DEFAULT 0
          CONSTRAINT verification_attempts_ck CHECK (attempts BETWEEN 0 AND 5),
        member_id uuid CONSTRAINT verification_member_id_fk REFERENCES members.member,
        used_at timestamptz,
        CONSTRAINT verification_used_ck CHECK ((member_id IS NULL) = (used_at IS NULL))
      );
      CREATE INDEX verification_email_key_created_at_ix
        ON members.verification (email_key, created_at);

      CREATE TABLE members.consent (
        member_id uuid NOT NULL CONSTRAINT consent_member_id_fk REFERENCES members.member,
        partner_id uuid NOT NULL,
        scopes text[] NOT NULL CONSTRAINT consent_scopes_ck CHECK (
          cardinality(scopes) > 0
          AND scopes <@ ARRAY['READ_BALANCE', 'READ_PROFILE', 'EARN', 'SPEND']),
        version integer NOT NULL,
        granted_at timestamptz NOT NULL,
        revoked_at timestamptz,
        CONSTRAINT consent_pk PRIMARY KEY (member_id, partner_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE members.consent, members.verification, members.member, members.program
    `);
  }
}
