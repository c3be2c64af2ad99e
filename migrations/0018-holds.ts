import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What partners ask members for. */
export class Holds1763740800018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE members.consent_request (
        id uuid CONSTRAINT consent_request_pk PRIMARY KEY,
        member_id uuid NOT NULL
          CONSTRAINT consent_request_member_id_fk REFERENCES members.member (id),
        partner_id uuid NOT NULL,
        scopes text[] NOT NULL CONSTRAINT consent_request_scopes_ck CHECK (
          cardinality(scopes) > 0
          AND scopes <@ ARRAY['READ_BALANCE', 'READ_PROFILE', 'EARN', 'SPEND']),
        purpose text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        answer text CONSTRAINT consent_request_answer_ck CHECK (answer IN ('GRANTED', 'DECLINED')),
        answered_at timestamptz,
        CONSTRAINT consent_request_member_id_partner_id_uq UNIQUE (member_id, partner_id),
        CONSTRAINT consent_request_answered_at_ck
          CHECK ((answer IS NULL) = (answered_at IS NULL)),
        CONSTRAINT consent_request_expires_at_ck CHECK (expires_at > created_at)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE members.consent_request');
  }
}
