-- What partners know these redemptions by, and when they were made.
CREATE OR REPLACE FUNCTION rewards.redemption_numbers(p_ids uuid[])
RETURNS TABLE (id uuid, number text, redeemed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.id, r.number, r.created_at FROM rewards.redemption r WHERE r.id = ANY (p_ids);
$$;
GRANT EXECUTE ON FUNCTION rewards.redemption_numbers TO coalition_partners;
