-- Offers of LIVE partners that have started since an instant and run at another one: members are told of them.
CREATE OR REPLACE FUNCTION partners.started_offers(p_since timestamptz, p_at timestamptz)
RETURNS TABLE (id uuid, partner_id uuid, tiers text[], segments text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.id, o.partner_id, o.tiers, o.segments
  FROM partners.offer o JOIN partners.partner p ON p.id = o.partner_id AND p.status = 'LIVE'
  WHERE o.published_at IS NOT NULL AND o.starts_at BETWEEN p_since AND p_at
    AND coalesce(o.ended_at, o.ends_at) > p_at;
$$;
