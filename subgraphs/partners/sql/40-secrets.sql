-- Forgets the sealed secrets of API clients that are no longer shown again, the oldest first, p_max
-- of them at most; those that another call is at are left to it. Answers how many.
CREATE OR REPLACE FUNCTION partners.forget_secrets(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH forgotten AS (
    UPDATE partners.api_client SET sealed_secret = NULL
    WHERE client_id = ANY (ARRAY(
      SELECT client_id FROM partners.api_client
      WHERE sealed_secret IS NOT NULL AND sealed_until <= now()
      ORDER BY sealed_until LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM forgotten;
$$;
GRANT EXECUTE ON FUNCTION partners.forget_secrets(integer) TO coalition_worker;
