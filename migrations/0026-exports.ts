import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Documents of all that is known of a member, made for them. */
export class Exports1763740800026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE members.data_export (
        id uuid CONSTRAINT data_export_pk PRIMARY KEY,
        member_id uuid NOT NULL
          CONSTRAINT data_export_member_id_fk REFERENCES members.member (id),
        requested_at timestamptz NOT NULL,
        -- When the worker looks at it next.
        due_at timestamptz NOT NULL DEFAULT now(),
        done_at timestamptz,
        -- When it is cleared, whether it was made or not.
        expires_at timestamptz NOT NULL,
        -- Of the whole document; null until it is done.
        bytes bigint CONSTRAINT data_export_bytes_ck CHECK (bytes > 0),
        CONSTRAINT data_export_done_at_ck CHECK ((done_at IS NULL) = (bytes IS NULL))
      );
      CREATE INDEX data_export_member_id_requested_at_ix
        ON members.data_export (member_id, requested_at);
      CREATE INDEX data_export_due_at_ix ON members.data_export (due_at) WHERE done_at IS NULL;
      CREATE INDEX data_export_expires_at_ix ON members.data_export (expires_at);

      -- The document, in pieces: their contents, in the order of their places, are one JSON text.
      CREATE TABLE members.data_export_piece (
        export_id uuid CONSTRAINT data_export_piece_export_id_fk
          REFERENCES members.data_export (id) ON DELETE CASCADE,
        place integer CONSTRAINT data_export_piece_place_ck CHECK (place >= 0),
        content text NOT NULL,
        CONSTRAINT data_export_piece_pk PRIMARY KEY (export_id, place)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.take_export();
      DROP TABLE members.data_export_piece, members.data_export;
    `);
  }
}
