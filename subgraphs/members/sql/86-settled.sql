-- The members of the sandbox: what they do is settled with nobody.
CREATE OR REPLACE FUNCTION members.of_sandbox() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT id FROM members.member WHERE sandbox;
$$;
GRANT EXECUTE ON FUNCTION members.of_sandbox TO coalition_partners;

-- What tills were told of these holds: what their points are worth, in whole units of the currency for each.
CREATE OR REPLACE FUNCTION members.hold_terms(p_ids uuid[])
RETURNS TABLE (id uuid, reference text, currency text, rate numeric, placed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.id, h.reference, h.currency, h.redemption_rate, h.created_at
  FROM members.hold h WHERE h.id = ANY (p_ids);
$$;
GRANT EXECUTE ON FUNCTION members.hold_terms TO coalition_partners;
