-- Gives points of a redemption or a donation back to the lots that they came from, in full or in part:
-- those last taken come back first. Of the command: target_id, the movement that took them; points, all
-- that is left where null. What of it comes back to a lot that has ended meanwhile goes by the
-- currency's policy; then a debt is paid. NOT_FOUND; ALREADY_REVERSED where nothing is left; TOO_MANY
-- with what is left; LIMIT_REACHED.
CREATE OR REPLACE FUNCTION ledger.post_cancel(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at);
  v_taken ledger.transfer;
  v_left bigint;
  v_answer ledger.posting;
BEGIN
  SELECT * INTO v_taken FROM ledger.movement
  WHERE member_id = a.member_id AND transfer_id = c.target_id AND currency = a.currency
    AND kind IN ('REDEMPTION', 'DONATION');
  IF NOT FOUND THEN
    v_answer.outcome := 'NOT_FOUND';
    RETURN v_answer;
  END IF;
  v_left := -v_taken.points - ledger.reversed_of(c.member_id, c.target_id);
  v_answer.outcome := CASE WHEN v_left = 0 THEN 'ALREADY_REVERSED'
    WHEN c.points > v_left THEN 'TOO_MANY'
    WHEN a.balance + coalesce(c.points, v_left) > 9007199254740991 THEN 'LIMIT_REACHED' END;
  IF v_answer.outcome IS NOT NULL THEN
    v_answer.available := v_left;
    RETURN v_answer;
  END IF;
  RETURN ledger.give_back(c, v_taken, coalesce(c.points, v_left), p_at, p_at);
END $$;

-- Gives points of a movement back to its lots, as far as they have not come back before, as of an
-- instant: what of a lot has ended since then ends as if it had never left.
CREATE OR REPLACE FUNCTION ledger.give_back(
  c ledger.command, p_taken ledger.transfer, p_points bigint, p_back_at timestamptz,
  p_at timestamptz
) RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account;
  u ledger.currency;
  m ledger.transfer;
  v_use record;
  v_rest bigint := p_points;
  v_lots uuid[] := '{}';
  v_answer ledger.posting;
BEGIN
  m := ledger.movement_of(c, 'REVERSAL', p_points, p_taken.counter_account);
  m.reverses := p_taken.transfer_id;
  m.hold_id := p_taken.hold_id;
  a := ledger.write_movement(m, p_at);
  FOR v_use IN
    SELECT s.lot_id, sum(s.points) AS points
    FROM ledger.lot_use s JOIN ledger.lot l USING (member_id, lot_id)
    WHERE s.member_id = c.member_id AND (s.transfer_id = p_taken.transfer_id
      OR s.transfer_id IN (SELECT t.transfer_id FROM ledger.movement t
        WHERE t.member_id = c.member_id AND t.reverses = p_taken.transfer_id))
    GROUP BY s.lot_id, l.expires_at, l.activates_at
    HAVING sum(s.points) > 0
    ORDER BY l.expires_at DESC NULLS FIRST, l.activates_at DESC, s.lot_id DESC
  LOOP
    EXIT WHEN v_rest = 0;
    PERFORM ledger.use_lot(c.member_id, v_use.lot_id, m.transfer_id, -least(v_rest, v_use.points)::bigint);
    v_lots := v_lots || v_use.lot_id;
    v_rest := v_rest - least(v_rest, v_use.points);
  END LOOP;
  IF v_rest > 0 THEN
    RAISE EXCEPTION 'The lots of % miss % points.', p_taken.transfer_id, v_rest;
  END IF;

  SELECT * INTO STRICT u FROM ledger.currency WHERE code = c.currency;
  PERFORM ledger.end_lots(c.member_id, c.currency,
    ledger.ended_lots(c.member_id, c.currency, v_lots, p_back_at), u.restore <> 'EXPIRED',
    CASE WHEN u.restore = 'WITH_GRACE' THEN ledger.after_days(u, p_back_at, u.restore_grace_days)
      ELSE ledger.expiry_of(u, p_back_at) END,
    m.transfer_id, p_at, p_back_at);
  PERFORM ledger.repay_debt(a, m.transfer_id, p_at, p_back_at);
  -- Lots that had been used up may be due sooner than the account knows.
  PERFORM ledger.be_due(c.member_id, c.currency, ledger.next_due_at(a, p_back_at));
  v_answer.outcome := 'POSTED';
  v_answer.transfer_id := m.transfer_id;
  v_answer.balance := a.balance;
  v_answer.points := p_points;
  RETURN v_answer;
END $$;
