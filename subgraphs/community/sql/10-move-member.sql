-- Gives the posts and reviews of a member to another, since both are one person: all of them, or those of
-- p_rows, which is how they go back. A review of what the other has reviewed, too, stays, and so does a
-- post whose idempotency key the other has used. Answers which.
CREATE OR REPLACE FUNCTION community.move_member(p_from uuid, p_into uuid, p_rows uuid[] DEFAULT NULL)
RETURNS uuid[]
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH posts AS (
    UPDATE community.post p SET member_id = p_into
    WHERE member_id = p_from AND (p_rows IS NULL OR id = ANY (p_rows))
      AND NOT EXISTS (SELECT FROM community.post o
                      WHERE o.member_id = p_into AND o.idempotency_key = p.idempotency_key)
    RETURNING id
  ), reviews AS (
    UPDATE community.review r SET member_id = p_into
    WHERE member_id = p_from AND (p_rows IS NULL OR id = ANY (p_rows))
      AND NOT EXISTS (SELECT FROM community.review o
                      WHERE o.member_id = p_into
                        AND (o.about_reward_id = r.about_reward_id
                             OR o.about_partner_id = r.about_partner_id))
    RETURNING id
  )
  SELECT coalesce(array_agg(id), '{}') FROM (SELECT id FROM posts UNION ALL SELECT id FROM reviews) m;
$$;
GRANT EXECUTE ON FUNCTION community.move_member TO coalition_members;
