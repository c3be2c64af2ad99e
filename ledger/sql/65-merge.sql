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
  -- In one statement: who has bought for years has lots by the thousand.
  WITH gone AS MATERIALIZED (
    SELECT * FROM ledger.lot WHERE member_id = a.member_id AND currency = a.currency AND open
  ), emptied AS (
    UPDATE ledger.lot l SET remaining = 0 FROM gone
    WHERE l.member_id = a.member_id AND l.lot_id = gone.lot_id
  ), used AS (
    INSERT INTO ledger.lot_use (member_id, transfer_id, lot_id, points)
    SELECT member_id, c.key, lot_id, remaining FROM gone
  )
  INSERT INTO ledger.lot (member_id, lot_id, currency, issuer, issue_price, original, remaining,
    activates_at, expires_at, transfer_id, cancels_at, expires_by_policy, origin_lot)
  SELECT b.member_id, gen_random_uuid(), currency, issuer, issue_price, remaining, remaining,
         activates_at, expires_at, c.key, cancels_at, expires_by_policy, lot_id
  FROM gone;
  PERFORM ledger.be_due(b.member_id, b.currency, ledger.lots_due_at(b, c.key, p_at));
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
  -- Before they are emptied: what is still to come of them.
  PERFORM ledger.be_due(a.member_id, a.currency, ledger.lots_due_at(b, c.target_id, p_at));
  -- It may have been activated in the meantime.
  PERFORM ledger.activate_from(l.member_id, l.lot_id, l.activates_at, back.activates_at)
  FROM ledger.lot back JOIN ledger.lot l ON l.member_id = a.member_id AND l.lot_id = back.origin_lot
  WHERE back.member_id = b.member_id AND back.transfer_id = c.target_id AND back.open;
  WITH back AS MATERIALIZED (
    SELECT * FROM ledger.lot
    WHERE member_id = b.member_id AND transfer_id = c.target_id AND open
  ), emptied AS (
    UPDATE ledger.lot l SET remaining = 0 FROM back
    WHERE l.member_id = b.member_id AND l.lot_id = back.lot_id
  ), used AS (
    INSERT INTO ledger.lot_use (member_id, transfer_id, lot_id, points)
    SELECT b.member_id, c.key, lot_id, remaining FROM back
    UNION ALL
    SELECT a.member_id, c.key, origin_lot, -remaining FROM back
  )
  UPDATE ledger.lot l
  SET remaining = l.remaining + back.remaining, activates_at = back.activates_at,
      cancels_at = back.cancels_at, expires_at = back.expires_at,
      expires_by_policy = back.expires_by_policy
  FROM back WHERE l.member_id = a.member_id AND l.lot_id = back.origin_lot;
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

-- When something is first due with the open lots that a movement has made.
CREATE OR REPLACE FUNCTION ledger.lots_due_at(
  p_account ledger.account, p_transfer_id uuid, p_at timestamptz
) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT min(ledger.lot_due_at(activates_at, cancels_at, expires_at, currency, p_at))
  FROM ledger.lot
  WHERE member_id = p_account.member_id AND currency = p_account.currency AND open
    AND transfer_id = p_transfer_id;
$$;

-- Writes both entries of a merge. Who gets the points was active when the other was: it is one person,
-- whichever account it was on. See ledger.active_then. @returns the account of the member who gets them
CREATE OR REPLACE FUNCTION ledger.write_merge(
  c ledger.command, p_points bigint, p_debt bigint, p_at timestamptz
) RETURNS ledger.account
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m ledger.transfer;
  a ledger.account;
  b ledger.account;
BEGIN
  -- Points that go with as much debt leave nothing for another account to balance.
  m := ledger.movement_of(c, 'MERGE', -p_points,
    CASE WHEN p_points <> p_debt THEN ledger.counter_account_of('MEMBERS', NULL) END);
  m.debt := -p_debt;
  m.other_member_id := c.other_member_id;
  a := ledger.write_movement(m, p_at);
  m.member_id := c.other_member_id;
  m.other_member_id := c.member_id;
  m.points := p_points;
  m.debt := p_debt;
  PERFORM ledger.write_movement(m, p_at);
  UPDATE ledger.account SET active_at = greatest(active_at, a.active_at)
  WHERE member_id = m.member_id AND currency = m.currency
  RETURNING * INTO STRICT b;
  RETURN b;
END $$;
