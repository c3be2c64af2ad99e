-- Clears away what nobody proved in time, a day after, the oldest first, p_max of them at most; those that
-- another call is clearing are left to it. Answers how many.
CREATE OR REPLACE FUNCTION members.clear_identifiers(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH cleared AS (
    DELETE FROM members.identifier
    WHERE id = ANY (ARRAY(
      SELECT id FROM members.identifier WHERE expires_at <= now() - interval '1 day'
      ORDER BY expires_at LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM cleared;
$$;
GRANT EXECUTE ON FUNCTION members.clear_identifiers(integer) TO coalition_worker;

-- The same for wallet tokens, used or not.
CREATE OR REPLACE FUNCTION members.clear_wallet_tokens(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH cleared AS (
    DELETE FROM members.wallet_token
    WHERE token_hash = ANY (ARRAY(
      SELECT token_hash FROM members.wallet_token WHERE expires_at <= now() - interval '1 day'
      ORDER BY expires_at LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM cleared;
$$;
GRANT EXECUTE ON FUNCTION members.clear_wallet_tokens(integer) TO coalition_worker;
