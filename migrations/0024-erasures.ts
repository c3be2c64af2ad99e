import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members who are to be forgotten, and what has been done of it. */
export class Erasures1763740800024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Ids, which say nothing of a person any more, and no address: after the return of a backup it tells
      -- who is to be erased again.
      CREATE TABLE members.erasure (
        id uuid CONSTRAINT erasure_pk PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT erasure_member_id_uq UNIQUE
          CONSTRAINT erasure_member_id_fk REFERENCES members.member (id),
        requested_at timestamptz NOT NULL,
        done_at timestamptz,
        -- When the worker looks at it next.
        due_at timestamptz NOT NULL DEFAULT now(),
        -- Transactions that may have seen the member active, and may still write for them. Null until
        -- somebody has looked which there are.
        waits_for text[]
      );
      CREATE INDEX erasure_due_at_ix ON members.erasure (due_at) WHERE done_at IS NULL;

      CREATE TABLE members.erasure_receipt (
        erasure_id uuid CONSTRAINT erasure_receipt_erasure_id_fk REFERENCES members.erasure (id),
        subgraph text,
        erased_at timestamptz NOT NULL,
        records integer NOT NULL CONSTRAINT erasure_receipt_records_ck CHECK (records >= 0),
        CONSTRAINT erasure_receipt_pk PRIMARY KEY (erasure_id, subgraph)
      );

      GRANT USAGE ON SCHEMA rewards, community TO coalition_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      REVOKE USAGE ON SCHEMA rewards, community FROM coalition_worker;
      DROP FUNCTION IF EXISTS members.take_erasure(), members.open_erasure(uuid, timestamptz);
      DROP TABLE members.erasure_receipt, members.erasure;
    `);
  }
}
