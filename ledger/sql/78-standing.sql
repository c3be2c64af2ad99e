-- What holds keep of which lot: those that were active at the instant, and those that had ended by
-- themselves. Of an account that holds nothing (held is 0) there are none.
CREATE OR REPLACE FUNCTION ledger.holds_at(
  p_account ledger.account, p_undone uuid[], p_at timestamptz
) RETURNS TABLE (hold_id uuid, expires_at timestamptz, lot_id uuid, points bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.hold_id, h.expires_at, k.lot_id, k.points
  FROM ledger.hold h JOIN ledger.hold_lot k USING (member_id, hold_id)
  WHERE h.member_id = p_account.member_id AND h.currency = p_account.currency
    AND p_account.held IS DISTINCT FROM 0 AND h.placed_at <= p_at
    AND (h.status IN ('ACTIVE', 'EXPIRED') OR h.ended_at > p_at)
    AND (h.transfer_id IS NULL OR h.transfer_id = ANY (p_undone));
$$;

-- The lots of an account that hold something, and those that were used before they came (below 0), with
-- what of it holds keep at the instant and what is free.
CREATE OR REPLACE FUNCTION ledger.lots_at(
  p_account ledger.account, p_undone uuid[], p_at timestamptz
) RETURNS TABLE (
  lot_id uuid, issuer uuid, activates_at timestamptz, cancels_at timestamptz,
  expires_at timestamptz, ends_at timestamptz, held bigint, free bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH unused AS MATERIALIZED (
    SELECT s.lot_id, sum(s.points) AS points FROM ledger.lot_use s
    WHERE s.member_id = p_account.member_id AND s.transfer_id = ANY (p_undone) GROUP BY s.lot_id
  ), kept AS MATERIALIZED (
    SELECT h.lot_id, sum(h.points) AS points FROM ledger.holds_at(p_account, p_undone, p_at) h
    WHERE h.expires_at > p_at GROUP BY h.lot_id
  ), lot AS (
    SELECT l.* FROM ledger.lot l
    WHERE l.member_id = p_account.member_id AND l.currency = p_account.currency AND l.open
    UNION ALL
    SELECT l.* FROM ledger.lot l
    WHERE l.member_id = p_account.member_id AND l.currency = p_account.currency AND NOT l.open
      AND l.lot_id IN (SELECT s.lot_id FROM unused s)
  )
  SELECT l.lot_id, l.issuer, l.activates_at, l.cancels_at, l.expires_at,
         CASE WHEN c.expiry = 'INACTIVITY'
           THEN ledger.lot_ends_at(l::ledger.lot, c, p_account.active_at) ELSE l.expires_at END,
         coalesce(k.points, 0)::bigint,
         (l.remaining + coalesce(s.points, 0) - coalesce(k.points, 0)
           - CASE WHEN l.transfer_id = ANY (p_undone) THEN l.original ELSE 0 END)::bigint
  FROM lot l
  JOIN ledger.currency c ON c.code = l.currency
  LEFT JOIN unused s ON s.lot_id = l.lot_id
  LEFT JOIN kept k ON k.lot_id = l.lot_id;
$$;

-- Points that holds have given free: as long as their lots last, or for the currency's days of grace where
-- those had ended. What is free of a lot is of its last holds, where nobody has seen to them: a debt has
-- taken what was free before, and the end of its lot the same.
CREATE OR REPLACE FUNCTION ledger.points_released(
  p_account ledger.account, p_undone uuid[], p_at timestamptz
) RETURNS TABLE (
  freed_at timestamptz, lot_id uuid, issuer uuid, activates_at timestamptz, expires_at timestamptz,
  ends_at timestamptz, points bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.since, h.lot_id, h.issuer, e.activates_at, e.expires_at, e.ends_at,
         least(h.kept, h.free - h.later)::bigint
  FROM (
    SELECT l.*, h.expires_at AS since, h.points AS kept, c AS unit,
           sum(h.points) OVER (PARTITION BY l.lot_id ORDER BY h.expires_at DESC, h.hold_id
             ROWS UNBOUNDED PRECEDING) - h.points AS later
    FROM ledger.holds_at(p_account, p_undone, p_at) h
    JOIN ledger.lots_at(p_account, p_undone, p_at) l ON l.lot_id = h.lot_id
    JOIN ledger.currency c ON c.code = p_account.currency
    WHERE p_account.held IS DISTINCT FROM 0 AND h.expires_at <= p_at) h
  CROSS JOIN LATERAL (
    SELECT h.activates_at, h.expires_at, h.ends_at
    WHERE h.ends_at IS NULL OR h.ends_at > h.since
    UNION ALL
    SELECT h.since, g.until,
           least(g.until, ledger.inactive_from(h.unit, greatest(h.since, p_account.active_at)))
    FROM ledger.after_days(h.unit, h.since, (h.unit).hold_grace_days) AS g (until)
    WHERE h.ends_at <= h.since AND (h.unit).hold_grace_days > 0) e
  WHERE h.free > h.later;
$$;

-- Points of conversions that nobody confirmed in time: they go back to their lots, and where those had
-- ended by then, by the currency's policy.
CREATE OR REPLACE FUNCTION ledger.points_coming_back(
  p_account ledger.account, p_undone uuid[], p_at timestamptz
) RETURNS TABLE (
  freed_at timestamptz, lot_id uuid, issuer uuid, activates_at timestamptz, expires_at timestamptz,
  ends_at timestamptz, points bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH back AS (
    SELECT x.times_out_at AS back_at, s.points, l AS lot, c AS unit,
           ledger.lot_ends_at(l, c, p_account.active_at) AS ends_at
    FROM ledger.conversion x
    JOIN ledger.lot_use s ON s.member_id = x.member_id AND s.transfer_id = x.conversion_id
    JOIN ledger.lot l ON l.member_id = s.member_id AND l.lot_id = s.lot_id
    JOIN ledger.currency c ON c.code = x.from_currency
    WHERE x.member_id = p_account.member_id AND x.from_currency = p_account.currency
      AND x.begun_at <= p_at AND x.times_out_at <= p_at
      AND (x.status = 'PENDING' OR x.status = 'REVERSED' AND EXISTS (
        SELECT FROM ledger.movement t
        WHERE t.member_id = x.member_id AND t.reverses = x.conversion_id
          AND t.transfer_id = ANY (p_undone)))
  )
  SELECT b.back_at, (b.lot).lot_id, (b.lot).issuer, e.activates_at, e.expires_at, e.ends_at, b.points
  FROM back b CROSS JOIN LATERAL (
    SELECT (b.lot).activates_at, (b.lot).expires_at, b.ends_at
    WHERE b.ends_at IS NULL OR b.ends_at > b.back_at
    UNION ALL
    SELECT b.back_at, u.until,
           least(u.until, ledger.inactive_from(b.unit, greatest(b.back_at, p_account.active_at)))
    FROM (SELECT CASE (b.unit).restore
      WHEN 'WITH_GRACE' THEN ledger.after_days(b.unit, b.back_at, (b.unit).restore_grace_days)
      ELSE ledger.expiry_of(b.unit, b.back_at) END) AS u (until)
    WHERE b.ends_at <= b.back_at AND (b.unit).restore <> 'EXPIRED') e;
$$;
