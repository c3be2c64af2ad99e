-- Points that were redeemed with partners, less what was given back, by the day of posting in the time zone of
-- their currency; those of the sandbox do not count. What was added up, and the movements since, in one snapshot.
CREATE OR REPLACE FUNCTION members.redeemed_with(p_partner_ids uuid[])
RETURNS TABLE (partner_id uuid, day date, points bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH counter AS MATERIALIZED (
    SELECT id, owner FROM ledger.counter_account
    WHERE kind = 'PARTNER_REDEMPTION' AND owner = ANY (p_partner_ids)
  )
  SELECT c.owner, m.day, sum(m.points)::bigint
  FROM counter c
  JOIN (
    SELECT r.counter_account, r.day, r.points FROM ledger.counter_rollup r
    WHERE r.counter_account IN (SELECT id FROM counter)
    UNION ALL
    SELECT t.counter_account, (t.posted_at AT TIME ZONE u.time_zone)::date, t.debt - t.points
    FROM ledger.transfer t JOIN ledger.currency u ON u.code = t.currency
    WHERE t.xact >= (SELECT w.xact FROM ledger.watermark w WHERE w.name = 'rollup')
      AND t.counter_account IN (SELECT id FROM counter)
    UNION ALL
    SELECT t.counter_account, (t.posted_at AT TIME ZONE u.time_zone)::date, t.points - t.debt
    FROM members.member s
    JOIN ledger.transfer t ON t.member_id = s.id
    JOIN ledger.currency u ON u.code = t.currency
    WHERE s.sandbox AND t.counter_account IN (SELECT id FROM counter)) AS m ON m.counter_account = c.id
  GROUP BY 1, 2;
$$;
GRANT EXECUTE ON FUNCTION members.redeemed_with TO coalition_partners;
