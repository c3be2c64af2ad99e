-- Forfeits what a member has in every currency, for good, but for what partners hold: they may capture it
-- still. What the coalition holds itself is released, debt is paid as far as there are points that can be
-- spent, and the rest, pending ones too, goes to breakage. What is owed still is borne by the operator; not
-- before the last hold has ended, which may give points free to pay it. Points that are on their way into
-- another currency are not the member's now. Answers how many points went. Again: nothing, or what has come
-- free since.
CREATE OR REPLACE FUNCTION ledger.forfeit(p_member_id uuid, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  a ledger.account;
  v_currency text;
  v_hold ledger.hold;
  v_points bigint := 0;
BEGIN
  FOR v_currency IN
    SELECT currency FROM ledger.account WHERE member_id = p_member_id ORDER BY currency
  LOOP
    a := ledger.lock_account(p_member_id, v_currency, p_at, false, true);
    FOR v_hold IN
      SELECT * FROM ledger.hold
      WHERE member_id = a.member_id AND currency = a.currency AND status = 'ACTIVE'
        AND partner_id IS NULL
      ORDER BY hold_id
    LOOP
      PERFORM ledger.end_hold(v_hold, 'RELEASED', 0, NULL, p_at);
      a.held := a.held - v_hold.points;
    END LOOP;
    a := ledger.repay_debt(a, NULL, p_at);
    v_points := v_points + a.balance - a.held;
    PERFORM ledger.forfeit_lots(a, p_at);
    IF a.held = 0 THEN
      PERFORM ledger.forgive_debt(a, p_at);
    END IF;
  END LOOP;
  RETURN v_points;
END $$;

-- Takes all that the lots of a locked account have and no hold keeps, to breakage.
CREATE OR REPLACE FUNCTION ledger.forfeit_lots(p_account ledger.account, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_lot record;
  v_transfer_id uuid;
BEGIN
  IF p_account.balance = p_account.held THEN
    RETURN;
  END IF;
  v_transfer_id := ledger.write_expiry(p_account.member_id, p_account.currency,
    p_account.balance - p_account.held, NULL, p_at, p_at);
  FOR v_lot IN
    SELECT lot_id, remaining - held AS free FROM ledger.lot
    WHERE member_id = p_account.member_id AND currency = p_account.currency AND open
      AND remaining > held
    ORDER BY lot_id
  LOOP
    PERFORM ledger.use_lot(p_account.member_id, v_lot.lot_id, v_transfer_id, v_lot.free);
  END LOOP;
END $$;

-- Lets the operator bear what a locked account owes.
CREATE OR REPLACE FUNCTION ledger.forgive_debt(p_account ledger.account, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m ledger.transfer;
BEGIN
  IF p_account.debt = 0 THEN
    RETURN;
  END IF;
  m.member_id := p_account.member_id;
  m.currency := p_account.currency;
  m.kind := 'WRITE_OFF';
  m.points := 0;
  m.debt := -p_account.debt;
  m.counter_account := ledger.counter_account_of('OPERATOR_WRITE_OFF', NULL);
  m.description := 'Not to be had any more';
  PERFORM ledger.write_movement(m, p_at);
END $$;
