-- Moves points that can be spent from a member to another, who gets them with the issuer, the price and
-- the end that they have. Of the command: points; other_member_id. Both entries have the key as their
-- transfer's id. INSUFFICIENT_POINTS with what is available; LIMIT_REACHED where the other's balance
-- would be too large.
CREATE OR REPLACE FUNCTION ledger.post_transfer(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account;
  b ledger.account;
  m ledger.transfer;
  v_answer ledger.posting;
BEGIN
  IF c.member_id = c.other_member_id THEN
    RAISE EXCEPTION 'Member % would transfer points to itself.', c.member_id;
  END IF;
  IF NOT ledger.is_spendable(c.currency) THEN
    v_answer.outcome := 'NOT_SPENDABLE';
    RETURN v_answer;
  END IF;
  -- In the order of members, as all who lock several.
  IF c.member_id < c.other_member_id THEN
    a := ledger.lock_account(c.member_id, c.currency, p_at);
    b := ledger.lock_account(c.other_member_id, c.currency, p_at, true);
  ELSE
    b := ledger.lock_account(c.other_member_id, c.currency, p_at, true);
    a := ledger.lock_account(c.member_id, c.currency, p_at);
  END IF;
  IF a.version IS NULL OR ledger.available_of(a, p_at) < c.points THEN
    RETURN ledger.too_few(a, p_at);
  END IF;
  IF b.balance + c.points > 9007199254740991 THEN
    v_answer.outcome := 'LIMIT_REACHED';
    RETURN v_answer;
  END IF;
  PERFORM ledger.take_points(c.member_id, c.currency, c.points, c.key, p_at);
  m := ledger.movement_of(c, 'TRANSFER_OUT', -c.points, ledger.counter_account_of('MEMBERS', NULL));
  m.other_member_id := c.other_member_id;
  a := ledger.write_movement(m, p_at);
  m.member_id := c.other_member_id;
  m.other_member_id := c.member_id;
  m.kind := 'TRANSFER_IN';
  m.points := c.points;
  b := ledger.write_movement(m, p_at);
  PERFORM ledger.hand_on_lots(c, p_at);
  PERFORM ledger.repay_debt(b, c.key, p_at);
  v_answer.outcome := 'POSTED';
  v_answer.transfer_id := c.key;
  v_answer.balance := a.balance;
  RETURN v_answer;
END $$;

-- Gives the other member a lot for each that a transfer took from: expiry is not laundered. The other can
-- spend them from now on, and they do not end at once where the other was not active for long.
CREATE OR REPLACE FUNCTION ledger.hand_on_lots(c ledger.command, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_given record;
  v_lot ledger.lot;
BEGIN
  FOR v_given IN
    SELECT u.points, l.lot_id FROM ledger.lot_use u JOIN ledger.lot l USING (member_id, lot_id)
    WHERE u.member_id = c.member_id AND u.transfer_id = c.key
    ORDER BY l.expires_at NULLS LAST, l.activates_at, l.lot_id
  LOOP
    SELECT * INTO v_lot FROM ledger.lot WHERE member_id = c.member_id AND lot_id = v_given.lot_id;
    v_lot.member_id := c.other_member_id;
    v_lot.origin_lot := v_lot.lot_id;
    v_lot.lot_id := gen_random_uuid();
    v_lot.transfer_id := c.key;
    v_lot.original := v_given.points;
    v_lot.activates_at := p_at;
    PERFORM ledger.add_lot(v_lot, p_at);
  END LOOP;
END $$;
