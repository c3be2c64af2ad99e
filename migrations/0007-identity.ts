import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of identity. */
export class Identity1763740800007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identity.oidc_record (
        model text NOT NULL,
        id text NOT NULL,
        payload jsonb NOT NULL,
        expires_at timestamptz NOT NULL,
        grant_id text,
        user_code text,
        uid text,
        consumed_at timestamptz,
        CONSTRAINT oidc_record_pk PRIMARY KEY (model, id)
      );
      CREATE INDEX oidc_record_expires_at_ix ON identity.oidc_record (expires_at);
      CREATE INDEX oidc_record_grant_id_ix ON identity.oidc_record (grant_id)
        WHERE grant_id IS NOT NULL;
      CREATE INDEX oidc_record_uid_ix ON identity.oidc_record (uid) WHERE uid IS NOT NULL;
      CREATE INDEX oidc_record_user_code_ix ON identity.oidc_record (user_code)
        WHERE user_code IS NOT NULL;

      CREATE TABLE identity.signing_key (
        kid text CONSTRAINT signing_key_pk PRIMARY KEY,
        sealed_jwk text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE identity.oidc_record, identity.signing_key');
  }
}
