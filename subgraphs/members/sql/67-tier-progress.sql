-- How far members have come in the period that a day belongs to: what they earned in it, as far as it
-- counts, and in the 90 days that end with the day. What is earned until open_until comes on top: a
-- rolling period goes on.
CREATE OR REPLACE FUNCTION members.tier_progress(p_member_ids uuid[], p_at timestamptz)
RETURNS TABLE (
  member_id uuid, today date, period_from date, period_to date, open_until date, points bigint,
  recent_points bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- To plan it for each call takes longer than to carry it out.
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_program members.program;
  v_today date;
BEGIN
  SELECT * INTO v_program FROM members.program;
  v_today := (p_at AT TIME ZONE v_program.time_zone)::date;
  RETURN QUERY
  -- A member's period is found once, and not for each day on which they earned.
  WITH period AS MATERIALIZED (
    SELECT m.id, s.counts_from,
      members.period_start(v_today, v_program.qualification_period, joined.on_day) AS first_day,
      members.period_end(v_today, v_program.qualification_period, joined.on_day) AS last_day
    FROM members.member m
      CROSS JOIN LATERAL (
        SELECT (m.joined_at AT TIME ZONE v_program.time_zone)::date OFFSET 0) AS joined (on_day)
      LEFT JOIN members.tier_standing s ON s.member_id = m.id
    WHERE m.id = ANY (p_member_ids)
  )
  SELECT p.id, v_today, p.first_day, p.last_day,
    CASE WHEN v_program.qualification_period = 'ROLLING_12_MONTHS'
      THEN (v_today + interval '1 year')::date ELSE p.last_day END,
    coalesce(earned.points, 0)::bigint, coalesce(earned.recent_points, 0)::bigint
  FROM period p
    CROSS JOIN LATERAL (
      SELECT sum(c.points) FILTER (
          WHERE c.occurred_on BETWEEN greatest(p.first_day, p.counts_from) AND p.last_day) AS points,
        sum(c.points) FILTER (WHERE c.occurred_on BETWEEN v_today - 89 AND v_today) AS recent_points
      FROM members.tier_credit c
      WHERE c.member_id = p.id
        AND c.occurred_on BETWEEN least(p.first_day, v_today - 89) AND p.last_day
    ) AS earned;
END $$;
GRANT EXECUTE ON FUNCTION members.tier_progress TO coalition_members;
