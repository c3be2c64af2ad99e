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
  -- A merge since may have brought activity from before the instant.
  IF a.active_at > p_at OR EXISTS (
    SELECT FROM ledger.movement t
    WHERE t.member_id = a.member_id AND t.currency = a.currency AND t.kind = 'MERGE'
      AND t.posted_at > p_at)
  THEN
    a.active_at := ledger.active_then(a, p_at);
  END IF;
  RETURN a;
END $$;

-- When the member of an account had last been active at an instant, where points end for want of activity:
-- by its movements, and by those that were there before on the accounts that merges had brought to it.
CREATE OR REPLACE FUNCTION ledger.active_then(p_account ledger.account, p_at timestamptz)
RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE whose AS (
    SELECT p_account.member_id, p_account.version FROM ledger.currency
    WHERE code = p_account.currency AND expiry = 'INACTIVITY'
    UNION
    SELECT gone.member_id, gone.account_version
    FROM whose w
    JOIN ledger.movement t ON t.member_id = w.member_id AND t.currency = p_account.currency
      AND t.account_version <= w.version AND t.posted_at <= p_at
      AND t.kind = 'MERGE' AND t.points >= 0 AND t.debt >= 0
    JOIN ledger.movement gone
      ON gone.member_id = t.other_member_id AND gone.transfer_id = t.transfer_id
  )
  SELECT coalesce(max(t.posted_at), '-infinity')
  FROM whose w
  JOIN ledger.currency c ON c.code = p_account.currency
  JOIN ledger.movement t ON t.member_id = w.member_id AND t.currency = c.code
    AND t.account_version <= w.version AND t.posted_at <= p_at AND t.kind = ANY (c.activity_kinds);
$$;
