-- Begins to convert points into another currency: they leave the member now, and arrive when the other
-- program has confirmed it. Of the command: points, of which whole blocks are moved; to_currency, which
-- the ledger need not count; rate_id, where a quote has named the rate; expires_at, when it is reversed
-- unless it has been confirmed, null to confirm it at once, where nobody else has to be asked. The
-- conversion's id is the key, as is its debit's.
--
-- What ledger.quote_conversion refuses, with what is required in details where it is less; INSUFFICIENT_POINTS
-- with what is available, and as points what would be moved. The answer's points are what was moved;
-- details tell what is credited.
CREATE OR REPLACE FUNCTION ledger.post_begin_conversion(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at);
  q record;
  v_conversion ledger.conversion;
  v_answer ledger.posting;
BEGIN
  IF c.expires_at <= p_at THEN
    RAISE EXCEPTION 'Conversion % would be over before it begins.', c.key;
  END IF;
  SELECT * INTO STRICT q
  FROM ledger.quote_conversion(c.currency, c.to_currency, c.points, c.rate_id, p_at);
  IF q.outcome <> 'QUOTED' THEN
    v_answer.outcome := q.outcome;
    IF q.outcome = 'LESS_THAN_BLOCK' THEN
      v_answer.details := jsonb_build_object(
        'required', greatest((q.rate).from_block, (q.rate).minimum));
    END IF;
    RETURN v_answer;
  END IF;
  IF c.expires_at IS NULL
     AND ledger.has_no_room(c.member_id, c.to_currency, q.credited, p_at) THEN
    v_answer.outcome := 'LIMIT_REACHED';
    RETURN v_answer;
  END IF;
  IF a.version IS NULL
     OR NOT ledger.take_points(c.member_id, c.currency, q.moved, c.key, p_at) THEN
    v_answer := ledger.too_few(a, p_at);
    v_answer.points := q.moved;
    RETURN v_answer;
  END IF;

  a := ledger.write_movement(ledger.movement_of(c, 'CONVERSION', -q.moved,
    ledger.counter_account_of('EXCHANGE', (q.rate).program)), p_at);
  INSERT INTO ledger.conversion (member_id, conversion_id, from_currency, to_currency, program,
    rate_id, moved, credited, status, begun_at, times_out_at)
  VALUES (c.member_id, c.key, c.currency, c.to_currency, (q.rate).program, (q.rate).rate_id,
    q.moved, q.credited, 'PENDING', p_at, coalesce(c.expires_at, p_at))
  RETURNING * INTO v_conversion;
  PERFORM ledger.be_due(c.member_id, c.currency, c.expires_at);
  IF c.expires_at IS NULL THEN
    PERFORM ledger.complete_conversion(v_conversion, c, gen_random_uuid(), p_at);
  END IF;
  v_answer.outcome := 'POSTED';
  v_answer.transfer_id := c.key;
  v_answer.balance := a.balance;
  v_answer.points := q.moved;
  v_answer.details := jsonb_build_object('credited', q.credited, 'bonus', q.bonus);
  RETURN v_answer;
END $$;

-- Ends a conversion that the other program has taken: where the ledger counts the currency, the member
-- gets the points. Of the command: currency, from which it is converted; target_id, the conversion.
-- NOT_FOUND; CONVERSION_ENDED where it has been confirmed or reversed; LIMIT_REACHED. The answer's
-- points are what was credited; movement and balance are those of the other currency, where the ledger
-- counts it.
CREATE OR REPLACE FUNCTION ledger.post_confirm_conversion(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_conversion ledger.conversion := ledger.lock_conversion(c, p_at);
  v_answer ledger.posting;
BEGIN
  v_answer.outcome := CASE
    WHEN v_conversion.conversion_id IS NULL THEN 'NOT_FOUND'
    WHEN v_conversion.status <> 'PENDING' THEN 'CONVERSION_ENDED'
    WHEN ledger.has_no_room(c.member_id, v_conversion.to_currency, v_conversion.credited, p_at)
      THEN 'LIMIT_REACHED' END;
  IF v_answer.outcome IS NOT NULL THEN
    RETURN v_answer;
  END IF;
  v_answer.balance := ledger.complete_conversion(v_conversion, c, c.key, p_at);
  v_answer.outcome := 'POSTED';
  v_answer.transfer_id := CASE WHEN v_answer.balance IS NOT NULL THEN c.key END;
  v_answer.points := v_conversion.credited;
  RETURN v_answer;
END $$;

-- Gives back what the other program has not taken, to the lots that it came from. Of the command:
-- currency, from which it is converted; target_id, the conversion. NOT_FOUND; ALREADY_REVERSED;
-- CONVERSION_ENDED where it has been confirmed; LIMIT_REACHED.
CREATE OR REPLACE FUNCTION ledger.post_reverse_conversion(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_conversion ledger.conversion := ledger.lock_conversion(c, p_at);
  v_answer ledger.posting;
BEGIN
  v_answer.outcome := CASE
    WHEN v_conversion.conversion_id IS NULL THEN 'NOT_FOUND'
    WHEN v_conversion.status = 'REVERSED' THEN 'ALREADY_REVERSED'
    WHEN v_conversion.status = 'POSTED' THEN 'CONVERSION_ENDED'
    WHEN ledger.has_no_room(c.member_id, c.currency, v_conversion.moved, p_at)
      THEN 'LIMIT_REACHED' END;
  IF v_answer.outcome IS NOT NULL THEN
    RETURN v_answer;
  END IF;
  RETURN ledger.undo_conversion(v_conversion, c, p_at, p_at);
END $$;

-- The conversion that a command names. Its account is locked, and with it the conversion's end: who
-- comes second finds it ended.
CREATE OR REPLACE FUNCTION ledger.lock_conversion(c ledger.command, p_at timestamptz)
RETURNS ledger.conversion
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at);
  v_conversion ledger.conversion;
BEGIN
  SELECT * INTO v_conversion FROM ledger.conversion
  WHERE member_id = a.member_id AND conversion_id = c.target_id AND from_currency = a.currency;
  RETURN v_conversion;
END $$;

-- Whether an account would hold more than a balance can. One that the ledger does not count has room.
CREATE OR REPLACE FUNCTION ledger.has_no_room(
  p_member_id uuid, p_currency text, p_points bigint, p_at timestamptz
) RETURNS boolean
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((ledger.lock_account(p_member_id, p_currency, p_at)).balance + p_points
                  > 9007199254740991, false);
$$;

-- Ends a conversion with the points in the other currency: a lot with that currency's own end, issued
-- by whose currency it is, or by the program where it is the shared one. Answers the balance there;
-- null where the ledger does not count it.
CREATE OR REPLACE FUNCTION ledger.complete_conversion(
  p_conversion ledger.conversion, c ledger.command, p_transfer_id uuid, p_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  u ledger.currency;
  a ledger.account;
  m ledger.transfer;
  l ledger.lot;
BEGIN
  SELECT * INTO u FROM ledger.currency WHERE code = p_conversion.to_currency;
  PERFORM ledger.end_conversion(p_conversion, 'POSTED', p_at,
    CASE WHEN u.code IS NOT NULL THEN p_transfer_id END);
  IF u.code IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM ledger.lock_account(c.member_id, u.code, p_at, true);
  m := ledger.movement_of(c, 'CONVERSION', p_conversion.credited,
    ledger.counter_account_of('EXCHANGE', p_conversion.program));
  m.transfer_id := p_transfer_id;
  m.part_of := nullif(c.key, p_transfer_id);
  m.currency := u.code;
  a := ledger.write_movement(m, p_at);
  l := ledger.lot_of(c);
  l.lot_id := p_transfer_id;
  l.transfer_id := p_transfer_id;
  l.currency := u.code;
  l.issuer := coalesce(u.issuer, p_conversion.program);
  l.issue_price := 0;
  l.original := p_conversion.credited;
  l.activates_at := p_at;
  l.expires_at := ledger.expiry_of(u, p_at);
  l.expires_by_policy := true;
  PERFORM ledger.add_lot(l, p_at);
  PERFORM ledger.repay_debt(a, p_transfer_id, p_at);
  RETURN a.balance;
END $$;

-- Ends a conversion with the points back in their lots, as of an instant: what of a lot had ended by
-- then goes by the currency's policy, and what has ended since ends as if it had never left.
CREATE OR REPLACE FUNCTION ledger.undo_conversion(
  p_conversion ledger.conversion, c ledger.command, p_back_at timestamptz, p_at timestamptz
) RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_debit ledger.transfer;
BEGIN
  PERFORM ledger.end_conversion(p_conversion, 'REVERSED', p_back_at, NULL);
  SELECT * INTO STRICT v_debit FROM ledger.movement
  WHERE member_id = p_conversion.member_id AND transfer_id = p_conversion.conversion_id;
  RETURN ledger.give_back(c, v_debit, p_conversion.moved, p_back_at, p_at);
END $$;

CREATE OR REPLACE FUNCTION ledger.end_conversion(
  p_conversion ledger.conversion, p_status text, p_at timestamptz, p_transfer_id uuid
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE ledger.conversion
  SET status = p_status, ended_at = p_at, transfer_id = p_transfer_id
  WHERE member_id = p_conversion.member_id AND conversion_id = p_conversion.conversion_id
    AND status = 'PENDING';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Conversion % has ended already.', p_conversion.conversion_id;
  END IF;
END $$;

-- Reverses conversions of a locked account that the other program has not confirmed in time.
CREATE OR REPLACE FUNCTION ledger.reverse_timed_out_conversions(
  p_member_id uuid, p_currency text, p_due_at timestamptz, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_conversion ledger.conversion;
  c ledger.command;
BEGIN
  FOR v_conversion IN
    SELECT * FROM ledger.conversion
    WHERE member_id = p_member_id AND from_currency = p_currency AND status = 'PENDING'
      AND times_out_at <= p_due_at
    ORDER BY times_out_at, conversion_id
  LOOP
    c.member_id := p_member_id;
    c.key := gen_random_uuid();
    c.currency := p_currency;
    c.effective_at := v_conversion.times_out_at;
    c.description := 'Not confirmed in time';
    SELECT source_kind, source_id INTO c.source_kind, c.source_id FROM ledger.movement
    WHERE member_id = p_member_id AND transfer_id = v_conversion.conversion_id;
    PERFORM ledger.undo_conversion(v_conversion, c, v_conversion.times_out_at, p_at);
  END LOOP;
END $$;
