-- Forgets what API clients were given and need no more, the oldest first: sealed secrets that are not
-- shown again, and replaced secrets and keys that work no longer. p_max of each of the three at most;
-- those that another call is at are left to it. Answers how many.
CREATE OR REPLACE FUNCTION partners.forget_secrets(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH forgotten AS (
    UPDATE partners.api_client SET sealed_secret = NULL
    WHERE client_id = ANY (ARRAY(
      SELECT client_id FROM partners.api_client
      WHERE sealed_secret IS NOT NULL AND sealed_until <= now()
      ORDER BY sealed_until LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1),
  -- A row may be over in both ways; what works longer than its secret is shown stays.
  emptied AS (
    UPDATE partners.client_rotation SET sealed_secret = NULL,
      former_secret_hash = CASE WHEN former_until > now() THEN former_secret_hash END,
      former_keys = CASE WHEN former_until > now() THEN former_keys END
    WHERE id = ANY (
      ARRAY(SELECT id FROM partners.client_rotation
            WHERE sealed_secret IS NOT NULL AND sealed_until <= now()
            ORDER BY sealed_until LIMIT p_max FOR UPDATE SKIP LOCKED)
      || ARRAY(SELECT id FROM partners.client_rotation
               WHERE (former_secret_hash IS NOT NULL OR former_keys IS NOT NULL)
                 AND former_until <= now()
               ORDER BY former_until LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT (SELECT count(*) FROM forgotten)::integer + (SELECT count(*) FROM emptied)::integer;
$$;
GRANT EXECUTE ON FUNCTION partners.forget_secrets(integer) TO coalition_worker;
