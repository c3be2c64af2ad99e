-- Counts who was active with partners in months that are over: those that are not counted yet, and those in
-- which something has changed since, the last ones first, until they hold p_max activities or a few more; and
-- takes p_max of the changes. Whoever reads meanwhile counts what is missing by the activities. Answers how many
-- months.
--
-- What was noted goes before the activities are read: what is noted later counts the month once more.
CREATE OR REPLACE FUNCTION partners.count_months(p_max integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_zone text;
  v_month record;
  v_months integer := 0;
  v_activities bigint := 0;
  v_found integer;
BEGIN
  -- One at a time: readers are not kept out.
  LOCK TABLE partners.active_month IN SHARE ROW EXCLUSIVE MODE;
  SELECT time_zone INTO STRICT v_zone FROM members.program();
  WITH gone AS (
    DELETE FROM partners.activity_change WHERE id IN (
      SELECT id FROM partners.activity_change ORDER BY id LIMIT p_max)
    RETURNING partner_id, first_at, last_at)
  DELETE FROM partners.active_month m USING gone g
  WHERE m.partner_id = g.partner_id AND g.first_at < m.ends_at AND g.last_at >= m.begins_at;
  -- The program has moved to another time zone.
  DELETE FROM partners.active_month
  WHERE begins_at <> date_trunc('month', begins_at AT TIME ZONE v_zone) AT TIME ZONE v_zone
     OR ends_at <> date_trunc('month', ends_at AT TIME ZONE v_zone) AT TIME ZONE v_zone;

  FOR v_month IN
    SELECT p.id AS partner_id, t.begins_at, t.ends_at
    FROM partners.partner p
    CROSS JOIN LATERAL (
      SELECT a.occurred_at FROM partners.activity a WHERE a.partner_id = p.id
      ORDER BY a.occurred_at LIMIT 1) earliest
    CROSS JOIN LATERAL generate_series(
      date_trunc('month', earliest.occurred_at AT TIME ZONE v_zone),
      date_trunc('month', now() AT TIME ZONE v_zone) - interval '1 month', interval '1 month') AS s (month)
    CROSS JOIN LATERAL (
      SELECT s.month AT TIME ZONE v_zone AS begins_at,
             (s.month + interval '1 month') AT TIME ZONE v_zone AS ends_at) t
    WHERE NOT EXISTS (
      SELECT FROM partners.active_month m WHERE m.partner_id = p.id AND m.begins_at = t.begins_at)
    ORDER BY t.begins_at DESC, p.id
  LOOP
    EXIT WHEN v_activities >= p_max;
    v_found := partners.count_month(v_month.partner_id, v_month.begins_at, v_month.ends_at);
    v_activities := v_activities + v_found;
    v_months := v_months + 1;
  END LOOP;
  RETURN v_months;
END $$;
GRANT EXECUTE ON FUNCTION partners.count_months(integer) TO coalition_worker;

-- Counts one month of a partner. Answers how many activities it holds.
CREATE OR REPLACE FUNCTION partners.count_month(
  p_partner uuid, p_begins_at timestamptz, p_ends_at timestamptz
) RETURNS integer
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO partners.member_place (member_id, place)
  SELECT a.member_id, coalesce((SELECT max(place) FROM partners.member_place), -1)
                      + (row_number() OVER ())::integer
  FROM partners.activity a
  WHERE a.partner_id = p_partner AND a.occurred_at >= p_begins_at AND a.occurred_at < p_ends_at
    AND NOT a.sandbox AND a.status <> 'REFUNDED'
    AND NOT EXISTS (SELECT FROM partners.member_place k WHERE k.member_id = a.member_id)
  GROUP BY a.member_id;

  INSERT INTO partners.active_month (partner_id, begins_at, ends_at, activities)
  SELECT p_partner, p_begins_at, p_ends_at, count(*) FROM partners.activity a
  WHERE a.partner_id = p_partner AND a.occurred_at >= p_begins_at AND a.occurred_at < p_ends_at
    AND NOT a.sandbox AND a.status <> 'REFUNDED';

  INSERT INTO partners.active_members (partner_id, begins_at, block, members)
  SELECT p_partner, p_begins_at, k.place / 8192, bit_or(set_bit(b'0'::bit(8192), k.place % 8192, 1))
  FROM (SELECT DISTINCT a.member_id FROM partners.activity a
        WHERE a.partner_id = p_partner AND a.occurred_at >= p_begins_at AND a.occurred_at < p_ends_at
          AND NOT a.sandbox AND a.status <> 'REFUNDED') met
  JOIN partners.member_place k ON k.member_id = met.member_id
  GROUP BY k.place / 8192;

  SELECT activities FROM partners.active_month WHERE partner_id = p_partner AND begins_at = p_begins_at;
$$;
REVOKE EXECUTE ON FUNCTION partners.count_month(uuid, timestamptz, timestamptz) FROM PUBLIC;
