-- The segments, with the conditions that members of theirs meet.
CREATE OR REPLACE FUNCTION members.segment_conditions() RETURNS TABLE (code text, condition text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.code, s.condition FROM members.segment s ORDER BY s.code;
$$;
GRANT EXECUTE ON FUNCTION members.segment_conditions() TO coalition_members, coalition_worker;

-- What conditions may ask about members at an instant: see segments/conditions.ts. Who is unknown, closed or
-- of the sandbox has no row. Activity is as far as the ledger was added up, which is minutes ago.
CREATE OR REPLACE FUNCTION members.segment_facts(
  p_member_ids uuid[], p_currency text, p_at timestamptz
) RETURNS TABLE (
  member_id uuid, status text, tier text, joined_at timestamptz, days_since_joined integer,
  points bigint, lifetime_points bigint, days_since_activity integer, birth_month integer,
  locale text, household text, marketing_opt_in boolean, trusts text[], today date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH asked AS (
    SELECT m.*, d.today, (m.joined_at AT TIME ZONE p.time_zone)::date AS joined_on
    FROM members.member m CROSS JOIN members.program p
    CROSS JOIN LATERAL (SELECT (p_at AT TIME ZONE p.time_zone)::date AS today) d
    WHERE m.id = ANY (p_member_ids) AND m.status <> 'CLOSED' AND NOT m.sandbox
  ), account AS (
    SELECT p_member_ids AS members, array_fill(p_currency, ARRAY[cardinality(p_member_ids)]) AS currencies
  ), available AS (
    SELECT p.member_id, sum(p.points)::bigint AS points
    FROM account a CROSS JOIN ledger.points_of(a.members, a.currencies, NULL, NULL, p_at) p
    WHERE p.state = 'AVAILABLE'
    GROUP BY p.member_id
  ), earned AS (
    SELECT e.member_id, e.points
    FROM account a CROSS JOIN ledger.earned_of(a.members, a.currencies, NULL, NULL, p_at) e
  )
  SELECT m.id, m.status, t.tier, m.joined_at, greatest(m.today - m.joined_on, 0),
         coalesce(v.points, 0), coalesce(e.points, 0),
         (SELECT min(greatest(m.today - a.last_on, 0)) FROM ledger.member_month a
          WHERE a.member_id = m.id),
         extract(month FROM m.birthday)::integer, m.locale,
         (SELECT h.kind FROM members.household_member p JOIN members.household h ON h.id = p.household_id
          WHERE p.member_id = m.id AND p.left_at IS NULL),
         m.marketing_opt_in,
         ARRAY(SELECT c.partner_id::text FROM members.consent c
               WHERE c.member_id = m.id AND c.revoked_at IS NULL ORDER BY c.partner_id),
         m.today
  FROM asked m
  LEFT JOIN members.tiers_of(p_member_ids, p_at) t ON t.member_id = m.id
  LEFT JOIN available v ON v.member_id = m.id
  LEFT JOIN earned e ON e.member_id = m.id;
$$;
GRANT EXECUTE ON FUNCTION members.segment_facts(uuid[], text, timestamptz)
  TO coalition_members, coalition_worker;

-- Puts members into these segments, p_placed_ids[n] into p_segments[n], and takes them out of all others.
CREATE OR REPLACE FUNCTION members.place_in_segments(
  p_member_ids uuid[], p_placed_ids uuid[], p_segments text[]
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH placed AS (
    SELECT * FROM unnest(p_placed_ids, p_segments) AS p (member_id, segment)
  ), gone AS (
    DELETE FROM members.segment_member s
    WHERE s.member_id = ANY (p_member_ids)
      AND NOT EXISTS (SELECT FROM placed p WHERE (p.member_id, p.segment) = (s.member_id, s.segment)))
  INSERT INTO members.segment_member (member_id, segment)
  SELECT p.member_id, p.segment FROM placed p
  WHERE NOT EXISTS (SELECT FROM members.segment_member s
                    WHERE (s.member_id, s.segment) = (p.member_id, p.segment))
  ORDER BY p.member_id, p.segment
  ON CONFLICT DO NOTHING;
$$;
GRANT EXECUTE ON FUNCTION members.place_in_segments(uuid[], uuid[], text[])
  TO coalition_members, coalition_worker;

-- The next p_max members of the round in which all of the live program are placed in segments, none after
-- the last; null where no round is due. A round begins p_pause after the last one did, and anew as soon as
-- a segment has another condition. Others wait until the transaction ends, in which the members are
-- placed and the step is kept.
CREATE OR REPLACE FUNCTION members.take_segment_step(
  p_max integer, p_pause interval, p_at timestamptz
) RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_round members.segment_round;
BEGIN
  SELECT * INTO STRICT v_round FROM members.segment_round FOR UPDATE;
  IF EXISTS (SELECT FROM members.segment s
             WHERE s.round_version IS DISTINCT FROM s.version
               OR (v_round.ended AND v_round.started_at + p_pause <= p_at)) THEN
    UPDATE members.segment SET round_version = version, counted = 0;
    UPDATE members.segment_round
    SET started_at = p_at, after = '00000000-0000-0000-0000-000000000000', ended = false
    RETURNING * INTO v_round;
  END IF;
  IF v_round.ended THEN
    RETURN NULL;
  END IF;
  RETURN ARRAY(
    SELECT id FROM members.member WHERE id > v_round.after AND NOT sandbox ORDER BY id LIMIT p_max);
END $$;
GRANT EXECUTE ON FUNCTION members.take_segment_step(integer, interval, timestamptz) TO coalition_worker;

-- Notes that these members have been placed, and after the last of the round what it has found.
CREATE OR REPLACE FUNCTION members.keep_segment_step(p_member_ids uuid[], p_is_last boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE members.segment s SET counted = s.counted + f.found
  FROM (SELECT m.segment, count(*)::integer AS found FROM members.segment_member m
        WHERE m.member_id = ANY (p_member_ids) GROUP BY m.segment) f
  WHERE s.code = f.segment;
  UPDATE members.segment_round
  SET after = coalesce(p_member_ids[cardinality(p_member_ids)], after), ended = p_is_last;
  -- One whose condition is new since has a round to come.
  UPDATE members.segment s SET members = s.counted, evaluated_at = r.started_at
  FROM members.segment_round r
  WHERE p_is_last AND s.version = s.round_version;
$$;
GRANT EXECUTE ON FUNCTION members.keep_segment_step(uuid[], boolean) TO coalition_worker;
