import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files of activities that partners send, what becomes of their rows, and the worker's way to post them. */
export class Imports1763740800041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partners.activity_upload (
        id uuid CONSTRAINT activity_upload_pk PRIMARY KEY,
        partner_id uuid NOT NULL
          CONSTRAINT activity_upload_partner_id_fk REFERENCES partners.partner (id),
        sandbox boolean NOT NULL,
        file_name text NOT NULL,
        pieces integer NOT NULL CONSTRAINT activity_upload_pieces_ck CHECK (pieces >= 0),
        bytes bigint NOT NULL CONSTRAINT activity_upload_bytes_ck CHECK (bytes >= 0),
        touched_at timestamptz NOT NULL,
        -- Null while its pieces arrive.
        ended_at timestamptz
      );
      CREATE INDEX activity_upload_partner_id_ix ON partners.activity_upload (partner_id);
      CREATE INDEX activity_upload_touched_at_ix ON partners.activity_upload (touched_at);

      CREATE TABLE partners.activity_upload_piece (
        upload_id uuid NOT NULL CONSTRAINT activity_upload_piece_upload_id_fk
          REFERENCES partners.activity_upload (id) ON DELETE CASCADE,
        starts_at bigint NOT NULL
          CONSTRAINT activity_upload_piece_starts_at_ck CHECK (starts_at >= 0),
        content bytea NOT NULL,
        CONSTRAINT activity_upload_piece_pk PRIMARY KEY (upload_id, starts_at)
      );

      CREATE TABLE partners.activity_import (
        id uuid CONSTRAINT activity_import_pk PRIMARY KEY,
        partner_id uuid NOT NULL
          CONSTRAINT activity_import_partner_id_fk REFERENCES partners.partner (id),
        sandbox boolean NOT NULL,
        -- No reference: the upload goes when it is imported, and its name must not be used again.
        upload_id uuid NOT NULL,
        file_name text NOT NULL,
        kind text NOT NULL,
        enrol boolean NOT NULL,
        dry_run boolean NOT NULL,
        backdates boolean NOT NULL,
        columns text[] NOT NULL,
        status text NOT NULL CONSTRAINT activity_import_status_ck
          CHECK (status IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
        failure text,
        counted integer NOT NULL,
        counted_to bigint NOT NULL,
        counted_line integer NOT NULL,
        total integer,
        rows integer NOT NULL,
        read_to bigint NOT NULL,
        read_line integer NOT NULL,
        posted integer NOT NULL,
        -- Returns that have taken something back.
        refunded integer NOT NULL,
        duplicates integer NOT NULL,
        rejected integer NOT NULL,
        faults integer NOT NULL,
        started_at timestamptz NOT NULL,
        worked_at timestamptz NOT NULL,
        finished_at timestamptz,
        CONSTRAINT activity_import_upload_id_dry_run_uq UNIQUE (upload_id, dry_run),
        CONSTRAINT activity_import_rows_ck CHECK (rows = posted + refunded + duplicates + rejected),
        CONSTRAINT activity_import_failure_ck CHECK ((failure IS NULL) = (status <> 'FAILED')),
        CONSTRAINT activity_import_finished_at_ck
          CHECK ((finished_at IS NULL) = (status IN ('QUEUED', 'RUNNING')))
      );
      CREATE INDEX activity_import_partner_id_started_at_id_ix
        ON partners.activity_import (partner_id, started_at, id);
      CREATE INDEX activity_import_open_ix ON partners.activity_import (worked_at)
        WHERE finished_at IS NULL;
      CREATE INDEX activity_import_finished_at_ix ON partners.activity_import (finished_at);

      CREATE TABLE partners.import_rejection (
        import_id uuid NOT NULL CONSTRAINT import_rejection_import_id_fk
          REFERENCES partners.activity_import (id) ON DELETE CASCADE,
        line integer NOT NULL,
        code text NOT NULL,
        field text,
        message text NOT NULL,
        CONSTRAINT import_rejection_pk PRIMARY KEY (import_id, line)
      );

      -- An import posts by the partners' rules, which need the partners' rights: the worker takes them on for
      -- that alone, and has none of them otherwise. Roles are the server's: what is undone here stays for its
      -- other databases.
      GRANT coalition_partners TO coalition_worker WITH INHERIT FALSE, SET TRUE;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE partners.import_rejection, partners.activity_import,
        partners.activity_upload_piece, partners.activity_upload;
    `);
  }
}
