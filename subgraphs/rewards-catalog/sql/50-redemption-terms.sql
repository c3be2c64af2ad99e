-- What partners know these redemptions by, when they were made, of how many points, and what the partner is
-- paid for all of one, where that is a face value and goes by no points.
CREATE OR REPLACE FUNCTION rewards.redemption_terms(p_ids uuid[])
RETURNS TABLE (id uuid, number text, redeemed_at timestamptz, points bigint, face_value numeric,
  face_currency text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.id, r.number, r.created_at, r.points, r.face_value, r.face_currency
  FROM rewards.redemption r WHERE r.id = ANY (p_ids);
$$;
GRANT EXECUTE ON FUNCTION rewards.redemption_terms TO coalition_partners;
