-- Opens the counter accounts of a partner: where the points that it issues come from, and where
-- the points redeemed with it go. Again: nothing.
CREATE OR REPLACE FUNCTION ledger.open_partner(p_partner_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO ledger.counter_account (kind, owner)
  VALUES ('PARTNER_ISSUANCE', p_partner_id), ('PARTNER_REDEMPTION', p_partner_id)
  ON CONFLICT DO NOTHING;
$$;
GRANT EXECUTE ON FUNCTION ledger.open_partner TO coalition_partners;

-- The counter account of a partner. It raises where the partner was never opened: a fault.
CREATE OR REPLACE FUNCTION ledger.counter_account_of(p_kind text, p_partner_id uuid) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_id integer;
BEGIN
  SELECT id INTO v_id FROM ledger.counter_account WHERE kind = p_kind AND owner = p_partner_id;
  IF v_id IS NULL THEN
    RAISE EXCEPTION 'The ledger knows no % account of partner %.', p_kind, p_partner_id;
  END IF;
  RETURN v_id;
END $$;
