-- The tier of now for one that the program may have no more: the highest that needs no more than it did;
-- null for the lowest.
CREATE OR REPLACE FUNCTION members.live_tier(p_code text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT live.code
  FROM members.tier held JOIN members.tier live
    ON live.code = held.code OR (held.rank IS NULL AND live.threshold <= held.threshold)
  WHERE held.code = p_code AND live.rank > 0
  ORDER BY live.rank DESC LIMIT 1
$$;

-- A standing after the last day on which what was earned was sure: by the program's rule of the way
-- down, unless the member has reached as much again.
CREATE OR REPLACE FUNCTION members.after_tier_end(
  p_standing members.tier_standing, p_qualified text, p_qualified_until date, p_joined_on date
) RETURNS members.tier_standing
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_program members.program;
  v_day date := p_standing.earned_until + 1;
  v_held integer;
  v_qualified integer := 0;
  v_next integer;
BEGIN
  SELECT * INTO v_program FROM members.program;
  SELECT rank INTO v_held FROM members.tier WHERE code = p_standing.earned_tier;
  IF p_qualified IS NOT NULL THEN
    SELECT rank INTO v_qualified FROM members.tier WHERE code = p_qualified;
  END IF;
  v_next := CASE
    WHEN v_qualified >= v_held OR v_program.downgrade = 'TO_QUALIFIED' THEN v_qualified
    WHEN v_program.downgrade = 'ONE_STEP' THEN v_held - 1
    ELSE 0
  END;
  IF v_next <> v_held THEN
    p_standing.earned_since := v_day;
  END IF;
  IF v_next = 0 THEN
    p_standing.earned_tier := NULL;
    p_standing.earned_until := NULL;
    -- Or what led to the tier that was just lost would lead to another at once.
    IF v_program.downgrade = 'TO_BASE' THEN
      p_standing.counts_from :=
        CASE WHEN v_program.qualification_period = 'ROLLING_12_MONTHS' THEN v_day
        ELSE members.period_start(v_day, v_program.qualification_period, p_joined_on) END;
    END IF;
  ELSE
    SELECT code INTO p_standing.earned_tier FROM members.tier WHERE rank = v_next;
    -- A soft landing lasts as if it had been reached on the last day of the period before.
    p_standing.earned_until := CASE WHEN v_next = v_qualified THEN p_qualified_until
      ELSE members.tier_valid_until(v_day - 1 - v_program.grace_days,
        v_program.qualification_period, p_joined_on, v_program.grace_days) END;
  END IF;
  RETURN p_standing;
END $$;

-- A standing with what the member has reached by now, never lower than before, and with the tier that
-- follows from it: the higher of what was earned and what was given. p_ladder: the program's tiers, the
-- lowest first. It asks for nothing, since it is called for each who earns.
CREATE OR REPLACE FUNCTION members.with_tier(
  p_standing members.tier_standing, p_ladder text[], p_reached text, p_reached_on date,
  p_reached_until date, p_today date, p_tiers_version integer
) RETURNS members.tier_standing
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_earned integer := coalesce(array_position(p_ladder, p_standing.earned_tier), 1);
  v_reached integer := coalesce(array_position(p_ladder, p_reached), 1);
  v_granted integer := coalesce(array_position(p_ladder, p_standing.granted_tier), 1);
BEGIN
  IF v_reached > v_earned THEN
    v_earned := v_reached;
    p_standing.earned_tier := p_reached;
    p_standing.earned_until := p_reached_until;
    -- By rules of today it was not reached before today.
    p_standing.earned_since := CASE WHEN p_standing.tiers_version = p_tiers_version
      THEN least(p_reached_on, p_today) ELSE p_today END;
  ELSIF v_reached = v_earned AND v_reached > 1 THEN
    p_standing.earned_until := greatest(p_standing.earned_until, p_reached_until);
  END IF;
  IF v_granted = 1 OR p_standing.granted_until < p_today THEN
    IF v_granted > v_earned THEN
      p_standing.earned_since := greatest(p_standing.earned_since, p_standing.granted_until + 1);
    END IF;
    p_standing.granted_tier := NULL;
    p_standing.granted_source := NULL;
    p_standing.granted_since := NULL;
    p_standing.granted_until := NULL;
    v_granted := 1;
  END IF;
  p_standing.tier := p_ladder[greatest(v_earned, v_granted)];
  p_standing.review_on := least(p_standing.earned_until, p_standing.granted_until) + 1;
  p_standing.tiers_version := p_tiers_version;
  RETURN p_standing;
END $$;

-- The standings of members at an instant, as if somebody had looked at each on the day on which it was
-- due. Nothing is written.
CREATE OR REPLACE FUNCTION members.settled_standings(p_member_ids uuid[], p_at timestamptz)
RETURNS SETOF members.tier_standing
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_program members.program;
  v_today date;
  v_ladder text[];
  v_all members.tier_standing[];
  v_due members.tier_standing[];
BEGIN
  -- Most are as they were left: whoever reads them asks for nobody here.
  IF cardinality(p_member_ids) = 0 THEN
    RETURN;
  END IF;
  SELECT * INTO v_program FROM members.program;
  v_today := (p_at AT TIME ZONE v_program.time_zone)::date;
  v_ladder := ARRAY(SELECT code FROM members.tier WHERE rank IS NOT NULL ORDER BY rank);
  v_all := ARRAY(SELECT s FROM members.tier_standing s WHERE s.member_id = ANY (p_member_ids));
  -- The program's tiers may be others by now.
  FOR i IN 1 .. cardinality(v_all) LOOP
    IF v_all[i].tiers_version <> v_program.tiers_version THEN
      v_all[i].earned_tier := members.live_tier(v_all[i].earned_tier);
      v_all[i].granted_tier := members.live_tier(v_all[i].granted_tier);
      IF v_all[i].earned_tier IS NULL THEN
        v_all[i].earned_until := NULL;
      END IF;
    END IF;
  END LOOP;
  -- Once for each period that has ended since: at most one step down, or another period sure.
  LOOP
    v_due := ARRAY(SELECT s FROM unnest(v_all) s WHERE s.earned_until < v_today);
    EXIT WHEN cardinality(v_due) = 0;
    v_all := ARRAY(SELECT s FROM unnest(v_all) s WHERE (s.earned_until < v_today) IS NOT TRUE)
      || ARRAY(
        SELECT members.after_tier_end(s, q.tier, q.valid_until,
          (m.joined_at AT TIME ZONE v_program.time_zone)::date)
        FROM unnest(v_due) s
          JOIN members.member m ON m.id = s.member_id
          LEFT JOIN members.qualified_tiers(
            ARRAY(SELECT d.member_id FROM unnest(v_due) WITH ORDINALITY d ORDER BY d.ordinality),
            ARRAY(SELECT d.earned_until + 1 FROM unnest(v_due) WITH ORDINALITY d ORDER BY d.ordinality),
            ARRAY(SELECT d.counts_from FROM unnest(v_due) WITH ORDINALITY d ORDER BY d.ordinality),
            ARRAY(SELECT d.earned_until FROM unnest(v_due) WITH ORDINALITY d ORDER BY d.ordinality)
          ) q ON q.member_id = s.member_id);
  END LOOP;
  RETURN QUERY
  SELECT settled.*
  FROM unnest(v_all) s
    LEFT JOIN members.qualified_tiers(
      ARRAY(SELECT d.member_id FROM unnest(v_all) WITH ORDINALITY d ORDER BY d.ordinality),
      array_fill(v_today, ARRAY[cardinality(v_all)]),
      ARRAY(SELECT d.counts_from FROM unnest(v_all) WITH ORDINALITY d ORDER BY d.ordinality),
      array_fill(NULL::date, ARRAY[cardinality(v_all)])
    ) q ON q.member_id = s.member_id
    CROSS JOIN LATERAL members.with_tier(s, v_ladder, q.tier, q.reached_on, q.valid_until, v_today,
      v_program.tiers_version) AS settled;
END $$;
