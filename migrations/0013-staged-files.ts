import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files of accruals: put in by COPY, posted set by set. The functions stand in ledger/sql. */
export class StagedFiles1763740800013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger.staged_file (
        file_id uuid CONSTRAINT staged_file_pk PRIMARY KEY,
        -- Null while its rows are on their way, which no other transaction sees.
        lines bigint CONSTRAINT staged_file_lines_ck CHECK (lines >= 0),
        posted bigint NOT NULL DEFAULT 0,
        repeated bigint NOT NULL DEFAULT 0,
        rejected bigint NOT NULL DEFAULT 0,
        staged_at timestamptz NOT NULL,
        posted_at timestamptz,
        CONSTRAINT staged_file_done_ck CHECK (posted + repeated + rejected <= coalesce(lines, 0))
      );
      COMMENT ON TABLE ledger.staged_file IS
        'A file of accruals, and how far it is posted. Reference table.';
      COMMENT ON COLUMN ledger.staged_file.posted_at IS 'When its last row so far was.';

      -- No key: it would cost as much as the rest of COPY. A row leaves when it is posted, in the same
      -- transaction, so that what is left is what is still to do.
      CREATE TABLE ledger.staged_accrual (
        member_id uuid NOT NULL,
        file_id uuid NOT NULL,
        line bigint NOT NULL,
        key uuid NOT NULL,
        currency text NOT NULL,
        points bigint NOT NULL,
        partner_id uuid NOT NULL,
        issue_price numeric NOT NULL,
        effective_at timestamptz,
        activates_at timestamptz,
        cancels_at timestamptz,
        expires_at timestamptz,
        expires_by_policy boolean NOT NULL,
        source_kind text NOT NULL,
        source_id uuid NOT NULL,
        description text NOT NULL
      );
      -- In the order of posting.
      CREATE INDEX staged_accrual_file_id_ix ON ledger.staged_accrual (file_id, member_id);
      COMMENT ON TABLE ledger.staged_accrual IS 'Rows of files that are not posted yet.';

      CREATE TABLE ledger.staged_reject (
        LIKE ledger.staged_accrual INCLUDING COMMENTS,
        outcome text NOT NULL,
        CONSTRAINT staged_reject_pk PRIMARY KEY (member_id, file_id, line)
      );
      CREATE INDEX staged_reject_file_id_ix ON ledger.staged_reject (file_id, line);
      COMMENT ON TABLE ledger.staged_reject IS 'Rows of files that were refused, and why.';

      GRANT INSERT ON ledger.staged_accrual TO coalition_partners;
      GRANT SELECT ON ledger.staged_file, ledger.staged_accrual, ledger.staged_reject
        TO coalition_partners;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS ledger.open_staged_file(uuid, timestamptz),
        ledger.close_staged_file(uuid, bigint),
        ledger.post_staged(uuid, uuid, integer, timestamptz),
        ledger.staged_commands(ledger.staged_accrual[], timestamptz);
      DROP TABLE ledger.staged_reject, ledger.staged_accrual, ledger.staged_file;
    `);
  }
}
