-- Gives points to a member, or takes them, by hand. Of the command: points, positive or negative; for
-- points given, partner_id, who is to be their issuer, null for the coalition itself, issue_price, and
-- the dates of an accrual. INSUFFICIENT_POINTS with what is available; LIMIT_REACHED.
CREATE OR REPLACE FUNCTION ledger.post_adjust(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at, c.points > 0);
  v_answer ledger.posting;
BEGIN
  IF c.points > 0 THEN
    IF a.balance + c.points > 9007199254740991 THEN
      v_answer.outcome := 'LIMIT_REACHED';
      RETURN v_answer;
    END IF;
    PERFORM ledger.add_lot(ledger.lot_of(c), p_at);
  ELSIF a.version IS NULL
        OR NOT ledger.take_points(c.member_id, c.currency, -c.points, c.key, p_at) THEN
    RETURN ledger.too_few(a, p_at);
  END IF;
  a := ledger.write_movement(ledger.movement_of(c, 'ADJUSTMENT', c.points,
    ledger.counter_account_of('OPERATOR_ADJUSTMENT', NULL)), p_at);
  PERFORM ledger.repay_debt(a, c.key, p_at);
  v_answer.outcome := 'POSTED';
  v_answer.transfer_id := c.key;
  v_answer.balance := a.balance;
  RETURN v_answer;
END $$;

-- Lets points be spent that wait for an action, or for a later day. Of the command: target_id, the
-- accrual. Their expiry is reckoned from now on, where the policy decides it. NOT_FOUND;
-- ALREADY_ACTIVE.
CREATE OR REPLACE FUNCTION ledger.post_activate(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at);
  v_lot ledger.lot;
  v_answer ledger.posting;
BEGIN
  SELECT * INTO v_lot FROM ledger.lot
  WHERE member_id = a.member_id AND lot_id = c.target_id AND currency = a.currency AND open;
  v_answer.outcome := CASE WHEN NOT FOUND THEN 'NOT_FOUND'
    WHEN v_lot.activates_at <= p_at THEN 'ALREADY_ACTIVE' ELSE 'POSTED' END;
  IF v_answer.outcome <> 'POSTED' THEN
    RETURN v_answer;
  END IF;
  UPDATE ledger.lot l
  SET activates_at = p_at, cancels_at = NULL,
      expires_at = CASE WHEN l.expires_by_policy THEN ledger.expiry_of(u, p_at) ELSE l.expires_at END
  FROM ledger.currency u
  WHERE l.member_id = c.member_id AND l.lot_id = c.target_id AND u.code = l.currency
  RETURNING l.* INTO v_lot;
  PERFORM ledger.be_due(c.member_id, c.currency,
    ledger.lot_due_at(v_lot.activates_at, NULL, v_lot.expires_at, c.currency, p_at));
  PERFORM ledger.repay_debt(a, c.key, p_at);
  v_answer.points := v_lot.remaining;
  v_answer.balance := a.balance;
  RETURN v_answer;
END $$;
