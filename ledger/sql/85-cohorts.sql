-- What became of the points of each month of issue, in each month since, up to p_through, by months of
-- posting in the currency's time zone. A lot that goes on from another keeps its month.
--
-- A lot's points come with the movement that made it, and go with those that use it. What a movement
-- means is told by its counter account, so that a reversal undoes what it reverses. It reads the whole
-- ledger.
CREATE OR REPLACE FUNCTION ledger.cohorts(p_currency text, p_through date)
RETURNS TABLE (issued_in date, age integer, issued bigint, redeemed bigint, outstanding bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- What is worked out on the way has no statistics, and a nested loop over it would never end.
SET enable_nestloop = off AS $$
  WITH RECURSIVE posted AS NOT MATERIALIZED (
    SELECT t.member_id, t.transfer_id, t.other_member_id, k.kind AS counter,
           date_trunc('month', t.posted_at AT TIME ZONE c.time_zone)::date AS month
    FROM ledger.movement t
    JOIN ledger.currency c ON c.code = t.currency
    LEFT JOIN ledger.counter_account k ON k.id = t.counter_account
    WHERE t.currency = p_currency
  ), made AS MATERIALIZED (
    SELECT l.member_id, l.lot_id, l.original, l.origin_lot, t.month, t.counter,
           coalesce(t.other_member_id, l.member_id) AS origin_member
    FROM ledger.lot l JOIN posted t USING (member_id, transfer_id)
  ), born AS (
    SELECT member_id, lot_id, month FROM made WHERE origin_lot IS NULL
    UNION ALL
    SELECT m.member_id, m.lot_id, b.month
    FROM born b JOIN made m ON m.origin_member = b.member_id AND m.origin_lot = b.lot_id
  ), moved AS (
    SELECT member_id, lot_id, month, counter, original AS points, origin_lot IS NULL AS is_new
    FROM made
    UNION ALL
    SELECT u.member_id, u.lot_id, t.month, t.counter, -u.points, false
    FROM ledger.lot_use u JOIN posted t USING (member_id, transfer_id)
  )
  SELECT b.month,
         (extract(year FROM m.month) - extract(year FROM b.month))::integer * 12
           + (extract(month FROM m.month) - extract(month FROM b.month))::integer,
         coalesce(sum(points) FILTER (WHERE is_new OR counter IS NULL
           OR counter IN ('PARTNER_ISSUANCE', 'OPERATOR_ADJUSTMENT')), 0)::bigint,
         coalesce(-sum(points) FILTER (WHERE NOT is_new
           AND counter IN ('PARTNER_REDEMPTION', 'CAUSE', 'EXCHANGE')), 0)::bigint,
         sum(points)::bigint
  FROM moved m JOIN born b USING (member_id, lot_id)
  WHERE m.month <= p_through
  GROUP BY b.month, m.month;
$$;
GRANT EXECUTE ON FUNCTION ledger.cohorts TO coalition_members;

-- Adds up the cohorts of one of the coalition's own currencies whose months are over, and have been for an
-- hour: nothing of them is still to be posted. It reads the whole ledger where there is such a month.
-- Answers 1, or 0 where nothing is left. One at a time.
CREATE OR REPLACE FUNCTION ledger.close_months(p_at timestamptz DEFAULT now()) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_currency text;
  v_closed date;
  v_month date;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.close_months'));
  SELECT c.code, m.month, over.month INTO v_currency, v_closed, v_month
  FROM ledger.currency c
  CROSS JOIN LATERAL (SELECT (date_trunc('month', (p_at - interval '1 hour') AT TIME ZONE c.time_zone)
    - interval '1 month')::date AS month) over
  LEFT JOIN ledger.closed_month m ON m.currency = c.code
  WHERE c.kind = 'SPENDABLE' AND c.issuer IS NULL AND (m.month < over.month) IS NOT FALSE
  ORDER BY c.code LIMIT 1;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  INSERT INTO ledger.cohort_rollup (currency, issued_in, moved_in, issued, redeemed, outstanding)
  SELECT v_currency, c.issued_in, moved.month, c.issued, c.redeemed, c.outstanding
  FROM ledger.cohorts(v_currency, v_month) c
  CROSS JOIN LATERAL (SELECT (c.issued_in + make_interval(months => c.age))::date AS month) moved
  WHERE (moved.month > v_closed) IS NOT FALSE;
  INSERT INTO ledger.closed_month (currency, month) VALUES (v_currency, v_month)
  ON CONFLICT (currency) DO UPDATE SET month = excluded.month;
  RETURN 1;
END $$;
GRANT EXECUTE ON FUNCTION ledger.close_months TO coalition_worker;
