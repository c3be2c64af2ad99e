-- The members of the sandbox: what they do is settled with nobody.
CREATE OR REPLACE FUNCTION members.of_sandbox() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT id FROM members.member WHERE sandbox;
$$;
GRANT EXECUTE ON FUNCTION members.of_sandbox TO coalition_partners;

-- What partners know these holds by, and when they were placed: their points are worth what they were then.
CREATE OR REPLACE FUNCTION members.hold_terms(p_ids uuid[])
RETURNS TABLE (id uuid, reference text, placed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.id, h.reference, h.created_at FROM members.hold h WHERE h.id = ANY (p_ids);
$$;
GRANT EXECUTE ON FUNCTION members.hold_terms TO coalition_partners;
