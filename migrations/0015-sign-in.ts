import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People who sign in: staff, and what members and staff prove themselves with. */
export class SignIn1763740800015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE members.staff (
        id uuid CONSTRAINT staff_pk PRIMARY KEY,
        email text NOT NULL,
        email_key text NOT NULL,
        name text NOT NULL,
        role text NOT NULL CONSTRAINT staff_role_ck CHECK (role IN ('ADMINISTRATOR', 'PROGRAM',
          'FINANCE', 'SUPPORT', 'MODERATOR', 'AUDITOR', 'PARTNER_OWNER', 'PARTNER_OPERATIONS',
          'PARTNER_CATALOG', 'PARTNER_FINANCE', 'PARTNER_INTEGRATION')),
        partner_id uuid,
        status text NOT NULL CONSTRAINT staff_status_ck
          CHECK (status IN ('INVITED', 'ACTIVE', 'SUSPENDED', 'REMOVED')),
        created_at timestamptz NOT NULL,
        accepted_at timestamptz,
        invitation_hash bytea CONSTRAINT staff_invitation_hash_uq UNIQUE,
        invited_at timestamptz,
        invitation_ends_at timestamptz,
        CONSTRAINT staff_partner_id_ck CHECK ((partner_id IS NOT NULL) = (role LIKE 'PARTNER%')),
        CONSTRAINT staff_invitation_ck CHECK (
          (status = 'INVITED') = (invitation_hash IS NOT NULL)
          AND num_nulls(invitation_hash, invited_at, invitation_ends_at) IN (0, 3))
      );
      -- In each organisation apart: an address that another one knows is no secret given away.
      CREATE UNIQUE INDEX staff_email_key_uq ON members.staff (email_key)
        WHERE partner_id IS NULL AND status <> 'REMOVED';
      CREATE UNIQUE INDEX staff_email_key_partner_id_uq ON members.staff (email_key, partner_id)
        WHERE partner_id IS NOT NULL AND status <> 'REMOVED';
      CREATE INDEX staff_partner_id_created_at_id_ix
        ON members.staff (partner_id, created_at, id);

      CREATE TABLE identity.sign_in_code (
        id uuid CONSTRAINT sign_in_code_pk PRIMARY KEY,
        interaction text NOT NULL,
        email text NOT NULL,
        email_key text NOT NULL,
        code_hash bytea,
        link_hash bytea,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        attempts integer NOT NULL DEFAULT 0
          CONSTRAINT sign_in_code_attempts_ck CHECK (attempts BETWEEN 0 AND 5),
        proved_at timestamptz,
        CONSTRAINT sign_in_code_hashes_ck CHECK ((code_hash IS NULL) = (link_hash IS NULL))
      );
      CREATE INDEX sign_in_code_interaction_created_at_ix
        ON identity.sign_in_code (interaction, created_at);
      CREATE INDEX sign_in_code_email_key_created_at_ix
        ON identity.sign_in_code (email_key, created_at);
      CREATE INDEX sign_in_code_expires_at_ix ON identity.sign_in_code (expires_at);

      CREATE TABLE identity.second_factor (
        staff_id uuid CONSTRAINT second_factor_pk PRIMARY KEY,
        sealed_secret text NOT NULL,
        confirmed_at timestamptz,
        last_step integer NOT NULL DEFAULT 0,
        failures integer NOT NULL DEFAULT 0
          CONSTRAINT second_factor_failures_ck CHECK (failures >= 0),
        locked_until timestamptz
      );
      CREATE TABLE identity.recovery_code (
        staff_id uuid NOT NULL CONSTRAINT recovery_code_staff_id_fk
          REFERENCES identity.second_factor (staff_id),
        code_hash bytea NOT NULL,
        used_at timestamptz,
        CONSTRAINT recovery_code_pk PRIMARY KEY (staff_id, code_hash)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS identity.clear_sign_in_codes(integer),
        members.enrol_verified(text, timestamptz), members.may_sign_in(uuid), members.staff_at(text),
        members.staff_by_id(uuid), members.invited_staff(bytea),
        members.accept_staff_invitation(bytea);
      DROP TABLE identity.recovery_code, identity.second_factor, identity.sign_in_code,
        members.staff;
    `);
  }
}
