-- Takes out of the coalition those partners whose day has come. Those that another call is at are left to
-- it, or to the next run. Answers how many.
CREATE OR REPLACE FUNCTION partners.terminate_due(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH gone AS (
    UPDATE partners.partner SET status = 'TERMINATED'
    WHERE id = ANY (ARRAY(
      SELECT p.id FROM partners.partner p, members.program() AS program
      WHERE p.status <> 'TERMINATED'
        AND p.terminates_on <= (now() AT TIME ZONE program.time_zone)::date
      ORDER BY p.terminates_on LIMIT p_max FOR NO KEY UPDATE OF p SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM gone;
$$;
GRANT EXECUTE ON FUNCTION partners.terminate_due(integer) TO coalition_worker;
