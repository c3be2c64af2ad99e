-- What members have reached by today, as far as it counts.
CREATE OR REPLACE FUNCTION members.reached_tiers(p_member_ids uuid[], p_today date)
RETURNS TABLE (member_id uuid, tier text, rank integer, valid_until date)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH asked AS (
    SELECT array_agg(s.member_id) AS ids, array_agg(p_today) AS today,
      array_agg(s.counts_from) AS from_days, array_agg(NULL::date) AS through
    FROM members.tier_standing s WHERE s.member_id = ANY (p_member_ids)
  )
  SELECT q.member_id, q.tier, q.rank, q.valid_until
  FROM asked a, members.qualified_tiers(a.ids, a.today, a.from_days, a.through) q;
$$;

-- Those of these members who have reached their tier themselves: who landed softly on it, or had it
-- before it needed more, owes it to no purchase that a refund could take away.
CREATE OR REPLACE FUNCTION members.tier_earners(p_member_ids uuid[], p_today date) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(s.member_id)
  FROM members.tier_standing s
    JOIN members.tier held ON held.code = s.earned_tier
    JOIN members.reached_tiers(p_member_ids, p_today) q ON q.member_id = s.member_id
  WHERE q.rank >= held.rank;
$$;

-- Puts members where what is left of their qualifying points leads.
CREATE OR REPLACE FUNCTION members.take_tiers_back(p_member_ids uuid[], p_today date) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE members.tier_standing s
  SET earned_tier = q.tier, earned_until = q.valid_until,
    earned_since = CASE WHEN q.tier = s.earned_tier THEN s.earned_since ELSE p_today END
  FROM unnest(p_member_ids) AS ids (member_id)
    LEFT JOIN members.reached_tiers(p_member_ids, p_today) q ON q.member_id = ids.member_id
  WHERE s.member_id = ids.member_id;
$$;

-- Counts qualifying points for members' tiers: [{memberId, key, points, occurredAt}]. The key is the id
-- of what earned them, or of what takes them back: then the points are below 0, and occurredAt is that of
-- what earned them. The same again counts once. Who reaches a tier has it at once, and it is told; a
-- refund costs one where the program says so, and where nothing else leads to it.
--
-- It locks the members' standings until the transaction ends: call it before the ledger's functions.
CREATE OR REPLACE FUNCTION members.qualify(p_credits jsonb, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_program members.program;
  v_today date;
  v_ids uuid[];
  v_taken uuid[];
BEGIN
  SELECT array_agg(DISTINCT c."memberId"), array_agg(DISTINCT c."memberId") FILTER (WHERE c.points < 0)
  INTO v_ids, v_taken
  FROM jsonb_to_recordset(p_credits) AS c ("memberId" uuid, points bigint);
  PERFORM members.lock_standings(v_ids);
  SELECT * INTO v_program FROM members.program;
  v_today := (p_at AT TIME ZONE v_program.time_zone)::date;
  IF v_program.demote_on_reversal AND v_taken IS NOT NULL THEN
    PERFORM members.settle_tiers(v_taken, p_at);
    v_taken := members.tier_earners(v_taken, v_today);
  ELSE
    v_taken := NULL;
  END IF;
  INSERT INTO members.tier_credit (member_id, occurred_on, key, points, posted_at)
  SELECT c."memberId", (c."occurredAt" AT TIME ZONE v_program.time_zone)::date, c.key, c.points, p_at
  FROM jsonb_to_recordset(p_credits)
    AS c ("memberId" uuid, key uuid, points bigint, "occurredAt" timestamptz)
  ORDER BY 1, 2, 3
  ON CONFLICT DO NOTHING;
  IF v_taken IS NOT NULL THEN
    PERFORM members.take_tiers_back(v_taken, v_today);
  END IF;
  IF EXISTS (SELECT FROM members.tier WHERE rank = 0) THEN
    PERFORM members.settle_tiers(v_ids, p_at);
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION members.qualify TO coalition_partners;
