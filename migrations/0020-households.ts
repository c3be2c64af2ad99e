import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Households, what their members pay of a redemption, and redemptions that are cancelled. */
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

      ALTER TABLE rewards.redemption
        DROP CONSTRAINT redemption_status_ck,
        ADD CONSTRAINT redemption_status_ck
          CHECK (status IN ('CONFIRMED', 'CANCELLED')) NOT VALID,
        ADD COLUMN ended_because text,
        ADD COLUMN cancelled_at timestamptz,
        ADD COLUMN cancellable_until timestamptz,
        ADD CONSTRAINT redemption_cancelled_ck
          CHECK ((cancelled_at IS NOT NULL) = (status = 'CANCELLED')) NOT VALID;
      ALTER TABLE rewards.voucher
        DROP CONSTRAINT voucher_status_ck,
        ADD CONSTRAINT voucher_status_ck CHECK (status IN ('ISSUED', 'VOID')) NOT VALID;

      -- What the redemption's own member paid is the rest.
      CREATE TABLE rewards.household_share (
        redemption_id uuid NOT NULL
          CONSTRAINT household_share_redemption_id_fk REFERENCES rewards.redemption (id),
        member_id uuid NOT NULL,
        household_id uuid NOT NULL,
        points bigint NOT NULL CONSTRAINT household_share_points_ck CHECK (points > 0),
        CONSTRAINT household_share_pk PRIMARY KEY (redemption_id, member_id)
      );
      CREATE INDEX household_share_member_id_ix ON rewards.household_share (member_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.household_of(uuid), members.keep_household(uuid),
        members.clear_invitations(integer);
      DROP TABLE rewards.household_share, members.household_invitation, members.household_member,
        members.household;
      ALTER TABLE rewards.voucher
        DROP CONSTRAINT voucher_status_ck,
        -- What was cancelled stays so: only what is written from here on is held to the older states.
        ADD CONSTRAINT voucher_status_ck CHECK (status IN ('ISSUED')) NOT VALID;
      ALTER TABLE rewards.redemption
        DROP COLUMN ended_because,
        DROP COLUMN cancelled_at,
        DROP COLUMN cancellable_until,
        DROP CONSTRAINT redemption_status_ck,
        ADD CONSTRAINT redemption_status_ck CHECK (status IN ('CONFIRMED')) NOT VALID;
    `);
  }
}
