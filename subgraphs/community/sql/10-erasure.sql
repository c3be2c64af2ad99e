-- Erases what this schema knows of a member: reviews and posts are theirs, and go whole, a review's rating
-- with it. Answers how many rows it touched. Again: nothing is left to do.
CREATE OR REPLACE FUNCTION community.erase_member(p_member uuid) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT platform.erase(p_member,
    'DELETE FROM community.post WHERE member_id = $1',
    'DELETE FROM community.review WHERE member_id = $1');
$$;
GRANT EXECUTE ON FUNCTION community.erase_member(uuid) TO coalition_worker;
