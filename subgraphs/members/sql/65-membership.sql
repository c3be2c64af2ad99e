-- Who takes part in a period, of the live half of the world: one row. Active on a day is who earned or spent
-- in the twelve months up to it; `raised` are those of the first day who came to a higher tier in the period,
-- or earned more of a currency in its months than in as many months before. From the members' months, and
-- what was not added up yet.
CREATE OR REPLACE FUNCTION members.membership_of(
  p_from date, p_to date, p_time_zone text, p_currency text
) RETURNS TABLE (members integer, enrolled integer, active_members integer, lapsed integer,
  active_at_start integer, raised integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- All members at once: one by one, each would be looked up.
SET enable_nestloop = off SET work_mem = '64MB' AS $$
DECLARE
  v_xact bigint := (SELECT w.xact FROM ledger.watermark w WHERE w.name = 'rollup');
  v_month date := date_trunc('month', p_from)::date;
  -- As many months before as the period has.
  v_before date := (v_month - age(date_trunc('month', p_to) + interval '1 month', v_month))::date;
  v_start_from date := (p_from - interval '12 months')::date;
  v_end_from date := (p_to - interval '12 months')::date + 1;
BEGIN
  RETURN QUERY EXECUTE format(
    -- Who is active in a window that begins and ends in different months is so on the first or on the
    -- last active day of one of them.
    'WITH part AS (
       -- Apart, so that it is known of how many members the months are.
       SELECT member_id,
              bool_or(first_on BETWEEN %1$L AND %2$L OR last_on BETWEEN %1$L AND %2$L) AS at_start,
              bool_or(first_on BETWEEN %3$L AND %4$L OR last_on BETWEEN %3$L AND %4$L) AS at_end,
              sum(CASE WHEN currency <> %5$L OR month < %7$L THEN 0
                       WHEN month >= %6$L THEN earned ELSE -earned END) AS gain
       FROM ledger.member_month
       WHERE month >= date_trunc(''month'', least(%1$L::date, %7$L::date)) AND month <= %4$L
       GROUP BY member_id
       UNION ALL
       SELECT member_id, bool_or(day BETWEEN %1$L AND %2$L), bool_or(day BETWEEN %3$L AND %4$L),
              sum(CASE WHEN currency <> %5$L OR day < %7$L THEN 0
                       WHEN day >= %6$L THEN earned ELSE -earned END)
       FROM ledger.activity WHERE xact >= %8$s AND day <= date_trunc(''month'', %4$L::date)
         + interval ''1 month'' - interval ''1 day''
       GROUP BY member_id
     ), active AS (
       SELECT member_id, bool_or(at_start) AS at_start, bool_or(at_end) AS at_end, sum(gain) AS gain
       FROM part GROUP BY member_id
     ), known AS (
       SELECT count(*) FILTER (WHERE joined_on <= %4$L AND status <> ''CLOSED'') AS members,
              count(*) FILTER (WHERE joined_on BETWEEN %9$L AND %4$L) AS enrolled
       FROM (SELECT status, (joined_at AT TIME ZONE %10$L)::date AS joined_on
             FROM members.member WHERE NOT sandbox) m
     ), did AS (
       SELECT count(*) FILTER (WHERE at_end) AS at_end, count(*) FILTER (WHERE at_start) AS at_start,
              count(*) FILTER (WHERE at_start AND NOT at_end) AS lapsed,
              count(*) FILTER (WHERE at_start AND (gain > 0 OR member_id IN (
               SELECT v.member_id FROM members.tier_move v
               WHERE v.is_up AND v.moved_on BETWEEN %9$L AND %4$L))) AS raised
       FROM active JOIN members.member m ON m.id = member_id AND NOT m.sandbox
     )
     SELECT members::integer, enrolled::integer, at_end::integer, lapsed::integer, at_start::integer,
            raised::integer
     FROM known, did',
    v_start_from, p_from - 1, v_end_from, p_to, p_currency, v_month, v_before, v_xact, p_from,
    p_time_zone);
END $$;
GRANT EXECUTE ON FUNCTION members.membership_of TO coalition_members;
