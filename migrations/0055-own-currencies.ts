import type { MigrationInterface, QueryRunner } from 'typeorm';
import { validate } from './busy-tables.ts';

/** What activities earn of their partner's own currency, and what of it was taken back. */
export class OwnCurrencies1763740800055 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(columns);
    await validate(
      runner,
      'partners.activity',
      'activity_own_currency_ck',
      'activity_own_points_ck',
      'activity_own_reversed_ck',
    );
    await validate(runner, 'partners.refund_part', 'refund_part_own_points_ck');
  }

  /** The ledger keeps the points. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE partners.refund_part DROP COLUMN own_points;
      ALTER TABLE partners.activity
        DROP COLUMN own_currency, DROP COLUMN own_points, DROP COLUMN own_reversed;
    `);
  }
}

// A default that does not change is kept beside the table: no row is written.
const columns = `
  ALTER TABLE partners.activity
    ADD COLUMN IF NOT EXISTS own_currency text,
    ADD COLUMN IF NOT EXISTS own_points bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS own_reversed bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT IF EXISTS activity_own_currency_ck,
    DROP CONSTRAINT IF EXISTS activity_own_points_ck,
    DROP CONSTRAINT IF EXISTS activity_own_reversed_ck;
  ALTER TABLE partners.activity
    ADD CONSTRAINT activity_own_currency_ck
      CHECK ((own_currency IS NULL) = (own_points = 0)) NOT VALID,
    ADD CONSTRAINT activity_own_points_ck
      CHECK (own_points BETWEEN 0 AND 1000000000000) NOT VALID,
    ADD CONSTRAINT activity_own_reversed_ck
      CHECK (own_reversed BETWEEN 0 AND own_points) NOT VALID;
  ALTER TABLE partners.refund_part
    ADD COLUMN IF NOT EXISTS own_points bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT IF EXISTS refund_part_own_points_ck;
  ALTER TABLE partners.refund_part
    ADD CONSTRAINT refund_part_own_points_ck CHECK (own_points >= 0) NOT VALID;
`;
