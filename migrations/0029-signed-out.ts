import type { MigrationInterface, QueryRunner } from 'typeorm';
import { fill, makeIndex } from './busy-tables.ts';

/** Sign-ins that end for good, the provider's records by account, and codes by who asked for them. */
export class SignedOut1763740800029 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(signedOut);
    await runner.query(`
      ALTER TABLE identity.oidc_record ADD COLUMN IF NOT EXISTS account_id text;
      ALTER TABLE identity.sign_in_code
        ADD COLUMN IF NOT EXISTS asker bytea NOT NULL DEFAULT '',
        ADD COLUMN IF NOT EXISTS known boolean NOT NULL DEFAULT false;
      ALTER TABLE identity.sign_in_code
        ALTER COLUMN asker DROP DEFAULT,
        ALTER COLUMN known DROP DEFAULT;
    `);
    await fill(runner, {
      table: 'identity.oidc_record',
      column: 'account_id',
      value: `coalesce(payload->>'accountId', payload#>>'{result,login,accountId}',
        payload#>>'{session,accountId}')`,
    });
    await makeIndex(runner, {
      name: 'identity.oidc_record_account_id_ix',
      on: 'identity.oidc_record (account_id) WHERE account_id IS NOT NULL',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE identity.sign_in_code DROP COLUMN known, DROP COLUMN asker;
      ALTER TABLE identity.oidc_record DROP COLUMN account_id;
      DROP FUNCTION IF EXISTS members.open_sign_in(uuid), members.is_signed_in(uuid, timestamptz),
        members.open_staff_sign_in(uuid), members.signed_in_staff(uuid, timestamptz);
      DROP TRIGGER staff_signed_out_tg ON members.staff;
      DROP TRIGGER member_signed_out_tg ON members.member;
      DROP FUNCTION members.end_sign_ins();
      ALTER TABLE members.staff DROP COLUMN signed_out_before;
      ALTER TABLE members.member DROP COLUMN signed_out_before;
    `);
  }
}

const signedOut = `
  ALTER TABLE members.member ADD COLUMN IF NOT EXISTS signed_out_before timestamptz;
  ALTER TABLE members.staff ADD COLUMN IF NOT EXISTS signed_out_before timestamptz;

  -- Later than any sign-in that has begun: those have whole seconds, and the row is locked by now.
  CREATE OR REPLACE FUNCTION members.end_sign_ins() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    NEW.signed_out_before :=
      greatest(date_trunc('second', clock_timestamp()), OLD.signed_out_before) + interval '1 second';
    RETURN NEW;
  END $$;
  COMMENT ON FUNCTION members.end_sign_ins() IS
    'A trigger, since a membership is closed in many places, and none may forget it.';
  DROP TRIGGER IF EXISTS member_signed_out_tg ON members.member;
  -- Also for who comes back: they may have been suspended before there was a trigger.
  CREATE TRIGGER member_signed_out_tg BEFORE UPDATE OF status, email_key ON members.member
    FOR EACH ROW
    WHEN (NEW.status <> OLD.status OR NEW.email_key IS DISTINCT FROM OLD.email_key)
    EXECUTE FUNCTION members.end_sign_ins();
  DROP TRIGGER IF EXISTS staff_signed_out_tg ON members.staff;
  CREATE TRIGGER staff_signed_out_tg BEFORE UPDATE OF status, role ON members.staff
    FOR EACH ROW
    WHEN (OLD.status <> 'INVITED' AND (NEW.status <> OLD.status OR NEW.role <> OLD.role))
    EXECUTE FUNCTION members.end_sign_ins();
  DROP FUNCTION IF EXISTS members.may_sign_in(uuid), members.staff_by_id(uuid);
`;
