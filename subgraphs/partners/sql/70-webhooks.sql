-- What webhooks tell of: the event in the outbox, the event in the graph, and what of its payload goes out.
CREATE OR REPLACE FUNCTION partners.webhook_events() RETURNS TABLE (type text, event text, keys text[])
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  VALUES ('activity.posted', 'ACTIVITY_POSTED', ARRAY['activityId']),
         ('activity.refunded', 'ACTIVITY_REFUNDED', ARRAY['activityId']),
         ('hold.expired', 'HOLD_EXPIRED', ARRAY['holdId']),
         ('reward.redeemed', 'REDEMPTION_CONFIRMED', ARRAY['redemptionId', 'rewardId']),
         ('redemption.cancelled', 'REDEMPTION_CANCELLED', ARRAY['redemptionId', 'rewardId']),
         ('consent.granted', 'CONSENT_GRANTED', ARRAY['memberId', 'scopes']),
         ('consent.revoked', 'CONSENT_REVOKED', ARRAY['memberId']),
         ('member.erased', 'MEMBER_ERASED', ARRAY['memberId']),
         ('credit.alerted', 'CREDIT_ALERT', ARRAY['contractId']),
         ('claim.opened', 'CLAIM_OPENED', ARRAY['claimId']),
         ('import.finished', 'IMPORT_FINISHED', ARRAY['importId', 'status']),
         ('statement.issued', 'STATEMENT_ISSUED', ARRAY['statementId']),
         ('ledger.sealed', 'LEDGER_SEALED', ARRAY['number', 'hash']);
$$;

-- How long a delivery waits after that many tries, by the schedule of Standard Webhooks; null after the last.
CREATE OR REPLACE FUNCTION partners.webhook_pause(p_attempts integer) RETURNS interval
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ('{5 seconds,5 minutes,30 minutes,2 hours,5 hours,10 hours,14 hours,20 hours,24 hours}'
          ::interval[])[p_attempts];
$$;

-- Puts the next p_max events of the outbox, in the order in which they were written, before the webhooks that
-- are to hear of them: those of the partner whom an event concerns, of an erased member those of all who knew
-- the member, and of a seal of the ledger those of all partners. One call at a time, or a member's events would overtake one another; another one answers
-- 0 at once. Answers how many events it took.
CREATE OR REPLACE FUNCTION partners.queue_webhooks(p_max integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_taken integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('partners.queue_webhooks', 0)) THEN
    RETURN 0;
  END IF;
  WITH taken AS (
    UPDATE platform.outbox SET delivered_at = now()
    WHERE sequence = ANY (ARRAY(
      SELECT sequence FROM platform.outbox WHERE delivered_at IS NULL
      ORDER BY sequence LIMIT p_max FOR UPDATE))
    RETURNING *
  ), told AS (
    SELECT t.*, k.event, k.keys, t.partner_id AS told_id
    FROM taken t JOIN partners.webhook_events() k ON k.type = t.type
    WHERE t.partner_id IS NOT NULL
    UNION ALL
    SELECT t.*, k.event, k.keys, known.partner_id
    FROM taken t JOIN partners.webhook_events() k ON k.type = t.type
    CROSS JOIN LATERAL (
      SELECT a.partner_id FROM partners.activity a WHERE a.member_id = t.member_id
      UNION SELECT members.trusted_by(t.member_id)) known (partner_id)
    WHERE t.type = 'member.erased' AND t.partner_id IS NULL
    UNION ALL
    SELECT t.*, k.event, k.keys, p.id
    FROM taken t JOIN partners.webhook_events() k ON k.type = t.type
    JOIN partners.partner p ON p.status <> 'TERMINATED'
    WHERE t.type = 'ledger.sealed'
  ), queued AS (
    INSERT INTO partners.webhook_delivery (id, webhook_id, sequence, member_id, event, payload,
      occurred_at, status, attempts, created_at, due_at)
    SELECT gen_random_uuid(), w.id, t.sequence, t.member_id, t.event,
           (SELECT jsonb_object_agg(p.key, p.value) FROM jsonb_each(t.payload) p WHERE p.key = ANY (t.keys)),
           t.occurred_at, 'WAITING', 0, now(), now()
    FROM told t
    JOIN partners.webhook w ON w.partner_id = t.told_id AND w.enabled AND t.event = ANY (w.events)
     -- What happened before it was registered is no news.
     AND w.created_at <= t.occurred_at
     -- What is about no member says itself of which half it is.
     AND w.sandbox = CASE WHEN t.member_id IS NULL THEN coalesce((t.payload ->> 'sandbox')::boolean, false)
                          ELSE members.is_of_sandbox(t.member_id) END)
  SELECT count(*) INTO v_taken FROM taken;
  RETURN v_taken;
END $$;
GRANT EXECUTE ON FUNCTION partners.queue_webhooks(integer) TO coalition_worker;

-- The next deliveries that may be sent to a webhook: lanes of up to p_members members at once, on each those
-- that wait, in their order, up to p_each of them and none behind one that is not due. What is about no member
-- has a lane for itself.
CREATE OR REPLACE FUNCTION partners.due_deliveries(p_webhook uuid, p_members integer, p_each integer)
RETURNS TABLE (lane uuid, id uuid, event text, payload jsonb, occurred_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH head AS (
    SELECT d.* FROM partners.webhook_delivery d
    WHERE d.webhook_id = p_webhook AND d.status = 'WAITING' AND d.due_at <= now()
      AND (d.member_id IS NULL OR NOT EXISTS (
        SELECT FROM partners.webhook_delivery e
        WHERE e.webhook_id = p_webhook AND e.status = 'WAITING' AND e.member_id = d.member_id
          AND e.sequence < d.sequence))
    ORDER BY d.sequence LIMIT p_members
  )
  SELECT head.id, d.id, d.event, d.payload, d.occurred_at
  FROM head CROSS JOIN LATERAL (
    SELECT next.*, bool_and(next.due_at <= now()) OVER (ORDER BY next.sequence) AS may_go
    FROM (SELECT head.*
          UNION ALL
          (SELECT f.* FROM partners.webhook_delivery f
           WHERE f.webhook_id = p_webhook AND f.status = 'WAITING' AND f.member_id = head.member_id
             AND f.sequence > head.sequence
           ORDER BY f.sequence LIMIT p_each - 1)) next) d
  WHERE d.may_go
  ORDER BY d.sequence;
$$;

-- Takes the webhook that has waited longest, of those that have something due, with its deliveries, as
-- `due_deliveries` has them, and the secrets that sign them. Nobody else takes it until `keep_webhook_attempts`,
-- or for the lease: of a worker that ends meanwhile another one sends them again.
CREATE OR REPLACE FUNCTION partners.take_webhook(p_members integer, p_each integer, p_lease interval)
RETURNS TABLE (webhook_id uuid, url text, secrets text[], lane uuid, id uuid, event text, payload jsonb,
  occurred_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_id uuid;
BEGIN
  SELECT w.id INTO v_id FROM partners.webhook w
  WHERE w.enabled AND w.due_at <= now() AND EXISTS (SELECT FROM partners.due_deliveries(w.id, 1, 1))
  ORDER BY w.due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
  UPDATE partners.webhook SET due_at = now() + p_lease WHERE id = v_id;
  RETURN QUERY
  SELECT w.id, w.url,
         CASE WHEN w.rotated_at > now() - interval '24 hours'
           THEN ARRAY[w.sealed_secret, w.previous_secret] ELSE ARRAY[w.sealed_secret] END,
         d.lane, d.id, d.event, d.payload, d.occurred_at
  FROM partners.webhook w CROSS JOIN LATERAL partners.due_deliveries(w.id, p_members, p_each) d
  WHERE w.id = v_id;
END $$;
GRANT EXECUTE ON FUNCTION partners.take_webhook(integer, integer, interval) TO coalition_worker;

-- Keeps what came of those deliveries of one webhook that were tried, and lets it be taken again: at once where one was delivered,
-- later each time where none was. It is switched off where the receiver says that it is gone, and where it
-- has taken nothing for three days.
--
-- p_attempts: id; status, of the answer, null where there was none; retry_after, in seconds, where it says so.
CREATE OR REPLACE FUNCTION partners.keep_webhook_attempts(p_webhook uuid, p_attempts jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_delivered boolean;
  v_gone boolean;
BEGIN
  PERFORM FROM partners.webhook WHERE id = p_webhook FOR NO KEY UPDATE;
  SELECT coalesce(bool_or(a.status BETWEEN 200 AND 299), false), coalesce(bool_or(a.status = 410), false)
  INTO v_delivered, v_gone
  FROM jsonb_to_recordset(p_attempts) AS a (status integer);

  UPDATE partners.webhook_delivery d SET
    attempts = d.attempts + 1,
    response_status = a.status,
    status = CASE WHEN a.status BETWEEN 200 AND 299 THEN 'DELIVERED'
                  WHEN partners.webhook_pause(d.attempts + 1) IS NULL THEN 'DEAD' ELSE 'WAITING' END,
    delivered_at = CASE WHEN a.status BETWEEN 200 AND 299 THEN now() END,
    -- A tenth more or less, so that what failed together does not come back together.
    due_at = CASE WHEN a.status BETWEEN 200 AND 299 THEN NULL
                  WHEN partners.webhook_pause(d.attempts + 1) IS NULL THEN NULL
                  ELSE now() + greatest(partners.webhook_pause(d.attempts + 1) * (0.9 + 0.2 * random()),
                                        make_interval(secs => a.retry_after)) END
  FROM jsonb_to_recordset(p_attempts) AS a (id uuid, status integer, retry_after integer)
  WHERE d.id = a.id AND d.webhook_id = p_webhook AND d.status = 'WAITING';

  UPDATE partners.webhook SET
    answered_at = CASE WHEN v_delivered THEN coalesce(answered_at, now()) ELSE answered_at END,
    -- It signs no more.
    previous_secret = CASE WHEN rotated_at > now() - interval '24 hours' THEN previous_secret END,
    failures = CASE WHEN v_delivered THEN 0 ELSE failures + 1 END,
    failing_since = CASE WHEN v_delivered THEN NULL ELSE coalesce(failing_since, now()) END,
    due_at = CASE WHEN v_delivered THEN now()
      ELSE now() + least(interval '5 seconds' * 2 ^ least(failures, 10), interval '5 minutes') END,
    enabled = enabled AND NOT v_gone
      AND (v_delivered OR coalesce(failing_since, now()) > now() - interval '3 days'),
    disabled_because = CASE
      WHEN NOT enabled THEN disabled_because
      WHEN v_gone THEN 'The receiver has answered with 410 (Gone).'
      WHEN NOT v_delivered AND failing_since <= now() - interval '3 days'
        THEN 'The receiver has taken nothing for three days.' END
  WHERE id = p_webhook;
END $$;
GRANT EXECUTE ON FUNCTION partners.keep_webhook_attempts(uuid, jsonb) TO coalition_worker;

-- Clears deliveries after 30 days, the oldest first, p_max of them at most. Answers how many.
CREATE OR REPLACE FUNCTION partners.clear_webhook_deliveries(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH cleared AS (
    DELETE FROM partners.webhook_delivery WHERE id = ANY (ARRAY(
      SELECT id FROM partners.webhook_delivery WHERE created_at <= now() - interval '30 days'
      ORDER BY created_at LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM cleared;
$$;
GRANT EXECUTE ON FUNCTION partners.clear_webhook_deliveries(integer) TO coalition_worker;

-- What is still to be told: deliveries that wait, a hundred thousand at the most, and for how many seconds the
-- oldest event of the outbox has not been looked at.
CREATE OR REPLACE FUNCTION partners.delivery_backlog()
RETURNS TABLE (deliveries integer, outbox_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT count(*)::integer
          FROM (SELECT FROM partners.webhook_delivery WHERE status = 'WAITING' LIMIT 100000) w),
         coalesce((SELECT greatest(0, extract(epoch FROM now() - occurred_at))
                   FROM platform.outbox WHERE delivered_at IS NULL ORDER BY sequence LIMIT 1), 0);
$$;
GRANT EXECUTE ON FUNCTION partners.delivery_backlog() TO coalition_worker;
