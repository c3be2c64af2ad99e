-- The ids among p_ids of rewards that everybody may see: published ones of live partners.
CREATE OR REPLACE FUNCTION rewards.published(p_ids uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT id FROM rewards.reward
  WHERE id = ANY (p_ids) AND status = 'PUBLISHED'
    AND partner_id IN (SELECT * FROM partners.live())
$$;
GRANT EXECUTE ON FUNCTION rewards.published TO coalition_community;
