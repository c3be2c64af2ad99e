-- Takes the replay that has waited longest, with its rules, its partner and the next of its parts; none where
-- nothing waits. A partner's replays come one after another. Nobody else takes it until the transaction ends.
CREATE OR REPLACE FUNCTION partners.take_replay()
RETURNS TABLE (id uuid, partner_id uuid, partner_code text, partner_kind text, details jsonb, rule_set_id uuid,
  rules jsonb, first_day date, time_zone text, listed boolean, place integer, activity_ids uuid[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_taken uuid;
BEGIN
  SELECT r.id INTO v_taken FROM partners.replay r
  WHERE r.status = 'RUNNING' AND NOT EXISTS (
    SELECT FROM partners.replay e WHERE e.partner_id = r.partner_id AND e.status = 'RUNNING'
      AND (e.started_at, e.id) < (r.started_at, r.id))
  ORDER BY r.worked_at LIMIT 1 FOR UPDATE SKIP LOCKED;
  UPDATE partners.replay SET worked_at = clock_timestamp() WHERE id = v_taken;
  RETURN QUERY
    SELECT r.id, r.partner_id, p.code, p.kind, p.details, r.rule_set_id, s.rules, r.first_day, m.time_zone,
           r.listed, next.place, next.activity_ids
    FROM partners.replay r
    JOIN partners.partner p ON p.id = r.partner_id
    JOIN partners.rule_set s ON s.id = r.rule_set_id
    CROSS JOIN members.program() m
    LEFT JOIN LATERAL (SELECT * FROM partners.replay_part t WHERE t.replay_id = r.id
                       ORDER BY t.place LIMIT 1) next ON true
    WHERE r.id = v_taken;
END $$;
GRANT EXECUTE ON FUNCTION partners.take_replay() TO coalition_worker;

-- Puts down what a replay goes through: the partner's activities of its days, by member and time, in parts of
-- p_max or more, so that no member's are in two. What is recorded later is not in it. Answers how many parts.
CREATE OR REPLACE FUNCTION partners.list_replay(p_replay uuid, p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE partners.replay SET listed = true WHERE id = p_replay;
  WITH met AS (
    SELECT a.id, a.member_id, a.occurred_at,
           -- The last of a member's counts for all of them.
           (count(*) OVER (ORDER BY a.member_id) - 1) / p_max AS place
    FROM partners.replay r CROSS JOIN members.program() m
    JOIN partners.activity a ON a.partner_id = r.partner_id
     AND a.occurred_at >= r.first_day::timestamp AT TIME ZONE m.time_zone
     AND a.occurred_at < (r.last_day + 1)::timestamp AT TIME ZONE m.time_zone
    WHERE r.id = p_replay AND NOT a.sandbox
  ), part AS (
    INSERT INTO partners.replay_part (replay_id, place, activity_ids)
    SELECT p_replay, place, array_agg(id ORDER BY member_id, occurred_at, id) FROM met GROUP BY place
    RETURNING 1)
  SELECT count(*)::integer FROM part;
$$;
GRANT EXECUTE ON FUNCTION partners.list_replay(uuid, integer) TO coalition_worker;

-- Activities that rules give points for, and that stand, in the order of their ids here; with what they earned
-- without offers, and when that was by the program's calendar.
CREATE OR REPLACE FUNCTION partners.replayed_activities(p_ids uuid[], p_time_zone text)
RETURNS TABLE (member_id uuid, kind text, reference text, occurred_at timestamptz, amount numeric,
  currency text, tax numeric, shipping numeric, discount numeric, points_paid numeric, items jsonb,
  particulars jsonb, rate numeric, points bigint, issue_price numeric, day text, day_of_week integer,
  hour integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.member_id, a.kind, a.reference, a.occurred_at, a.amount, a.currency, a.tax, a.shipping, a.discount,
         a.points_paid, a.items, a.particulars, x.rate,
         CASE WHEN a.explanation @? '$[*].offerId'
           THEN a.points - (SELECT coalesce(sum((l.line ->> 'points')::bigint), 0)
                            FROM jsonb_array_elements(a.explanation) l (line) WHERE l.line ? 'offerId')
           ELSE a.points END::bigint,
         a.issue_price, to_char(t.local, 'YYYY-MM-DD'), extract(isodow FROM t.local)::integer,
         extract(hour FROM t.local)::integer
  FROM unnest(p_ids) WITH ORDINALITY AS i (id, place)
  JOIN partners.activity a ON a.id = i.id
  CROSS JOIN LATERAL (SELECT a.occurred_at AT TIME ZONE p_time_zone AS local) t
  LEFT JOIN partners.exchange_rate x ON x.id = a.exchange_rate_id
  WHERE a.kind <> 'GRANT' AND (a.confirmed_at IS NOT NULL OR a.confirm_by IS NULL OR a.confirm_by > now())
  ORDER BY i.place;
$$;
GRANT EXECUTE ON FUNCTION partners.replayed_activities(uuid[], text) TO coalition_worker;

-- What members had by these rules and on these cards when a day began: by rules in the periods that began with
-- one of p_starts, the first of which is the first day that is looked at. Before refunds.
CREATE OR REPLACE FUNCTION partners.counted_before(
  p_partner uuid, p_members uuid[], p_codes text[], p_starts date[], p_day date
) RETURNS TABLE (member_id uuid, code text, award text, per text, starts_on text, counted bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH before AS (
    SELECT a.member_id, a.counted
    FROM members.program() m CROSS JOIN unnest(p_members) asked (id)
    JOIN partners.activity a ON a.member_id = asked.id
     AND a.occurred_at >= p_starts[1]::timestamp AT TIME ZONE m.time_zone
     AND a.occurred_at < p_day::timestamp AT TIME ZONE m.time_zone
    WHERE a.partner_id = p_partner AND a.counted IS NOT NULL AND NOT a.sandbox
  )
  SELECT b.member_id, c.rule, c.award, c.per, c."startsOn"::text, sum(c.points)::bigint
  FROM before b, jsonb_to_recordset(b.counted -> 'points') AS c (
    rule text, award text, per text, "startsOn" date, points bigint)
  WHERE c.rule = ANY (p_codes) AND c."startsOn" = ANY (p_starts)
  GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT b.member_id, c.code, NULL, NULL, NULL, greatest(0, sum(c.stamps))::bigint
  FROM before b, jsonb_to_recordset(b.counted -> 'stamps') AS c (code text, stamps bigint)
  WHERE c.code = ANY (p_codes)
  GROUP BY 1, 2;
$$;
GRANT EXECUTE ON FUNCTION partners.counted_before(uuid, uuid[], text[], date[], date) TO coalition_worker;

-- Adds what a part of a replay has come to, and is done with the part; with the last one, or where there is
-- none, the replay is DONE.
CREATE OR REPLACE FUNCTION partners.keep_replay_part(
  p_replay uuid, p_place integer, p_activities integer, p_points_then bigint, p_points_now bigint,
  p_cost_then numeric, p_cost_now numeric, p_better_off integer, p_worse_off integer
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM partners.replay_part WHERE replay_id = p_replay AND place = p_place;
  UPDATE partners.replay r
  SET activities = activities + p_activities, points_then = points_then + p_points_then,
      points_now = points_now + p_points_now, cost_then = cost_then + p_cost_then,
      cost_now = cost_now + p_cost_now, members_better_off = members_better_off + p_better_off,
      members_worse_off = members_worse_off + p_worse_off, faults = 0,
      status = CASE WHEN is_last.yes THEN 'DONE' ELSE status END,
      finished_at = CASE WHEN is_last.yes THEN now() END
  FROM (SELECT NOT EXISTS (SELECT FROM partners.replay_part WHERE replay_id = p_replay) AS yes) is_last
  WHERE id = p_replay;
$$;
GRANT EXECUTE ON FUNCTION partners.keep_replay_part(uuid, integer, integer, bigint, bigint, numeric, numeric,
  integer, integer) TO coalition_worker;

-- Notes that a worker could not go on with a replay, which lets others go first, and gives it up after p_max
-- such notes in a row.
CREATE OR REPLACE FUNCTION partners.put_off_replay(p_replay uuid, p_max integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE partners.replay
  SET worked_at = clock_timestamp(), faults = faults + 1,
      status = CASE WHEN faults + 1 >= p_max THEN 'FAILED' ELSE status END,
      finished_at = CASE WHEN faults + 1 >= p_max THEN now() END
  WHERE id = p_replay AND status = 'RUNNING';
$$;
GRANT EXECUTE ON FUNCTION partners.put_off_replay(uuid, integer) TO coalition_worker;

-- Clears replays 30 days after they were started, p_max of them at most. Answers how many.
CREATE OR REPLACE FUNCTION partners.clear_replays(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH cleared AS (
    DELETE FROM partners.replay WHERE id = ANY (ARRAY(
      SELECT id FROM partners.replay WHERE started_at <= now() - interval '30 days'
      ORDER BY started_at LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM cleared;
$$;
GRANT EXECUTE ON FUNCTION partners.clear_replays(integer) TO coalition_worker;
