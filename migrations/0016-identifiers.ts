import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members tell of themselves, what they are known by, and memberships that became one. */
export class Identifiers1763740800016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE members.member
        -- As the member told it. Nobody is found by it: that takes an identifier.
        ADD COLUMN phone text CONSTRAINT member_phone_ck CHECK (phone ~ '^\\+[1-9][0-9]{1,14}$'),
        ADD COLUMN given_name text,
        ADD COLUMN family_name text,
        ADD COLUMN birthday date,
        ADD COLUMN show_level boolean NOT NULL DEFAULT true;
      CREATE INDEX member_joined_at_id_ix ON members.member (joined_at, id);

      ALTER TABLE members.verification
        -- Whose address it changes; null where it ends an enrolment.
        ADD COLUMN changes_member_id uuid
          CONSTRAINT verification_changes_member_id_fk REFERENCES members.member;
      CREATE INDEX verification_changes_member_id_created_at_ix
        ON members.verification (changes_member_id, created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE members.verification DROP COLUMN changes_member_id;
      DROP INDEX members.member_joined_at_id_ix;
      ALTER TABLE members.member
        DROP COLUMN phone,
        DROP COLUMN given_name,
        DROP COLUMN family_name,
        DROP COLUMN birthday,
        DROP COLUMN show_level;
    `);
  }
}
