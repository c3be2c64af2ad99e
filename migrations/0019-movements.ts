import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Transfers between members, what limits them, what is held back for a look, and points by hand. */
export class Movements1763740800019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE members.risk_limits (
        program_id uuid CONSTRAINT risk_limits_pk PRIMARY KEY
          CONSTRAINT risk_limits_program_id_fk REFERENCES members.program,
        new_account_days integer NOT NULL,
        transfers_per_day integer NOT NULL,
        transfers_per30_days integer NOT NULL,
        transfers_per_year integer NOT NULL,
        transfer_points_per_day bigint NOT NULL,
        transfer_points_per30_days bigint NOT NULL,
        transfer_points_per_year bigint NOT NULL,
        conversion_points_per_day bigint NOT NULL,
        conversion_points_per_year bigint NOT NULL,
        step_up_from bigint NOT NULL,
        receivers_per30_days integer NOT NULL,
        dormant_days integer NOT NULL,
        review_hours integer NOT NULL
      );
      INSERT INTO members.risk_limits
      SELECT id, 14, 5, 20, 100, 50000, 100000, 500000, 100000, 1000000, 10000, 5, 180, 72
      FROM members.program;

      -- Written under a lock of the member's row, and deleted where the act is undone.
      CREATE TABLE members.risk_act (
        id uuid CONSTRAINT risk_act_pk PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT risk_act_member_id_fk REFERENCES members.member,
        action text NOT NULL CONSTRAINT risk_act_action_ck
          CHECK (action IN ('TRANSFER', 'CONVERSION')),
        points bigint NOT NULL CONSTRAINT risk_act_points_ck CHECK (points > 0),
        receiver_id uuid,
        acted_at timestamptz NOT NULL
      );
      CREATE INDEX risk_act_member_id_action_acted_at_ix
        ON members.risk_act (member_id, action, acted_at);

      CREATE TABLE members.risk_case (
        id uuid CONSTRAINT risk_case_pk PRIMARY KEY,
        status text NOT NULL CONSTRAINT risk_case_status_ck
          CHECK (status IN ('OPEN', 'ALLOWED', 'DENIED', 'EXPIRED')),
        action text NOT NULL CONSTRAINT risk_case_action_ck CHECK (action IN ('TRANSFER')),
        subject_id uuid NOT NULL CONSTRAINT risk_case_subject_id_uq UNIQUE,
        member_id uuid NOT NULL CONSTRAINT risk_case_member_id_fk REFERENCES members.member,
        points bigint NOT NULL,
        reasons text[] NOT NULL CONSTRAINT risk_case_reasons_ck CHECK (cardinality(reasons) > 0),
        opened_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        decided_by text,
        decided_because text,
        CONSTRAINT risk_case_decided_ck CHECK (
          (status IN ('ALLOWED', 'DENIED')) = (decided_by IS NOT NULL)
          AND (decided_by IS NULL) = (decided_because IS NULL))
      );
      CREATE INDEX risk_case_due_at_id_ix ON members.risk_case (due_at, id);
      CREATE INDEX risk_case_status_due_at_id_ix ON members.risk_case (status, due_at, id);

      CREATE TABLE members.points_transfer (
        id uuid CONSTRAINT points_transfer_pk PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT points_transfer_member_id_fk REFERENCES members.member,
        receiver_id uuid NOT NULL CONSTRAINT points_transfer_receiver_id_fk REFERENCES members.member,
        points bigint NOT NULL CONSTRAINT points_transfer_points_ck CHECK (points > 0),
        message text,
        status text NOT NULL CONSTRAINT points_transfer_status_ck
          CHECK (status IN ('POSTED', 'UNDER_REVIEW', 'REVERSED')),
        entry_id uuid,
        review_due_at timestamptz,
        idempotency_key text NOT NULL,
        input_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT points_transfer_member_id_idempotency_key_uq UNIQUE (member_id, idempotency_key),
        CONSTRAINT points_transfer_receiver_id_ck CHECK (receiver_id <> member_id),
        CONSTRAINT points_transfer_entry_id_ck CHECK ((status = 'POSTED') = (entry_id IS NOT NULL))
      );

      CREATE TABLE members.adjustment (
        id uuid CONSTRAINT adjustment_pk PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT adjustment_member_id_fk REFERENCES members.member,
        points bigint NOT NULL CONSTRAINT adjustment_points_ck CHECK (points <> 0),
        currency text NOT NULL,
        reason text NOT NULL,
        expires_on date,
        status text NOT NULL CONSTRAINT adjustment_status_ck
          CHECK (status IN ('AWAITING_APPROVAL', 'POSTED', 'REJECTED')),
        requested_by text NOT NULL,
        decided_by text,
        rejected_because text,
        idempotency_key text NOT NULL,
        input_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT adjustment_requested_by_idempotency_key_uq UNIQUE (requested_by, idempotency_key),
        -- Four eyes, whatever the program does.
        CONSTRAINT adjustment_decided_by_ck CHECK (
          CASE status WHEN 'AWAITING_APPROVAL' THEN decided_by IS NULL
            WHEN 'POSTED' THEN (decided_by <> requested_by) IS NOT FALSE
            ELSE decided_by IS NOT NULL END),
        CONSTRAINT adjustment_rejected_because_ck
          CHECK ((status = 'REJECTED') = (rejected_because IS NOT NULL))
      );
      CREATE INDEX adjustment_created_at_id_ix ON members.adjustment (created_at, id);
      CREATE INDEX adjustment_status_created_at_id_ix
        ON members.adjustment (status, created_at, id);

      CREATE TABLE members.conversion (
        id uuid CONSTRAINT conversion_pk PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT conversion_member_id_fk REFERENCES members.member,
        program_id uuid NOT NULL,
        times_out_at timestamptz,
        closed boolean NOT NULL,
        idempotency_key text NOT NULL,
        input_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT conversion_member_id_idempotency_key_uq UNIQUE (member_id, idempotency_key),
        CONSTRAINT conversion_closed_ck CHECK (closed OR times_out_at IS NOT NULL)
      );
      CREATE INDEX conversion_open_ix ON members.conversion (times_out_at) WHERE NOT closed;
      -- How long the other program may take; null where nobody has to be asked.
      ALTER TABLE ledger.rate ADD COLUMN confirm_hours integer
        CONSTRAINT rate_confirm_hours_ck CHECK (confirm_hours BETWEEN 1 AND 720);
      DROP FUNCTION IF EXISTS ledger.add_rate(uuid, text, text, uuid, bigint, bigint, bigint, bigint,
        timestamptz, timestamptz);

      -- Points that the coalition itself keeps for a look are for no partner.
      ALTER TABLE ledger.hold ALTER COLUMN partner_id DROP NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.expire_risk_cases(integer), members.close_conversions(integer),
        ledger.add_rate(uuid, text, text, uuid, bigint, bigint, bigint, bigint, timestamptz,
          timestamptz, integer);
      ALTER TABLE ledger.rate DROP COLUMN confirm_hours;
      DROP TABLE members.conversion, members.adjustment, members.points_transfer, members.risk_case, members.risk_act,
        members.risk_limits;
      -- A release without them holds points for partners alone: nobody is one of this id.
      UPDATE ledger.hold SET partner_id = hold_id WHERE partner_id IS NULL;
      ALTER TABLE ledger.hold ALTER COLUMN partner_id SET NOT NULL;
    `);
  }
}
