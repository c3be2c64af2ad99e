-- What rules of other parts see of members at an instant. An unknown id has no row; tier is the code of
-- one, null where the program has none: the member's own, or that of their business where it is higher; and
-- earn_multiplier is that tier's, 1 for none. segments: the codes of those that the worker found the member
-- in when it last looked.
-- Made anew, and not replaced: it has grown by columns, and the parts of the release before call it until then.
DROP FUNCTION IF EXISTS members.snapshot(uuid[], timestamptz);
CREATE FUNCTION members.snapshot(p_member_ids uuid[], p_at timestamptz DEFAULT now())
RETURNS TABLE (id uuid, status text, sandbox boolean, tier text, earn_multiplier numeric, segments text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.id, m.status, m.sandbox, r.code, coalesce(r.earn_multiplier, 1),
         ARRAY(SELECT s.segment FROM members.segment_member s
               WHERE s.member_id = m.id AND m.status <> 'CLOSED' ORDER BY s.segment)
  FROM members.member m
  LEFT JOIN members.tiers_of(p_member_ids, p_at) t ON t.member_id = m.id
  LEFT JOIN members.household_member p ON p.member_id = m.id AND p.left_at IS NULL
  LEFT JOIN members.business_tiers(ARRAY(
      SELECT DISTINCT mate.household_id FROM members.household_member mate
      WHERE mate.member_id = ANY (p_member_ids) AND mate.left_at IS NULL), p_at) b
    ON b.household_id = p.household_id
  LEFT JOIN members.tier own ON own.code = t.tier
  LEFT JOIN members.tier theirs ON theirs.code = b.tier
  LEFT JOIN members.tier r ON r.code = CASE WHEN theirs.rank > own.rank THEN b.tier ELSE t.tier END
  WHERE m.id = ANY (p_member_ids);
$$;
GRANT EXECUTE ON FUNCTION members.snapshot
  TO coalition_partners, coalition_rewards, coalition_community, coalition_worker;
