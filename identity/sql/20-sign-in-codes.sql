-- Clears away codes an hour after they expired, when they count for nothing any more: the oldest first,
-- p_max of them at most; those that another call is clearing are left to it. Answers how many.
CREATE OR REPLACE FUNCTION identity.clear_sign_in_codes(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH cleared AS (
    DELETE FROM identity.sign_in_code
    WHERE id = ANY (ARRAY(
      SELECT id FROM identity.sign_in_code WHERE expires_at <= now() - interval '1 hour'
      ORDER BY expires_at LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM cleared;
$$;
GRANT EXECUTE ON FUNCTION identity.clear_sign_in_codes(integer) TO coalition_worker;
