-- The lots of a currency as they stood at an instant, as far as the ledger had posted it at another; of
-- these members alone, or of all where p_members is null. Points that come to their end, or wait in vain
-- for an action, have gone then, and those of a conversion that ran out are back, though the sweep may
-- not have written it down: `points`. Only a debt that points pay as they become active waits for the
-- sweep. `booked` is without what nobody has written down.
--
-- It goes back from the lots as they are now, by what was posted or took effect since: an instant is the
-- dearer the longer it is ago. A movement takes effect when it is posted, at the latest.
--
-- PostgreSQL puts its text in the place of the call, so that a null or a list is planned for.
CREATE OR REPLACE FUNCTION ledger.lots_standing(
  p_currency text, p_at timestamptz, p_known_at timestamptz, p_members uuid[]
) RETURNS TABLE (
  issuer uuid, issue_price numeric, pending boolean, points bigint, booked bigint)
LANGUAGE sql STABLE AS $$
  WITH later AS MATERIALIZED (
    SELECT member_id, transfer_id, false AS ran_out FROM ledger.movement
    WHERE currency = p_currency AND posted_at > least(p_at, p_known_at)
      AND (p_members IS NULL OR member_id = ANY (p_members))
      AND (posted_at > p_known_at OR effective_at > p_at)
      -- These take effect earlier than they are posted only where they happen by themselves.
      AND NOT (kind IN ('EXPIRY', 'REINSTATEMENT', 'REPAYMENT')
               AND effective_at <= least(p_at, p_known_at))
    UNION
    SELECT member_id, conversion_id, true FROM ledger.conversion
    WHERE from_currency = p_currency AND status = 'PENDING' AND times_out_at <= p_at
      AND (p_members IS NULL OR member_id = ANY (p_members))
  ), used AS (
    SELECT member_id, lot_id, sum(points)::bigint AS points,
           coalesce(sum(points) FILTER (WHERE ran_out), 0)::bigint AS ran_out
    FROM later JOIN ledger.lot_use USING (member_id, transfer_id) GROUP BY member_id, lot_id
  ), held AS (
    SELECT member_id, lot_id, sum(l.points)::bigint AS points
    FROM ledger.hold h JOIN ledger.hold_lot l USING (member_id, hold_id)
    WHERE h.currency = p_currency AND h.placed_at <= p_at AND h.expires_at > p_at
      AND (h.ended_at IS NULL OR h.ended_at > p_at)
      AND (p_members IS NULL OR member_id = ANY (p_members))
    GROUP BY member_id, lot_id
  )
  SELECT l.issuer, l.issue_price, l.activates_at > p_at,
         CASE WHEN l.activates_at > p_at AND l.cancels_at <= p_at THEN 0
              WHEN ends.at <= p_at THEN least(was.points, coalesce(held.points, 0))
              ELSE was.points END,
         was.points - coalesce(used.ran_out, 0)
  FROM ledger.lot l
  JOIN ledger.currency c ON c.code = l.currency
  LEFT JOIN used ON used.member_id = l.member_id AND used.lot_id = l.lot_id
  LEFT JOIN later made ON made.member_id = l.member_id AND made.transfer_id = l.transfer_id
  LEFT JOIN held ON held.member_id = l.member_id AND held.lot_id = l.lot_id
  -- Only with these may be something that the sweep has not come to.
  LEFT JOIN ledger.account due ON due.member_id = l.member_id AND due.currency = l.currency
    AND due.due_at <= p_at
  CROSS JOIN LATERAL (SELECT CASE WHEN due.member_id IS NULL THEN l.expires_at
    ELSE ledger.lot_ends_at(l, c, due.active_at) END AS at) ends
  -- Below zero where points took effect later than what they were spent on.
  CROSS JOIN LATERAL (SELECT l.remaining + coalesce(used.points, 0)
    - CASE WHEN made.member_id IS NULL THEN 0 ELSE l.original END AS points) was
  WHERE l.currency = p_currency AND (p_members IS NULL OR l.member_id = ANY (p_members))
    AND (l.open OR used.lot_id IS NOT NULL OR made.member_id IS NOT NULL);
$$;

-- What members have of a currency at an instant, as far as the ledger had posted it at another: by issuer,
-- null for the coalition itself, with what cannot be spent yet, and what it is worth at the price of
-- issue. It reads the whole ledger: see ledger.lots_standing.
CREATE OR REPLACE FUNCTION ledger.outstanding(
  p_currency text, p_at timestamptz, p_known_at timestamptz
) RETURNS TABLE (issuer uuid, outstanding bigint, pending bigint, value numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT issuer, sum(points)::bigint, coalesce(sum(points) FILTER (WHERE pending), 0)::bigint,
         sum(points * issue_price)
  FROM ledger.lots_standing(p_currency, p_at, p_known_at, NULL)
  GROUP BY issuer HAVING bool_or(points <> 0);
$$;
GRANT EXECUTE ON FUNCTION ledger.outstanding TO coalition_members;

-- What ledger.outstanding answers at an instant by all that is known now, from the sums by day: those of
-- the days before, what happened on the day itself, what was not added up yet, and what is due with
-- accounts that the sweep has not come to. However large the ledger is, it reads what was posted since
-- the day of the instant.
CREATE OR REPLACE FUNCTION ledger.outstanding_summed(p_currency text, p_at timestamptz)
RETURNS TABLE (issuer uuid, outstanding bigint, value numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_xact bigint := (SELECT w.xact FROM ledger.watermark w WHERE w.name = 'rollup');
  v_zone text := (SELECT c.time_zone FROM ledger.currency c WHERE c.code = p_currency);
  v_day date := (p_at AT TIME ZONE v_zone)::date;
  v_due uuid[] := ledger.due_members(p_currency, p_at);
BEGIN
  RETURN QUERY EXECUTE format(
    'WITH part AS (
       SELECT issuer, issue_price, sum(points) AS points FROM ledger.issuer_rollup
       WHERE currency = %1$L AND day < %2$L GROUP BY 1, 2
       UNION ALL
       -- What happened on the day: by when it was done, and what was posted before it takes effect.
       SELECT issuer, issue_price, sum(points) FROM ledger.lot_change
       WHERE currency = %1$L AND xact < %3$s AND posted_at >= %4$L
         AND effective_at >= %4$L AND effective_at <= %5$L GROUP BY 1, 2
       UNION ALL
       SELECT issuer, issue_price, sum(points) FROM ledger.lot_change
       WHERE currency = %1$L AND xact < %3$s AND posted_at >= %4$L AND posted_at <= %5$L
         AND effective_at > %5$L GROUP BY 1, 2
       UNION ALL
       SELECT issuer, issue_price, sum(points) FROM ledger.lot_change
       WHERE currency = %1$L AND xact >= %3$s AND happened_at <= %5$L GROUP BY 1, 2
       UNION ALL
       SELECT issuer, issue_price, sum(points - booked)
       FROM ledger.lots_standing(%1$L, %5$L, ''infinity'', %6$L) GROUP BY 1, 2
     )
     SELECT issuer, sum(points)::bigint, sum(points * issue_price)
     FROM part GROUP BY issuer HAVING sum(points) <> 0',
    p_currency, v_day, v_xact, ledger.start_of_day(v_day, v_zone), p_at, v_due);
END $$;
GRANT EXECUTE ON FUNCTION ledger.outstanding_summed TO coalition_members;

-- Of what ledger.outstanding answers at an instant by all that is known now, what cannot be spent yet, from
-- the sums by hour: those of the full hours up to it, those that were not added up yet, what happened
-- since the last full hour, less what became active since, and what is due with accounts that the sweep
-- has not come to.
CREATE OR REPLACE FUNCTION ledger.pending_at(p_currency text, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_xact bigint := (SELECT w.xact FROM ledger.watermark w WHERE w.name = 'pending');
  v_hour timestamptz := date_bin('1 hour', p_at, 'epoch');
  v_points bigint;
BEGIN
  EXECUTE format(
    'WITH part AS (
       SELECT sum(points) AS points FROM ledger.pending_rollup WHERE currency = %1$L AND hour <= %2$L
       UNION ALL
       SELECT sum(points) FROM ledger.pending_steps(%3$s, 9223372036854775807) WHERE currency = %1$L AND at <= %2$L
       UNION ALL
       -- By when it was done, and what was posted before it takes effect.
       SELECT sum(points) FROM ledger.lot_change
       WHERE currency = %1$L AND posted_at > %2$L AND effective_at > %2$L AND effective_at <= %4$L
         AND activates_at > %4$L
       UNION ALL
       SELECT sum(points) FROM ledger.lot_change
       WHERE currency = %1$L AND posted_at > %2$L AND posted_at <= %4$L AND effective_at > %4$L
         AND activates_at > %4$L
       UNION ALL
       -- What the lots that became active had at the full hour: what they have, less what came since.
       SELECT -sum(remaining) FROM ledger.lot
       WHERE currency = %1$L AND activates_at > %2$L AND activates_at <= %4$L
       UNION ALL
       SELECT sum(points) FROM ledger.lot_change
       WHERE currency = %1$L AND activates_at > %2$L AND activates_at <= %4$L
         AND posted_at > %2$L AND happened_at > %2$L
       UNION ALL
       SELECT sum(points - booked)
       FROM ledger.lots_standing(%1$L, %4$L, ''infinity'', %5$L) WHERE pending
     )
     SELECT coalesce(sum(points), 0) FROM part',
    p_currency, v_hour, v_xact, p_at, ledger.due_members(p_currency, p_at)) INTO v_points;
  RETURN v_points;
END $$;
GRANT EXECUTE ON FUNCTION ledger.pending_at TO coalition_members;

-- Whose accounts may have something due at an instant that nobody has written down. Never null.
CREATE OR REPLACE FUNCTION ledger.due_members(p_currency text, p_at timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(member_id), '{}') FROM ledger.account
  WHERE currency = p_currency AND due_at <= p_at;
$$;
