-- Whether two members are one person, by what they tell of themselves.
CREATE OR REPLACE FUNCTION members.is_same_person(p_one members.member, p_other members.member)
RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(p_one.phone = p_other.phone, false)
    OR coalesce(lower(p_one.given_name) = lower(p_other.given_name)
      AND lower(p_one.family_name) = lower(p_other.family_name)
      AND p_one.birthday = p_other.birthday, false)
$$;

-- Gives what a referral has earned, once: to both, as the program's rules have it now; to the referrer only as
-- often in a calendar year as they say. A friend has earned it whose points of a partner can be spent, and whose
-- purchase was not given back for so many days. With no points in time it lapses.
CREATE OR REPLACE FUNCTION members.reward_referral(p_id uuid, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r members.referral;
  v_rules members.referral_rules;
  v_zone text;
  v_referrer members.member;
  v_friend members.member;
  v_any boolean;
  v_earned boolean;
  v_part record;
  v_outcome text;
BEGIN
  SELECT * INTO r FROM members.referral WHERE id = p_id;
  SELECT coalesce(m.merged_into, m.id) INTO r.referrer_id FROM members.member m WHERE m.id = r.referrer_id;
  -- Before the referral and accounts, in the order of ids, as all callers take them.
  PERFORM FROM members.member WHERE id IN (r.referrer_id, r.friend_id) ORDER BY id FOR NO KEY UPDATE;
  SELECT * INTO v_referrer FROM members.member WHERE id = r.referrer_id;
  SELECT * INTO v_friend FROM members.member WHERE id = r.friend_id;
  PERFORM FROM members.referral WHERE id = p_id AND status = 'JOINED' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT * INTO v_rules FROM members.referral_rules;
  SELECT time_zone INTO v_zone FROM members.program;
  IF v_friend.status = 'CLOSED' THEN
    UPDATE members.referral SET status = 'LAPSED' WHERE id = p_id;
    RETURN;
  END IF;
  IF members.is_same_person(v_referrer, v_friend) OR v_referrer.id = v_friend.id THEN
    UPDATE members.referral SET status = 'REFUSED', refused_for = 'SAME_PERSON' WHERE id = p_id;
    RETURN;
  END IF;
  -- What was taken back counts for nothing; what waits may still become active.
  SELECT count(*) > 0, coalesce(bool_or(l.activates_at <= p_at
    AND t.posted_at <= p_at - make_interval(days => v_rules.wait_days)), false)
  INTO v_any, v_earned
  FROM ledger.transfer t JOIN ledger.lot l ON l.member_id = t.member_id AND l.lot_id = t.transfer_id
  -- A partner's own currency costs it nothing here: what the coalition gives is for shared points.
  WHERE t.member_id = r.friend_id AND t.kind = 'ACCRUAL' AND t.currency = 'PTS'
    AND t.posted_at BETWEEN r.joined_at AND r.joined_at + make_interval(days => v_rules.within_days)
    AND NOT EXISTS (
      SELECT FROM ledger.transfer b
      WHERE b.member_id = t.member_id AND b.kind = 'REVERSAL' AND b.reverses = t.transfer_id);
  IF NOT v_earned OR v_friend.status <> 'ACTIVE' THEN
    UPDATE members.referral
    SET look_at = p_at + interval '6 hours',
        status = CASE WHEN NOT v_any AND p_at > r.joined_at + make_interval(days => v_rules.within_days)
          THEN 'LAPSED' ELSE status END
    WHERE id = p_id;
    RETURN;
  END IF;

  IF v_referrer.status <> 'ACTIVE' OR v_rules.rewards_per_year <= (
      SELECT count(*) FROM members.referral o JOIN members.member m ON m.id = o.referrer_id
      WHERE (m.id = r.referrer_id OR m.merged_into = r.referrer_id) AND o.referrer_points > 0
        AND o.rewarded_at >= date_trunc('year', p_at AT TIME ZONE v_zone) AT TIME ZONE v_zone) THEN
    v_rules.referrer_points := 0;
  END IF;
  UPDATE members.referral SET status = 'REWARDED', rewarded_at = p_at, referrer_id = r.referrer_id
  WHERE id = p_id;
  FOR v_part IN
    SELECT g.* FROM (VALUES (r.referrer_id, v_rules.referrer_points), (r.friend_id, v_rules.friend_points))
      AS g (member_id, points)
    WHERE g.points > 0 ORDER BY g.member_id
  LOOP
    SELECT p.outcome INTO v_outcome FROM ledger.post(json_build_array(json_build_object(
      'kind', 'ADJUST', 'member_id', v_part.member_id, 'key', p_id, 'currency', 'PTS',
      'points', v_part.points, 'issue_price', '0', 'expires_by_policy', true, 'source_kind', 'award',
      'source_id', p_id, 'description', 'Referral', 'hash', '\x' || encode(uuid_send(p_id), 'hex'))),
      p_at) p;
    -- An account may have as many points as it can have.
    CONTINUE WHEN v_outcome <> 'POSTED';
    UPDATE members.referral
    SET referrer_points = CASE WHEN referrer_id = v_part.member_id THEN v_part.points ELSE referrer_points END,
        friend_points = CASE WHEN friend_id = v_part.member_id THEN v_part.points ELSE friend_points END
    WHERE id = p_id;
    INSERT INTO platform.outbox (id, type, member_id, payload, occurred_at)
    VALUES (gen_random_uuid(), 'referral.rewarded', v_part.member_id,
      jsonb_build_object('referralId', p_id), p_at);
  END LOOP;
END $$;

-- Looks at the referral that was not looked at for the longest time, where one is due and the program gives
-- anything. One at a time, since its members are locked until the transaction ends. One that cannot be looked at
-- waits six hours, or it would hold up all others. Answers how many it looked at.
CREATE OR REPLACE FUNCTION members.reward_next_referral(p_at timestamptz DEFAULT now()) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_id uuid;
BEGIN
  SELECT r.id INTO v_id FROM members.referral r
  WHERE r.status = 'JOINED' AND r.look_at <= p_at
    AND EXISTS (SELECT FROM members.referral_rules WHERE referrer_points > 0 OR friend_points > 0)
  ORDER BY r.look_at, r.id LIMIT 1;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  BEGIN
    PERFORM members.reward_referral(v_id, p_at);
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'Referral % could not be looked at: %', v_id, SQLERRM;
    UPDATE members.referral SET look_at = p_at + interval '6 hours' WHERE id = v_id;
  END;
  RETURN 1;
END $$;
GRANT EXECUTE ON FUNCTION members.reward_next_referral TO coalition_worker;
