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
-- accrual; other_member_id, whom the account was merged into, and where its points are by now. Their expiry
-- is reckoned from now on, where the policy decides it. NOT_FOUND; ALREADY_ACTIVE.
CREATE OR REPLACE FUNCTION ledger.post_activate(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at);
  b ledger.account;
  v_lots uuid[];
  v_answer ledger.posting;
BEGIN
  SELECT array_agg(lot_id) INTO v_lots FROM ledger.lot
  WHERE member_id = a.member_id AND lot_id = c.target_id AND currency = a.currency AND open;
  v_answer := ledger.activate_lots(a, v_lots, c.key, p_at);
  IF c.other_member_id IS NOT NULL THEN
    b := ledger.lock_account(c.other_member_id, c.currency, p_at);
    SELECT array_agg(l.lot_id) INTO v_lots FROM ledger.led_lots(b, c.member_id) l
    WHERE l.origin = c.target_id;
    v_answer := ledger.both_activated(v_answer, ledger.activate_lots(b, v_lots, c.key, p_at));
  END IF;
  v_answer.balance := CASE WHEN v_answer.outcome = 'POSTED' THEN a.balance END;
  RETURN v_answer;
END $$;

-- Lets lots of a locked account be spent, those that still wait. A debt is paid from them. NOT_FOUND where
-- there is none; ALREADY_ACTIVE.
CREATE OR REPLACE FUNCTION ledger.activate_lots(
  p_account ledger.account, p_lots uuid[], p_key uuid, p_at timestamptz
) RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_lot ledger.lot;
  v_answer ledger.posting;
BEGIN
  v_answer.outcome := CASE WHEN p_lots IS NULL THEN 'NOT_FOUND' ELSE 'ALREADY_ACTIVE' END;
  PERFORM ledger.activate_from(member_id, lot_id, activates_at, p_at) FROM ledger.lot
  WHERE member_id = p_account.member_id AND lot_id = ANY (p_lots) AND activates_at > p_at;
  FOR v_lot IN
    UPDATE ledger.lot l
    SET activates_at = p_at, cancels_at = NULL,
        expires_at = CASE WHEN l.expires_by_policy THEN ledger.expiry_of(u, p_at) ELSE l.expires_at END
    FROM ledger.currency u
    WHERE l.member_id = p_account.member_id AND l.lot_id = ANY (p_lots) AND l.activates_at > p_at
      AND u.code = l.currency
    RETURNING l.*
  LOOP
    v_answer.outcome := 'POSTED';
    v_answer.points := coalesce(v_answer.points, 0) + v_lot.remaining;
    PERFORM ledger.be_due(v_lot.member_id, v_lot.currency,
      ledger.lot_due_at(v_lot.activates_at, NULL, v_lot.expires_at, v_lot.currency, p_at));
  END LOOP;
  IF v_answer.outcome = 'POSTED' THEN
    PERFORM ledger.repay_debt(p_account, p_key, p_at);
  END IF;
  RETURN v_answer;
END $$;

-- What came of an activation that is about the lots of two accounts.
CREATE OR REPLACE FUNCTION ledger.both_activated(p_one ledger.posting, p_other ledger.posting)
RETURNS ledger.posting
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_answer ledger.posting := p_one;
BEGIN
  IF p_one.outcome <> 'POSTED' AND p_other.outcome <> 'NOT_FOUND' THEN
    v_answer := p_other;
  ELSIF p_other.outcome = 'POSTED' THEN
    v_answer.points := p_one.points + p_other.points;
  END IF;
  RETURN v_answer;
END $$;
