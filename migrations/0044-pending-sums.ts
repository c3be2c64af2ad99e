import type { MigrationInterface, QueryRunner } from 'typeorm';
import { makeIndex } from './busy-tables.ts';

/** What points that wait are added up in, hour by hour. */
export class PendingSums1763740800044 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(newTables);
    await runner.query(lotChange);
    // Lots that wait for an action are in all parts of the table: with one interval for each, all would be
    // read for the lots of any hour.
    await makeIndex(runner, {
      name: 'ledger.lot_active_from_ix',
      on: `ledger.lot USING brin (activates_at timestamptz_minmax_multi_ops)
        WITH (pages_per_range = 32, autosummarize = on)`,
    });
    await runner.query('DROP INDEX IF EXISTS ledger.lot_activates_at_ix');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX ledger.lot_active_from_ix;
      CREATE INDEX lot_activates_at_ix ON ledger.lot
        USING brin (activates_at) WITH (pages_per_range = 32, autosummarize = on);
      DROP FUNCTION IF EXISTS ledger.roll_up_pending(integer), ledger.pending_steps(bigint, bigint),
        ledger.activate_from(uuid, uuid, timestamptz, timestamptz);
      DELETE FROM ledger.watermark WHERE name = 'pending';
      DROP TABLE ledger.activation, ledger.pending_rollup;
    `);
  }
}

const changes = `t.xact, t.posted_at, t.effective_at, least(t.effective_at, t.posted_at) AS happened_at`;
const ofLot = `l.lot_id, l.currency, l.issuer, l.issue_price, l.activates_at`;

/** Lots are found by their keys, however many a member has: what earns makes one lot, which has its id. */
const lotChange = `
  CREATE OR REPLACE VIEW ledger.lot_change AS
    SELECT t.member_id, t.transfer_id, ${ofLot}, ${changes}, l.original AS points
    FROM ledger.movement t
    JOIN ledger.lot l ON l.member_id = t.member_id AND l.lot_id = t.transfer_id
    WHERE t.kind IN ('ACCRUAL', 'ADJUSTMENT') AND t.points > 0
    UNION ALL
    SELECT t.member_id, t.transfer_id, ${ofLot}, ${changes}, l.original
    FROM ledger.movement t
    JOIN ledger.lot l ON l.member_id = t.member_id AND l.transfer_id = t.transfer_id
    WHERE t.kind NOT IN ('ACCRUAL', 'ADJUSTMENT') AND t.points > 0
    UNION ALL
    SELECT t.member_id, t.transfer_id, ${ofLot}, ${changes}, -u.points
    FROM ledger.movement t
    JOIN ledger.lot_use u ON u.member_id = t.member_id AND u.transfer_id = t.transfer_id
    JOIN ledger.lot l ON l.member_id = u.member_id AND l.lot_id = u.lot_id`;

// The worker adds up what is there already, step by step.
const newTables = `
  CREATE TABLE IF NOT EXISTS ledger.pending_rollup (
    currency text NOT NULL,
    -- What happened in the sixty minutes up to it, and at it.
    hour timestamptz NOT NULL,
    points bigint NOT NULL,
    CONSTRAINT pending_rollup_pk PRIMARY KEY (currency, hour)
  );
  COMMENT ON TABLE ledger.pending_rollup IS
    'What the points that cannot be spent yet became more by, or fewer, up to the watermark "pending".';

  CREATE TABLE IF NOT EXISTS ledger.activation (
    member_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    lot_id uuid NOT NULL,
    -- From when it could be spent by what was said before, and by what is said now.
    was_from timestamptz NOT NULL,
    is_from timestamptz NOT NULL,
    xact bigint NOT NULL,
    CONSTRAINT activation_pk PRIMARY KEY (member_id, id)
  );
  COMMENT ON TABLE ledger.activation IS
    'Lots that came to be active at another instant, until the sums of what waits have heard of it.';

  INSERT INTO ledger.watermark (name, xact) VALUES ('pending', 0) ON CONFLICT DO NOTHING;
  GRANT SELECT ON ledger.pending_rollup, ledger.activation TO coalition_ledger;
`;
