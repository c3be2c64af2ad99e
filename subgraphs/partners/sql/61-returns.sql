-- What was returned of these activities: the keys by which it counts for tiers.
CREATE OR REPLACE FUNCTION partners.returns_of(p_activity_ids uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(p.id), '{}') FROM partners.refund_part p
  WHERE p.activity_id = ANY (p_activity_ids);
$$;
GRANT EXECUTE ON FUNCTION partners.returns_of TO coalition_members;
