import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members tell of themselves, what they are known by, and memberships that became one. */
export class Identifiers1763740800016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What has to read the members is in 0031.
      ALTER TABLE members.member
        -- As the member told it. Nobody is found by it: that takes an identifier.
        ADD COLUMN phone text,
        ADD COLUMN given_name text,
        ADD COLUMN family_name text,
        ADD COLUMN birthday date,
        ADD COLUMN show_level boolean NOT NULL DEFAULT true,
        -- Which membership it has become part of: everything that leads to it leads there.
        ADD COLUMN merged_into uuid,
        ADD CONSTRAINT member_phone_ck CHECK (phone ~ '^\\+[1-9][0-9]{1,14}$') NOT VALID,
        ADD CONSTRAINT member_merged_into_fk
          FOREIGN KEY (merged_into) REFERENCES members.member NOT VALID,
        ADD CONSTRAINT member_merged_into_ck
          CHECK (merged_into IS NULL OR status = 'CLOSED') NOT VALID;

      ALTER TABLE members.verification
        -- Whose address it changes; null where it ends an enrolment.
        ADD COLUMN changes_member_id uuid,
        ADD CONSTRAINT verification_changes_member_id_fk
          FOREIGN KEY (changes_member_id) REFERENCES members.member NOT VALID;

      -- Those that are there get one each in 0031: with the column they would all be written anew at once.
      ALTER TABLE members.partner_account ADD COLUMN id uuid;
      ALTER TABLE members.partner_account ALTER COLUMN id SET DEFAULT gen_random_uuid();

      CREATE TABLE members.identifier (
        id uuid CONSTRAINT identifier_pk PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT identifier_member_id_fk REFERENCES members.member,
        sandbox boolean NOT NULL,
        kind text NOT NULL CONSTRAINT identifier_kind_ck
          CHECK (kind IN ('PHONE', 'PARTNER_ACCOUNT', 'PAYMENT_CARD')),
        partner_id uuid,
        value text NOT NULL,
        code_hash bytea,
        attempts integer NOT NULL DEFAULT 0
          CONSTRAINT identifier_attempts_ck CHECK (attempts BETWEEN 0 AND 5),
        linked_at timestamptz NOT NULL,
        expires_at timestamptz,
        verified_at timestamptz,
        CONSTRAINT identifier_partner_id_ck CHECK ((partner_id IS NULL) = (kind = 'PHONE')),
        CONSTRAINT identifier_verified_at_ck CHECK ((verified_at IS NULL) = (expires_at IS NOT NULL)),
        -- A proven account stands in partner_account.
        CONSTRAINT identifier_account_ck CHECK (verified_at IS NULL OR kind <> 'PARTNER_ACCOUNT')
      );
      CREATE UNIQUE INDEX identifier_sandbox_kind_value_uq
        ON members.identifier (sandbox, kind, value) WHERE verified_at IS NOT NULL;
      CREATE INDEX identifier_member_id_linked_at_ix ON members.identifier (member_id, linked_at);
      CREATE INDEX identifier_kind_value_linked_at_ix
        ON members.identifier (kind, value, linked_at);
      CREATE INDEX identifier_expires_at_ix ON members.identifier (expires_at)
        WHERE expires_at IS NOT NULL;

      CREATE TABLE members.wallet_key (
        kid text CONSTRAINT wallet_key_pk PRIMARY KEY,
        sealed_jwk text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE members.wallet_token (
        token_hash bytea CONSTRAINT wallet_token_pk PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT wallet_token_member_id_fk REFERENCES members.member,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        used_by uuid,
        CONSTRAINT wallet_token_used_ck CHECK ((used_at IS NULL) = (used_by IS NULL))
      );
      CREATE INDEX wallet_token_member_id_created_at_ix
        ON members.wallet_token (member_id, created_at);
      CREATE INDEX wallet_token_expires_at_ix ON members.wallet_token (expires_at);
      CREATE INDEX wallet_token_used_by_member_id_used_at_ix
        ON members.wallet_token (used_by, member_id, used_at) WHERE used_by IS NOT NULL;

      CREATE TABLE members.merge (
        id uuid CONSTRAINT merge_pk PRIMARY KEY,
        from_id uuid NOT NULL CONSTRAINT merge_from_id_fk REFERENCES members.member,
        into_id uuid NOT NULL CONSTRAINT merge_into_id_fk REFERENCES members.member,
        reason text NOT NULL,
        from_status text NOT NULL CONSTRAINT merge_from_status_ck
          CHECK (from_status IN ('PROVISIONAL', 'ACTIVE', 'SUSPENDED')),
        merged_at timestamptz NOT NULL,
        -- What has to go back where it is undone.
        postings jsonb NOT NULL,
        moved jsonb NOT NULL,
        undone_at timestamptz,
        CONSTRAINT merge_members_ck CHECK (from_id <> into_id)
      );
      CREATE UNIQUE INDEX merge_from_id_uq ON members.merge (from_id) WHERE undone_at IS NULL;
      CREATE INDEX merge_into_id_ix ON members.merge (into_id);

      -- Whose account of the ledger has the points, where it is not the member's: a membership that has
      -- been merged into theirs since.
      ALTER TABLE partners.activity ADD COLUMN posted_to uuid;
      ALTER TABLE rewards.redemption ADD COLUMN posted_to uuid;
      -- What its members said moves with them.
      GRANT USAGE ON SCHEMA community TO coalition_members;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      REVOKE USAGE ON SCHEMA community FROM coalition_members;
      ALTER TABLE rewards.redemption DROP COLUMN posted_to;
      ALTER TABLE partners.activity DROP COLUMN posted_to;
      DROP TABLE members.merge, members.wallet_token, members.wallet_key, members.identifier;
      ALTER TABLE members.partner_account DROP COLUMN id;
      ALTER TABLE members.verification DROP COLUMN changes_member_id;
      ALTER TABLE members.member
        DROP COLUMN merged_into,
        DROP COLUMN phone,
        DROP COLUMN given_name,
        DROP COLUMN family_name,
        DROP COLUMN birthday,
        DROP COLUMN show_level;
    `);
  }
}
