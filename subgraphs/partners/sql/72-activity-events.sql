-- What happened to activities of some partners, as the outbox was told: of the numbers behind p_after, so many
-- at the most, and of those that were missing before. last_number: how far it looked, from where on the next
-- call does; missing: the numbers up to there that are not to be seen, since their transactions are under way
-- or were undone. A transaction that had one of these has begun before `next`: it has ended once `oldest` is
-- no less. The first call, without p_after, only says where things are, and what is missing of the last
-- p_max numbers.
CREATE OR REPLACE FUNCTION partners.activity_events(
  p_after bigint, p_missing bigint[], p_partner_ids uuid[], p_max integer
) RETURNS TABLE (last_number bigint, missing bigint[], oldest bigint, next bigint, events jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH reach AS (
    SELECT coalesce(p_after, newest.number - p_max, 0) AS after,
           least(newest.number, p_after + p_max) AS until
    FROM (SELECT coalesce(max(sequence), 0) AS number FROM platform.outbox) AS newest
  ), wanted AS (
    SELECT generate_series(greatest(after, 0) + 1, until) AS number FROM reach
    UNION ALL SELECT unnest(p_missing)
  ), there AS (
    SELECT w.number, o.sequence, o.type, o.partner_id, o.payload
    FROM wanted w LEFT JOIN platform.outbox o ON o.sequence = w.number
  )
  SELECT greatest((SELECT until FROM reach), p_after),
         ARRAY(SELECT number FROM there WHERE sequence IS NULL ORDER BY number),
         pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
         pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
         coalesce((
           SELECT jsonb_agg(jsonb_build_object('activityId', payload ->> 'activityId') ORDER BY number)
           FROM there
           WHERE type IN ('activity.posted', 'activity.refunded') AND partner_id = ANY (p_partner_ids)
             AND p_after IS NOT NULL), '[]');
$$;
GRANT EXECUTE ON FUNCTION partners.activity_events TO coalition_partners;
