import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Households, their members and invitations. */
export class Households1763740800020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Whoever changes who is in one, or who shares, locks its row first.
      CREATE TABLE members.household (
        id uuid CONSTRAINT household_pk PRIMARY KEY,
        kind text NOT NULL CONSTRAINT household_kind_ck CHECK (kind IN ('FAMILY')),
        name text NOT NULL,
        owner_id uuid NOT NULL CONSTRAINT household_owner_id_fk REFERENCES members.member (id),
        created_at timestamptz NOT NULL,
        ended_at timestamptz
      );
      CREATE INDEX household_owner_id_ix ON members.household (owner_id);

      CREATE TABLE members.household_member (
        household_id uuid NOT NULL
          CONSTRAINT household_member_household_id_fk REFERENCES members.household (id),
        member_id uuid NOT NULL
          CONSTRAINT household_member_member_id_fk REFERENCES members.member (id),
        joined_at timestamptz NOT NULL,
        may_change_on date,
        shares_points boolean NOT NULL,
        -- The row stays, and with it the day from which the member may change.
        left_at timestamptz,
        CONSTRAINT household_member_pk PRIMARY KEY (household_id, member_id)
      );
      -- One household at a time.
      CREATE UNIQUE INDEX household_member_member_id_uq ON members.household_member (member_id)
        WHERE left_at IS NULL;
      CREATE INDEX household_member_member_id_ix ON members.household_member (member_id);

      CREATE TABLE members.household_invitation (
        id uuid CONSTRAINT household_invitation_pk PRIMARY KEY,
        household_id uuid NOT NULL
          CONSTRAINT household_invitation_household_id_fk REFERENCES members.household (id),
        invited_by uuid NOT NULL
          CONSTRAINT household_invitation_invited_by_fk REFERENCES members.member (id),
        email text NOT NULL,
        email_key text NOT NULL,
        token_hash bytea NOT NULL CONSTRAINT household_invitation_token_hash_uq UNIQUE,
        mailed boolean NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        accepted_by uuid
          CONSTRAINT household_invitation_accepted_by_fk REFERENCES members.member (id),
        ended_at timestamptz,
        CONSTRAINT household_invitation_accepted_ck
          CHECK (accepted_by IS NULL OR ended_at IS NOT NULL)
      );
      CREATE INDEX household_invitation_household_id_created_at_ix
        ON members.household_invitation (household_id, created_at);
      CREATE INDEX household_invitation_invited_by_created_at_ix
        ON members.household_invitation (invited_by, created_at);
      CREATE INDEX household_invitation_email_key_created_at_ix
        ON members.household_invitation (email_key, created_at);
      CREATE INDEX household_invitation_expires_at_ix ON members.household_invitation (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.household_of(uuid), members.keep_household(uuid),
        members.clear_invitations(integer);
      DROP TABLE members.household_invitation, members.household_member,
        members.household;
    `);
  }
}
