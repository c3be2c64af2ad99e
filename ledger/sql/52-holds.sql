-- Sets points aside for a partner: the lots that a redemption would take keep them until the hold ends.
-- Of the command: points; partner_id, null for what the coalition keeps itself and nobody captures;
-- expires_at, when the hold ends by itself. The hold's id is the key. EXPIRED where that instant has come;
-- INSUFFICIENT_POINTS with what is available.
CREATE OR REPLACE FUNCTION ledger.post_hold(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at);
  v_answer ledger.posting;
BEGIN
  IF NOT ledger.is_spendable(c.currency) THEN
    v_answer.outcome := 'NOT_SPENDABLE';
    RETURN v_answer;
  END IF;
  -- A call that was asked again, or waited for long.
  IF c.expires_at <= p_at THEN
    v_answer.outcome := 'EXPIRED';
    RETURN v_answer;
  END IF;
  IF a.version IS NULL OR ledger.available_of(a, p_at) < c.points THEN
    RETURN ledger.too_few(a, p_at);
  END IF;
  -- A partner that was never opened could not be paid when the hold is captured.
  IF c.partner_id IS NOT NULL THEN
    PERFORM ledger.counter_account_of('PARTNER_REDEMPTION', c.partner_id);
  END IF;
  INSERT INTO ledger.hold (member_id, hold_id, currency, partner_id, points, status, description,
    placed_at, expires_at)
  VALUES (c.member_id, c.key, c.currency, c.partner_id, c.points, 'ACTIVE', c.description, p_at,
    c.expires_at);
  PERFORM ledger.reserve_points(c.member_id, c.currency, c.points, c.key, p_at);
  UPDATE ledger.account
  SET held = held + c.points, due_at = least(due_at, c.expires_at)
  WHERE member_id = c.member_id AND currency = c.currency;
  v_answer.outcome := 'POSTED';
  v_answer.balance := a.balance;
  v_answer.points := c.points;
  RETURN v_answer;
END $$;

-- Reserves points of the lots in the order of spending, for a hold. There are enough.
CREATE OR REPLACE FUNCTION ledger.reserve_points(
  p_member_id uuid, p_currency text, p_points bigint, p_hold_id uuid, p_at timestamptz
) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  WITH free AS MATERIALIZED (
    SELECT * FROM ledger.free_lots(p_member_id, p_currency, p_at)
  ), kept AS (
    UPDATE ledger.lot l
    SET held = l.held + least(free.up_to, p_points) - (free.up_to - free.points)
    FROM free
    WHERE l.member_id = p_member_id AND l.lot_id = free.lot_id
      AND free.up_to - free.points < p_points
    RETURNING l.lot_id, least(free.up_to, p_points) - (free.up_to - free.points) AS points
  )
  INSERT INTO ledger.hold_lot (member_id, hold_id, lot_id, points)
  SELECT p_member_id, p_hold_id, lot_id, points FROM kept;
$$;

-- Redeems what a hold keeps, in full or in part; the rest is released. Of the command: target_id, the
-- hold; points, all of them where null. The redemption's id is the key. NOT_FOUND; EXPIRED, or
-- HOLD_ENDED with its status, where the hold is active no more; TOO_MANY with what it keeps.
CREATE OR REPLACE FUNCTION ledger.post_capture(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at);
  v_hold ledger.hold;
  v_answer ledger.posting;
  m ledger.transfer;
BEGIN
  SELECT * INTO v_hold FROM ledger.hold
  WHERE member_id = a.member_id AND hold_id = c.target_id AND currency = a.currency;
  v_answer := ledger.refuse_hold(v_hold, c.points);
  IF v_answer.outcome IS NOT NULL THEN
    RETURN v_answer;
  END IF;
  m := ledger.movement_of(c, 'REDEMPTION', -coalesce(c.points, v_hold.points),
    ledger.counter_account_of('PARTNER_REDEMPTION', v_hold.partner_id));
  m.hold_id := v_hold.hold_id;
  PERFORM ledger.end_hold(v_hold,
    CASE WHEN -m.points = v_hold.points THEN 'CAPTURED' ELSE 'PARTIALLY_CAPTURED' END,
    -m.points, c.key, p_at);
  a := ledger.write_movement(m, p_at);
  PERFORM ledger.after_release(v_hold, c.key, p_at, p_at);
  v_answer.outcome := 'POSTED';
  v_answer.transfer_id := c.key;
  v_answer.balance := a.balance;
  v_answer.points := -m.points;
  RETURN v_answer;
END $$;

-- Gives up a hold. Of the command: target_id, the hold. NOT_FOUND; EXPIRED or HOLD_ENDED.
CREATE OR REPLACE FUNCTION ledger.post_release(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at);
  v_hold ledger.hold;
  v_answer ledger.posting;
BEGIN
  SELECT * INTO v_hold FROM ledger.hold
  WHERE member_id = a.member_id AND hold_id = c.target_id AND currency = a.currency;
  v_answer := ledger.refuse_hold(v_hold, NULL);
  IF v_answer.outcome IS NOT NULL THEN
    RETURN v_answer;
  END IF;
  PERFORM ledger.end_hold(v_hold, 'RELEASED', 0, NULL, p_at);
  PERFORM ledger.after_release(v_hold, c.key, p_at, p_at);
  v_answer.outcome := 'POSTED';
  v_answer.points := v_hold.points;
  v_answer.balance := a.balance;
  RETURN v_answer;
END $$;

-- Why a hold cannot be ended by its partner; no outcome where it can.
CREATE OR REPLACE FUNCTION ledger.refuse_hold(p_hold ledger.hold, p_points bigint)
RETURNS ledger.posting
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_answer ledger.posting;
BEGIN
  v_answer.outcome := CASE
    WHEN p_hold.hold_id IS NULL THEN 'NOT_FOUND'
    WHEN p_hold.status = 'EXPIRED' THEN 'EXPIRED'
    WHEN p_hold.status <> 'ACTIVE' THEN 'HOLD_ENDED'
    WHEN p_points > p_hold.points THEN 'TOO_MANY' END;
  IF v_answer.outcome = 'TOO_MANY' THEN
    v_answer.available := p_hold.points;
  ELSIF v_answer.outcome = 'HOLD_ENDED' THEN
    v_answer.details := jsonb_build_object('status', p_hold.status);
  END IF;
  RETURN v_answer;
END $$;

-- Ends an active hold: its lots keep nothing for it any more, and those that expire soonest give what
-- is captured.
CREATE OR REPLACE FUNCTION ledger.end_hold(
  p_hold ledger.hold, p_status text, p_captured bigint, p_transfer_id uuid, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE ledger.hold
  SET status = p_status, captured = p_captured, transfer_id = p_transfer_id, ended_at = p_at
  WHERE member_id = p_hold.member_id AND hold_id = p_hold.hold_id AND status = 'ACTIVE';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Hold % has ended already.', p_hold.hold_id;
  END IF;
  WITH kept AS MATERIALIZED (
    SELECT lot_id, h.points,
           sum(h.points) OVER (ORDER BY expires_at NULLS LAST, activates_at, lot_id
             ROWS UNBOUNDED PRECEDING) AS up_to
    FROM ledger.hold_lot h JOIN ledger.lot l USING (member_id, lot_id)
    WHERE member_id = p_hold.member_id AND hold_id = p_hold.hold_id
  ), ended AS (
    UPDATE ledger.lot l
    SET held = l.held - kept.points,
        remaining = l.remaining - greatest(0, least(kept.up_to, p_captured) - (kept.up_to - kept.points))
    FROM kept WHERE l.member_id = p_hold.member_id AND l.lot_id = kept.lot_id
    RETURNING l.lot_id,
      greatest(0, least(kept.up_to, p_captured) - (kept.up_to - kept.points)) AS points
  )
  INSERT INTO ledger.lot_use (member_id, transfer_id, lot_id, points)
  SELECT p_hold.member_id, p_transfer_id, lot_id, points FROM ended WHERE points > 0;
  UPDATE ledger.account SET held = held - p_hold.points
  WHERE member_id = p_hold.member_id AND currency = p_hold.currency;
END $$;

-- Tells the partner whose hold has ended by itself. What the coalition kept itself is its own business.
CREATE OR REPLACE FUNCTION ledger.tell_of_expiry(p_hold ledger.hold) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO platform.outbox (id, type, member_id, partner_id, payload, occurred_at)
  SELECT gen_random_uuid(), 'hold.expired', p_hold.member_id, p_hold.partner_id,
         jsonb_build_object('holdId', p_hold.hold_id), p_hold.expires_at
  WHERE p_hold.partner_id IS NOT NULL;
$$;

-- What follows where a hold has given points free: what has come to its end meanwhile ends, or is given
-- its days of grace, and a debt is paid.
CREATE OR REPLACE FUNCTION ledger.after_release(
  p_hold ledger.hold, p_part_of uuid, p_ended_at timestamptz, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account;
  v_currency ledger.currency;
  v_lots uuid[] := ledger.ended_lots(p_hold.member_id, p_hold.currency,
    (SELECT array_agg(lot_id) FROM ledger.hold_lot
     WHERE member_id = p_hold.member_id AND hold_id = p_hold.hold_id), p_ended_at);
BEGIN
  SELECT * INTO STRICT v_currency FROM ledger.currency WHERE code = p_hold.currency;
  PERFORM ledger.end_lots(p_hold.member_id, p_hold.currency, v_lots,
    v_currency.hold_grace_days > 0,
    ledger.after_days(v_currency, p_ended_at, v_currency.hold_grace_days),
    p_part_of, p_at, p_ended_at);
  SELECT * INTO STRICT a FROM ledger.account
  WHERE member_id = p_hold.member_id AND currency = p_hold.currency;
  a := ledger.repay_debt(a, p_part_of, p_at, p_ended_at);
  PERFORM ledger.be_due(a.member_id, a.currency, ledger.next_due_at(a, p_ended_at));
END $$;
