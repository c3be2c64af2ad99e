-- Locks the members' accounts, in the order of every posting, and answers what each can spend. It stays
-- so until the transaction ends: for a caller that splits a spending among them and then posts it. A
-- member without an account has no row.
CREATE OR REPLACE FUNCTION ledger.lock_available(
  p_member_ids uuid[], p_currency text, p_at timestamptz
) RETURNS TABLE (member_id uuid, available bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
  PERFORM ledger.lock_accounts(ARRAY(
    SELECT jsonb_populate_record(NULL::ledger.command,
      jsonb_build_object('kind', 'REDEEM', 'member_id', m, 'currency', p_currency))
    FROM unnest(p_member_ids) m), p_at);
  RETURN QUERY
  SELECT a.member_id, ledger.available_of(a, p_at)
  FROM ledger.account a WHERE a.member_id = ANY (p_member_ids) AND a.currency = p_currency;
END $$;
GRANT EXECUTE ON FUNCTION ledger.lock_available TO coalition_rewards, coalition_partners;
