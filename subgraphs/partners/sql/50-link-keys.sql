-- The public keys, as JWKs, of an API client of the partner that may link members; null for none. What
-- the partner signs proofs with that an account is a member's.
CREATE OR REPLACE FUNCTION partners.link_keys(p_partner_id uuid, p_client_id text, p_sandbox boolean)
RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT partners.working_keys(c.client_id) FROM partners.api_client c
  WHERE c.client_id = p_client_id AND c.partner_id = p_partner_id AND c.sandbox = p_sandbox
    AND c.revoked_at IS NULL AND 'MEMBERS_LINK' = ANY (c.scopes);
$$;
GRANT EXECUTE ON FUNCTION partners.link_keys TO coalition_members;
