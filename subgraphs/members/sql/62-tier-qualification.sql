-- The highest tier that members have reached in a period whose tiers are still sure on a day; no row for
-- who has reached none but the lowest. A member's own questions stand at one place of the lists: the day,
-- from when on what happened counts (null: ever), and until when (null: all that is known).
--
-- Of each day on which a member earned, what they had by then in its period decides: in a rolling one, in
-- the 12 months that end that day.
CREATE OR REPLACE FUNCTION members.qualified_tiers(
  p_member_ids uuid[], p_on date[], p_from date[], p_through date[]
) RETURNS TABLE (member_id uuid, tier text, rank integer, reached_on date, valid_until date)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_program members.program;
  v_is_rolling boolean;
  -- How far back a day's own total reaches; in a period of its own, to the period's start.
  v_span interval;
  -- The program's tiers, the lowest first.
  v_ladder text[];
  v_thresholds bigint[];
BEGIN
  SELECT * INTO v_program FROM members.program;
  v_is_rolling := v_program.qualification_period = 'ROLLING_12_MONTHS';
  v_span := CASE WHEN v_is_rolling THEN interval '1 year -1 day' ELSE interval '2 years' END;
  SELECT array_agg(t.code ORDER BY t.rank), array_agg(t.threshold ORDER BY t.rank)
  INTO v_ladder, v_thresholds FROM members.tier t WHERE t.rank IS NOT NULL;
  IF v_ladder IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH days AS (
    SELECT asked.member_id, asked.on_day, c.occurred_on, sum(c.points) AS points,
      (m.joined_at AT TIME ZONE v_program.time_zone)::date AS joined_on
    FROM unnest(p_member_ids, p_on, p_from, p_through)
        AS asked (member_id, on_day, from_day, through_day)
      JOIN members.member m ON m.id = asked.member_id
      JOIN members.tier_credit c ON c.member_id = asked.member_id
    -- Said again of the list, by which the rows are found: a join might read the whole table.
    WHERE c.member_id = ANY (p_member_ids)
    -- What happened in earlier periods is over, whatever it came to.
      AND c.occurred_on BETWEEN
        greatest(asked.from_day, asked.on_day - v_program.grace_days - 2 * 366)
        AND coalesce(asked.through_day, 'infinity')
    GROUP BY asked.member_id, asked.on_day, c.occurred_on, m.joined_at
  ), totals AS (
    SELECT d.member_id, d.on_day, d.occurred_on,
      members.tier_valid_until(d.occurred_on, v_program.qualification_period, d.joined_on,
        v_program.grace_days) AS valid_until,
      -- How many thresholds were met: no join, whose size no planner could guess.
      width_bucket((sum(d.points) OVER (
        PARTITION BY d.member_id, CASE WHEN NOT v_is_rolling
          THEN members.period_start(d.occurred_on, v_program.qualification_period, d.joined_on) END
        ORDER BY d.occurred_on RANGE BETWEEN v_span PRECEDING AND CURRENT ROW))::bigint,
        v_thresholds) AS place
    FROM days d
  )
  SELECT DISTINCT ON (t.member_id) t.member_id, v_ladder[t.place], t.place - 1,
    min(t.occurred_on), max(t.valid_until)
  FROM totals t WHERE t.valid_until >= t.on_day AND t.place > 1
  GROUP BY t.member_id, t.place
  ORDER BY t.member_id, t.place DESC;
END $$;
