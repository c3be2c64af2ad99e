-- Posts many accruals, each as ledger.accrue does and with an answer of its own: item is its place in
-- the list, from 1. What one is refused for costs no other. p_accruals is a list of objects whose keys
-- are accrue's parameters.
CREATE OR REPLACE FUNCTION ledger.accrue_all(p_accruals jsonb)
RETURNS TABLE (item integer, outcome text, transfer_id uuid, balance bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a record;
  v_answer ledger.posting;
BEGIN
  -- By member: accounts are locked in one order, or two batches could wait for one another.
  FOR a IN
    SELECT * FROM ROWS FROM (jsonb_to_recordset(p_accruals) AS (
      member_id uuid, key uuid, currency text, points bigint, issuer uuid, issue_price numeric,
      effective_at timestamptz, at timestamptz, activates_at timestamptz, expires_at timestamptz,
      source_kind text, source_id uuid, description text)) WITH ORDINALITY
    ORDER BY member_id, ordinality
  LOOP
    v_answer := ledger.accrue(a.member_id, a.key, a.currency, a.points, a.issuer, a.issue_price,
      a.effective_at, a.at, a.activates_at, a.expires_at, a.source_kind, a.source_id,
      a.description);
    item := a.ordinality;
    outcome := v_answer.outcome;
    transfer_id := v_answer.transfer_id;
    balance := v_answer.balance;
    RETURN NEXT;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION ledger.accrue_all TO coalition_ledger;
