-- Takes back an accrual, in full or in part, as the purchase behind it is returned. Of the command:
-- target_id, the accrual; returned and total, what has been returned of the purchase up to now and what
-- it was, so that several returns come to the whole; or points; or neither, for all that is left.
--
-- Points are taken from (1) the accrual's lots, pending or not, (2) what of them has expired, which comes
-- back from breakage first, (3) other lots that can be spent, those that expire last before the
-- others, (4) the member's debt, up to debt_limit, null for no limit; (5) the rest is borne by risk:
-- ISSUER, OPERATOR or SHARED. clawback says how far that goes: ONLY_PENDING, WITHIN_BALANCE (1 to 3)
-- or DEBT. The issuer has all of it back, whatever the member's position.
--
-- other_member_id: whom the account was merged into, and where its points are by now. What (1) and (3) find
-- there comes back first, by a MERGE of its own.
--
-- NOT_FOUND; ALREADY_REVERSED where nothing is left; TOO_MANY with what is left. The answer's points
-- are what was taken back, which may be 0 for a small return; details say from where.
CREATE OR REPLACE FUNCTION ledger.post_reverse(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at);
  v_accrual ledger.transfer;
  v_answer ledger.posting;
  v_left bigint;
  m ledger.transfer;
  v_lots uuid[];
  v_reinstated bigint;
  v_taken bigint;
  v_rest bigint;
  v_debt bigint;
BEGIN
  SELECT * INTO v_accrual FROM ledger.movement
  WHERE member_id = a.member_id AND transfer_id = c.target_id AND currency = a.currency
    AND kind = 'ACCRUAL';
  IF NOT FOUND THEN
    v_answer.outcome := 'NOT_FOUND';
    RETURN v_answer;
  END IF;
  v_left := v_accrual.points - ledger.reversed_of(c.member_id, c.target_id);
  v_answer.points := CASE
    WHEN c.total IS NOT NULL
      THEN div(v_accrual.points * c.returned, c.total)::bigint - (v_accrual.points - v_left)
    ELSE coalesce(c.points, v_left) END;
  IF v_left = 0 OR v_answer.points > v_left THEN
    v_answer.outcome := CASE WHEN v_left = 0 THEN 'ALREADY_REVERSED' ELSE 'TOO_MANY' END;
    v_answer.available := v_left;
    v_answer.points := NULL;
    RETURN v_answer;
  END IF;
  v_answer.points := greatest(0, v_answer.points);
  v_answer.outcome := 'POSTED';
  v_answer.balance := a.balance;
  IF v_answer.points = 0 THEN
    RETURN v_answer;
  END IF;

  v_lots := ledger.lots_of(c.member_id, c.target_id);
  v_reinstated := ledger.reinstate_for_reversal(c, v_lots, v_answer.points, p_at);
  v_taken := ledger.claw_back(c, v_lots, v_answer.points, p_at);
  IF c.other_member_id IS NOT NULL AND v_taken < v_answer.points THEN
    PERFORM ledger.recall(c, v_lots, v_answer.points - v_taken, p_at);
    v_taken := v_taken + ledger.claw_back(c, v_lots, v_answer.points - v_taken, p_at);
  END IF;
  v_rest := v_answer.points - v_taken;
  v_debt := CASE WHEN c.clawback = 'DEBT'
    THEN least(v_rest, greatest(0, coalesce(c.debt_limit - a.debt, v_rest))) ELSE 0 END;
  m := ledger.movement_of(c, 'REVERSAL', -v_taken, v_accrual.counter_account);
  m.debt := v_rest;
  m.reverses := c.target_id;
  a := ledger.write_movement(m, p_at);
  PERFORM ledger.write_off(c, v_accrual, v_rest - v_debt, p_at);
  v_answer.transfer_id := c.key;
  v_answer.balance := a.balance;
  v_answer.details := jsonb_build_object('taken', v_taken, 'reinstated', v_reinstated,
    'debt', v_debt, 'writtenOff', v_rest - v_debt);
  RETURN v_answer;
END $$;

-- What has been taken back of an accrual, or given back of a redemption, so far.
CREATE OR REPLACE FUNCTION ledger.reversed_of(p_member_id uuid, p_transfer_id uuid) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(sum(abs(points - debt)), 0)::bigint FROM ledger.movement
  WHERE member_id = p_member_id AND reverses = p_transfer_id;
$$;

-- The lots of an accrual: its own, and those that go on from it, since points of it were given back after
-- its end.
CREATE OR REPLACE FUNCTION ledger.lots_of(p_member_id uuid, p_accrual uuid) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE own AS (
    SELECT p_accrual AS lot_id
    UNION
    SELECT l.lot_id FROM own
    JOIN ledger.lot l ON l.member_id = p_member_id AND l.origin_lot = own.lot_id
  )
  SELECT array_agg(lot_id) FROM own;
$$;

-- Gives the accrual's lots back what of them has expired for good, as far as the reversal needs it: the
-- member had nothing of these points, and must not pay for them with others. Nothing where only what is
-- pending is taken.
CREATE OR REPLACE FUNCTION ledger.reinstate_for_reversal(
  c ledger.command, p_lots uuid[], p_points bigint, p_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_lot record;
  v_rest bigint;
  m ledger.transfer;
BEGIN
  SELECT p_points - sum(remaining - held) INTO v_rest FROM ledger.lot
  WHERE member_id = c.member_id AND lot_id = ANY (p_lots);
  m.transfer_id := gen_random_uuid();
  m.points := 0;
  FOR v_lot IN
    SELECT l.lot_id, sum(u.points) - coalesce((SELECT sum(n.original) FROM ledger.lot n
             WHERE n.member_id = l.member_id AND n.origin_lot = l.lot_id), 0) AS lost
    FROM ledger.lot l
    JOIN ledger.lot_use u ON u.member_id = l.member_id AND u.lot_id = l.lot_id
    JOIN ledger.movement t ON t.member_id = u.member_id AND t.transfer_id = u.transfer_id
    WHERE l.member_id = c.member_id AND l.lot_id = ANY (p_lots)
      AND t.kind IN ('EXPIRY', 'REINSTATEMENT')
    GROUP BY l.member_id, l.lot_id ORDER BY l.lot_id
  LOOP
    CONTINUE WHEN c.clawback = 'ONLY_PENDING' OR least(v_lot.lost, v_rest) <= 0;
    PERFORM ledger.use_lot(c.member_id, v_lot.lot_id, m.transfer_id, -least(v_lot.lost, v_rest)::bigint);
    m.points := m.points + least(v_lot.lost, v_rest);
    v_rest := v_rest - least(v_lot.lost, v_rest);
  END LOOP;
  IF m.points = 0 THEN
    RETURN 0;
  END IF;
  m.member_id := c.member_id;
  m.part_of := c.key;
  m.currency := c.currency;
  m.kind := 'REINSTATEMENT';
  m.debt := 0;
  m.counter_account := ledger.counter_account_of('OPERATOR_BREAKAGE', NULL);
  m.description := c.description;
  PERFORM ledger.write_movement(m, p_at);
  RETURN m.points;
END $$;

-- Brings points back for a reversal from the account that this one was merged into: what is left there of the
-- accrual's lots goes to them, as it is by now; of other lots that can be spent, the last to expire first, as
-- much as is still needed, to lots of its own.
CREATE OR REPLACE FUNCTION ledger.recall(
  c ledger.command, p_lots uuid[], p_points bigint, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  b ledger.account := ledger.lock_account(c.other_member_id, c.currency, p_at);
  v_back ledger.command := c;
  v_lot record;
  v_new ledger.lot;
  v_rest bigint := p_points;
  v_lots uuid[] := '{}';
  v_origins uuid[] := '{}';
  v_points bigint[] := '{}';
BEGIN
  FOR v_lot IN
    SELECT l.lot_id, l.remaining - l.held AS free, own.origin
    FROM ledger.lot l
    LEFT JOIN ledger.led_lots(b, c.member_id) own
      ON own.lot_id = l.lot_id AND own.origin = ANY (p_lots)
    WHERE l.member_id = b.member_id AND l.currency = b.currency AND l.open AND l.remaining > l.held
      AND CASE WHEN c.clawback = 'ONLY_PENDING' THEN own.origin IS NOT NULL AND l.activates_at > p_at
          ELSE own.origin IS NOT NULL
            OR l.activates_at <= p_at AND (l.expires_at IS NULL OR l.expires_at > p_at) END
    ORDER BY own.origin IS NULL, l.expires_at DESC NULLS FIRST, l.activates_at DESC, l.lot_id DESC
  LOOP
    EXIT WHEN v_rest = 0;
    v_lots := v_lots || v_lot.lot_id;
    v_origins := v_origins || v_lot.origin;
    v_points := v_points || least(v_lot.free, v_rest);
    v_rest := v_rest - least(v_lot.free, v_rest);
  END LOOP;
  IF v_rest = p_points THEN
    RETURN;
  END IF;
  v_back.member_id := b.member_id;
  v_back.other_member_id := c.member_id;
  v_back.key := gen_random_uuid();
  PERFORM ledger.write_merge(v_back, p_points - v_rest, 0, p_at);
  FOR i IN 1 .. cardinality(v_lots) LOOP
    PERFORM ledger.use_lot(b.member_id, v_lots[i], v_back.key, v_points[i]);
    SELECT * INTO STRICT v_new FROM ledger.lot WHERE member_id = b.member_id AND lot_id = v_lots[i];
    IF v_origins[i] IS NOT NULL THEN
      PERFORM ledger.use_lot(c.member_id, v_origins[i], v_back.key, -v_points[i]);
      PERFORM ledger.activate_from(member_id, lot_id, activates_at, v_new.activates_at) FROM ledger.lot
      WHERE member_id = c.member_id AND lot_id = v_origins[i];
      UPDATE ledger.lot
      SET activates_at = v_new.activates_at, cancels_at = v_new.cancels_at,
          expires_at = v_new.expires_at, expires_by_policy = v_new.expires_by_policy
      WHERE member_id = c.member_id AND lot_id = v_origins[i];
    ELSE
      v_new.member_id := c.member_id;
      v_new.origin_lot := v_new.lot_id;
      v_new.lot_id := gen_random_uuid();
      v_new.transfer_id := v_back.key;
      v_new.original := v_points[i];
      PERFORM ledger.add_lot(v_new, p_at);
    END IF;
  END LOOP;
END $$;

-- The open lots of an account that merges have brought from another one, and which of its lots each was.
CREATE OR REPLACE FUNCTION ledger.led_lots(p_into ledger.account, p_from uuid)
RETURNS TABLE (lot_id uuid, origin uuid)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE led AS (
    SELECT l.lot_id, l.member_id, l.lot_id AS from_lot, l.origin_lot, l.transfer_id FROM ledger.lot l
    WHERE l.member_id = p_into.member_id AND l.currency = p_into.currency AND l.open
    UNION ALL
    SELECT led.lot_id, o.member_id, o.lot_id, o.origin_lot, o.transfer_id
    FROM led
    JOIN ledger.movement t
      ON t.member_id = led.member_id AND t.transfer_id = led.transfer_id AND t.kind = 'MERGE'
    JOIN ledger.lot o ON o.member_id = t.other_member_id AND o.lot_id = led.origin_lot
  )
  SELECT led.lot_id, led.from_lot FROM led WHERE led.member_id = p_from;
$$;

-- Takes points for a reversal from the lots that may give them, in their order. @returns how many
CREATE OR REPLACE FUNCTION ledger.claw_back(
  c ledger.command, p_lots uuid[], p_points bigint, p_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_lot record;
  v_rest bigint := p_points;
BEGIN
  FOR v_lot IN
    SELECT lot_id, remaining - held AS free FROM ledger.lot
    WHERE member_id = c.member_id AND currency = c.currency AND open AND remaining > held
      AND CASE WHEN c.clawback = 'ONLY_PENDING' THEN lot_id = ANY (p_lots) AND activates_at > p_at
          ELSE lot_id = ANY (p_lots)
            OR activates_at <= p_at AND (expires_at IS NULL OR expires_at > p_at) END
    ORDER BY lot_id <> ALL (p_lots), expires_at DESC NULLS FIRST, activates_at DESC, lot_id DESC
  LOOP
    EXIT WHEN v_rest = 0;
    PERFORM ledger.use_lot(c.member_id, v_lot.lot_id, c.key, least(v_lot.free, v_rest));
    v_rest := v_rest - least(v_lot.free, v_rest);
  END LOOP;
  RETURN p_points - v_rest;
END $$;

-- Lets those bear what a member's debt cannot: the debt goes down again by as much.
CREATE OR REPLACE FUNCTION ledger.write_off(
  c ledger.command, p_accrual ledger.transfer, p_points bigint, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_issuer uuid := (SELECT owner FROM ledger.counter_account WHERE id = p_accrual.counter_account);
  -- Of what is shared, the issuer bears the odd point.
  v_issuers bigint := CASE c.risk WHEN 'ISSUER' THEN p_points WHEN 'SHARED' THEN p_points - p_points / 2
    ELSE 0 END;
  m ledger.transfer;
BEGIN
  m := ledger.movement_of(c, 'WRITE_OFF', 0, NULL);
  m.part_of := c.key;
  IF v_issuers > 0 THEN
    m.transfer_id := gen_random_uuid();
    m.debt := -v_issuers;
    m.counter_account := ledger.counter_account_of('PARTNER_WRITE_OFF', v_issuer);
    PERFORM ledger.write_movement(m, p_at);
  END IF;
  IF p_points > v_issuers THEN
    m.transfer_id := gen_random_uuid();
    m.debt := v_issuers - p_points;
    m.counter_account := ledger.counter_account_of('OPERATOR_WRITE_OFF', NULL);
    PERFORM ledger.write_movement(m, p_at);
  END IF;
END $$;
