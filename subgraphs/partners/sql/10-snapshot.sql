-- What other parts may know of partners, whatever their status: a row for each that exists.
CREATE OR REPLACE FUNCTION partners.snapshot(p_ids uuid[])
RETURNS TABLE (id uuid, status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.id, p.status FROM partners.partner p WHERE p.id = ANY (p_ids);
$$;
GRANT EXECUTE ON FUNCTION partners.snapshot(uuid[])
  TO coalition_members, coalition_rewards;
