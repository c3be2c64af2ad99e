-- How far members have come in the period that a day belongs to: what they earned in it, as far as it
-- counts, and in the 90 days that end with the day. What is earned until open_until comes on top: a
-- rolling period goes on.
CREATE OR REPLACE FUNCTION members.tier_progress(p_member_ids uuid[], p_at timestamptz)
RETURNS TABLE (
  member_id uuid, today date, period_from date, period_to date, open_until date, points bigint,
  recent_points bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_program members.program;
  v_today date;
BEGIN
  SELECT * INTO v_program FROM members.program;
  v_today := (p_at AT TIME ZONE v_program.time_zone)::date;
  RETURN QUERY
  SELECT m.id, v_today, period.first_day, period.last_day,
    CASE WHEN v_program.qualification_period = 'ROLLING_12_MONTHS'
      THEN (v_today + interval '1 year')::date ELSE period.last_day END,
    coalesce(sum(c.points) FILTER (
      WHERE c.occurred_on BETWEEN greatest(period.first_day, s.counts_from) AND period.last_day
    ), 0)::bigint,
    coalesce(sum(c.points) FILTER (WHERE c.occurred_on BETWEEN v_today - 89 AND v_today), 0)::bigint
  FROM members.member m
    CROSS JOIN LATERAL (
      SELECT (m.joined_at AT TIME ZONE v_program.time_zone)::date) AS joined (on_day)
    CROSS JOIN LATERAL (
      SELECT members.period_start(v_today, v_program.qualification_period, joined.on_day),
        members.period_end(v_today, v_program.qualification_period, joined.on_day)
    ) AS period (first_day, last_day)
    LEFT JOIN members.tier_standing s ON s.member_id = m.id
    LEFT JOIN members.tier_credit c ON c.member_id = m.id
      AND c.occurred_on BETWEEN least(period.first_day, v_today - 89) AND period.last_day
  WHERE m.id = ANY (p_member_ids)
  GROUP BY m.id, period.first_day, period.last_day;
END $$;
GRANT EXECUTE ON FUNCTION members.tier_progress TO coalition_members;
