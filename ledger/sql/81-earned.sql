-- What partners have issued to accounts, less what was taken back of it, and what is due to be: points
-- that waited in vain for an action. An account that was never opened has no row. For the instants see
-- ledger.points_of.
CREATE OR REPLACE FUNCTION ledger.earned_of(
  p_member_ids uuid[], p_currencies text[], p_as_of timestamptz, p_known_at timestamptz,
  p_at timestamptz
) RETURNS TABLE (member_id uuid, currency text, points bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  a ledger.account;
  v_at timestamptz := least(p_as_of, p_known_at, p_at);
  v_undone uuid[] := '{}';
BEGIN
  FOR a IN
    SELECT k.* FROM (SELECT DISTINCT * FROM unnest(p_member_ids, p_currencies)) n (m, c)
    JOIN ledger.account k ON k.member_id = n.m AND k.currency = n.c
  LOOP
    IF v_at < p_at THEN
      v_undone := ledger.movements_since(a, p_as_of, p_known_at, v_at);
    END IF;
    member_id := a.member_id;
    currency := a.currency;
    SELECT coalesce(sum(t.points - t.debt), 0) INTO points
    FROM ledger.movement t JOIN ledger.counter_account c ON c.id = t.counter_account
    WHERE t.member_id = a.member_id AND t.currency = a.currency AND t.transfer_id <> ALL (v_undone)
      AND t.kind IN ('ACCRUAL', 'REVERSAL') AND c.kind = 'PARTNER_ISSUANCE'
      -- What was issued to another account, before a merge, was never counted here.
      AND (t.kind = 'ACCRUAL' OR EXISTS (SELECT FROM ledger.movement o
        WHERE o.member_id = t.member_id AND o.transfer_id = t.reverses AND o.kind = 'ACCRUAL'));
    IF v_at < p_at OR a.due_at <= p_at THEN
      points := points - (SELECT coalesce(sum(l.free), 0)
        FROM ledger.lots_at(a, v_undone, v_at) l
        JOIN ledger.movement t ON t.member_id = a.member_id AND t.transfer_id = l.lot_id
        WHERE l.activates_at = 'infinity' AND l.cancels_at <= v_at AND t.kind = 'ACCRUAL');
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION ledger.earned_of TO coalition_ledger;
