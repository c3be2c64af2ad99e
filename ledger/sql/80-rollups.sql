-- How far from p_from on one may go to meet some p_movements that are final: nothing that a
-- transaction before that number writes is still to come. A transaction is taken whole, so that they
-- may be more. It reads the ledger by its index on xact, however much there is in all.
CREATE OR REPLACE FUNCTION ledger.final_until(p_from bigint, p_movements integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_safe bigint := ledger.safe_xact();
  v_step bigint := 1;
  v_until bigint := least(p_from + v_step, v_safe);
  v_found integer;
BEGIN
  WHILE v_until < v_safe LOOP
    v_step := v_step * 2;
    -- Written out, so that each range is planned for what is in it.
    EXECUTE format(
      'SELECT count(*) FROM (
         SELECT FROM ledger.movement WHERE xact >= %s AND xact < %s LIMIT %s) AS found',
      p_from, least(p_from + v_step, v_safe), p_movements + 1) INTO v_found;
    EXIT WHEN v_found > p_movements;
    v_until := least(p_from + v_step, v_safe);
  END LOOP;
  -- Never back: until its numbers are kept rising, a restored ledger is ahead of its server.
  RETURN greatest(p_from, v_until);
END $$;

-- Adds what has become final since the last time to the sums by counter account, by issuer and by member, and
-- to those of what waits: some p_movements at the most. Answers how many movements; 0 where nothing is left.
-- One at a time.
CREATE OR REPLACE FUNCTION ledger.roll_up(p_movements integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_from bigint;
  v_until bigint;
  v_movements integer;
BEGIN
  SELECT xact INTO STRICT v_from FROM ledger.watermark WHERE name = 'rollup' FOR UPDATE;
  v_until := ledger.final_until(v_from, p_movements);
  EXECUTE format(
    'WITH moved AS (
       SELECT t.counter_account, t.currency, t.kind,
              (t.posted_at AT TIME ZONE c.time_zone)::date AS day,
              sum(t.debt - t.points) AS points, count(*) AS movements
       FROM ledger.transfer t JOIN ledger.currency c ON c.code = t.currency
       WHERE t.xact >= %s AND t.xact < %s
       GROUP BY 1, 2, 3, 4
     ), added AS (
       INSERT INTO ledger.counter_rollup AS r
         (counter_account, currency, kind, day, points, movements)
       SELECT * FROM moved WHERE counter_account IS NOT NULL
       ON CONFLICT (counter_account, currency, kind, day) DO UPDATE
       SET points = r.points + excluded.points, movements = r.movements + excluded.movements
     )
     SELECT coalesce(sum(movements), 0) FROM moved',
    v_from, v_until) INTO v_movements;
  IF v_movements > 0 THEN
    PERFORM ledger.roll_up_issuers(v_from, v_until);
    PERFORM ledger.roll_up_members(v_from, v_until);
  END IF;
  UPDATE ledger.watermark SET xact = v_until WHERE name = 'rollup';
  RETURN greatest(v_movements, ledger.roll_up_pending(p_movements));
END $$;
GRANT EXECUTE ON FUNCTION ledger.roll_up TO coalition_worker;

-- Adds to what members have of each issuer what these transactions put into lots and took from them.
CREATE OR REPLACE FUNCTION ledger.roll_up_issuers(p_from bigint, p_until bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
-- Lots by their keys, as many as have changed: not all that there are.
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO ledger.issuer_rollup AS r (currency, issuer, issue_price, day, points)
     SELECT l.currency, l.issuer, l.issue_price,
            (l.happened_at AT TIME ZONE c.time_zone)::date, sum(l.points)
     FROM ledger.lot_change l JOIN ledger.currency c ON c.code = l.currency
     WHERE l.xact >= %s AND l.xact < %s
     GROUP BY 1, 2, 3, 4
     ON CONFLICT (currency, day, issuer, issue_price) DO UPDATE
     SET points = r.points + excluded.points',
    p_from, p_until);
END $$;

-- Adds to the months of members on which days these transactions say that they earned or spent.
CREATE OR REPLACE FUNCTION ledger.roll_up_members(p_from bigint, p_until bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO ledger.member_month AS r (member_id, currency, month, first_on, last_on, earned)
     SELECT member_id, currency, date_trunc(''month'', day)::date, min(day), max(day), sum(earned)
     FROM ledger.activity WHERE xact >= %s AND xact < %s
     GROUP BY 1, 2, 3
     ON CONFLICT (member_id, currency, month) DO UPDATE
     SET first_on = least(r.first_on, excluded.first_on),
         last_on = greatest(r.last_on, excluded.last_on), earned = r.earned + excluded.earned',
    p_from, p_until);
END $$;
