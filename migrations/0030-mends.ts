import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Merges that gather what was written late for the one that is gone. */
export class Mends1763740800030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE members.merge
        -- When rows that came late went over as well; null while some may come.
        ADD COLUMN gathered_at timestamptz,
        -- Transactions that may still write such rows. Null until somebody has looked which there are.
        ADD COLUMN waits_for text[];
      CREATE INDEX merge_merged_at_id_ix ON members.merge (merged_at, id)
        WHERE gathered_at IS NULL AND undone_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.gather_merged(integer), members.readers(text[]);
      ALTER TABLE members.merge DROP COLUMN gathered_at, DROP COLUMN waits_for;
    `);
  }
}
