-- Gives the redemptions of a member to another, since both are one person: all of them, or those of
-- p_rows, which is how they go back. Their idempotency keys were one member's, and are no key of the
-- other's: nobody may get another redemption for an answer. Whose account of the ledger had the points
-- stays known. Answers which.
CREATE OR REPLACE FUNCTION rewards.move_member(p_from uuid, p_into uuid, p_rows uuid[] DEFAULT NULL)
RETURNS uuid[]
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH moved AS (
    UPDATE rewards.redemption
    SET member_id = p_into, posted_to = nullif(coalesce(posted_to, member_id), p_into),
        idempotency_key = id::text
    WHERE member_id = p_from AND (p_rows IS NULL OR id = ANY (p_rows))
    RETURNING id)
  SELECT coalesce(array_agg(id), '{}') FROM moved;
$$;
GRANT EXECUTE ON FUNCTION rewards.move_member TO coalition_members;
