import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sign-ins that end for good, the provider's records by account, and codes by who asked for them. */
export class SignedOut1763740800029 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE members.member ADD COLUMN signed_out_before timestamptz;
      ALTER TABLE members.staff ADD COLUMN signed_out_before timestamptz;
      UPDATE members.member SET signed_out_before = date_trunc('second', now()) + interval '1 second'
      WHERE status IN ('SUSPENDED', 'CLOSED');
      UPDATE members.staff SET signed_out_before = date_trunc('second', now()) + interval '1 second'
      WHERE status <> 'ACTIVE';

      -- Later than any sign-in that has begun: those have whole seconds, and the row is locked by now.
      CREATE FUNCTION members.end_sign_ins() RETURNS trigger
      LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        NEW.signed_out_before :=
          greatest(date_trunc('second', clock_timestamp()), OLD.signed_out_before) + interval '1 second';
        RETURN NEW;
      END $$;
      COMMENT ON FUNCTION members.end_sign_ins() IS
        'A trigger, since a membership is closed in many places, and none may forget it.';
      CREATE TRIGGER member_signed_out_tg BEFORE UPDATE OF status, email_key ON members.member
        FOR EACH ROW
        WHEN (OLD.status = 'ACTIVE'
          AND (NEW.status <> 'ACTIVE' OR NEW.email_key IS DISTINCT FROM OLD.email_key))
        EXECUTE FUNCTION members.end_sign_ins();
      CREATE TRIGGER staff_signed_out_tg BEFORE UPDATE OF status, role ON members.staff
        FOR EACH ROW
        WHEN (OLD.status = 'ACTIVE' AND (NEW.status <> 'ACTIVE' OR NEW.role <> OLD.role))
        EXECUTE FUNCTION members.end_sign_ins();
      DROP FUNCTION IF EXISTS members.may_sign_in(uuid), members.staff_by_id(uuid);

      ALTER TABLE identity.oidc_record ADD COLUMN account_id text;
      UPDATE identity.oidc_record SET account_id = coalesce(payload->>'accountId',
        payload#>>'{result,login,accountId}', payload#>>'{session,accountId}');
      CREATE INDEX oidc_record_account_id_ix ON identity.oidc_record (account_id)
        WHERE account_id IS NOT NULL;

      ALTER TABLE identity.sign_in_code
        ADD COLUMN asker bytea NOT NULL DEFAULT '',
        ADD COLUMN known boolean NOT NULL DEFAULT false;
      ALTER TABLE identity.sign_in_code
        ALTER COLUMN asker DROP DEFAULT,
        ALTER COLUMN known DROP DEFAULT;
    `);
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
