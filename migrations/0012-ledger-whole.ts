import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Everything that can happen to a point: holds, debt, expiry, conversion, and the tables that prove
 * it. The functions stand in ledger/sql.
 */
export class LedgerWhole1763740800012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- ledger.post takes their place.
      DROP FUNCTION IF EXISTS ledger.accrue_all(jsonb);
      DROP FUNCTION IF EXISTS ledger.accrue(uuid, uuid, text, bigint, uuid, numeric, timestamptz,
        timestamptz, timestamptz, timestamptz, text, uuid, text);
      DROP FUNCTION IF EXISTS ledger.redeem(uuid, uuid, text, bigint, uuid, timestamptz, timestamptz,
        text, uuid, text);
      DROP FUNCTION IF EXISTS ledger.claim_key(uuid, uuid, bytea);
      DROP FUNCTION IF EXISTS ledger.keep_answer(uuid, uuid, ledger.posting);
      -- It comes back with another name of a parameter, which CREATE OR REPLACE cannot give it.
      DROP FUNCTION IF EXISTS ledger.counter_account_of(text, uuid);
      DROP TYPE ledger.posting;
      DROP VIEW ledger.entry;

      ALTER TABLE ledger.currency
        ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC',
        ADD COLUMN expiry text NOT NULL DEFAULT 'NEVER' CONSTRAINT currency_expiry_ck
          CHECK (expiry IN ('LOT_AGE', 'INACTIVITY', 'FIXED_DATES', 'NEVER')),
        ADD COLUMN expiry_months integer NOT NULL DEFAULT 0
          CONSTRAINT currency_expiry_months_ck CHECK (expiry_months BETWEEN 0 AND 1200),
        ADD COLUMN expiry_dates text[] NOT NULL DEFAULT '{}',
        ADD COLUMN expiry_minimum_days integer NOT NULL DEFAULT 0
          CONSTRAINT currency_expiry_minimum_days_ck CHECK (expiry_minimum_days BETWEEN 0 AND 3660),
        ADD COLUMN expiry_rounding text NOT NULL DEFAULT 'DAY' CONSTRAINT currency_expiry_rounding_ck
          CHECK (expiry_rounding IN ('DAY', 'MONTH', 'QUARTER', 'HALF_YEAR', 'YEAR')),
        ADD COLUMN inactive_since timestamptz NOT NULL DEFAULT '-infinity',
        ADD COLUMN watch_from uuid,
        ADD COLUMN activity_kinds text[] NOT NULL DEFAULT '{ACCRUAL,REDEMPTION}',
        ADD COLUMN hold_grace_days integer NOT NULL DEFAULT 0
          CONSTRAINT currency_hold_grace_days_ck CHECK (hold_grace_days BETWEEN 0 AND 3660),
        ADD COLUMN restore text NOT NULL DEFAULT 'WITH_GRACE' CONSTRAINT currency_restore_ck
          CHECK (restore IN ('WITH_GRACE', 'EXPIRED', 'NEW_LOT')),
        ADD COLUMN restore_grace_days integer NOT NULL DEFAULT 30
          CONSTRAINT currency_restore_grace_days_ck CHECK (restore_grace_days BETWEEN 0 AND 3660);
      UPDATE ledger.currency SET time_zone = coalesce((SELECT time_zone FROM members.program), 'UTC');
      COMMENT ON COLUMN ledger.currency.expiry IS
        'When points end: some months after they could first be spent, after months without activity,
         on fixed days of the year, or never.';
      COMMENT ON COLUMN ledger.currency.inactive_since IS
        'Since when points end for want of activity: nobody has been inactive for longer.';
      COMMENT ON COLUMN ledger.currency.watch_from IS
        'The member after whom accounts do not know yet when they end for want of activity; null for none.';
      COMMENT ON COLUMN ledger.currency.activity_kinds IS
        'The movements that count as activity, where points end for want of it.';
      COMMENT ON COLUMN ledger.currency.restore IS
        'What becomes of points of a cancelled redemption whose lot has expired: a lot that ends some
         days later, back to the lot, where they expire at once, or a lot as if earned now.';

      ALTER TABLE ledger.counter_account
        DROP CONSTRAINT counter_account_kind_ck,
        DROP CONSTRAINT counter_account_kind_owner_uq,
        ALTER COLUMN owner DROP NOT NULL,
        ADD CONSTRAINT counter_account_kind_ck CHECK (kind IN (
          'PARTNER_ISSUANCE', 'PARTNER_REDEMPTION', 'PARTNER_WRITE_OFF', 'EXCHANGE', 'CAUSE',
          'OPERATOR_BREAKAGE', 'OPERATOR_ADJUSTMENT', 'OPERATOR_WRITE_OFF', 'MEMBERS')),
        -- The coalition's own have no owner.
        ADD CONSTRAINT counter_account_owner_ck
          CHECK ((owner IS NULL) = (kind LIKE 'OPERATOR%' OR kind = 'MEMBERS')),
        ADD CONSTRAINT counter_account_kind_owner_uq UNIQUE NULLS NOT DISTINCT (kind, owner);
      INSERT INTO ledger.counter_account (kind)
      VALUES ('OPERATOR_BREAKAGE'), ('OPERATOR_ADJUSTMENT'), ('OPERATOR_WRITE_OFF'), ('MEMBERS')
      -- They stay where this was undone.
      ON CONFLICT DO NOTHING;
      INSERT INTO ledger.counter_account (kind, owner)
      SELECT 'PARTNER_WRITE_OFF', owner FROM ledger.counter_account WHERE kind = 'PARTNER_ISSUANCE'
      ON CONFLICT DO NOTHING;

      ALTER TABLE ledger.account
        ADD COLUMN posted_at timestamptz NOT NULL DEFAULT '-infinity',
        ADD COLUMN active_at timestamptz NOT NULL DEFAULT '-infinity',
        ADD COLUMN due_at timestamptz;
      CREATE INDEX account_due_at_ix ON ledger.account (due_at) WHERE due_at IS NOT NULL;
      COMMENT ON COLUMN ledger.account.posted_at IS
        'When the last movement was posted: the next is not posted before it.';
      COMMENT ON COLUMN ledger.account.active_at IS
        'The last activity, where points end for want of it.';
      COMMENT ON COLUMN ledger.account.due_at IS
        'Nothing happens to the account by itself before this instant; null for never. It may be too
         early, which costs a look.';

      ALTER TABLE ledger.idempotency ADD COLUMN posted_at timestamptz;
      COMMENT ON COLUMN ledger.idempotency.transfer_id IS
        'The movement; null where its id is the key, as is usual.';
      COMMENT ON COLUMN ledger.idempotency.result IS
        'The first answer; null where the movement itself tells it.';

      -- The functions alone write, and lock or make the account first; the audit looks for rows without
      -- one. These checks cost a third of a posting, and each locked the row of the partner's counter
      -- account, for which all postings of a partner then met.
      ALTER TABLE ledger.transfer
        DROP CONSTRAINT transfer_account_fk,
        DROP CONSTRAINT transfer_counter_account_fk;
      ALTER TABLE ledger.lot DROP CONSTRAINT lot_account_fk;
      CREATE SEQUENCE ledger.movement_there MINVALUE 0;
      ALTER TABLE ledger.transfer
        DROP CONSTRAINT transfer_kind_ck,
        DROP CONSTRAINT transfer_points_ck,
        DROP CONSTRAINT transfer_source_kind_ck,
        ALTER COLUMN counter_account DROP NOT NULL,
        ALTER COLUMN source_kind DROP NOT NULL,
        ALTER COLUMN source_id DROP NOT NULL,
        ADD COLUMN debt bigint NOT NULL DEFAULT 0,
        ADD COLUMN debt_after bigint NOT NULL DEFAULT 0
          CONSTRAINT transfer_debt_after_ck CHECK (debt_after >= 0),
        ADD COLUMN part_of uuid,
        ADD COLUMN reverses uuid,
        ADD COLUMN hold_id uuid,
        ADD COLUMN other_member_id uuid,
        -- What is there already: as if each thousand, as they stand, had been of one transaction, so that
        -- seals can take them in parts.
        ADD COLUMN xact bigint NOT NULL DEFAULT nextval('ledger.movement_there') / 1000,
        ADD CONSTRAINT transfer_kind_ck CHECK (kind IN ('ACCRUAL', 'REDEMPTION', 'REVERSAL', 'EXPIRY',
          'TRANSFER_IN', 'TRANSFER_OUT', 'CONVERSION', 'ADJUSTMENT', 'DONATION', 'REINSTATEMENT',
          'MERGE', 'REPAYMENT', 'WRITE_OFF')),
        ADD CONSTRAINT transfer_points_ck CHECK (points <> 0 OR debt <> 0),
        -- A repayment moves points from the member to the member's debt: nothing is left for another.
        ADD CONSTRAINT transfer_counter_account_ck
          CHECK ((counter_account IS NULL) = (points = debt)),
        ADD CONSTRAINT transfer_source_ck CHECK ((source_kind IS NULL) = (source_id IS NULL)),
        ADD CONSTRAINT transfer_source_kind_ck CHECK (source_kind IN ('activity', 'redemption', 'hold',
          'transfer', 'conversion', 'adjustment', 'donation', 'claim', 'award', 'merge'));
      ALTER TABLE ledger.transfer ALTER COLUMN xact SET DEFAULT 0;
      DROP SEQUENCE ledger.movement_there;
      CREATE INDEX transfer_reverses_ix ON ledger.transfer (member_id, reverses)
        WHERE reverses IS NOT NULL;
      -- Debts are few among all that moves.
      CREATE INDEX transfer_debt_ix ON ledger.transfer (posted_at) WHERE debt <> 0;
      CREATE INDEX transfer_xact_ix ON ledger.transfer USING brin (xact) WITH (pages_per_range = 16);
      COMMENT ON COLUMN ledger.transfer.points IS 'What the member''s balance changed by.';
      COMMENT ON COLUMN ledger.transfer.debt IS
        'What the member''s debt changed by. The counter account changed by debt less points.';
      COMMENT ON COLUMN ledger.transfer.part_of IS
        'The transfer that this one came with, in one command; null for the command''s own.';
      COMMENT ON COLUMN ledger.transfer.reverses IS
        'The accrual that was taken back, or the redemption that was cancelled, in full or in part.';
      COMMENT ON COLUMN ledger.transfer.other_member_id IS
        'Between two members: the other one, whose entry has the same transfer_id.';
      COMMENT ON COLUMN ledger.transfer.xact IS
        'The transaction that wrote it, counted on when the database is restored elsewhere: roll-ups and
         seals know by it what can no longer come.';
      UPDATE ledger.account a SET posted_at = t.at, active_at = t.at
      FROM (SELECT member_id, currency, max(posted_at) AS at FROM ledger.transfer GROUP BY 1, 2) t
      WHERE a.member_id = t.member_id AND a.currency = t.currency;

      -- Both legs of each movement: an account's position is the sum of its entries, and all entries
      -- together are zero. A member's position is the balance less the debt.
      CREATE VIEW ledger.entry AS
        SELECT transfer_id, member_id, currency, NULL::integer AS counter_account,
               points - debt AS points, effective_at, posted_at
        FROM ledger.transfer
        UNION ALL
        SELECT transfer_id, NULL, currency, counter_account, debt - points, effective_at, posted_at
        FROM ledger.transfer WHERE counter_account IS NOT NULL;

      DROP INDEX ledger.lot_open_ix, ledger.lot_expires_at_ix;
      ALTER TABLE ledger.lot
        ALTER COLUMN issuer DROP NOT NULL,
        ADD COLUMN transfer_id uuid,
        ADD COLUMN held bigint NOT NULL DEFAULT 0,
        ADD COLUMN cancels_at timestamptz,
        ADD COLUMN expires_by_policy boolean NOT NULL DEFAULT false,
        ADD COLUMN origin_lot uuid,
        -- Of its own, since an index on "remaining > 0" would keep each use from being a cheap update.
        ADD COLUMN open boolean NOT NULL GENERATED ALWAYS AS (remaining > 0) STORED,
        ADD CONSTRAINT lot_held_ck CHECK (held BETWEEN 0 AND remaining);
      UPDATE ledger.lot SET transfer_id = lot_id;
      ALTER TABLE ledger.lot ALTER COLUMN transfer_id SET NOT NULL;
      UPDATE ledger.account a SET due_at = l.due_at
      FROM (SELECT member_id, currency,
              min(least(expires_at, CASE WHEN activates_at > now() THEN activates_at END)) AS due_at
            FROM ledger.lot WHERE open GROUP BY 1, 2) l
      WHERE a.member_id = l.member_id AND a.currency = l.currency;
      -- In the order of spending.
      CREATE INDEX lot_open_ix ON ledger.lot (member_id, currency, expires_at, activates_at, lot_id)
        WHERE open;
      COMMENT ON COLUMN ledger.lot.issuer IS 'The partner that issued it; null for the coalition itself.';
      COMMENT ON COLUMN ledger.lot.transfer_id IS 'The movement that made it.';
      COMMENT ON COLUMN ledger.lot.held IS 'Of what remains, what active holds keep.';
      COMMENT ON COLUMN ledger.lot.activates_at IS
        'From when it can be spent; infinity where an action is waited for.';
      COMMENT ON COLUMN ledger.lot.cancels_at IS
        'When it is taken back, if no action has activated it before; null for never.';
      COMMENT ON COLUMN ledger.lot.expires_by_policy IS
        'Its end is reckoned by the currency''s policy when it is activated.';
      COMMENT ON COLUMN ledger.lot.origin_lot IS
        'The lot that it goes on from: of another member, or one that has expired.';

      ALTER TABLE ledger.lot_use DROP CONSTRAINT lot_use_points_ck,
        ADD CONSTRAINT lot_use_points_ck CHECK (points <> 0);
      CREATE INDEX lot_use_lot_id_ix ON ledger.lot_use (member_id, lot_id);
      COMMENT ON TABLE ledger.lot_use IS
        'Which movement took what from which lot, or gave it back: then negative.';

      CREATE TABLE ledger.hold (
        member_id uuid NOT NULL,
        -- The id of the command's row.
        hold_id uuid NOT NULL,
        currency text NOT NULL,
        partner_id uuid NOT NULL,
        points bigint NOT NULL CONSTRAINT hold_points_ck CHECK (points > 0),
        captured bigint NOT NULL DEFAULT 0,
        status text NOT NULL CONSTRAINT hold_status_ck CHECK (status IN
          ('ACTIVE', 'CAPTURED', 'PARTIALLY_CAPTURED', 'RELEASED', 'EXPIRED')),
        description text NOT NULL,
        placed_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        -- The redemption that a capture posts.
        transfer_id uuid,
        CONSTRAINT hold_pk PRIMARY KEY (member_id, hold_id),
        CONSTRAINT hold_account_fk FOREIGN KEY (member_id, currency) REFERENCES ledger.account,
        CONSTRAINT hold_captured_ck CHECK (captured BETWEEN 0 AND points),
        CONSTRAINT hold_ended_at_ck CHECK ((status = 'ACTIVE') = (ended_at IS NULL)),
        CONSTRAINT hold_status_captured_ck CHECK (
          (status = 'CAPTURED') = (captured = points)
          AND (status = 'PARTIALLY_CAPTURED') = (captured > 0 AND captured < points)),
        CONSTRAINT hold_expires_at_ck CHECK (expires_at > placed_at)
      );
      CREATE INDEX hold_active_ix ON ledger.hold (member_id, currency, expires_at)
        WHERE status = 'ACTIVE';
      COMMENT ON TABLE ledger.hold IS
        'Points set aside for a partner. While it is active its lots keep them, expired or not.';

      CREATE TABLE ledger.hold_lot (
        member_id uuid NOT NULL,
        hold_id uuid NOT NULL,
        lot_id uuid NOT NULL,
        points bigint NOT NULL CONSTRAINT hold_lot_points_ck CHECK (points > 0),
        CONSTRAINT hold_lot_pk PRIMARY KEY (member_id, hold_id, lot_id),
        CONSTRAINT hold_lot_hold_fk FOREIGN KEY (member_id, hold_id) REFERENCES ledger.hold,
        CONSTRAINT hold_lot_lot_fk FOREIGN KEY (member_id, lot_id) REFERENCES ledger.lot
      );
      COMMENT ON TABLE ledger.hold_lot IS 'What a hold was given of which lot when it was placed.';

      CREATE TABLE ledger.rate (
        rate_id uuid CONSTRAINT rate_pk PRIMARY KEY,
        from_currency text NOT NULL,
        -- A currency of the ledger, or another program's, which the ledger does not count.
        to_currency text NOT NULL,
        program uuid NOT NULL,
        from_block bigint NOT NULL CONSTRAINT rate_from_block_ck CHECK (from_block > 0),
        to_block bigint NOT NULL CONSTRAINT rate_to_block_ck CHECK (to_block > 0),
        bonus_every bigint CONSTRAINT rate_bonus_every_ck CHECK (bonus_every > 0),
        bonus bigint NOT NULL DEFAULT 0 CONSTRAINT rate_bonus_ck CHECK (bonus >= 0),
        valid_from timestamptz NOT NULL,
        valid_until timestamptz,
        CONSTRAINT rate_currencies_valid_from_uq UNIQUE (from_currency, to_currency, valid_from),
        CONSTRAINT rate_currencies_ck CHECK (from_currency <> to_currency),
        CONSTRAINT rate_valid_until_ck CHECK (valid_until > valid_from),
        CONSTRAINT rate_bonus_every_bonus_ck CHECK ((bonus_every IS NULL) = (bonus = 0))
      );
      COMMENT ON TABLE ledger.rate IS
        'What so many points of one currency are worth in another, in one direction, for a time: of
         several, the one that is valid since last counts. Never changed. Reference table.';

      CREATE TABLE ledger.conversion (
        member_id uuid NOT NULL,
        -- The id of the command's row, and of the movement that debits.
        conversion_id uuid NOT NULL,
        from_currency text NOT NULL,
        to_currency text NOT NULL,
        program uuid NOT NULL,
        rate_id uuid NOT NULL CONSTRAINT conversion_rate_fk REFERENCES ledger.rate,
        moved bigint NOT NULL CONSTRAINT conversion_moved_ck CHECK (moved > 0),
        credited bigint NOT NULL CONSTRAINT conversion_credited_ck CHECK (credited > 0),
        status text NOT NULL CONSTRAINT conversion_status_ck
          CHECK (status IN ('PENDING', 'POSTED', 'REVERSED')),
        begun_at timestamptz NOT NULL,
        -- It is reversed then, where the other program has not confirmed it.
        times_out_at timestamptz NOT NULL,
        ended_at timestamptz,
        -- The movement that credits; null where the ledger does not count the currency.
        transfer_id uuid,
        CONSTRAINT conversion_pk PRIMARY KEY (member_id, conversion_id),
        CONSTRAINT conversion_account_fk
          FOREIGN KEY (member_id, from_currency) REFERENCES ledger.account,
        CONSTRAINT conversion_ended_at_ck CHECK ((status = 'PENDING') = (ended_at IS NULL)),
        CONSTRAINT conversion_transfer_id_ck CHECK (transfer_id IS NULL OR status = 'POSTED')
      );
      CREATE INDEX conversion_pending_ix ON ledger.conversion (member_id, from_currency, times_out_at)
        WHERE status = 'PENDING';
      COMMENT ON TABLE ledger.conversion IS
        'Points on their way into another currency: debited, then credited or given back.';

      CREATE TABLE ledger.counter_rollup (
        counter_account integer NOT NULL CONSTRAINT counter_rollup_counter_account_fk
          REFERENCES ledger.counter_account,
        currency text NOT NULL,
        kind text NOT NULL,
        -- Of posting, in the currency's time zone.
        day date NOT NULL,
        points bigint NOT NULL,
        movements bigint NOT NULL,
        CONSTRAINT counter_rollup_pk PRIMARY KEY (counter_account, currency, kind, day)
      );
      COMMENT ON TABLE ledger.counter_rollup IS
        'What counter accounts moved by, up to the watermark; the rest is read from the movements.';
      -- One row: everything that transactions below it wrote has been added up.
      CREATE TABLE ledger.watermark (
        name text CONSTRAINT watermark_pk PRIMARY KEY,
        xact bigint NOT NULL
      );
      COMMENT ON TABLE ledger.watermark IS
        'How far roll-ups have come, and "offset": what to add to this server''s transaction numbers, so
         that they go on where another server''s ended.';
      -- What is there already: too much, maybe, for the worker's steps to come to an end with.
      INSERT INTO ledger.counter_rollup (counter_account, currency, kind, day, points, movements)
      SELECT t.counter_account, t.currency, t.kind, (t.posted_at AT TIME ZONE c.time_zone)::date,
             -sum(t.points), count(*)
      FROM ledger.transfer t JOIN ledger.currency c ON c.code = t.currency GROUP BY 1, 2, 3, 4;
      INSERT INTO ledger.watermark (name, xact)
      VALUES ('rollup', (SELECT coalesce(max(xact) + 1, 0) FROM ledger.transfer)), ('offset', 0);

      CREATE TYPE ledger.posting AS (
        outcome text,
        transfer_id uuid,
        -- The account's balance after the movement; null where nothing was posted.
        balance bigint,
        -- The points of the movement, where the ledger and not the command decides them.
        points bigint,
        -- What there was, where it was too little: points to spend, or points left to take back.
        available bigint,
        -- What else there is to tell, by the kind of the command.
        details jsonb
      );

      -- What ledger.post is asked for; which fields count, and what they mean, is said where each kind
      -- is posted.
      CREATE TYPE ledger.command AS (
        kind text,
        member_id uuid,
        key uuid,
        currency text,
        points bigint,
        partner_id uuid,
        issue_price numeric,
        effective_at timestamptz,
        activates_at timestamptz,
        cancels_at timestamptz,
        expires_at timestamptz,
        expires_by_policy boolean,
        source_kind text,
        source_id uuid,
        description text,
        target_id uuid,
        other_member_id uuid,
        returned numeric,
        total numeric,
        clawback text,
        debt_limit bigint,
        risk text,
        rate_id uuid,
        to_currency text,
        -- Its place in the list, from 1, and the hash of what is asked.
        item integer,
        hash bytea
      );

      GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO coalition_ledger;
    `);
  }

  /** Movements of the newer kinds stay: only what is written from here on is held to the older ones. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Those of the release before come back with its own migration.
      DO $$
      DECLARE
        v_function regprocedure;
      BEGIN
        FOR v_function IN SELECT oid FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace LOOP
          EXECUTE format('DROP FUNCTION %s CASCADE', v_function);
        END LOOP;
      END $$;
      DROP TYPE ledger.command;
      DROP TYPE ledger.posting;
      DROP VIEW ledger.entry;
      DROP TABLE ledger.watermark, ledger.counter_rollup, ledger.conversion, ledger.rate,
        ledger.hold_lot, ledger.hold;

      DROP INDEX ledger.lot_use_lot_id_ix, ledger.lot_open_ix, ledger.account_due_at_ix;
      ALTER TABLE ledger.lot
        DROP COLUMN open,
        DROP COLUMN transfer_id,
        DROP COLUMN held,
        DROP COLUMN cancels_at,
        DROP COLUMN expires_by_policy,
        DROP COLUMN origin_lot;
      CREATE INDEX lot_open_ix ON ledger.lot (member_id, currency, expires_at, lot_id)
        WHERE remaining > 0;
      CREATE INDEX lot_expires_at_ix ON ledger.lot (expires_at) WHERE remaining > 0;
      ALTER TABLE ledger.lot ADD CONSTRAINT lot_account_fk
        FOREIGN KEY (member_id, currency) REFERENCES ledger.account;
      ALTER TABLE ledger.transfer
        ADD CONSTRAINT transfer_account_fk
          FOREIGN KEY (member_id, currency) REFERENCES ledger.account,
        ADD CONSTRAINT transfer_counter_account_fk
          FOREIGN KEY (counter_account) REFERENCES ledger.counter_account;
      ALTER TABLE ledger.transfer
        DROP CONSTRAINT transfer_kind_ck,
        DROP CONSTRAINT transfer_points_ck,
        DROP CONSTRAINT transfer_counter_account_ck,
        DROP CONSTRAINT transfer_source_ck,
        DROP CONSTRAINT transfer_source_kind_ck,
        DROP COLUMN debt,
        DROP COLUMN debt_after,
        DROP COLUMN part_of,
        DROP COLUMN reverses,
        DROP COLUMN hold_id,
        DROP COLUMN other_member_id,
        DROP COLUMN xact,
        ADD CONSTRAINT transfer_kind_ck CHECK (kind IN ('ACCRUAL', 'REDEMPTION')) NOT VALID,
        ADD CONSTRAINT transfer_points_ck CHECK (points <> 0) NOT VALID,
        ADD CONSTRAINT transfer_source_kind_ck
          CHECK (source_kind IN ('activity', 'redemption')) NOT VALID;
      ALTER TABLE ledger.idempotency DROP COLUMN posted_at;
      ALTER TABLE ledger.counter_account
        DROP CONSTRAINT counter_account_kind_ck,
        DROP CONSTRAINT counter_account_owner_ck,
        DROP CONSTRAINT counter_account_kind_owner_uq,
        ADD CONSTRAINT counter_account_kind_ck
          CHECK (kind IN ('PARTNER_ISSUANCE', 'PARTNER_REDEMPTION')) NOT VALID,
        ADD CONSTRAINT counter_account_kind_owner_uq UNIQUE (kind, owner);
      ALTER TABLE ledger.account
        DROP COLUMN posted_at,
        DROP COLUMN active_at,
        DROP COLUMN due_at;
      ALTER TABLE ledger.currency
        DROP COLUMN time_zone,
        DROP COLUMN expiry,
        DROP COLUMN expiry_months,
        DROP COLUMN expiry_dates,
        DROP COLUMN expiry_minimum_days,
        DROP COLUMN expiry_rounding,
        DROP COLUMN inactive_since,
        DROP COLUMN watch_from,
        DROP COLUMN activity_kinds,
        DROP COLUMN hold_grace_days,
        DROP COLUMN restore,
        DROP COLUMN restore_grace_days;
      CREATE TYPE ledger.posting AS (
        outcome text, transfer_id uuid, balance bigint, available bigint);
      CREATE VIEW ledger.entry AS
        SELECT transfer_id, member_id, currency, NULL::integer AS counter_account, points,
               effective_at, posted_at
        FROM ledger.transfer
        UNION ALL
        SELECT transfer_id, NULL, currency, counter_account, -points, effective_at, posted_at
        FROM ledger.transfer;
    `);
  }
}
