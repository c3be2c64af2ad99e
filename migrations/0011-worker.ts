import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The worker's role, and a schema for its queue, whose tables pg-boss makes. The role may change rows
 * there and call what owners publish to it: it makes no tables.
 */
export class Worker1763740800011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coalition_worker') THEN
          CREATE ROLE coalition_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
        END IF;
      END $$;

      CREATE SCHEMA pgboss;
      GRANT USAGE ON SCHEMA pgboss, ledger, members, partners, identity TO coalition_worker;
      ALTER DEFAULT PRIVILEGES IN SCHEMA pgboss
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO coalition_worker;

      CREATE INDEX verification_expires_at_ix ON members.verification (expires_at);
    `);
  }

  /** The role stays: other databases of the server may use it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS ledger.make_months_ahead(), members.clear_verifications(integer), partners.forget_secrets(integer),
        identity.clear_records(integer);
      DROP INDEX members.verification_expires_at_ix;
      DROP SCHEMA pgboss CASCADE;
      REVOKE USAGE ON SCHEMA ledger, members, partners, identity FROM coalition_worker;
    `);
  }
}
