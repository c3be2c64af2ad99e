-- The ids of all LIVE partners: what lists of other parts may show to everyone.
CREATE OR REPLACE FUNCTION partners.live() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT id FROM partners.partner WHERE status = 'LIVE';
$$;
GRANT EXECUTE ON FUNCTION partners.live()
  TO coalition_rewards, coalition_community;
