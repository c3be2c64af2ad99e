import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Named groups of members, who is in them, and how far the round over all members has come. */
export class Segments1763740800027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Named groups of members, by a condition. The worker works out again and again who is in them.
      CREATE TABLE members.segment (
        code text CONSTRAINT segment_pk PRIMARY KEY,
        name text NOT NULL,
        -- In CEL, over a member: see segments/conditions.ts.
        condition text NOT NULL,
        -- Counts the conditions that it has had.
        version integer NOT NULL,
        -- The one that the round goes by which is under way, or was last; null before the first.
        round_version integer,
        -- How many that round has found so far.
        counted integer NOT NULL DEFAULT 0,
        -- What the last whole round by this condition found, and when it began; null before its end.
        members integer,
        evaluated_at timestamptz,
        CONSTRAINT segment_evaluated_ck CHECK ((members IS NULL) = (evaluated_at IS NULL))
      );

      -- Who was in which segment when the worker last looked at them.
      CREATE TABLE members.segment_member (
        member_id uuid NOT NULL CONSTRAINT segment_member_member_id_fk
          REFERENCES members.member (id),
        segment text NOT NULL CONSTRAINT segment_member_segment_fk REFERENCES members.segment (code),
        CONSTRAINT segment_member_pk PRIMARY KEY (member_id, segment)
      );
      CREATE INDEX segment_member_segment_member_id_ix
        ON members.segment_member (segment, member_id);

      -- How far the round over all members has come.
      CREATE TABLE members.segment_round (
        -- One row is allowed: there is one round at a time.
        id integer CONSTRAINT segment_round_pk PRIMARY KEY
          CONSTRAINT segment_round_id_ck CHECK (id = 1),
        started_at timestamptz NOT NULL,
        -- The last member who was looked at.
        after uuid NOT NULL,
        ended boolean NOT NULL
      );
      INSERT INTO members.segment_round VALUES (1, '-infinity', '00000000-0000-0000-0000-000000000000', true);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.snapshot(uuid[], timestamptz);
      DROP TABLE members.segment_round, members.segment_member, members.segment;
    `);
  }
}
