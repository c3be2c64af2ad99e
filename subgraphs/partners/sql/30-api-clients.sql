-- The public keys of an API client that has keys, those that it had before and that still work among
-- them; one that it was given again counts once. Called by the functions of partners alone.
CREATE OR REPLACE FUNCTION partners.working_keys(p_client_id text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_agg(k.key ORDER BY k.key ->> 'kid') FROM (
    SELECT DISTINCT jsonb_array_elements(held.keys) AS key FROM (
      SELECT c.keys FROM partners.api_client c WHERE c.client_id = p_client_id
      UNION ALL
      SELECT r.former_keys FROM partners.client_rotation r
      WHERE r.client_id = p_client_id AND r.former_until > now()) AS held) AS k;
$$;

-- An API client by its id, as the provider of tokens needs it: no row where it is unknown or
-- revoked, or its partner is suspended or gone. secret_hash is the secret's SHA-256 in hex; null
-- where the client has keys instead: public ones, as JWKs.
CREATE OR REPLACE FUNCTION partners.find_api_client(p_client_id text)
RETURNS TABLE (client_id text, name text, partner_id uuid, partner_code text, scopes text[],
               sandbox boolean, secret_hash text, keys jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.client_id, c.name, c.partner_id, p.code, c.scopes, c.sandbox, c.secret_hash,
         partners.working_keys(c.client_id)
  FROM partners.api_client c JOIN partners.partner p ON p.id = c.partner_id
  WHERE c.client_id = p_client_id AND c.revoked_at IS NULL
    AND p.status NOT IN ('SUSPENDED', 'TERMINATED');
$$;
GRANT EXECUTE ON FUNCTION partners.find_api_client(text) TO coalition_identity;

-- The hashes of the secrets that an API client had before, and that still work.
CREATE OR REPLACE FUNCTION partners.former_hashes(p_client_id text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT r.former_secret_hash FROM partners.client_rotation r
               WHERE r.client_id = p_client_id AND r.former_until > now()
                 AND r.former_secret_hash IS NOT NULL);
$$;
GRANT EXECUTE ON FUNCTION partners.former_hashes(text) TO coalition_identity;

-- The API clients of a partner that may get tokens: live ones first, then the oldest.
CREATE OR REPLACE FUNCTION partners.api_clients_of(p_partner_code text)
RETURNS TABLE (client_id text, name text, partner_id uuid, partner_code text, scopes text[],
               sandbox boolean, secret_hash text, keys jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.client_id, c.name, c.partner_id, p.code, c.scopes, c.sandbox, c.secret_hash,
         c.keys
  FROM partners.api_client c JOIN partners.partner p ON p.id = c.partner_id
  WHERE p.code = p_partner_code AND c.revoked_at IS NULL
    AND p.status NOT IN ('SUSPENDED', 'TERMINATED')
  ORDER BY c.sandbox, c.created_at, c.client_id;
$$;
GRANT EXECUTE ON FUNCTION partners.api_clients_of(text) TO coalition_identity;

-- Notes that an API client was used, at most once a minute: tokens are asked for often.
CREATE OR REPLACE FUNCTION partners.touch_api_client(p_client_id text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE partners.api_client SET last_used_at = clock_timestamp()
  WHERE client_id = p_client_id
    AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute');
$$;
GRANT EXECUTE ON FUNCTION partners.touch_api_client(text) TO coalition_identity;

-- Whether this API client was revoked; not so for one that is not known here: another issuer's, or a
-- person.
CREATE OR REPLACE FUNCTION partners.is_revoked(p_client_id text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM partners.api_client c
    WHERE c.client_id = p_client_id AND c.revoked_at IS NOT NULL);
$$;
GRANT EXECUTE ON FUNCTION partners.is_revoked(text)
  TO coalition_members, coalition_partners, coalition_rewards, coalition_community;
