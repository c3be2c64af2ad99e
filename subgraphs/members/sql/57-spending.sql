-- Judges what a member is about to spend: p_action is REDEMPTION, of a reward, or HOLD, at a till. What may be
-- done counts against the member's limits from then on, under p_id. The answer is ALLOW; DENY, with the limit
-- and from when on it is open again; STEP_UP, with the limit, where the member has not proved just now who they
-- are; or HOLD_FOR_REVIEW, which members.hold_back puts into the queue. reasons are the rules' codes.
--
-- p_request names the request, by its key and its input: what staff decided of one is good for no other. Once
-- allowed it is not held back again; limits hold all the same.
--
-- The member's row is locked: two acts of one member are judged one after the other, and the second sees the
-- first. It comes before rewards, households and accounts, as everywhere. In the sandbox all is allowed.
CREATE OR REPLACE FUNCTION members.judge_spending(
  p_action text, p_id uuid, p_member uuid, p_request text, p_points bigint, p_stepped_up boolean,
  p_at timestamptz,
  OUT decision text, OUT reasons text[], OUT bound bigint, OUT retry_at timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m members.member;
  l members.risk_limits;
  v_today timestamptz;
  v_tomorrow timestamptz;
  v_count bigint;
  v_points bigint;
  v_active_at timestamptz;
  v_status text;
BEGIN
  SELECT * INTO STRICT m FROM members.member WHERE id = p_member FOR NO KEY UPDATE;
  decision := 'ALLOW';
  IF m.sandbox THEN
    RETURN;
  END IF;
  -- The lock may have been waited for while the membership was suspended.
  IF m.status <> 'ACTIVE' THEN
    decision := 'DENY';
    reasons := '{MEMBER_INACTIVE}';
    RETURN;
  END IF;
  SELECT r.* INTO STRICT l FROM members.risk_limits r;
  SELECT d.day AT TIME ZONE p.time_zone, (d.day + interval '1 day') AT TIME ZONE p.time_zone
  INTO STRICT v_today, v_tomorrow
  FROM members.program p, LATERAL (SELECT date_trunc('day', p_at AT TIME ZONE p.time_zone) AS day) d;
  SELECT count(*), coalesce(sum(points), 0) INTO v_count, v_points FROM members.risk_act
  WHERE member_id = p_member AND action IN ('REDEMPTION', 'HOLD') AND acted_at >= v_today;
  SELECT status INTO v_status FROM members.risk_case
  WHERE subject_id = members.request_id(p_action, p_member, p_request);
  SELECT greatest(m.joined_at, max(active_at)) INTO v_active_at FROM ledger.account
  WHERE member_id = p_member;

  IF v_points + p_points > l.redemption_points_per_day THEN
    decision := 'DENY';
    reasons := '{POINTS_PER_DAY}';
    bound := l.redemption_points_per_day;
    -- To wait is no use where this alone is too much.
    retry_at := CASE WHEN v_points > 0 THEN v_tomorrow END;
  ELSIF v_count >= l.redemptions_per_day THEN
    decision := 'DENY';
    reasons := '{COUNT_PER_DAY}';
    bound := l.redemptions_per_day;
    retry_at := v_tomorrow;
  ELSIF v_status = 'DENIED' THEN
    decision := 'DENY';
    reasons := '{DENIED}';
  ELSIF p_action = 'REDEMPTION' AND NOT p_stepped_up
    AND v_points + p_points >= l.redemption_step_up_from
  THEN
    -- Whoever shows a token at a till has signed in for it; whose till it is, cannot.
    decision := 'STEP_UP';
    reasons := '{LARGE_AMOUNT}';
    bound := l.redemption_step_up_from;
  ELSIF v_status IS DISTINCT FROM 'ALLOWED'
    AND p_at - v_active_at > make_interval(days => l.dormant_days)
  THEN
    decision := 'HOLD_FOR_REVIEW';
    reasons := '{DORMANT_ACCOUNT}';
  ELSE
    INSERT INTO members.risk_act (id, member_id, action, points, acted_at)
    VALUES (p_id, p_member, p_action, p_points, p_at);
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION members.judge_spending TO coalition_members, coalition_rewards;

-- What a request is known by in the queue.
CREATE OR REPLACE FUNCTION members.request_id(p_action text, p_member uuid, p_request text) RETURNS uuid
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT md5(p_action || ' ' || p_member || ' ' || p_request)::uuid;
$$;

-- Puts a request into the queue that was held back, for as long as the program says. Nothing is set aside for
-- it: it is asked for again once it is decided. Again: nothing, as long as the case is open; one that nobody
-- decided in time is opened again. False where as many of the member's are open as may be.
CREATE OR REPLACE FUNCTION members.hold_back(
  p_action text, p_member uuid, p_request text, p_partner uuid, p_points bigint, p_reasons text[],
  p_at timestamptz
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_subject uuid := members.request_id(p_action, p_member, p_request);
  c_open constant integer := 20;
BEGIN
  PERFORM FROM members.member WHERE id = p_member FOR NO KEY UPDATE;
  IF (SELECT count(*) FROM members.risk_case
      WHERE member_id = p_member AND status = 'OPEN' AND due_at > p_at AND subject_id <> v_subject) >= c_open
  THEN
    RETURN false;
  END IF;
  WITH opened AS (
    INSERT INTO members.risk_case AS c (id, status, action, subject_id, member_id, partner_id, points,
      reasons, opened_at, due_at)
    SELECT gen_random_uuid(), 'OPEN', p_action, v_subject, p_member, p_partner, p_points, p_reasons,
           p_at, p_at + make_interval(hours => review_hours)
    FROM members.risk_limits
    ON CONFLICT (subject_id) DO UPDATE
    SET status = 'OPEN', opened_at = excluded.opened_at, due_at = excluded.due_at
    WHERE c.status = 'EXPIRED' OR c.status = 'OPEN' AND c.due_at <= p_at
    RETURNING c.id)
  INSERT INTO platform.outbox (id, type, member_id, partner_id, payload, occurred_at)
  SELECT gen_random_uuid(), 'spending.held', p_member, p_partner,
         jsonb_build_object('riskCaseId', id, 'action', p_action), p_at
  FROM opened;
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION members.hold_back TO coalition_members, coalition_rewards;
