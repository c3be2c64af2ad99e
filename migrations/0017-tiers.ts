import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The program's own rules; tiers, what counts for them, where members stand; segments. */
export class Tiers1763740800017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE members.program
        ADD COLUMN qualification_period text NOT NULL DEFAULT 'CALENDAR_YEAR'
          CONSTRAINT program_qualification_period_ck CHECK (
            qualification_period IN ('CALENDAR_YEAR', 'MEMBERSHIP_YEAR', 'ROLLING_12_MONTHS')),
        ADD COLUMN downgrade text NOT NULL DEFAULT 'ONE_STEP' CONSTRAINT program_downgrade_ck
          CHECK (downgrade IN ('ONE_STEP', 'TO_QUALIFIED', 'TO_BASE')),
        ADD COLUMN grace_days integer NOT NULL DEFAULT 0
          CONSTRAINT program_grace_days_ck CHECK (grace_days BETWEEN 0 AND 366),
        ADD COLUMN demote_on_reversal boolean NOT NULL DEFAULT false,
        -- Counts up with each change that may move members to another tier.
        ADD COLUMN tiers_version integer NOT NULL DEFAULT 1,
        ADD COLUMN expiry_notice_days integer[] NOT NULL DEFAULT '{60,30,7}',
        ADD COLUMN adjustment_approval_limit bigint NOT NULL DEFAULT 10000
          CONSTRAINT program_adjustment_approval_limit_ck CHECK (adjustment_approval_limit >= 0);
      ALTER TABLE members.program
        ALTER COLUMN qualification_period DROP DEFAULT,
        ALTER COLUMN downgrade DROP DEFAULT,
        ALTER COLUMN grace_days DROP DEFAULT,
        ALTER COLUMN demote_on_reversal DROP DEFAULT,
        ALTER COLUMN tiers_version DROP DEFAULT,
        ALTER COLUMN expiry_notice_days DROP DEFAULT,
        ALTER COLUMN adjustment_approval_limit DROP DEFAULT;

      CREATE TABLE members.tier (
        code text CONSTRAINT tier_pk PRIMARY KEY,
        name text NOT NULL,
        -- From 0, the lowest. Null once the program has it no more: who still has it stands at the highest
        -- tier of now that needs no more.
        rank integer CONSTRAINT tier_rank_uq UNIQUE,
        threshold bigint NOT NULL CONSTRAINT tier_threshold_ck CHECK (threshold >= 0),
        earn_multiplier numeric NOT NULL
          CONSTRAINT tier_earn_multiplier_ck CHECK (earn_multiplier >= 1),
        benefits jsonb NOT NULL
      );

      -- Where a member stood when it was last looked at. Who has no row never earned or was given anything
      -- that counts, and has the lowest tier.
      CREATE TABLE members.tier_standing (
        member_id uuid CONSTRAINT tier_standing_pk PRIMARY KEY
          CONSTRAINT tier_standing_member_id_fk REFERENCES members.member (id),
        -- The higher of what was earned and what was given: what was told last.
        tier text CONSTRAINT tier_standing_tier_fk REFERENCES members.tier (code),
        -- Null for the lowest.
        earned_tier text,
        earned_since date NOT NULL,
        earned_until date,
        -- What happened before counts for no tier: since a fall to the lowest one.
        counts_from date,
        granted_tier text,
        granted_source text CONSTRAINT tier_standing_granted_source_ck
          CHECK (granted_source IN ('MATCHED', 'MANUAL', 'LIFETIME')),
        granted_since date,
        granted_until date,
        -- The first day on which it may be another; null for none.
        review_on date,
        tiers_version integer NOT NULL,
        CONSTRAINT tier_standing_earned_ck CHECK ((earned_tier IS NULL) = (earned_until IS NULL)),
        CONSTRAINT tier_standing_granted_ck
          CHECK (num_nulls(granted_tier, granted_source, granted_since) IN (0, 3))
      );
      CREATE INDEX tier_standing_review_on_ix ON members.tier_standing (review_on);
      CREATE INDEX tier_standing_tiers_version_ix ON members.tier_standing (tiers_version);

      -- Qualifying points, by the day of the program's time zone on which they were earned. What takes some
      -- back is a credit below 0 on the day of what it takes back. There is no key of the member's: it is
      -- written by the hundred, right after their standing, which has one.
      CREATE TABLE members.tier_credit (
        member_id uuid NOT NULL,
        occurred_on date NOT NULL,
        -- What earned them or takes them back: the id of an activity or a refund.
        key uuid NOT NULL,
        points bigint NOT NULL,
        posted_at timestamptz NOT NULL,
        CONSTRAINT tier_credit_pk PRIMARY KEY (member_id, occurred_on, key)
      );

      ALTER TABLE partners.activity ADD COLUMN qualifying_points bigint NOT NULL DEFAULT 0;
      ALTER TABLE partners.activity
        ALTER COLUMN qualifying_points DROP DEFAULT,
        ADD CONSTRAINT activity_qualifying_points_ck
          CHECK (qualifying_points BETWEEN 0 AND 1000000000000) NOT VALID;

      -- Made again with more columns, by its file.
      DROP FUNCTION IF EXISTS members.snapshot(uuid[]);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.snapshot(uuid[], timestamptz);
      ALTER TABLE partners.activity DROP COLUMN qualifying_points;
      DROP TABLE members.tier_credit, members.tier_standing, members.tier CASCADE;
      ALTER TABLE members.program
        DROP COLUMN qualification_period,
        DROP COLUMN downgrade,
        DROP COLUMN grace_days,
        DROP COLUMN demote_on_reversal,
        DROP COLUMN tiers_version,
        DROP COLUMN expiry_notice_days,
        DROP COLUMN adjustment_approval_limit;
    `);
  }
}
