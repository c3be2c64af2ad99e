-- Of these lots, those that have come to their end and hold something that nobody keeps.
CREATE OR REPLACE FUNCTION ledger.ended_lots(
  p_member_id uuid, p_currency text, p_lots uuid[], p_at timestamptz
) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(l.lot_id ORDER BY l.lot_id)
  FROM ledger.account a
  JOIN ledger.currency c ON c.code = a.currency
  JOIN ledger.lot l ON l.member_id = a.member_id AND l.currency = a.currency
  WHERE a.member_id = p_member_id AND a.currency = p_currency AND l.lot_id = ANY (p_lots)
    AND l.open AND l.remaining > l.held AND ledger.lot_ends_at(l, c, a.active_at) <= p_at;
$$;

-- Ends what is free of these lots, which got points back when they had come to their end already. With
-- p_reinstate the member keeps them, in lots that go on from these until p_until, null for never. That is
-- so from p_due_at, where it is settled late.
CREATE OR REPLACE FUNCTION ledger.end_lots(
  p_member_id uuid, p_currency text, p_lots uuid[], p_reinstate boolean, p_until timestamptz,
  p_part_of uuid, p_at timestamptz, p_due_at timestamptz DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m ledger.transfer;
  v_lot ledger.lot;
  v_from timestamptz := coalesce(p_due_at, p_at);
  v_free bigint;
  v_expiry uuid;
BEGIN
  SELECT sum(remaining - held) INTO m.points FROM ledger.lot
  WHERE member_id = p_member_id AND lot_id = ANY (p_lots);
  IF m.points IS NULL THEN
    RETURN;
  END IF;
  v_expiry := ledger.write_expiry(p_member_id, p_currency, m.points, p_part_of, v_from, p_at);
  m.member_id := p_member_id;
  m.transfer_id := gen_random_uuid();
  m.part_of := p_part_of;
  m.currency := p_currency;
  m.kind := 'REINSTATEMENT';
  m.debt := 0;
  m.counter_account := ledger.counter_account_of('OPERATOR_BREAKAGE', NULL);
  m.effective_at := v_from;
  m.description := 'Given back after their end';
  FOR v_lot IN
    SELECT * FROM ledger.lot WHERE member_id = p_member_id AND lot_id = ANY (p_lots) ORDER BY lot_id
  LOOP
    v_free := v_lot.remaining - v_lot.held;
    PERFORM ledger.use_lot(p_member_id, v_lot.lot_id, v_expiry, v_free);
    CONTINUE WHEN NOT p_reinstate;
    v_lot.origin_lot := v_lot.lot_id;
    v_lot.lot_id := gen_random_uuid();
    v_lot.transfer_id := m.transfer_id;
    v_lot.original := v_free;
    v_lot.activates_at := v_from;
    v_lot.expires_at := p_until;
    PERFORM ledger.add_lot(v_lot, p_at);
  END LOOP;
  IF p_reinstate THEN
    PERFORM ledger.write_movement(m, p_at);
  END IF;
END $$;

-- The instant after so many local days have passed whole: the last of them still counts.
CREATE OR REPLACE FUNCTION ledger.after_days(
  p_currency ledger.currency, p_from timestamptz, p_days integer
) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ledger.start_of_day((p_from AT TIME ZONE p_currency.time_zone)::date + p_days + 1,
                             p_currency.time_zone);
$$;
