-- Opens the counter accounts of a partner: where the points that it issues come from, where the points
-- redeemed with it go, and what it bears of points that could not be taken back. Again: nothing.
CREATE OR REPLACE FUNCTION ledger.open_partner(p_partner_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO ledger.counter_account (kind, owner)
  VALUES ('PARTNER_ISSUANCE', p_partner_id), ('PARTNER_REDEMPTION', p_partner_id),
         ('PARTNER_WRITE_OFF', p_partner_id)
  ON CONFLICT DO NOTHING;
$$;
GRANT EXECUTE ON FUNCTION ledger.open_partner TO coalition_partners;

-- Opens the counter account of a cause that points are given to. Again: nothing.
CREATE OR REPLACE FUNCTION ledger.open_cause(p_cause_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO ledger.counter_account (kind, owner) VALUES ('CAUSE', p_cause_id)
  ON CONFLICT DO NOTHING;
$$;
GRANT EXECUTE ON FUNCTION ledger.open_cause TO coalition_rewards;

-- The counter account of an owner; of the coalition itself where that is null. It raises where it was
-- never opened: a fault.
CREATE OR REPLACE FUNCTION ledger.counter_account_of(p_kind text, p_owner uuid) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_id integer;
BEGIN
  IF p_owner IS NULL THEN
    SELECT id INTO v_id FROM ledger.counter_account WHERE kind = p_kind AND owner IS NULL;
  ELSE
    SELECT id INTO v_id FROM ledger.counter_account WHERE kind = p_kind AND owner = p_owner;
  END IF;
  IF v_id IS NULL THEN
    RAISE EXCEPTION 'The ledger knows no % account of %.', p_kind, p_owner;
  END IF;
  RETURN v_id;
END $$;
