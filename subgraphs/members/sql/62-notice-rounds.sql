-- Tells members what the calendar brings: birthdays, anniversaries, points that are about to expire, offers
-- that have started, and in the first week of a month what there is. Once a day, from eight in the morning of the program's time
-- zone on, it goes round all members but the sandbox's; each call looks at the next p_max of them. Answers how many; 0 where
-- the day's round has ended. A round that midnight overtook goes on, by the new day, before the next begins:
-- however many members there are, none is always too late in the line.
CREATE OR REPLACE FUNCTION members.notice_members(p_max integer, p_at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_program members.program;
  v_today date;
  v_round members.notice_round;
  v_ids uuid[];
BEGIN
  SELECT * INTO STRICT v_program FROM members.program;
  v_today := (p_at AT TIME ZONE v_program.time_zone)::date;
  IF extract(hour FROM p_at AT TIME ZONE v_program.time_zone) < 8 THEN
    RETURN 0;
  END IF;
  INSERT INTO members.notice_round
  SELECT v_today, '00000000-0000-0000-0000-000000000000', false
  WHERE NOT EXISTS (SELECT FROM members.notice_round WHERE NOT ended)
  ON CONFLICT DO NOTHING;
  -- Of several that began at once, the eldest; where none is open, today's has ended.
  SELECT * INTO v_round FROM members.notice_round WHERE NOT ended ORDER BY day LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  v_ids := ARRAY(
    SELECT id FROM members.member WHERE id > v_round.after AND NOT sandbox ORDER BY id LIMIT p_max);
  PERFORM members.notify(coalesce(jsonb_agg(to_jsonb(n)), '[]'), p_at)
  FROM (
    SELECT * FROM members.days_of(v_ids, v_today)
    UNION ALL
    SELECT * FROM members.expiries_of(v_ids, v_program.expiry_notice_days, v_today, p_at)
    UNION ALL
    SELECT * FROM members.offers_of(v_ids, v_today, p_at)
    UNION ALL
    SELECT * FROM members.balances_of(v_ids, v_today, p_at)
    WHERE extract(day FROM v_today) <= 7) AS n;
  UPDATE members.notice_round
  SET after = coalesce(v_ids[cardinality(v_ids)], after), ended = cardinality(v_ids) < p_max
  WHERE day = v_round.day;
  DELETE FROM members.notice_round WHERE ended AND day < v_round.day;
  RETURN cardinality(v_ids);
END $$;
GRANT EXECUTE ON FUNCTION members.notice_members(integer, timestamptz) TO coalition_worker;

-- The day of a year on which a day is remembered: what was on 29 February, on the 28th in common years.
CREATE OR REPLACE FUNCTION members.day_in(p_day date, p_year integer) RETURNS date
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (p_day + make_interval(years => p_year - extract(year FROM p_day)::integer))::date;
$$;

-- Birthdays, and anniversaries of joining, of today and of the two days before, for a worker that was
-- late. One of each in a calendar year, whatever becomes of the date meanwhile.
CREATE OR REPLACE FUNCTION members.days_of(p_member_ids uuid[], p_today date)
RETURNS TABLE (member_id uuid, kind text, template text, args jsonb, once text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.id, d.kind, d.template,
         jsonb_build_object('years', (y.year - extract(year FROM d.day))::integer::text),
         d.template || ':' || y.year
  FROM members.member m
  CROSS JOIN members.program p
  CROSS JOIN LATERAL (VALUES
    ('BIRTHDAY', 'member.birthday', m.birthday),
    ('THANK_YOU', 'member.anniversary', (m.joined_at AT TIME ZONE p.time_zone)::date)
  ) AS d (kind, template, day)
  CROSS JOIN LATERAL (
    SELECT DISTINCT extract(year FROM p_today - late)::integer AS year
    FROM generate_series(0, 2) AS late) AS y
  WHERE m.id = ANY (p_member_ids) AND m.status = 'ACTIVE' AND d.day IS NOT NULL
    AND y.year > extract(year FROM d.day)
    AND members.day_in(d.day, y.year) BETWEEN p_today - 2 AND p_today;
$$;

-- Points that can be spent for so many days more or fewer; told once for each number of days, however
-- late. Where points end for want of activity: if nothing more happens.
CREATE OR REPLACE FUNCTION members.expiries_of(
  p_member_ids uuid[], p_notice_days integer[], p_today date, p_at timestamptz
) RETURNS TABLE (member_id uuid, kind text, template text, args jsonb, once text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH soon AS (
    -- Whatever happens to an account by itself, happens when it is due, or later.
    SELECT array_agg(a.member_id) AS member_ids, array_agg(a.currency) AS currencies
    FROM ledger.account a
    WHERE a.member_id = ANY (p_member_ids)
      AND a.due_at < p_at + make_interval(days => 2 + (SELECT max(d) FROM unnest(p_notice_days) d))
  )
  SELECT p.member_id, 'EXPIRY', 'points.expiring',
         jsonb_build_object('points', sum(p.points)::text, 'currency', c.name, 'on', e.last_day),
         format('points.expiring:%s:%s:%s', c.code, e.last_day, e.notice)
  FROM soon
  CROSS JOIN ledger.points_of(soon.member_ids, soon.currencies, NULL, NULL, p_at) p
  JOIN ledger.currency c ON c.code = p.currency
  CROSS JOIN LATERAL (
    SELECT l.last_day,
           (SELECT min(d) FROM unnest(p_notice_days) d WHERE d >= l.last_day - p_today) AS notice
    FROM (SELECT ((p.ends_at - interval '1 microsecond') AT TIME ZONE c.time_zone)::date AS last_day) l
  ) e
  WHERE p.state = 'AVAILABLE' AND e.last_day >= p_today AND e.notice IS NOT NULL
  GROUP BY p.member_id, c.code, c.name, e.last_day, e.notice;
$$;

-- What members have at the beginning of a month, of the currency that all brands share.
CREATE OR REPLACE FUNCTION members.balances_of(p_member_ids uuid[], p_today date, p_at timestamptz)
RETURNS TABLE (member_id uuid, kind text, template text, args jsonb, once text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.member_id, 'BALANCE', 'balance.monthly',
         jsonb_build_object('points', sum(p.points)::text, 'currency', c.name),
         format('balance.monthly:%s:%s', c.code, to_char(p_today, 'YYYY-MM'))
  FROM ledger.currency c
  CROSS JOIN ledger.points_of(
    p_member_ids, array_fill(c.code, ARRAY[cardinality(p_member_ids)]), NULL, NULL, p_at) p
  WHERE c.issuer IS NULL AND c.kind = 'SPENDABLE' AND p.state = 'AVAILABLE'
  GROUP BY p.member_id, c.code, c.name;
$$;

-- Offers of brands that members have consented to earn with, of those that are for them: what has started
-- since the day before yesterday, for a worker that was late. Each once.
-- In plpgsql, which looks other functions up when it runs: those of partners are made after this one.
CREATE OR REPLACE FUNCTION members.offers_of(p_member_ids uuid[], p_today date, p_at timestamptz)
RETURNS TABLE (member_id uuid, kind text, template text, args jsonb, once text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_since timestamptz;
BEGIN
  SELECT (p_today - 2)::timestamp AT TIME ZONE p.time_zone INTO v_since FROM members.program p;
  RETURN QUERY
  WITH open AS (
    SELECT c.member_id, o.* FROM partners.started_offers(v_since, p_at) o
    JOIN members.consent c ON c.partner_id = o.partner_id
      AND c.member_id = ANY (p_member_ids) AND c.revoked_at IS NULL AND 'EARN' = ANY (c.scopes))
  SELECT o.member_id, 'OFFER', 'offer.started', jsonb_build_object('offerId', o.id),
         'offer.started:' || o.id
  FROM open o
  JOIN members.snapshot(ARRAY(SELECT member_id FROM open), p_at) m ON m.id = o.member_id
  WHERE m.status = 'ACTIVE' AND (o.tiers = '{}' OR m.tier = ANY (o.tiers))
    AND (o.segments = '{}' OR o.segments && m.segments);
END $$;
