-- The lots of an account that can be spent from at an instant: active and not expired, less what holds
-- keep. Each with where its row stands, what of it is free, and what is free up to and with it in the
-- order of spending: soonest expiry first, then active longest.
--
-- PostgreSQL puts its text in the place of the call, as it does where a function sets nothing: what a
-- caller does not ask for is not reckoned, and a list of accounts is one plan.
CREATE OR REPLACE FUNCTION ledger.free_lots(p_member_id uuid, p_currency text, p_at timestamptz)
RETURNS TABLE (place tid, lot_id uuid, points bigint, up_to numeric, available numeric)
LANGUAGE sql STABLE AS $$
  SELECT l.ctid, l.lot_id, l.remaining - l.held,
         sum(l.remaining - l.held) OVER (ORDER BY l.expires_at NULLS LAST, l.activates_at, l.lot_id
           ROWS UNBOUNDED PRECEDING),
         sum(l.remaining - l.held) OVER ()
  FROM ledger.lot l
  WHERE l.member_id = p_member_id AND l.currency = p_currency AND l.open AND l.remaining > l.held
    AND l.activates_at <= p_at AND (l.expires_at IS NULL OR l.expires_at > p_at);
$$;

-- What can be spent of an account at an instant, less the debt. It answers right before what is due has
-- been settled, too.
CREATE OR REPLACE FUNCTION ledger.available_of(p_account ledger.account, p_at timestamptz)
RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT greatest(0, coalesce(sum(free.points), 0) - coalesce(p_account.debt, 0))::bigint
  FROM ledger.free_lots(p_account.member_id, p_account.currency, p_at) free;
$$;

-- Takes points from the lots in the order of spending, and keeps which lot gave what. False where there
-- are too few: nothing is changed then.
CREATE OR REPLACE FUNCTION ledger.take_points(
  p_member_id uuid, p_currency text, p_points bigint, p_transfer_id uuid, p_at timestamptz
) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  WITH free AS MATERIALIZED (
    SELECT * FROM ledger.free_lots(p_member_id, p_currency, p_at)
  ), taken AS (
    UPDATE ledger.lot l
    SET remaining = l.remaining - (least(free.up_to, p_points) - (free.up_to - free.points))
    FROM free
    WHERE l.member_id = p_member_id AND l.lot_id = free.lot_id
      AND free.up_to - free.points < p_points AND free.available >= p_points
    RETURNING l.lot_id, least(free.up_to, p_points) - (free.up_to - free.points) AS points
  )
  INSERT INTO ledger.lot_use (member_id, transfer_id, lot_id, points)
  SELECT p_member_id, p_transfer_id, lot_id, points FROM taken;
  RETURN FOUND;
END $$;

-- Takes points from one lot, or gives them back to it where p_points is negative. A movement may do so more
-- than once: what a reversal calls back comes in parts, where merges have moved it in parts.
CREATE OR REPLACE FUNCTION ledger.use_lot(
  p_member_id uuid, p_lot_id uuid, p_transfer_id uuid, p_points bigint
) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE ledger.lot SET remaining = remaining - p_points
  WHERE member_id = p_member_id AND lot_id = p_lot_id;
  INSERT INTO ledger.lot_use AS u (member_id, transfer_id, lot_id, points)
  VALUES (p_member_id, p_transfer_id, p_lot_id, p_points)
  ON CONFLICT (member_id, transfer_id, lot_id) DO UPDATE SET points = u.points + excluded.points;
$$;

-- Adds a lot to a locked account, and lets the account be looked at when something is due with it.
CREATE OR REPLACE FUNCTION ledger.add_lot(p_lot ledger.lot, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO ledger.lot (member_id, lot_id, currency, issuer, issue_price, original, remaining,
    activates_at, expires_at, transfer_id, cancels_at, expires_by_policy, origin_lot)
  VALUES (p_lot.member_id, p_lot.lot_id, p_lot.currency, p_lot.issuer, p_lot.issue_price,
    p_lot.original, p_lot.original, p_lot.activates_at, p_lot.expires_at, p_lot.transfer_id,
    p_lot.cancels_at, coalesce(p_lot.expires_by_policy, false), p_lot.origin_lot);
  PERFORM ledger.be_due(p_lot.member_id, p_lot.currency,
    ledger.lot_due_at(p_lot.activates_at, p_lot.cancels_at, p_lot.expires_at, p_lot.currency, p_at));
END $$;

-- Keeps that a lot of a locked account is about to become active at another instant than it was to, for the
-- sums of what waits: see ledger.pending_steps.
CREATE OR REPLACE FUNCTION ledger.activate_from(
  p_member_id uuid, p_lot_id uuid, p_was timestamptz, p_is timestamptz
) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO ledger.activation (member_id, lot_id, was_from, is_from, xact)
  SELECT p_member_id, p_lot_id, p_was, p_is, ledger.current_xact() WHERE p_was <> p_is;
$$;

-- When something is first due with a lot: it is activated, taken back, or expires; where points end
-- for want of activity, that long after its activation, or later. Null for never.
CREATE OR REPLACE FUNCTION ledger.lot_due_at(
  p_activates_at timestamptz, p_cancels_at timestamptz, p_expires_at timestamptz, p_currency text,
  p_at timestamptz
) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT nullif(least(
    CASE WHEN p_activates_at > p_at THEN p_activates_at END, p_cancels_at, p_expires_at,
    CASE WHEN p_activates_at < 'infinity' THEN ledger.inactive_from(c, p_activates_at) END
  ), 'infinity')
  FROM ledger.currency c WHERE c.code = p_currency;
$$;

-- Pays the debt of a locked account from what can be spent, or could at an earlier instant, where that is
-- settled late.
CREATE OR REPLACE FUNCTION ledger.repay_debt(
  p_account ledger.account, p_part_of uuid, p_at timestamptz, p_due_at timestamptz DEFAULT NULL
) RETURNS ledger.account
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m ledger.transfer;
  v_from timestamptz := coalesce(p_due_at, p_at);
  v_free bigint;
BEGIN
  IF p_account.debt = 0 THEN
    RETURN p_account;
  END IF;
  SELECT coalesce(sum(free.points), 0) INTO v_free
  FROM ledger.free_lots(p_account.member_id, p_account.currency, v_from) free;
  IF v_free = 0 THEN
    RETURN p_account;
  END IF;
  m.member_id := p_account.member_id;
  m.transfer_id := gen_random_uuid();
  m.part_of := p_part_of;
  m.currency := p_account.currency;
  m.kind := 'REPAYMENT';
  m.points := -least(v_free, p_account.debt);
  m.debt := m.points;
  m.effective_at := v_from;
  m.description := 'Owed from before';
  PERFORM ledger.take_points(m.member_id, m.currency, -m.points, m.transfer_id, v_from);
  RETURN ledger.write_movement(m, p_at);
END $$;
