-- What members have of a currency at an instant, as far as the ledger had posted it at another: by issuer,
-- null for the coalition itself, with what cannot be spent yet, and what it is worth at the price of
-- issue. Points that come to their end, or wait in vain for an action, have gone then, and those of a
-- conversion that ran out are back, though the sweep may not have written it down. Only a debt that
-- points pay as they become active waits for the sweep.
--
-- It goes back from the lots as they are now, by what was posted or took effect since: an instant is the
-- dearer the longer it is ago. A movement takes effect when it is posted, at the latest.
CREATE OR REPLACE FUNCTION ledger.outstanding(
  p_currency text, p_at timestamptz, p_known_at timestamptz
) RETURNS TABLE (issuer uuid, outstanding bigint, pending bigint, value numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH later AS MATERIALIZED (
    SELECT member_id, transfer_id FROM ledger.movement
    WHERE currency = p_currency AND posted_at > least(p_at, p_known_at)
      AND (posted_at > p_known_at OR effective_at > p_at)
      -- These take effect earlier than they are posted only where they happen by themselves.
      AND NOT (kind IN ('EXPIRY', 'REINSTATEMENT', 'REPAYMENT')
               AND effective_at <= least(p_at, p_known_at))
    UNION
    SELECT member_id, conversion_id FROM ledger.conversion
    WHERE from_currency = p_currency AND status = 'PENDING' AND times_out_at <= p_at
  ), used AS (
    SELECT member_id, lot_id, sum(points)::bigint AS points
    FROM later JOIN ledger.lot_use USING (member_id, transfer_id) GROUP BY member_id, lot_id
  ), held AS (
    SELECT member_id, lot_id, sum(l.points)::bigint AS points
    FROM ledger.hold h JOIN ledger.hold_lot l USING (member_id, hold_id)
    WHERE h.currency = p_currency AND h.placed_at <= p_at AND h.expires_at > p_at
      AND (h.ended_at IS NULL OR h.ended_at > p_at)
    GROUP BY member_id, lot_id
  ), stood AS (
    SELECT l.issuer, l.issue_price, l.activates_at > p_at AS pending,
           CASE WHEN l.activates_at > p_at AND l.cancels_at <= p_at THEN 0
                WHEN ends.at <= p_at THEN least(was.points, coalesce(held.points, 0))
                ELSE was.points END AS points
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
    WHERE l.currency = p_currency
      AND (l.open OR used.lot_id IS NOT NULL OR made.member_id IS NOT NULL)
  )
  SELECT issuer, sum(points)::bigint, coalesce(sum(points) FILTER (WHERE pending), 0)::bigint,
         sum(points * issue_price)
  FROM stood GROUP BY issuer HAVING bool_or(points <> 0);
$$;
GRANT EXECUTE ON FUNCTION ledger.outstanding TO coalition_members;
