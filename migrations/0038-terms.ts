import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a contract says beyond its prices. */
export class Terms1763740800038 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(terms);
  }

  /** Points that would wait for a confirmation, which nobody could give, can be spent at once. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
`;
