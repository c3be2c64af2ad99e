-- The movements of an account that did not count yet: posted after p_known_at, or of what happened after
-- p_as_of. None was posted before both, whichever comes first (p_since): older months are not looked into.
CREATE OR REPLACE FUNCTION ledger.movements_since(
  p_account ledger.account, p_as_of timestamptz, p_known_at timestamptz, p_since timestamptz
) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(t.transfer_id), '{}') FROM ledger.movement t
  WHERE t.member_id = p_account.member_id AND t.currency = p_account.currency
    AND t.posted_at > p_since
    AND (t.posted_at > p_known_at OR least(t.effective_at, t.posted_at) > p_as_of);
$$;

-- An account as it stood at an instant, as if the movements p_undone had never been: its debt, and its
-- last activity. What it held is not known: null.
CREATE OR REPLACE FUNCTION ledger.account_then(
  p_account ledger.account, p_undone uuid[], p_at timestamptz
) RETURNS ledger.account
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := p_account;
BEGIN
  a.held := NULL;
  a.debt := a.debt - (SELECT coalesce(sum(t.debt), 0) FROM ledger.movement t
    WHERE t.member_id = a.member_id AND t.transfer_id = ANY (p_undone) AND t.posted_at > p_at);
  IF a.active_at > p_at THEN
    a.active_at := (SELECT coalesce(max(t.posted_at), '-infinity')
      FROM ledger.currency c
      JOIN ledger.movement t ON t.member_id = a.member_id AND t.currency = c.code
      WHERE c.code = a.currency AND c.expiry = 'INACTIVITY' AND t.posted_at <= p_at
        AND t.kind = ANY (c.activity_kinds));
  END IF;
  RETURN a;
END $$;
