import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What reports on the program are read from: the ledger's summaries, its goals, costs and fits. */
export class Reports1763740800022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What is rolled up already is added up in 0031: until then the worker has nothing to call, that of the
      -- release before in particular, which would not add to what is new here.
      SELECT FROM ledger.watermark WHERE name = 'rollup' FOR UPDATE;
      DROP FUNCTION IF EXISTS ledger.roll_up(integer);

      CREATE VIEW ledger.lot_change AS
        SELECT t.member_id, t.transfer_id, l.lot_id, l.currency, l.issuer, l.issue_price,
               l.activates_at, t.xact, t.posted_at, t.effective_at,
               least(t.effective_at, t.posted_at) AS happened_at,
               l.original AS points
        FROM ledger.movement t
        JOIN ledger.lot l ON l.member_id = t.member_id AND l.transfer_id = t.transfer_id
        -- No other makes a lot, and each member has many.
        WHERE t.points > 0
        UNION ALL
        SELECT t.member_id, t.transfer_id, l.lot_id, l.currency, l.issuer, l.issue_price,
               l.activates_at, t.xact, t.posted_at, t.effective_at,
               least(t.effective_at, t.posted_at),
               -u.points
        FROM ledger.movement t
        JOIN ledger.lot_use u ON u.member_id = t.member_id AND u.transfer_id = t.transfer_id
        JOIN ledger.lot l ON l.member_id = u.member_id AND l.lot_id = u.lot_id;
      COMMENT ON VIEW ledger.lot_change IS
        'What each movement put into lots and took from them: together what lots have left.';

      CREATE VIEW ledger.activity AS
        SELECT t.member_id, t.currency, t.xact,
               (least(t.effective_at, t.posted_at) AT TIME ZONE c.time_zone)::date AS day,
               CASE WHEN t.kind = 'ACCRUAL' THEN t.points ELSE 0 END AS earned
        FROM ledger.movement t JOIN ledger.currency c ON c.code = t.currency
        WHERE t.kind IN ('ACCRUAL', 'REDEMPTION', 'DONATION')
          OR (t.kind = 'CONVERSION' AND t.points < 0);
      COMMENT ON VIEW ledger.activity IS
        'Movements by which members earned or spent, on the days on which they did.';

      CREATE TABLE ledger.issuer_rollup (
        currency text NOT NULL,
        issuer uuid,
        issue_price numeric NOT NULL,
        -- On which it happened, in the currency's time zone.
        day date NOT NULL,
        points bigint NOT NULL,
        CONSTRAINT issuer_rollup_currency_day_issuer_issue_price_uq
          UNIQUE NULLS NOT DISTINCT (currency, day, issuer, issue_price)
      );
      COMMENT ON TABLE ledger.issuer_rollup IS
        'What each issuer''s points in members'' hands moved by, up to the watermark "rollup".';

      CREATE TABLE ledger.member_month (
        member_id uuid NOT NULL,
        currency text NOT NULL,
        -- Its first day; days are those of the currency's time zone on which things happened.
        month date NOT NULL,
        first_on date NOT NULL,
        last_on date NOT NULL,
        -- By accruals, whatever became of them.
        earned bigint NOT NULL,
        CONSTRAINT member_month_pk PRIMARY KEY (member_id, currency, month)
      );
      CREATE INDEX member_month_currency_month_ix ON ledger.member_month (currency, month);
      COMMENT ON TABLE ledger.member_month IS
        'When members earned or spent in a month first and last, and what they earned: up to the
         watermark "rollup".';

      CREATE TABLE ledger.cohort_rollup (
        currency text NOT NULL,
        -- The first days of the months of issue, and of posting.
        issued_in date NOT NULL,
        moved_in date NOT NULL,
        issued bigint NOT NULL,
        redeemed bigint NOT NULL,
        outstanding bigint NOT NULL,
        CONSTRAINT cohort_rollup_pk PRIMARY KEY (currency, issued_in, moved_in)
      );
      COMMENT ON TABLE ledger.cohort_rollup IS
        'What became of the points of each month of issue, month by month, as far as months were closed.';
      CREATE TABLE ledger.closed_month (
        currency text CONSTRAINT closed_month_pk PRIMARY KEY,
        month date NOT NULL
      );
      COMMENT ON TABLE ledger.closed_month IS
        'The last month of each currency whose cohorts were added up.';

      GRANT SELECT ON ledger.lot_change, ledger.activity, ledger.issuer_rollup, ledger.member_month,
        ledger.cohort_rollup, ledger.closed_month TO coalition_ledger;

      CREATE TABLE members.program_goal (
        id uuid CONSTRAINT program_goal_pk PRIMARY KEY,
        measure text NOT NULL CONSTRAINT program_goal_measure_ck CHECK (measure IN (
          'RETENTION', 'CHURN', 'AVERAGE_ORDER_VALUE', 'REDEMPTION_RATE', 'LIFETIME_VALUE',
          'ENGAGEMENT', 'SATISFACTION', 'REFERRALS')),
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        target numeric NOT NULL CONSTRAINT program_goal_target_ck CHECK (target > 0),
        set_at timestamptz NOT NULL,
        CONSTRAINT program_goal_ends_on_ck CHECK (ends_on >= starts_on),
        CONSTRAINT program_goal_measure_starts_on_ends_on_uq UNIQUE (measure, starts_on, ends_on)
      );
      CREATE TABLE members.recorded_cost (
        id uuid CONSTRAINT recorded_cost_pk PRIMARY KEY,
        reference text NOT NULL CONSTRAINT recorded_cost_reference_uq UNIQUE,
        input_hash text NOT NULL,
        kind text NOT NULL CONSTRAINT recorded_cost_kind_ck
          CHECK (kind IN ('TECHNOLOGY', 'MARKETING', 'MANAGEMENT', 'REWARDS', 'SERVICE')),
        on_day date NOT NULL,
        amount numeric NOT NULL CONSTRAINT recorded_cost_amount_ck CHECK (amount >= 0),
        currency text NOT NULL,
        recorded_at timestamptz NOT NULL
      );
      CREATE INDEX recorded_cost_on_day_ix ON members.recorded_cost (on_day);
      CREATE TABLE members.lifetime_value_fit (
        fitted_at timestamptz CONSTRAINT lifetime_value_fit_pk PRIMARY KEY,
        members integer NOT NULL,
        r double precision NOT NULL,
        alpha double precision NOT NULL,
        a double precision NOT NULL,
        b double precision NOT NULL,
        log_likelihood double precision NOT NULL,
        expected_purchases double precision NOT NULL,
        expected_value numeric,
        currency text
      );

      -- Members count who takes part in the community.
      GRANT USAGE ON SCHEMA community TO coalition_members;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      REVOKE USAGE ON SCHEMA community FROM coalition_members;
      DROP TABLE members.lifetime_value_fit, members.recorded_cost, members.program_goal;
      DROP TABLE ledger.closed_month, ledger.cohort_rollup, ledger.member_month,
        ledger.issuer_rollup;
      DROP VIEW ledger.activity, ledger.lot_change;
    `);
  }
}
