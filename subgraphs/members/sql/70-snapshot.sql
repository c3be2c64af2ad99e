-- What rules of other parts see of members at an instant. An unknown id has no row; tier is the code of
-- one, null where the program has none, and earn_multiplier is its own, 1 for none. segments: the codes of
-- those that the worker found the member in when it last looked.
CREATE OR REPLACE FUNCTION members.snapshot(p_member_ids uuid[], p_at timestamptz DEFAULT now())
RETURNS TABLE (id uuid, status text, sandbox boolean, tier text, earn_multiplier numeric, segments text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.id, m.status, m.sandbox, t.tier, coalesce(r.earn_multiplier, 1),
         ARRAY(SELECT s.segment FROM members.segment_member s
               WHERE s.member_id = m.id AND m.status <> 'CLOSED' ORDER BY s.segment)
  FROM members.member m
  LEFT JOIN members.tiers_of(p_member_ids, p_at) t ON t.member_id = m.id
  LEFT JOIN members.tier r ON r.code = t.tier
  WHERE m.id = ANY (p_member_ids);
$$;
GRANT EXECUTE ON FUNCTION members.snapshot
  TO coalition_partners, coalition_rewards, coalition_community;
