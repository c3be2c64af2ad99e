-- The others who pool their points with a member: active, in the same household, sharing as the member
-- does. None where the member shares nothing, or may not spend what others of the business have.
CREATE OR REPLACE FUNCTION members.household_of(p_member_id uuid)
RETURNS TABLE (household_id uuid, member_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT other.household_id, other.member_id
  FROM members.household_member me
  JOIN members.household_member other ON other.household_id = me.household_id
  JOIN members.member m ON m.id = other.member_id
  WHERE me.member_id = p_member_id AND me.left_at IS NULL AND me.shares_points AND me.may_spend
    AND other.member_id <> p_member_id AND other.left_at IS NULL AND other.shares_points
    AND m.status = 'ACTIVE'
  ORDER BY other.member_id;
$$;
GRANT EXECUTE ON FUNCTION members.household_of TO coalition_rewards;

-- The same, for a caller that spends their points: until its transaction ends nobody leaves the
-- household, is removed from it or stops sharing. Who was at it already is waited for, and counts.
CREATE OR REPLACE FUNCTION members.keep_household(p_member_id uuid)
RETURNS TABLE (household_id uuid, member_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_household_id uuid;
BEGIN
  SELECT h.id INTO v_household_id
  FROM members.household h JOIN members.household_member p ON p.household_id = h.id
  WHERE p.member_id = p_member_id AND p.left_at IS NULL
  FOR SHARE OF h;
  -- A statement of its own sees what was committed while the lock was waited for.
  RETURN QUERY
  SELECT o.household_id, o.member_id FROM members.household_of(p_member_id) o
  WHERE o.household_id = v_household_id;
END $$;
GRANT EXECUTE ON FUNCTION members.keep_household TO coalition_rewards;

-- How many of the others' points a member may spend in the program's month of an instant, and when that begins
-- and ends; no row for who has no limit.
CREATE OR REPLACE FUNCTION members.spending_limit_of(p_member_id uuid, p_at timestamptz)
RETURNS TABLE (points bigint, month_from timestamptz, month_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.spending_limit, m.first_day AT TIME ZONE g.time_zone,
    (m.first_day + interval '1 month') AT TIME ZONE g.time_zone
  FROM members.program g
    CROSS JOIN LATERAL (SELECT date_trunc('month', p_at AT TIME ZONE g.time_zone)) AS m (first_day)
    JOIN members.household_member p
      ON p.member_id = p_member_id AND p.left_at IS NULL AND p.spending_limit IS NOT NULL;
$$;
GRANT EXECUTE ON FUNCTION members.spending_limit_of TO coalition_rewards;

-- Clears away invitations that expired a day ago or earlier, accepted or not, the oldest first, p_max of
-- them at most; those that another call is clearing are left to it. Answers how many.
CREATE OR REPLACE FUNCTION members.clear_invitations(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH cleared AS (
    DELETE FROM members.household_invitation
    WHERE id = ANY (ARRAY(
      SELECT id FROM members.household_invitation WHERE expires_at <= now() - interval '1 day'
      ORDER BY expires_at LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM cleared;
$$;
GRANT EXECUTE ON FUNCTION members.clear_invitations TO coalition_worker;
