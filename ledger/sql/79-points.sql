-- The same of one account, as if the movements p_undone had never been.
CREATE OR REPLACE FUNCTION ledger.points_at(
  p_account ledger.account, p_undone uuid[], p_at timestamptz
) RETURNS TABLE (state text, issuer uuid, points bigint, ends_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH lot AS MATERIALIZED (
    SELECT * FROM ledger.lots_at(p_account, p_undone, p_at)
  ), released AS MATERIALIZED (
    SELECT * FROM ledger.points_released(p_account, p_undone, p_at)
  ), part AS (
    -- What was used before it came, where a movement is dated back, is owed until then.
    SELECT l.activates_at AS freed_at, l.lot_id, l.issuer, l.activates_at, l.expires_at, l.ends_at,
           l.free - coalesce(r.points, 0) AS points
    FROM lot l
    LEFT JOIN (SELECT lot_id, sum(points) AS points FROM released GROUP BY lot_id) r USING (lot_id)
    WHERE l.activates_at <= p_at OR l.free < 0
    UNION ALL
    SELECT * FROM released
    UNION ALL
    SELECT b.* FROM ledger.points_coming_back(p_account, p_undone, p_at) b
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, -p_account.debt
  ), counted AS (
    -- A debt was paid as soon as points were free, from some that have ended since, too; of those that
    -- became so together, in the order of spending.
    SELECT p.*, sum(p.points) OVER () AS position,
           sum(p.points) OVER (ORDER BY p.points > 0, p.freed_at, p.expires_at NULLS LAST,
             p.activates_at, p.lot_id ROWS UNBOUNDED PRECEDING) AS up_to
    FROM part p
    WHERE p.points <= 0 OR p.ends_at IS NULL OR p.ends_at > p.freed_at
  )
  SELECT 'AVAILABLE', c.issuer, least(c.points, c.up_to)::bigint, c.ends_at FROM counted c
  WHERE c.points > 0 AND c.up_to > 0 AND (c.ends_at IS NULL OR c.ends_at > p_at)
  UNION ALL
  SELECT 'DEBT', NULL, greatest(0, -c.position)::bigint, NULL FROM counted c WHERE c.lot_id IS NULL
  UNION ALL
  SELECT 'PENDING', l.issuer, l.free, l.ends_at FROM lot l
  WHERE l.activates_at > p_at AND l.free > 0
    AND (l.activates_at < 'infinity' OR l.cancels_at IS NULL OR l.cancels_at > p_at)
  UNION ALL
  SELECT 'HELD', l.issuer, l.held, l.ends_at FROM lot l WHERE l.held > 0;
$$;

-- The points of accounts, by what they are good for: AVAILABLE, PENDING, HELD, and DEBT, of which every
-- account has a row; one without movements has none, as if it had never been opened: a command that was
-- refused may have opened it for who would have had the points.
--
-- It tells what there is once all that is due has happened (see ledger.settle_account), whether somebody
-- has seen to it or not. p_as_of: as it stood then, by when things happened; a movement counts from its
-- posting at the latest. p_known_at: as the ledger knew it then, by when they were posted. Null, and what
-- is to come, is p_at, which is now. Policies count as they are now.
CREATE OR REPLACE FUNCTION ledger.points_of(
  p_member_ids uuid[], p_currencies text[], p_as_of timestamptz, p_known_at timestamptz,
  p_at timestamptz
) RETURNS TABLE (
  member_id uuid, currency text, state text, issuer uuid, points bigint, ends_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  a ledger.account;
  v_at timestamptz := least(p_as_of, p_known_at, p_at);
  v_undone uuid[] := '{}';
BEGIN
  -- Almost all accounts are plain now: nothing is due, held or owed.
  RETURN QUERY
  SELECT k.member_id, k.currency, p.state, p.issuer, p.points, p.ends_at
  FROM (SELECT DISTINCT * FROM unnest(p_member_ids, p_currencies)) n (m, c)
  JOIN ledger.account k ON k.member_id = n.m AND k.currency = n.c
  JOIN ledger.currency u ON u.code = k.currency
  CROSS JOIN LATERAL (
    SELECT CASE WHEN l.activates_at <= p_at THEN 'AVAILABLE' ELSE 'PENDING' END AS state, l.issuer,
           sum(l.remaining)::bigint AS points,
           CASE WHEN u.expiry = 'INACTIVITY' THEN ledger.lot_ends_at(l, u, k.active_at)
             ELSE l.expires_at END AS ends_at
    FROM ledger.lot l WHERE l.member_id = k.member_id AND l.currency = k.currency AND l.open
    GROUP BY 1, 2, 4
    UNION ALL
    SELECT 'DEBT', NULL, 0, NULL) p
  WHERE v_at = p_at AND k.version > 0 AND k.debt = 0 AND k.held = 0
    AND (k.due_at > p_at) IS NOT FALSE;

  FOR a IN
    SELECT k.* FROM (SELECT DISTINCT * FROM unnest(p_member_ids, p_currencies)) n (m, c)
    JOIN ledger.account k ON k.member_id = n.m AND k.currency = n.c
    WHERE k.version > 0 AND (v_at < p_at OR k.debt > 0 OR k.held > 0 OR k.due_at <= p_at)
  LOOP
    IF v_at < p_at THEN
      v_undone := ledger.movements_since(a, p_as_of, p_known_at, v_at);
      a := ledger.account_then(a, v_undone, v_at);
    END IF;
    RETURN QUERY SELECT a.member_id, a.currency, p.* FROM ledger.points_at(a, v_undone, v_at) p;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION ledger.points_of TO coalition_ledger;
