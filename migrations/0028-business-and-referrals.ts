import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Business accounts, members who bring members, and limits of what one person does in small pieces. */
export class BusinessAndReferrals1763740800028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE members.household
        DROP CONSTRAINT household_kind_ck,
        ADD CONSTRAINT household_kind_ck CHECK (kind IN ('FAMILY', 'BUSINESS'));
      -- Whoever is in a family may spend, as before.
      ALTER TABLE members.household_member
        ADD COLUMN may_spend boolean NOT NULL DEFAULT true,
        ADD COLUMN spending_limit bigint,
        ADD CONSTRAINT household_member_spending_limit_ck
          CHECK (spending_limit IS NULL OR (spending_limit > 0 AND may_spend));

      -- One row. Nothing is given until the program says so.
      CREATE TABLE members.referral_rules (
        program_id uuid CONSTRAINT referral_rules_pk PRIMARY KEY
          CONSTRAINT referral_rules_program_id_fk REFERENCES members.program,
        referrer_points bigint NOT NULL
          CONSTRAINT referral_rules_referrer_points_ck CHECK (referrer_points >= 0),
        friend_points bigint NOT NULL
          CONSTRAINT referral_rules_friend_points_ck CHECK (friend_points >= 0),
        within_days integer NOT NULL,
        wait_days integer NOT NULL,
        rewards_per_year integer NOT NULL,
        joins_per_day integer NOT NULL
      );
      INSERT INTO members.referral_rules SELECT id, 0, 0, 90, 14, 20, 5 FROM members.program;

      -- Made when its member asks for it.
      CREATE TABLE members.referral_code (
        member_id uuid CONSTRAINT referral_code_pk PRIMARY KEY
          CONSTRAINT referral_code_member_id_fk REFERENCES members.member,
        code text NOT NULL CONSTRAINT referral_code_code_uq UNIQUE
          CONSTRAINT referral_code_code_ck CHECK (code ~ '^[2-9A-HJ-NP-Z]{10}$'),
        invited integer NOT NULL DEFAULT 0
      );
      ALTER TABLE members.verification
        ADD COLUMN referrer_id uuid
          CONSTRAINT verification_referrer_id_fk REFERENCES members.member;

      CREATE TABLE members.referral (
        id uuid CONSTRAINT referral_pk PRIMARY KEY,
        referrer_id uuid NOT NULL CONSTRAINT referral_referrer_id_fk REFERENCES members.member,
        friend_id uuid NOT NULL CONSTRAINT referral_friend_id_fk REFERENCES members.member,
        -- Whose mailbox it is, however the address is written; null once it has been forgotten.
        mailbox_hash bytea,
        status text NOT NULL CONSTRAINT referral_status_ck
          CHECK (status IN ('JOINED', 'REWARDED', 'REFUSED', 'LAPSED')),
        refused_for text,
        joined_at timestamptz NOT NULL,
        look_at timestamptz NOT NULL,
        rewarded_at timestamptz,
        referrer_points bigint NOT NULL,
        friend_points bigint NOT NULL,
        CONSTRAINT referral_friend_id_uq UNIQUE (friend_id),
        CONSTRAINT referral_referrer_id_ck CHECK (referrer_id <> friend_id),
        CONSTRAINT referral_refused_for_ck CHECK ((status = 'REFUSED') = (refused_for IS NOT NULL)),
        CONSTRAINT referral_rewarded_at_ck CHECK ((status = 'REWARDED') = (rewarded_at IS NOT NULL)),
        CONSTRAINT referral_points_ck CHECK (referrer_points >= 0 AND friend_points >= 0
          AND (status = 'REWARDED' OR referrer_points + friend_points = 0))
      );
      CREATE INDEX referral_referrer_id_joined_at_ix ON members.referral (referrer_id, joined_at);
      CREATE INDEX referral_joined_at_ix ON members.referral (joined_at);
      CREATE INDEX referral_open_ix ON members.referral (look_at) WHERE status = 'JOINED';
      -- One person brings nobody in a second time.
      CREATE UNIQUE INDEX referral_mailbox_hash_uq ON members.referral (mailbox_hash)
        WHERE status <> 'REFUSED';

      ALTER TABLE members.risk_limits
        ADD COLUMN unknown_receivers_per_day integer NOT NULL DEFAULT 5;
      ALTER TABLE members.risk_act
        DROP CONSTRAINT risk_act_action_ck,
        ADD CONSTRAINT risk_act_action_ck
          CHECK (action IN ('TRANSFER', 'CONVERSION', 'UNKNOWN_RECEIVER'));

      ALTER TABLE members.program
        ADD COLUMN adjustment_daily_limit bigint NOT NULL DEFAULT 100000,
        ADD CONSTRAINT program_adjustment_daily_limit_ck CHECK (adjustment_daily_limit >= 0);
      ALTER TABLE members.program ALTER COLUMN adjustment_daily_limit DROP DEFAULT;
      CREATE INDEX adjustment_requested_by_created_at_ix
        ON members.adjustment (requested_by, created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.business_tiers(uuid[], timestamptz),
        members.spending_limit_of(uuid, timestamptz), members.reward_next_referral(timestamptz),
        members.reward_referral(uuid, timestamptz),
        members.is_same_person(members.member, members.member);
      DROP INDEX members.adjustment_requested_by_created_at_ix;
      ALTER TABLE members.program DROP COLUMN adjustment_daily_limit;
      DELETE FROM members.risk_act WHERE action = 'UNKNOWN_RECEIVER';
      ALTER TABLE members.risk_act
        DROP CONSTRAINT risk_act_action_ck,
        ADD CONSTRAINT risk_act_action_ck CHECK (action IN ('TRANSFER', 'CONVERSION'));
      ALTER TABLE members.risk_limits DROP COLUMN unknown_receivers_per_day;
      ALTER TABLE members.verification DROP COLUMN referrer_id;
      DROP TABLE members.referral, members.referral_code, members.referral_rules;
      -- A release without businesses would let all of its people spend what the others have.
      UPDATE members.household_member p SET shares_points = false
      FROM members.household h WHERE h.id = p.household_id AND h.kind = 'BUSINESS';
      UPDATE members.household SET kind = 'FAMILY' WHERE kind = 'BUSINESS';
      ALTER TABLE members.household
        DROP CONSTRAINT household_kind_ck,
        ADD CONSTRAINT household_kind_ck CHECK (kind IN ('FAMILY'));
      ALTER TABLE members.household_member
        DROP COLUMN spending_limit,
        DROP COLUMN may_spend;
    `);
  }
}
