-- What rules of other parts go by: one row. time_zone is an IANA name, money_currency an ISO 4217 code.
CREATE OR REPLACE FUNCTION members.program()
RETURNS TABLE (time_zone text, money_currency text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.time_zone, p.money_currency FROM members.program p;
$$;
GRANT EXECUTE ON FUNCTION members.program TO coalition_partners;

-- How far refunds may take a member's balance below zero.
CREATE OR REPLACE FUNCTION members.negative_limit() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.negative_limit FROM members.program p;
$$;
GRANT EXECUTE ON FUNCTION members.negative_limit TO coalition_partners;
