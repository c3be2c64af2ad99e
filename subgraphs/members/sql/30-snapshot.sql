-- What rules of other parts see of members. An unknown id has no row.
CREATE OR REPLACE FUNCTION members.snapshot(p_member_ids uuid[])
RETURNS TABLE (id uuid, status text, sandbox boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.id, m.status, m.sandbox
  FROM members.member m
  WHERE m.id = ANY (p_member_ids);
$$;
GRANT EXECUTE ON FUNCTION members.snapshot
  TO coalition_partners, coalition_rewards, coalition_community;
