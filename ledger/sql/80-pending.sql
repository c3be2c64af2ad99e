-- What the points that cannot be spent yet became more by, or fewer, and when, by the movements of the
-- transactions from p_from to before p_until: each as much from when it happened until its lot becomes active.
--
-- A lot may come to be active at another instant, without a movement (ledger.activation). Whatever
-- counts a movement sees the lot as it is by then, maybe ahead of p_until; so what later transactions say
-- of the lot is left out, and what these say is made up for with movements that were counted before. Once
-- all have been counted, in whatever order, each movement was by what its lot says now.
--
-- PostgreSQL puts its text in the place of the call.
CREATE OR REPLACE FUNCTION ledger.pending_steps(p_from bigint, p_until bigint)
RETURNS TABLE (currency text, at timestamptz, points bigint)
LANGUAGE sql STABLE AS $$
  WITH changed AS (
    SELECT currency, happened_at, activates_at, points FROM ledger.lot_change
    WHERE xact >= p_from AND xact < p_until
    UNION ALL
    SELECT l.currency, l.happened_at, said.activates_at,
           l.points * CASE WHEN a.xact < p_until THEN said.sign ELSE -said.sign END
    FROM ledger.activation a
    -- One lot after the other: not all changes there are.
    CROSS JOIN LATERAL (SELECT c.* FROM ledger.lot_change c
                        WHERE c.member_id = a.member_id AND c.lot_id = a.lot_id OFFSET 0) l
    CROSS JOIN LATERAL (VALUES (a.is_from, 1), (a.was_from, -1)) said (activates_at, sign)
    WHERE CASE WHEN a.xact < p_until THEN a.xact >= p_from AND l.xact < p_from
               ELSE l.xact >= p_from AND l.xact < p_until END
  )
  SELECT c.currency, step.at, step.points
  FROM changed c
  CROSS JOIN LATERAL (VALUES (c.happened_at, c.points), (c.activates_at, -c.points)) step (at, points)
  WHERE c.activates_at > c.happened_at AND step.at < 'infinity';
$$;

-- Adds to the sums of what waits what has become final since the last time: some p_movements at the most.
-- Answers how many movements. These sums have a watermark of their own, since they begin later than others
-- where the ledger is older than they are.
CREATE OR REPLACE FUNCTION ledger.roll_up_pending(p_movements integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
-- Lots by their keys, as many as have changed: not all that there are.
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_from bigint;
  v_until bigint;
  v_movements integer;
BEGIN
  SELECT xact INTO STRICT v_from FROM ledger.watermark WHERE name = 'pending' FOR UPDATE;
  IF v_from = 0 THEN
    -- Who is still at work by functions that kept no activations has to be done before.
    LOCK TABLE ledger.lot IN SHARE MODE;
  END IF;
  v_until := ledger.final_until(v_from, p_movements);
  EXECUTE format(
    'INSERT INTO ledger.pending_rollup AS r (currency, hour, points)
     -- The first full hour that comes no earlier.
     SELECT currency, date_bin(''1 hour'', at + interval ''59:59.999999'', ''epoch'') AS hour,
            sum(points)
     FROM ledger.pending_steps(%1$s, %2$s)
     GROUP BY 1, 2 HAVING sum(points) <> 0
     ON CONFLICT (currency, hour) DO UPDATE SET points = r.points + excluded.points',
    v_from, v_until);
  EXECUTE format('SELECT count(*) FROM ledger.movement WHERE xact >= %s AND xact < %s', v_from, v_until)
  INTO v_movements;
  -- They have been heard of.
  DELETE FROM ledger.activation WHERE xact < v_until;
  UPDATE ledger.watermark SET xact = v_until WHERE name = 'pending';
  RETURN v_movements;
END $$;
