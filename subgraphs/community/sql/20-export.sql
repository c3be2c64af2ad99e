-- What this schema knows of a person, by their memberships: see platform.export.
CREATE OR REPLACE FUNCTION community.export_member(p_members uuid[])
RETURNS TABLE (section text, record text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM platform.export(p_members,
    'posts', $sql$
      SELECT id, kind, title, body, topics, about_reward_id AS "aboutRewardId",
             about_partner_id AS "aboutPartnerId", idempotency_key AS "idempotencyKey",
             created_at AS "createdAt"
      FROM community.post WHERE member_id = ANY ($1) ORDER BY created_at, id $sql$,
    'reviews', $sql$
      SELECT id, about_reward_id AS "aboutRewardId", about_partner_id AS "aboutPartnerId", rating, title,
             body, verified, created_at AS "createdAt", edited_at AS "editedAt"
      FROM community.review WHERE member_id = ANY ($1) ORDER BY created_at, id $sql$);
$$;
GRANT EXECUTE ON FUNCTION community.export_member(uuid[]) TO coalition_worker;
