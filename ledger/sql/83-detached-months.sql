-- Sets apart the oldest month that has ended by p_before: nobody who posts or reads needs to look into
-- it any more, but by ledger.movement. What its accounts stood at is carried forward. Answers how many
-- months: 1, or 0 where none is left.
--
-- It raises where something of the month is not yet sealed and rolled up, and for the last month and
-- this one, into which postings fall. Postings wait while the month changes hands, which takes as long
-- as its rows take to be read; where it would have to wait for them, it gives up, to be called again.
CREATE OR REPLACE FUNCTION ledger.detach_month(p_before date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- Less than a posting may wait behind it.
SET lock_timeout = '200ms' SET timezone = 'UTC' AS $$
DECLARE
  v_month date;
  v_table text;
  v_closed bigint;
  v_found record;
  v_is_open boolean;
BEGIN
  IF p_before > date_trunc('month', now() - interval '1 month') THEN
    RAISE EXCEPTION 'Postings fall into the months before %: they stay.', p_before;
  END IF;
  -- One at a time, and not while months are made.
  PERFORM pg_advisory_xact_lock(hashtext('ledger.make_months_ahead'));
  SELECT to_date(right(relname, 7), 'YYYY_MM') INTO v_month
  FROM pg_inherits JOIN pg_class ON oid = inhrelid
  WHERE inhparent = 'ledger.transfer'::regclass AND relname ~ '^transfer_\d{4}_\d\d$'
  ORDER BY 1 LIMIT 1;
  IF v_month IS NULL OR v_month + interval '1 month' > p_before THEN
    RETURN 0;
  END IF;
  v_table := 'transfer_' || to_char(v_month, 'YYYY_MM');

  SELECT least((SELECT min(xact) FROM ledger.watermark WHERE name IN ('rollup', 'pending')),
               (SELECT coalesce(max(to_xact), 0) FROM ledger.seal)) INTO v_closed;
  EXECUTE format('SELECT count(*) AS movements, min(xact) AS first_xact, max(xact) AS last_xact
                  FROM ledger.%I', v_table) INTO v_found;
  EXECUTE format(
    'INSERT INTO ledger.opening AS o (member_id, currency, version, balance, debt, posted_at)
     SELECT DISTINCT ON (member_id, currency)
            member_id, currency, account_version, balance_after, debt_after, posted_at
     FROM ledger.%I ORDER BY member_id, currency, account_version DESC
     ON CONFLICT (member_id, currency) DO UPDATE
     SET version = excluded.version, balance = excluded.balance, debt = excluded.debt,
         posted_at = excluded.posted_at
     WHERE o.version < excluded.version', v_table);

  LOCK TABLE ledger.transfer IN ACCESS EXCLUSIVE MODE;
  -- Only now can nothing come any more.
  EXECUTE format('SELECT EXISTS (SELECT FROM ledger.%I WHERE xact >= %s)', v_table, v_closed)
  INTO v_is_open;
  IF v_is_open THEN
    RAISE EXCEPTION 'Something of % is not sealed and rolled up yet.', v_table;
  END IF;
  EXECUTE format('ALTER TABLE ledger.transfer DETACH PARTITION ledger.%I', v_table);
  EXECUTE format(
    'ALTER TABLE ledger.transfer_detached ATTACH PARTITION ledger.%I FOR VALUES FROM (%L) TO (%L)',
    v_table, v_month::timestamptz, (v_month + interval '1 month')::timestamptz);
  INSERT INTO ledger.detached_month (month, movements, first_xact, last_xact, detached_at)
  VALUES (v_month, v_found.movements, v_found.first_xact, v_found.last_xact, clock_timestamp());
  RETURN 1;
END $$;
GRANT EXECUTE ON FUNCTION ledger.detach_month TO coalition_worker;
