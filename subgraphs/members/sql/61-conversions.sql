-- Closes conversions that the other program has not confirmed in time, the oldest first, p_max of them
-- at most; those that somebody is ending are left to them. The ledger gives their points back by itself;
-- here they stop counting against limits, and member and partner are told. Answers how many.
CREATE OR REPLACE FUNCTION members.close_conversions(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH closed AS (
    UPDATE members.conversion SET closed = true
    WHERE id = ANY (ARRAY(
      SELECT id FROM members.conversion WHERE NOT closed AND times_out_at <= now()
      ORDER BY times_out_at LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING id, member_id, program_id, times_out_at
  ), forgotten AS (
    DELETE FROM members.risk_act a USING closed c WHERE a.id = c.id
  ), told AS (
    INSERT INTO platform.outbox (id, type, member_id, partner_id, payload, occurred_at)
    SELECT gen_random_uuid(), 'conversion.reversed', member_id, program_id,
           jsonb_build_object('conversionId', id), times_out_at
    FROM closed ORDER BY times_out_at, id)
  SELECT count(*)::integer FROM closed;
$$;
GRANT EXECUTE ON FUNCTION members.close_conversions(integer) TO coalition_worker;
