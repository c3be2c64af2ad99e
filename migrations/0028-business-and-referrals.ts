import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Business accounts. */
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
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.business_tiers(uuid[], timestamptz),
        members.spending_limit_of(uuid, timestamptz);
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
