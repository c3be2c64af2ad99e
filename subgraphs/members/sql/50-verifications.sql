-- Clears away verifications that expired a day ago or earlier, used or not, the oldest first, p_max
-- of them at most; those that another call is clearing are left to it. Answers how many.
CREATE OR REPLACE FUNCTION members.clear_verifications(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH cleared AS (
    DELETE FROM members.verification
    WHERE id = ANY (ARRAY(
      SELECT id FROM members.verification WHERE expires_at <= now() - interval '1 day'
      ORDER BY expires_at LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM cleared;
$$;
GRANT EXECUTE ON FUNCTION members.clear_verifications(integer) TO coalition_worker;
