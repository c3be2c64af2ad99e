-- Ends cases that nobody decided in time, the oldest first, p_max of them at most; those that somebody
-- is deciding are left to them. The ledger has let their points go by itself; here the transfers are
-- given back, count against no limit any more, and their givers are told. Of a redemption or a hold nothing
-- was kept. Answers how many.
CREATE OR REPLACE FUNCTION members.expire_risk_cases(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH expired AS (
    UPDATE members.risk_case SET status = 'EXPIRED'
    WHERE id = ANY (ARRAY(
      SELECT id FROM members.risk_case WHERE status = 'OPEN' AND due_at <= now()
      ORDER BY due_at LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING subject_id, member_id, action, due_at
  ), reversed AS (
    UPDATE members.points_transfer t SET status = 'REVERSED' FROM expired e WHERE t.id = e.subject_id
  ), forgotten AS (
    DELETE FROM members.risk_act a USING expired e WHERE a.id = e.subject_id
  ), told AS (
    INSERT INTO platform.outbox (id, type, member_id, payload, occurred_at)
    SELECT gen_random_uuid(), 'transfer.expired', member_id,
           jsonb_build_object('transferId', subject_id), due_at
    FROM expired WHERE action = 'TRANSFER' ORDER BY due_at, subject_id)
  SELECT count(*)::integer FROM expired;
$$;
GRANT EXECUTE ON FUNCTION members.expire_risk_cases(integer) TO coalition_worker;
