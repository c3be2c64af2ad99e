import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Merges that gather what was written late for the one that is gone; spending that is judged. */
export class Mends1763740800030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE members.merge
        -- When rows that came late went over as well; null while some may come.
        ADD COLUMN gathered_at timestamptz,
        -- Transactions that may still write such rows. Null until somebody has looked which there are.
        ADD COLUMN waits_for text[];
      CREATE INDEX merge_merged_at_id_ix ON members.merge (merged_at, id)
        WHERE gathered_at IS NULL AND undone_at IS NULL;

      -- What a program has not set is so wide that it stands in nobody's way.
      ALTER TABLE members.risk_limits
        ADD COLUMN redemptions_per_day integer NOT NULL DEFAULT 1000,
        ADD COLUMN redemption_points_per_day bigint NOT NULL DEFAULT 1000000000000,
        ADD COLUMN redemption_step_up_from bigint NOT NULL DEFAULT 1000000000000;
      ALTER TABLE members.risk_limits
        ALTER COLUMN redemptions_per_day DROP DEFAULT,
        ALTER COLUMN redemption_points_per_day DROP DEFAULT,
        ALTER COLUMN redemption_step_up_from DROP DEFAULT;
      ALTER TABLE members.risk_act
        DROP CONSTRAINT risk_act_action_ck,
        ADD CONSTRAINT risk_act_action_ck
          CHECK (action IN ('TRANSFER', 'CONVERSION', 'UNKNOWN_RECEIVER', 'REDEMPTION', 'HOLD'));
      ALTER TABLE members.risk_case
        DROP CONSTRAINT risk_case_action_ck,
        ADD CONSTRAINT risk_case_action_ck CHECK (action IN ('TRANSFER', 'REDEMPTION', 'HOLD')),
        -- Where it was to happen; null where points stay among members.
        ADD COLUMN partner_id uuid;
      CREATE INDEX risk_case_member_id_ix ON members.risk_case (member_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.gather_merged(integer), members.readers(text[]),
        members.judge_spending(text, uuid, uuid, text, bigint, boolean, timestamptz),
        members.hold_back(text, uuid, text, uuid, bigint, text[], timestamptz);
      DELETE FROM members.risk_case WHERE action <> 'TRANSFER';
      DELETE FROM members.risk_act WHERE action IN ('REDEMPTION', 'HOLD');
      DROP INDEX members.risk_case_member_id_ix;
      ALTER TABLE members.risk_case
        DROP COLUMN partner_id,
        DROP CONSTRAINT risk_case_action_ck,
        ADD CONSTRAINT risk_case_action_ck CHECK (action IN ('TRANSFER'));
      ALTER TABLE members.risk_act
        DROP CONSTRAINT risk_act_action_ck,
        ADD CONSTRAINT risk_act_action_ck CHECK (action IN ('TRANSFER', 'CONVERSION', 'UNKNOWN_RECEIVER'));
      ALTER TABLE members.risk_limits DROP COLUMN redemptions_per_day,
        DROP COLUMN redemption_points_per_day, DROP COLUMN redemption_step_up_from;
      ALTER TABLE members.merge DROP COLUMN gathered_at, DROP COLUMN waits_for;
    `);
  }
}
