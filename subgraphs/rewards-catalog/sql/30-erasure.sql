-- Erases what this schema knows of a member. Redemptions stay, for partners to be paid; the key that came
-- with one, and why one was cancelled, may be any text. Answers how many rows it touched. Again: nothing is left to do.
CREATE OR REPLACE FUNCTION rewards.erase_member(p_member uuid) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT platform.erase(p_member,
    'UPDATE rewards.redemption SET idempotency_key = id::text, ended_because = NULL WHERE member_id = $1');
$$;
GRANT EXECUTE ON FUNCTION rewards.erase_member(uuid) TO coalition_worker;
