-- Whether the partner has recorded an activity of the member that stands; those of test clients are none.
CREATE OR REPLACE FUNCTION partners.was_active(p_member_id uuid, p_partner_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM partners.activity
    WHERE member_id = p_member_id AND partner_id = p_partner_id
      AND status <> 'REFUNDED' AND NOT sandbox);
$$;
GRANT EXECUTE ON FUNCTION partners.was_active TO coalition_community;
