-- The kinds of things that members hear of, in the contract's order; to whom each goes by e-mail who has not
-- chosen; whether it advertises; and which goes out first where mail waits: what concerns safety, then what
-- has happened or is about to, then balances, then what nobody misses for a day.
CREATE OR REPLACE FUNCTION members.notice_kinds()
RETURNS TABLE (kind text, place integer, mail text, advertises boolean, mail_priority smallint)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  VALUES ('BALANCE', 1, 'opted in', false, 2::smallint),
         ('EXPIRY', 2, 'always', false, 1),
         ('TIER', 3, 'always', false, 1),
         ('OFFER', 4, 'opted in', true, 3),
         ('REDEMPTION', 5, 'always', false, 1),
         ('TRANSFER', 6, 'always', false, 1),
         ('HOUSEHOLD', 7, 'always', false, 1),
         ('COMMUNITY', 8, 'never', false, 3),
         ('BIRTHDAY', 9, 'opted in', true, 3),
         ('THANK_YOU', 10, 'opted in', true, 3),
         ('SECURITY', 11, 'always', false, 0);
$$;
GRANT EXECUTE ON FUNCTION members.notice_kinds TO coalition_members;

-- By which ways members hear of each kind of thing: as they chose; of what they did not choose, by the
-- usual ways. What advertises goes by e-mail to those alone who opted in, whatever they chose before.
CREATE OR REPLACE FUNCTION members.channels_of(p_member_ids uuid[])
RETURNS TABLE (member_id uuid, kind text, place integer, channels text[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.id, k.kind, k.place,
         CASE
           WHEN p.channels IS NOT NULL AND (m.marketing_opt_in OR NOT k.advertises) THEN p.channels
           WHEN p.channels IS NOT NULL THEN array_remove(p.channels, 'EMAIL')
           WHEN k.mail = 'always' OR k.mail = 'opted in' AND m.marketing_opt_in
             THEN '{IN_APP,EMAIL}'::text[]
           ELSE '{IN_APP}' END
  FROM members.member m
  CROSS JOIN members.notice_kinds() k
  LEFT JOIN members.notification_preference p ON p.member_id = m.id AND p.kind = k.kind
  WHERE m.id = ANY (p_member_ids);
$$;
GRANT EXECUTE ON FUNCTION members.channels_of TO coalition_members;

-- Tells members: each by the ways that are theirs, once for each `once`. What no way is left for is told to
-- nobody, nor what would go to a membership that is closed, or is of the sandbox: nobody signs in to those.
-- Answers how many were told.
--
-- p_notices: member_id, kind, template, args, once.
CREATE OR REPLACE FUNCTION members.notify(p_notices jsonb, p_at timestamptz) RETURNS integer
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  WITH notice AS (
    SELECT * FROM jsonb_to_recordset(p_notices)
      AS n (member_id uuid, kind text, template text, args jsonb, once text)
  ), told AS (
    INSERT INTO members.notification
      (id, member_id, kind, template, args, once, in_app, created_at, mail_due_at, mail_priority)
    SELECT gen_random_uuid(), n.member_id, n.kind, n.template, n.args, n.once,
           'IN_APP' = ANY (c.channels), p_at,
           CASE WHEN 'EMAIL' = ANY (c.channels) AND m.email IS NOT NULL THEN p_at END,
           k.mail_priority
    FROM notice n
    JOIN members.member m ON m.id = n.member_id AND m.status <> 'CLOSED' AND NOT m.sandbox
    JOIN members.channels_of(ARRAY(SELECT member_id FROM notice)) c
      ON c.member_id = n.member_id AND c.kind = n.kind
    JOIN members.notice_kinds() k ON k.kind = n.kind
    WHERE 'IN_APP' = ANY (c.channels) OR 'EMAIL' = ANY (c.channels) AND m.email IS NOT NULL
    ON CONFLICT (member_id, once) DO NOTHING
    RETURNING 1)
  SELECT count(*)::integer FROM told;
$$;

-- Tells members of what has happened to them, and staff of what concerns its role: takes the next p_max
-- events that nobody has looked at, in the order in which they were written; those that another call is at
-- are left to it. What happened more than a week ago is no news. Answers how many events it took. The words,
-- by the event's type, are in notifications/words.ts and staff/words.ts.
CREATE OR REPLACE FUNCTION members.notice_events(p_max integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_taken integer;
  v_notices jsonb;
  v_events jsonb;
BEGIN
  WITH taken AS (
    UPDATE platform.outbox SET noticed_at = now()
    WHERE sequence = ANY (ARRAY(
      SELECT sequence FROM platform.outbox
      WHERE noticed_at IS NULL AND type <> 'activity.posted'
      ORDER BY sequence LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING *)
  SELECT count(*), coalesce(jsonb_agg(jsonb_build_object('member_id', t.member_id, 'kind', k.kind,
           'template', t.type, 'args', t.payload, 'once', t.id)) FILTER (
           WHERE k.kind IS NOT NULL AND t.occurred_at > now() - interval '7 days'), '[]'),
         jsonb_agg(to_jsonb(t)) FILTER (
           WHERE s.roles IS NOT NULL AND t.occurred_at > now() - interval '7 days')
  INTO v_taken, v_notices, v_events
  FROM taken t
  LEFT JOIN members.noticed_events() k ON k.type = t.type
  LEFT JOIN members.staff_events() s ON s.type = t.type;
  PERFORM members.notify(v_notices, now());
  PERFORM members.mail_staff(v_events);
  RETURN v_taken;
END $$;
GRANT EXECUTE ON FUNCTION members.notice_events(integer) TO coalition_worker;

-- The events of which members are told, and as what.
CREATE OR REPLACE FUNCTION members.noticed_events() RETURNS TABLE (type text, kind text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  VALUES ('member.enrolled', 'THANK_YOU'),
         ('reward.redeemed', 'REDEMPTION'), ('redemption.cancelled', 'REDEMPTION'),
         ('household.spent', 'HOUSEHOLD'), ('household.refunded', 'HOUSEHOLD'),
         ('household.left', 'HOUSEHOLD'),
         ('referral.rewarded', 'THANK_YOU'),
         ('tier.changed', 'TIER'),
         ('points.transferred', 'TRANSFER'), ('transfer.held', 'TRANSFER'),
         ('transfer.denied', 'TRANSFER'), ('transfer.expired', 'TRANSFER'),
         ('spending.allowed', 'REDEMPTION'), ('spending.denied', 'REDEMPTION'),
         ('conversion.reversed', 'TRANSFER'),
         ('points.adjusted', 'BALANCE'),
         ('claim.granted', 'BALANCE'), ('claim.rejected', 'BALANCE'),
         ('member.suspended', 'SECURITY'), ('member.reinstated', 'SECURITY'),
         ('identifier.linked', 'SECURITY'), ('export.ready', 'SECURITY');
$$;
GRANT EXECUTE ON FUNCTION members.noticed_events TO coalition_members;

-- Takes the next notice that goes by e-mail, with all that a mail needs: of those that go first, the one
-- that has waited longest. It counts as tried from now on: a worker that ends before it has sent it loses
-- it, and never sends it twice. Without an address where the membership was closed in the meantime, or the
-- member does not want such mail any more.
CREATE OR REPLACE FUNCTION members.take_mail()
RETURNS TABLE (id uuid, member_id uuid, email text, locale text, template text, args jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_id uuid;
BEGIN
  -- One look for each: those that wait for another try are not looked through.
  FOR v_priority IN 0..3 LOOP
    SELECT n.id INTO v_id FROM members.notification n
    WHERE n.mail_priority = v_priority AND n.mail_due_at <= now()
    ORDER BY n.mail_due_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    EXIT WHEN FOUND;
  END LOOP;
  RETURN QUERY
  UPDATE members.notification n SET mail_due_at = NULL, mail_tries = n.mail_tries + 1
  FROM members.member m
  WHERE n.id = v_id AND m.id = n.member_id
  RETURNING n.id, n.member_id,
    CASE WHEN m.status <> 'CLOSED' AND EXISTS (
      SELECT FROM members.channels_of(ARRAY[m.id]) c
      WHERE c.kind = n.kind AND 'EMAIL' = ANY (c.channels)) THEN m.email END,
    m.locale, n.template, n.args;
END $$;
GRANT EXECUTE ON FUNCTION members.take_mail() TO coalition_worker;

-- Lets a mail that could not be sent be tried again, later each time, five times in all.
CREATE OR REPLACE FUNCTION members.retry_mail(p_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE members.notification SET mail_due_at = now() + interval '1 minute' * 2 ^ mail_tries
  WHERE id = p_id AND mail_tries < 5;
$$;
GRANT EXECUTE ON FUNCTION members.retry_mail(uuid) TO coalition_worker;
