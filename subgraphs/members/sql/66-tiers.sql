-- The tiers of members at an instant, also of those whom nobody has looked at since it changed: null
-- where the program has none. An unknown member has no row.
CREATE OR REPLACE FUNCTION members.tiers_of(p_member_ids uuid[], p_at timestamptz)
RETURNS TABLE (member_id uuid, tier text, source text, since date, until date)
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
  WITH known AS (
    SELECT s AS standing, s.tiers_version = v_program.tiers_version
      AND (s.review_on > v_today) IS NOT FALSE AS is_settled
    FROM members.tier_standing s WHERE s.member_id = ANY (p_member_ids)
  ), standings AS (
    SELECT (k.standing).* FROM known k WHERE k.is_settled
    UNION ALL
    SELECT * FROM members.settled_standings(
      ARRAY(SELECT (k.standing).member_id FROM known k WHERE NOT k.is_settled), p_at)
  )
  SELECT m.id, coalesce(s.tier, lowest.code),
    CASE WHEN granted.counts THEN s.granted_source ELSE 'EARNED' END,
    CASE WHEN granted.counts THEN s.granted_since
      ELSE coalesce(s.earned_since, (m.joined_at AT TIME ZONE v_program.time_zone)::date) END,
    CASE WHEN granted.counts THEN s.granted_until ELSE s.earned_until END
  FROM members.member m
    LEFT JOIN members.tier lowest ON lowest.rank = 0
    LEFT JOIN standings s ON s.member_id = m.id
    -- Of the same tier, what was given counts where it lasts longer.
    CROSS JOIN LATERAL (SELECT s.granted_tier = s.tier
      AND (s.earned_tier IS DISTINCT FROM s.tier OR s.granted_until IS NULL
        OR s.granted_until > s.earned_until)) AS granted (counts)
  WHERE m.id = ANY (p_member_ids);
END $$;
GRANT EXECUTE ON FUNCTION members.tiers_of TO coalition_members;

-- Writes down how these members stand, and tells of each who has come to another tier, and keeps when:
-- once, since nothing is changed the next time. The caller has locked their standings. Answers how many it changed.
CREATE OR REPLACE FUNCTION members.settle_tiers(p_member_ids uuid[], p_at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_count integer;
BEGIN
  WITH moved AS (
    UPDATE members.tier_standing s
    SET tier = n.tier, earned_tier = n.earned_tier, earned_since = n.earned_since,
      earned_until = n.earned_until, counts_from = n.counts_from, granted_tier = n.granted_tier,
      granted_source = n.granted_source, granted_since = n.granted_since,
      granted_until = n.granted_until, review_on = n.review_on, tiers_version = n.tiers_version
    FROM members.settled_standings(p_member_ids, p_at) n
      JOIN members.tier_standing old ON old.member_id = n.member_id
    WHERE s.member_id = n.member_id AND old IS DISTINCT FROM n
    RETURNING s.member_id, old.tier AS from_tier, s.tier AS to_tier
  ), kept AS (
    INSERT INTO members.tier_move (member_id, moved_on, from_tier, to_tier, is_up)
    SELECT m.member_id, (p_at AT TIME ZONE p.time_zone)::date, m.from_tier, m.to_tier,
           coalesce(t.rank > f.rank, false)
    FROM moved m JOIN members.tier f ON f.code = m.from_tier JOIN members.tier t ON t.code = m.to_tier
      CROSS JOIN members.program p
    WHERE m.from_tier <> m.to_tier
    ORDER BY m.member_id
  ), told AS (
    INSERT INTO platform.outbox (id, type, member_id, payload, occurred_at)
    SELECT gen_random_uuid(), 'tier.changed', m.member_id, jsonb_strip_nulls(jsonb_build_object(
      'memberId', m.member_id, 'from', m.from_tier, 'to', m.to_tier)), p_at
    FROM moved m JOIN members.tier t ON t.code = m.to_tier
    -- The program's first tiers are no news to who has the lowest.
    WHERE m.from_tier <> m.to_tier OR (m.from_tier IS NULL AND t.rank > 0)
    ORDER BY m.member_id
  )
  SELECT count(*) INTO v_count FROM moved;
  RETURN v_count;
END $$;
GRANT EXECUTE ON FUNCTION members.settle_tiers TO coalition_members;

-- Opens and locks the standings of these members, in the order of their ids.
CREATE OR REPLACE FUNCTION members.lock_standings(p_member_ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO members.tier_standing (member_id, tier, earned_since, tiers_version)
  SELECT m.id, t.code, (m.joined_at AT TIME ZONE p.time_zone)::date, p.tiers_version
  FROM members.program p CROSS JOIN members.member m LEFT JOIN members.tier t ON t.rank = 0
  WHERE m.id = ANY (p_member_ids)
    AND NOT EXISTS (SELECT FROM members.tier_standing s WHERE s.member_id = m.id)
  ORDER BY m.id
  ON CONFLICT DO NOTHING;
  PERFORM FROM members.tier_standing s WHERE s.member_id = ANY (p_member_ids)
  ORDER BY s.member_id FOR UPDATE;
END $$;
GRANT EXECUTE ON FUNCTION members.lock_standings TO coalition_members;

-- Looks at the tiers of at most p_max members whose day has come, or whose program has changed; those at
-- work are left for the next time. Answers how many it looked at.
CREATE OR REPLACE FUNCTION members.review_tiers(p_max integer, p_at timestamptz DEFAULT now())
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_program members.program;
  v_ids uuid[];
BEGIN
  SELECT * INTO v_program FROM members.program;
  v_ids := ARRAY(
    SELECT s.member_id FROM members.tier_standing s
    WHERE s.review_on <= (p_at AT TIME ZONE v_program.time_zone)::date
    ORDER BY s.review_on LIMIT p_max FOR UPDATE SKIP LOCKED);
  IF cardinality(v_ids) = 0 THEN
    v_ids := ARRAY(
      SELECT s.member_id FROM members.tier_standing s WHERE s.tiers_version < v_program.tiers_version
      ORDER BY s.tiers_version LIMIT p_max FOR UPDATE SKIP LOCKED);
  END IF;
  PERFORM members.settle_tiers(v_ids, p_at);
  RETURN cardinality(v_ids);
END $$;
GRANT EXECUTE ON FUNCTION members.review_tiers TO coalition_worker;
