import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a contract says beyond its prices. */
export class Terms1763740800038 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
        ADD CONSTRAINT contract_pending_ck CHECK (pending IN ('AT_ONCE', 'DAYS', 'ON_CONFIRMATION'));
      ALTER TABLE partners.contract
        ALTER COLUMN fee_rate DROP DEFAULT,
        ALTER COLUMN billing DROP DEFAULT,
        ALTER COLUMN clawback_risk DROP DEFAULT,
        ALTER COLUMN refund_order DROP DEFAULT,
        ALTER COLUMN claim_window_days DROP DEFAULT,
        ALTER COLUMN payment_terms_days DROP DEFAULT;
    `);
  }

  /** Points that wait for a confirmation nobody could give are spent at once. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
        DROP COLUMN monthly_issue_limit;
    `);
  }
}
