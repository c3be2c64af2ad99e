import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Points that tills set aside, and what partners ask members for. */
export class Holds1763740800018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE members.hold (
        id uuid CONSTRAINT hold_pk PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT hold_member_id_fk REFERENCES members.member (id),
        partner_id uuid NOT NULL,
        sandbox boolean NOT NULL,
        reference text NOT NULL,
        idempotency_key text NOT NULL,
        input_hash text NOT NULL,
        points bigint NOT NULL
          CONSTRAINT hold_points_ck CHECK (points BETWEEN 1 AND 1000000000000),
        worth numeric NOT NULL CONSTRAINT hold_worth_ck CHECK (worth >= 0),
        currency text NOT NULL,
        redemption_rate numeric NOT NULL,
        status text NOT NULL CONSTRAINT hold_status_ck CHECK (status IN
          ('ACTIVE', 'CAPTURED', 'PARTIALLY_CAPTURED', 'RELEASED')),
        captured_points bigint NOT NULL DEFAULT 0,
        refunded_points bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT hold_partner_id_sandbox_reference_uq UNIQUE (partner_id, sandbox, reference),
        CONSTRAINT hold_partner_id_sandbox_idempotency_key_uq
          UNIQUE (partner_id, sandbox, idempotency_key),
        CONSTRAINT hold_captured_points_ck CHECK (
          CASE status WHEN 'CAPTURED' THEN captured_points = points
            WHEN 'PARTIALLY_CAPTURED' THEN captured_points > 0 AND captured_points < points
            ELSE captured_points = 0 END),
        CONSTRAINT hold_refunded_points_ck CHECK (refunded_points BETWEEN 0 AND captured_points),
        CONSTRAINT hold_expires_at_ck CHECK (expires_at > created_at)
      );
      CREATE INDEX hold_member_id_created_at_id_ix ON members.hold (member_id, created_at, id);

      CREATE TABLE members.hold_act (
        id uuid CONSTRAINT hold_act_pk PRIMARY KEY,
        hold_id uuid NOT NULL CONSTRAINT hold_act_hold_id_fk REFERENCES members.hold (id),
        kind text NOT NULL
          CONSTRAINT hold_act_kind_ck CHECK (kind IN ('CAPTURE', 'RELEASE', 'REFUND')),
        partner_id uuid NOT NULL,
        sandbox boolean NOT NULL,
        key text NOT NULL,
        input_hash text NOT NULL,
        points bigint NOT NULL CONSTRAINT hold_act_points_ck CHECK (points > 0),
        created_at timestamptz NOT NULL,
        CONSTRAINT hold_act_partner_id_sandbox_kind_key_uq UNIQUE (partner_id, sandbox, kind, key)
      );
      CREATE INDEX hold_act_hold_id_ix ON members.hold_act (hold_id);

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
    await runner.query('DROP TABLE members.consent_request, members.hold_act, members.hold');
  }
}
