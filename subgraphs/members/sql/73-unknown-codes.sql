-- Which of these codes the program has no tier, or no segment, for: what an offer may name.
CREATE OR REPLACE FUNCTION members.unknown_codes(p_tiers text[], p_segments text[])
RETURNS TABLE (field text, code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'tiers', c.code FROM unnest(p_tiers) AS c (code)
  WHERE NOT EXISTS (SELECT FROM members.tier t WHERE t.code = c.code AND t.rank IS NOT NULL)
  UNION ALL
  SELECT 'segments', c.code FROM unnest(p_segments) AS c (code)
  WHERE NOT EXISTS (SELECT FROM members.segment s WHERE s.code = c.code);
$$;
GRANT EXECUTE ON FUNCTION members.unknown_codes TO coalition_partners;
