-- At what a partner redeems points on the day of an instant: currency and whole units of it for each
-- point, by the contract that is valid then; null where none is, or it lets no points be redeemed. No
-- row for an unknown partner.
CREATE OR REPLACE FUNCTION partners.redemption_terms(p_partner_id uuid, p_at timestamptz)
RETURNS TABLE (name text, status text, currency text, rate numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.name, p.status, c.currency, c.redemption_rate
  FROM partners.partner p
  CROSS JOIN members.program() m
  LEFT JOIN partners.contract c ON c.partner_id = p.id AND c.redemption_rate > 0
    AND (p_at AT TIME ZONE m.time_zone)::date BETWEEN c.valid_from AND coalesce(c.valid_to, 'infinity')
  WHERE p.id = p_partner_id;
$$;
GRANT EXECUTE ON FUNCTION partners.redemption_terms TO coalition_members;

-- The least that a LIVE partner pays for a point on the day of an instant, of those whose contracts are
-- in the program's money. No row where none redeems points.
CREATE OR REPLACE FUNCTION partners.lowest_redemption_rate(p_at timestamptz)
RETURNS TABLE (currency text, rate numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.money_currency, min(c.redemption_rate)
  FROM members.program() m
  JOIN partners.contract c ON c.currency = m.money_currency AND c.redemption_rate > 0
    AND (p_at AT TIME ZONE m.time_zone)::date BETWEEN c.valid_from AND coalesce(c.valid_to, 'infinity')
  JOIN partners.partner p ON p.id = c.partner_id AND p.status = 'LIVE'
  GROUP BY m.money_currency;
$$;
GRANT EXECUTE ON FUNCTION partners.lowest_redemption_rate TO coalition_members;
