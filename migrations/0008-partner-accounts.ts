import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The numbers under which partners know members, and members who told no address yet. */
export class PartnerAccounts1763740800008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE members.member
        ALTER COLUMN email DROP NOT NULL,
        ALTER COLUMN email_key DROP NOT NULL,
        ADD CONSTRAINT member_email_ck CHECK (
          (email IS NULL) = (email_key IS NULL) AND (email IS NOT NULL OR status <> 'ACTIVE'));

      CREATE TABLE members.partner_account (
        partner_id uuid NOT NULL,
        sandbox boolean NOT NULL,
        account text NOT NULL,
        member_id uuid NOT NULL CONSTRAINT partner_account_member_id_fk REFERENCES members.member,
        linked_at timestamptz NOT NULL,
        CONSTRAINT partner_account_pk PRIMARY KEY (partner_id, sandbox, account)
      );
      CREATE INDEX partner_account_member_id_partner_id_ix
        ON members.partner_account (member_id, partner_id);
    `);
  }

  /** Refused by PostgreSQL where there are provisional members: nobody loses points by a step back. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE members.partner_account;
      ALTER TABLE members.member
        DROP CONSTRAINT member_email_ck,
        ALTER COLUMN email SET NOT NULL,
        ALTER COLUMN email_key SET NOT NULL;
    `);
  }
}
