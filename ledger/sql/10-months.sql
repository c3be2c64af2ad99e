-- Makes the partitions of the months from p_from to p_to. A month that the catch-all partition
-- already holds rows of stays there. For the owner alone.
CREATE OR REPLACE FUNCTION ledger.make_months(p_from date, p_to date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_month timestamptz;
  v_name text;
BEGIN
  FOR v_month IN
    SELECT generate_series(date_trunc('month', p_from::timestamp), p_to::timestamp, '1 month')
           AT TIME ZONE 'UTC'
  LOOP
    v_name := 'transfer_' || to_char(v_month AT TIME ZONE 'UTC', 'YYYY_MM');
    CONTINUE WHEN to_regclass('ledger.' || v_name) IS NOT NULL;
    -- As the new partition will: whoever makes the same month waits here, and finds it made.
    LOCK TABLE ledger.transfer IN ACCESS EXCLUSIVE MODE;
    CONTINUE WHEN to_regclass('ledger.' || v_name) IS NOT NULL;
    CONTINUE WHEN EXISTS (
      SELECT FROM ledger.transfer_other
      WHERE posted_at >= v_month AND posted_at < v_month + interval '1 month');
    EXECUTE format(
      'CREATE TABLE ledger.%I PARTITION OF ledger.transfer FOR VALUES FROM (%L) TO (%L)',
      v_name, v_month, ((v_month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
  END LOOP;
END $$;

-- Makes the months that postings will fall into: from the last one to a year ahead. Answers how many
-- are new.
CREATE OR REPLACE FUNCTION ledger.make_months_ahead() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_before integer;
BEGIN
  -- One at a time, or each would count the other's as its own.
  PERFORM pg_advisory_xact_lock(hashtext('ledger.make_months_ahead'));
  SELECT count(*) INTO v_before FROM pg_inherits WHERE inhparent = 'ledger.transfer'::regclass;
  PERFORM ledger.make_months(
    (now() - interval '1 month')::date, (now() + interval '12 months')::date);
  RETURN count(*) - v_before FROM pg_inherits WHERE inhparent = 'ledger.transfer'::regclass;
END $$;
GRANT EXECUTE ON FUNCTION ledger.make_months_ahead() TO coalition_worker;
