-- Clears away the provider's expired records, the oldest first, p_max of them at most; those that
-- another call is clearing are left to it. Answers how many.
CREATE OR REPLACE FUNCTION identity.clear_records(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH expired AS (
    SELECT model, id FROM identity.oidc_record WHERE expires_at <= now()
    ORDER BY expires_at LIMIT p_max FOR UPDATE SKIP LOCKED),
  cleared AS (
    DELETE FROM identity.oidc_record r USING expired e
    WHERE r.model = e.model AND r.id = e.id
    RETURNING 1)
  SELECT count(*)::integer FROM cleared;
$$;
GRANT EXECUTE ON FUNCTION identity.clear_records(integer) TO coalition_worker;
