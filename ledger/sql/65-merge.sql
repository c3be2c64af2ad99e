-- Moves everything that a member has of a currency to another, since both are one person: points that can
-- be spent and pending ones, each lot with its issuer, price, dates and end, and the debt. Of the command:
-- other_member_id, who gets it. Both entries have the key as their transfer's id.
--
-- HELD where a till holds some of it, CONVERTING where some is on its way to another program: that has to
-- end first. LIMIT_REACHED where the other's balance would be too large. The answer's points are what was
-- moved; with nothing to move nothing is written.
CREATE OR REPLACE FUNCTION ledger.post_merge(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account;
  b ledger.account;
  v_lot ledger.lot;
  v_answer ledger.posting;
BEGIN
  a := ledger.lock_pair(c, p_at);
  b := ledger.lock_account(c.other_member_id, c.currency, p_at, true);
  v_answer.outcome := CASE
    WHEN a.held > 0 THEN 'HELD'
    WHEN EXISTS (SELECT FROM ledger.conversion WHERE member_id = a.member_id
                   AND from_currency = a.currency AND status = 'PENDING') THEN 'CONVERTING'
    WHEN a.balance + b.balance > 9007199254740991 THEN 'LIMIT_REACHED'
    ELSE 'POSTED' END;
  IF v_answer.outcome <> 'POSTED' THEN
    RETURN v_answer;
  END IF;
  v_answer.points := coalesce(a.balance, 0);
  v_answer.balance := 0;
  IF v_answer.points = 0 AND coalesce(a.debt, 0) = 0 THEN
    RETURN v_answer;
  END IF;
  b := ledger.write_merge(c, a.balance, a.debt, p_at);
  FOR v_lot IN
    SELECT * FROM ledger.lot
    WHERE member_id = a.member_id AND currency = a.currency AND open
    ORDER BY lot_id
  LOOP
    PERFORM ledger.use_lot(a.member_id, v_lot.lot_id, c.key, v_lot.remaining);
    v_lot.member_id := b.member_id;
    v_lot.origin_lot := v_lot.lot_id;
    v_lot.lot_id := gen_random_uuid();
    v_lot.transfer_id := c.key;
    v_lot.original := v_lot.remaining;
    PERFORM ledger.add_lot(v_lot, p_at);
  END LOOP;
  -- The person was active, whichever account it was on.
  UPDATE ledger.account SET active_at = greatest(active_at, a.active_at)
  WHERE member_id = b.member_id AND currency = b.currency RETURNING * INTO b;
  PERFORM ledger.repay_debt(b, c.key, p_at);
  v_answer.transfer_id := c.key;
  v_answer.details := jsonb_build_object('debt', a.debt);
  RETURN v_answer;
END $$;

-- Takes a merge back: what is left of the lots that it moved goes back to the lots that they came from, as
-- they are by now, and of the debt that it moved as much as is still owed. What was spent in the meantime
-- stays spent. Of the command: member_id, who got it; other_member_id, whose it was; target_id, the key
-- of the merge. NOT_FOUND; HELD where a till holds some of these lots.
CREATE OR REPLACE FUNCTION ledger.post_unmerge(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  b ledger.account;
  a ledger.account;
  v_merge ledger.transfer;
  v_lot ledger.lot;
  v_debt bigint;
  v_answer ledger.posting;
BEGIN
  b := ledger.lock_pair(c, p_at);
  a := ledger.lock_account(c.other_member_id, c.currency, p_at, true);
  SELECT * INTO v_merge FROM ledger.movement
  WHERE member_id = b.member_id AND transfer_id = c.target_id AND currency = b.currency
    AND kind = 'MERGE' AND other_member_id = c.other_member_id;
  v_answer.outcome := CASE
    WHEN NOT FOUND THEN 'NOT_FOUND'
    WHEN EXISTS (SELECT FROM ledger.lot WHERE member_id = b.member_id
                   AND transfer_id = c.target_id AND open AND held > 0) THEN 'HELD'
    ELSE 'POSTED' END;
  IF v_answer.outcome <> 'POSTED' THEN
    RETURN v_answer;
  END IF;
  SELECT coalesce(sum(remaining), 0) INTO v_answer.points FROM ledger.lot
  WHERE member_id = b.member_id AND transfer_id = c.target_id AND open;
  v_debt := least(b.debt, v_merge.debt);
  v_answer.balance := b.balance - v_answer.points;
  IF v_answer.points = 0 AND v_debt = 0 THEN
    RETURN v_answer;
  END IF;
  a := ledger.write_merge(c, v_answer.points, v_debt, p_at);
  FOR v_lot IN
    SELECT * FROM ledger.lot
    WHERE member_id = b.member_id AND transfer_id = c.target_id AND open
    ORDER BY lot_id
  LOOP
    PERFORM ledger.use_lot(b.member_id, v_lot.lot_id, c.key, v_lot.remaining);
    PERFORM ledger.use_lot(a.member_id, v_lot.origin_lot, c.key, -v_lot.remaining);
    -- It may have been activated in the meantime.
    UPDATE ledger.lot
    SET activates_at = v_lot.activates_at, cancels_at = v_lot.cancels_at,
        expires_at = v_lot.expires_at, expires_by_policy = v_lot.expires_by_policy
    WHERE member_id = a.member_id AND lot_id = v_lot.origin_lot;
    PERFORM ledger.be_due(a.member_id, a.currency, ledger.lot_due_at(
      v_lot.activates_at, v_lot.cancels_at, v_lot.expires_at, a.currency, p_at));
  END LOOP;
  UPDATE ledger.account SET active_at = greatest(active_at, b.active_at)
  WHERE member_id = a.member_id AND currency = a.currency RETURNING * INTO a;
  PERFORM ledger.repay_debt(a, c.key, p_at);
  v_answer.transfer_id := c.key;
  v_answer.details := jsonb_build_object('debt', v_debt);
  RETURN v_answer;
END $$;

-- Locks the account of a command's member, and before it the other's where that one comes first: in the
-- order of members, as all who lock several.
CREATE OR REPLACE FUNCTION ledger.lock_pair(c ledger.command, p_at timestamptz)
RETURNS ledger.account
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF c.member_id = c.other_member_id THEN
    RAISE EXCEPTION 'Member % would be joined with itself.', c.member_id;
  END IF;
  IF c.other_member_id < c.member_id THEN
    PERFORM ledger.lock_account(c.other_member_id, c.currency, p_at, true);
  END IF;
  RETURN ledger.lock_account(c.member_id, c.currency, p_at);
END $$;

-- Writes both entries of a merge. @returns the account of the member who gets the points
CREATE OR REPLACE FUNCTION ledger.write_merge(
  c ledger.command, p_points bigint, p_debt bigint, p_at timestamptz
) RETURNS ledger.account
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m ledger.transfer;
BEGIN
  -- Points that go with as much debt leave nothing for another account to balance.
  m := ledger.movement_of(c, 'MERGE', -p_points,
    CASE WHEN p_points <> p_debt THEN ledger.counter_account_of('MEMBERS', NULL) END);
  m.debt := -p_debt;
  m.other_member_id := c.other_member_id;
  PERFORM ledger.write_movement(m, p_at);
  m.member_id := c.other_member_id;
  m.other_member_id := c.member_id;
  m.points := p_points;
  m.debt := p_debt;
  RETURN ledger.write_movement(m, p_at);
END $$;
