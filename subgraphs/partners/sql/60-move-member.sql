-- Gives the activities of a member to another, since both are one person: all of them, or those of
-- p_rows, which is how they go back. Whose account of the ledger has the points stays known. Answers which.
CREATE OR REPLACE FUNCTION partners.move_member(p_from uuid, p_into uuid, p_rows uuid[] DEFAULT NULL)
RETURNS uuid[]
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH moved AS (
    UPDATE partners.activity
    SET member_id = p_into, posted_to = nullif(coalesce(posted_to, member_id), p_into)
    WHERE member_id = p_from AND (p_rows IS NULL OR id = ANY (p_rows))
    RETURNING id)
  SELECT coalesce(array_agg(id), '{}') FROM moved;
$$;
GRANT EXECUTE ON FUNCTION partners.move_member TO coalition_members;
