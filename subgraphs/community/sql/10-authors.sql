-- How many members wrote a post or a review from an instant to before another.
CREATE OR REPLACE FUNCTION community.count_authors(p_from timestamptz, p_until timestamptz)
RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*)::integer FROM (
    SELECT p.member_id FROM community.post p
    WHERE p.created_at >= p_from AND p.created_at < p_until
    UNION
    SELECT r.member_id FROM community.review r
    WHERE r.created_at >= p_from AND r.created_at < p_until) AS authors;
$$;
GRANT EXECUTE ON FUNCTION community.count_authors TO coalition_members;
