-- Whether lifetime value was not fitted yet on this day of the program.
CREATE OR REPLACE FUNCTION members.lifetime_value_due() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (
    SELECT FROM members.lifetime_value_fit f, members.program p
    WHERE (f.fitted_at AT TIME ZONE p.time_zone)::date = (now() AT TIME ZONE p.time_zone)::date);
$$;
GRANT EXECUTE ON FUNCTION members.lifetime_value_due TO coalition_worker;

-- Keeps what was fitted now, in the program's money.
CREATE OR REPLACE FUNCTION members.keep_lifetime_value(
  p_members integer, p_r double precision, p_alpha double precision, p_a double precision,
  p_b double precision, p_log_likelihood double precision, p_expected_purchases double precision,
  p_expected_value numeric
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO members.lifetime_value_fit (fitted_at, members, r, alpha, a, b, log_likelihood,
    expected_purchases, expected_value, currency)
  SELECT now(), p_members, p_r, p_alpha, p_a, p_b, p_log_likelihood, p_expected_purchases,
         p_expected_value, CASE WHEN p_expected_value IS NOT NULL THEN p.money_currency END
  FROM members.program p;
$$;
GRANT EXECUTE ON FUNCTION members.keep_lifetime_value TO coalition_worker;
