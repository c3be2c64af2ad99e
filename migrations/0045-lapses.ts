import type { MigrationInterface, QueryRunner } from 'typeorm';
import { makeIndex, validate } from './busy-tables.ts';

/** Activities that were not confirmed in time, and what of their points the ledger has taken back. */
export class Lapses1763740800045 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(columns);
    await validate(
      runner,
      'partners.activity',
      'activity_lapsed_at_ck',
      'activity_lapsed_points_ck',
    );
    await makeIndex(runner, {
      name: 'partners.activity_waiting_ix',
      on: `partners.activity (confirm_by, id)
        WHERE confirm_by IS NOT NULL AND confirmed_at IS NULL AND lapsed_at IS NULL
          AND status <> 'REFUNDED'`,
    });
    await makeIndex(runner, {
      name: 'partners.activity_lapsed_ix',
      on: 'partners.activity (partner_id, lapsed_at) WHERE lapsed_points > 0',
    });
    await makeIndex(runner, {
      name: 'partners.claim_granted_ix',
      on: `partners.claim (member_id) WHERE status = 'GRANTED' AND reference IS NULL`,
    });
  }

  /** What blocks, offers and caps have back stays there. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX partners.claim_granted_ix;
      ALTER TABLE partners.activity DROP COLUMN lapsed_at, DROP COLUMN lapsed_points;
      UPDATE partners.credit_counter SET owed = NULL, currency = NULL;
    `);
  }
}

// A default that does not change is kept beside the table: no row is written.
const columns = `
  ALTER TABLE partners.activity
    ADD COLUMN IF NOT EXISTS lapsed_at timestamptz,
    ADD COLUMN IF NOT EXISTS lapsed_points bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT IF EXISTS activity_lapsed_at_ck,
    DROP CONSTRAINT IF EXISTS activity_lapsed_points_ck;
  ALTER TABLE partners.activity
    ADD CONSTRAINT activity_lapsed_at_ck CHECK (lapsed_at IS NULL
      OR confirm_by IS NOT NULL AND confirmed_at IS NULL) NOT VALID,
    ADD CONSTRAINT activity_lapsed_points_ck CHECK (
      lapsed_points BETWEEN 0 AND points - reversed_points
      AND (lapsed_points = 0 OR lapsed_at IS NOT NULL)) NOT VALID;
  -- It counts otherwise from now on, and is read anew.
  UPDATE partners.credit_counter SET owed = NULL, currency = NULL;
`;
