import type { MigrationInterface, QueryRunner } from 'typeorm';
import { makeIndex } from './busy-tables.ts';

/** What a contract says beyond its prices, and what partners have bought, owe and may issue. */
export class Terms1763740800038 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // In one transaction of its own: all of it is there, or nothing.
    const [made] = (await runner.query(
      `SELECT to_regclass('partners.point_block') IS NOT NULL AS made`,
    )) as { made: boolean }[];
    if (!made!.made) await runner.query(terms);
    // What is posted in a month is at the end of the table: postings pay nothing for this.
    await makeIndex(runner, {
      name: 'partners.activity_posted_at_ix',
      on: `partners.activity
        USING brin (posted_at) WITH (pages_per_range = 32, autosummarize = on)`,
    });
  }

  /**
   * Blocks are forgotten, with what was used of them. Points that would wait for a confirmation, which nobody
   * could give, can be spent at once.
   */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS members.redeemed_with(uuid[]);
      DROP INDEX partners.activity_posted_at_ix;
      DROP TABLE partners.block_use, partners.point_block, partners.credit_counter;
      ALTER TABLE partners.partner DROP COLUMN is_limited;

      DROP FUNCTION IF EXISTS ledger.end_rate(uuid, timestamptz),
        ledger.add_rate(uuid, text, text, uuid, bigint, bigint, bigint, bigint, timestamptz,
          timestamptz, integer, bigint, bigint, bigint);
      ALTER TABLE ledger.rate
        DROP COLUMN minimum, DROP COLUMN daily_limit, DROP COLUMN yearly_limit;
      COMMENT ON TABLE ledger.rate IS
        'What so many points of one currency are worth in another, in one direction, for a time: of
         several, the one that is valid since last counts. Never changed. Reference table.';

      UPDATE partners.contract SET pending = 'AT_ONCE' WHERE pending = 'ON_CONFIRMATION';
      ALTER TABLE partners.contract
        DROP CONSTRAINT contract_pending_ck,
        ADD CONSTRAINT contract_pending_ck CHECK (pending IN ('AT_ONCE', 'DAYS')),
        DROP COLUMN fee_rate,
        DROP COLUMN billing,
        DROP COLUMN credit_limit,
        DROP COLUMN alert_at,
        DROP COLUMN clawback_risk,
        DROP COLUMN refund_order,
        DROP COLUMN claim_window_days,
        DROP COLUMN payment_terms_days,
        DROP COLUMN monthly_issue_limit,
        DROP COLUMN conversions;
    `);
  }
}

const terms = `
  -- Contracts that are signed are as they were meant: paid by the month, without a fee or a limit.
  ALTER TABLE partners.contract
    ADD COLUMN fee_rate numeric NOT NULL DEFAULT 0,
    ADD COLUMN billing text NOT NULL DEFAULT 'POSTPAID',
    ADD COLUMN credit_limit numeric,
    ADD COLUMN alert_at numeric,
    ADD COLUMN clawback_risk text NOT NULL DEFAULT 'PARTNER',
    ADD COLUMN refund_order text NOT NULL DEFAULT 'PROPORTIONAL',
    ADD COLUMN claim_window_days integer NOT NULL DEFAULT 180,
    ADD COLUMN payment_terms_days integer NOT NULL DEFAULT 30,
    ADD COLUMN monthly_issue_limit bigint,
    ADD CONSTRAINT contract_fee_rate_ck CHECK (fee_rate BETWEEN 0 AND 1),
    ADD CONSTRAINT contract_billing_ck CHECK (billing IN ('PREPAID', 'POSTPAID')),
    ADD CONSTRAINT contract_credit_limit_ck CHECK (credit_limit >= 0),
    ADD CONSTRAINT contract_billing_credit_limit_ck
      CHECK (billing = 'POSTPAID' OR credit_limit IS NULL),
    ADD CONSTRAINT contract_alert_at_ck CHECK (alert_at > 0),
    ADD CONSTRAINT contract_clawback_risk_ck CHECK (clawback_risk IN ('PARTNER', 'COALITION')),
    ADD CONSTRAINT contract_refund_order_ck
      CHECK (refund_order IN ('PROPORTIONAL', 'MONEY_FIRST', 'POINTS_FIRST')),
    ADD CONSTRAINT contract_claim_window_days_ck CHECK (claim_window_days >= 0),
    ADD CONSTRAINT contract_payment_terms_days_ck CHECK (payment_terms_days >= 0),
    ADD CONSTRAINT contract_monthly_issue_limit_ck CHECK (monthly_issue_limit > 0),
    DROP CONSTRAINT contract_pending_ck,
    ADD CONSTRAINT contract_pending_ck CHECK (pending IN ('AT_ONCE', 'DAYS', 'ON_CONFIRMATION')),
    ADD COLUMN conversions jsonb NOT NULL DEFAULT '[]';
  ALTER TABLE partners.contract
    ALTER COLUMN fee_rate DROP DEFAULT,
    ALTER COLUMN billing DROP DEFAULT,
    ALTER COLUMN clawback_risk DROP DEFAULT,
    ALTER COLUMN refund_order DROP DEFAULT,
    ALTER COLUMN claim_window_days DROP DEFAULT,
    ALTER COLUMN payment_terms_days DROP DEFAULT,
    ALTER COLUMN conversions DROP DEFAULT;

  ALTER TABLE ledger.rate
    -- What is converted at once, at least; null for a block.
    ADD COLUMN minimum bigint CONSTRAINT rate_minimum_ck CHECK (minimum > 0),
    -- What a member may convert in a day and in a year of the program; null for any number.
    ADD COLUMN daily_limit bigint CONSTRAINT rate_daily_limit_ck CHECK (daily_limit > 0),
    ADD COLUMN yearly_limit bigint CONSTRAINT rate_yearly_limit_ck CHECK (yearly_limit > 0);
  COMMENT ON TABLE ledger.rate IS
    'What so many points of one currency are worth in another, in one direction, for a time: of
     several, the one that is valid since last counts. Never changed, but for its end. Reference table.';
  DROP FUNCTION IF EXISTS ledger.add_rate(uuid, text, text, uuid, bigint, bigint, bigint, bigint,
    timestamptz, timestamptz, integer);

  -- Whether what it issues is counted: a version of its contract says how much that may be.
  ALTER TABLE partners.partner ADD COLUMN is_limited boolean NOT NULL DEFAULT false;

  -- What partners with limits have issued so far: whoever issues for one locks its row.
  CREATE TABLE partners.credit_counter (
    partner_id uuid CONSTRAINT credit_counter_pk PRIMARY KEY
      CONSTRAINT credit_counter_partner_id_fk REFERENCES partners.partner,
    -- Its first day, of posting, in the program's zone.
    month date,
    issued bigint NOT NULL DEFAULT 0
      CONSTRAINT credit_counter_issued_ck CHECK (issued >= 0),
    -- As it was read last, with what was issued since, and without what was redeemed; null until then.
    owed numeric,
    currency text,
    -- Of the blocks, since the last was bought, at their prices.
    used numeric NOT NULL DEFAULT 0 CONSTRAINT credit_counter_used_ck CHECK (used >= 0),
    CONSTRAINT credit_counter_owed_ck CHECK ((owed IS NULL) = (currency IS NULL))
  );

  -- Points that partners have bought before they issue them.
  CREATE TABLE partners.point_block (
    id uuid CONSTRAINT point_block_pk PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT point_block_partner_id_fk REFERENCES partners.partner,
    valid_from date NOT NULL,
    bought bigint NOT NULL CONSTRAINT point_block_bought_ck CHECK (bought > 0),
    remaining bigint NOT NULL
      CONSTRAINT point_block_remaining_ck CHECK (remaining BETWEEN 0 AND bought),
    -- Of the whole block.
    price numeric NOT NULL CONSTRAINT point_block_price_ck CHECK (price >= 0),
    currency text NOT NULL,
    idempotency_key text NOT NULL,
    input_hash text NOT NULL,
    sold_at timestamptz NOT NULL,
    CONSTRAINT point_block_partner_id_idempotency_key_uq UNIQUE (partner_id, idempotency_key)
  );
  CREATE INDEX point_block_open_ix ON partners.point_block (partner_id, valid_from, sold_at, id)
    WHERE remaining > 0;

  -- What activities have used of which block.
  CREATE TABLE partners.block_use (
    activity_id uuid CONSTRAINT block_use_activity_id_fk REFERENCES partners.activity,
    block_id uuid CONSTRAINT block_use_block_id_fk REFERENCES partners.point_block,
    points bigint NOT NULL CONSTRAINT block_use_points_ck CHECK (points > 0),
    -- Of them, since the activity was refunded.
    returned bigint NOT NULL DEFAULT 0
      CONSTRAINT block_use_returned_ck CHECK (returned BETWEEN 0 AND points),
    CONSTRAINT block_use_pk PRIMARY KEY (activity_id, block_id)
  );
`;
