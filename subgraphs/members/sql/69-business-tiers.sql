-- Where businesses stand at an instant, by what their people earned from the day on which they joined until the
-- day on which they left: the highest tier that they reached together in a period whose tiers are still sure. It
-- is reckoned each time, so that a purchase that goes back counts no more; there is no soft landing. No row for
-- a family, nor where the program has no tiers.
CREATE OR REPLACE FUNCTION members.business_tiers(p_household_ids uuid[], p_at timestamptz)
RETURNS TABLE (
  household_id uuid, tier text, since date, until date, today date, period_from date, period_to date,
  open_until date, points bigint, recent_points bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_program members.program;
  v_period text;
  v_is_rolling boolean;
  v_today date;
  -- How far back a day's own total reaches; in a period of its own, to the period's start.
  v_span interval;
  -- The program's tiers, the lowest first.
  v_ladder text[];
  v_thresholds bigint[];
BEGIN
  -- Of most members there is none, and they are many.
  IF NOT EXISTS (SELECT FROM members.household h
                 WHERE h.id = ANY (p_household_ids) AND h.kind = 'BUSINESS') THEN
    RETURN;
  END IF;
  SELECT * INTO v_program FROM members.program;
  v_period := v_program.qualification_period;
  v_is_rolling := v_period = 'ROLLING_12_MONTHS';
  v_span := CASE WHEN v_is_rolling THEN interval '1 year -1 day' ELSE interval '2 years' END;
  v_today := (p_at AT TIME ZONE v_program.time_zone)::date;
  SELECT array_agg(t.code ORDER BY t.rank), array_agg(t.threshold ORDER BY t.rank)
  INTO v_ladder, v_thresholds FROM members.tier t WHERE t.rank IS NOT NULL;
  IF v_ladder IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH business AS (
    SELECT h.id, o.made_on, members.period_start(v_today, v_period, o.made_on) AS period_from,
      members.period_end(v_today, v_period, o.made_on) AS period_to
    FROM members.household h
      CROSS JOIN LATERAL (SELECT (h.created_at AT TIME ZONE v_program.time_zone)::date) AS o (made_on)
    WHERE h.id = ANY (p_household_ids) AND h.kind = 'BUSINESS'
  ), place AS (
    SELECT p.household_id, coalesce(m.merged_into, m.id) AS member_id,
      (p.joined_at AT TIME ZONE v_program.time_zone)::date AS first_day,
      coalesce((p.left_at AT TIME ZONE v_program.time_zone)::date, 'infinity') AS last_day
    FROM business b
      JOIN members.household_member p ON p.household_id = b.id
      JOIN members.member m ON m.id = p.member_id
  ), days AS (
    SELECT b.id, b.made_on, c.occurred_on, sum(c.points) AS points
    FROM business b
      JOIN (SELECT p.household_id, p.member_id, min(p.first_day) AS first_day FROM place p GROUP BY 1, 2) one
        ON one.household_id = b.id
      JOIN members.tier_credit c ON c.member_id = one.member_id
        AND c.occurred_on >= greatest(one.first_day, v_today - v_program.grace_days - 2 * 366)
    WHERE EXISTS (SELECT FROM place p WHERE p.household_id = b.id AND p.member_id = c.member_id
                  AND c.occurred_on BETWEEN p.first_day AND p.last_day)
    GROUP BY b.id, b.made_on, c.occurred_on
  ), totals AS (
    SELECT d.id, d.occurred_on,
      members.tier_valid_until(d.occurred_on, v_period, d.made_on, v_program.grace_days) AS valid_until,
      width_bucket((sum(d.points) OVER (
        PARTITION BY d.id, CASE WHEN NOT v_is_rolling
          THEN members.period_start(d.occurred_on, v_period, d.made_on) END
        ORDER BY d.occurred_on RANGE BETWEEN v_span PRECEDING AND CURRENT ROW))::bigint,
        v_thresholds) AS place
    FROM days d
  ), reached AS (
    SELECT DISTINCT ON (t.id) t.id, t.place, min(t.occurred_on) AS since, max(t.valid_until) AS until
    FROM totals t WHERE t.valid_until >= v_today AND t.place > 1
    GROUP BY t.id, t.place ORDER BY t.id, t.place DESC
  )
  SELECT b.id, v_ladder[coalesce(r.place, 1)], coalesce(r.since, b.made_on), r.until, v_today,
    b.period_from, b.period_to,
    CASE WHEN v_is_rolling THEN (v_today + interval '1 year')::date ELSE b.period_to END,
    coalesce((SELECT sum(d.points) FROM days d WHERE d.id = b.id
              AND d.occurred_on BETWEEN b.period_from AND b.period_to), 0)::bigint,
    coalesce((SELECT sum(d.points) FROM days d WHERE d.id = b.id
              AND d.occurred_on BETWEEN v_today - 89 AND v_today), 0)::bigint
  FROM business b LEFT JOIN reached r ON r.id = b.id;
END $$;
GRANT EXECUTE ON FUNCTION members.business_tiers TO coalition_members;
