-- In which money the partners' points are priced: by their last contracts. No row for one without.
CREATE OR REPLACE FUNCTION partners.contract_currencies(p_ids uuid[])
RETURNS TABLE (partner_id uuid, currency text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT ON (c.partner_id) c.partner_id, c.currency
  FROM partners.contract c WHERE c.partner_id = ANY (p_ids)
  ORDER BY c.partner_id, c.version DESC;
$$;
GRANT EXECUTE ON FUNCTION partners.contract_currencies TO coalition_members, coalition_rewards;

-- How many purchases of real members stand from an instant to before another, of those that were paid
-- in a currency, and what they come to, less what was returned of them. One row.
CREATE OR REPLACE FUNCTION partners.purchases_between(
  p_from timestamptz, p_until timestamptz, p_currency text
) RETURNS TABLE (purchases bigint, amount numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*), coalesce(sum(s.amount), 0)
  FROM (
    -- Most of them, all of which an index has; the others have one of their own.
    SELECT a.amount FROM partners.activity a
    WHERE a.currency = p_currency AND a.occurred_at >= p_from AND a.occurred_at < p_until
      AND a.kind = 'PURCHASE' AND a.status = 'POSTED' AND NOT a.sandbox
    UNION ALL
    SELECT a.amount - a.refunded_amount FROM partners.activity a
    WHERE a.currency = p_currency AND a.occurred_at >= p_from AND a.occurred_at < p_until
      AND a.kind = 'PURCHASE' AND a.status = 'PARTLY_REFUNDED' AND NOT a.sandbox) s;
$$;
GRANT EXECUTE ON FUNCTION partners.purchases_between TO coalition_members;

-- How members have bought with the partners up to now, in the program's money, less what was returned: days
-- with a purchase after the first one, weeks from the first to the last of them and to today, and what such
-- a day came to on average, 0 where there was none. p_members of them at most: chance gave each an id, and
-- those with the lowest are taken, so that nobody else's purchases are read.
CREATE OR REPLACE FUNCTION partners.buyers(p_members integer)
RETURNS TABLE (repeats integer, recency double precision, age double precision, spend double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE picked AS (
    SELECT '00000000-0000-0000-0000-000000000000'::uuid AS member_id, 0 AS place
    UNION ALL
    SELECT next.member_id, picked.place + 1
    FROM picked CROSS JOIN members.program() p
    CROSS JOIN LATERAL (
      SELECT a.member_id FROM partners.activity a
      WHERE a.member_id > picked.member_id AND a.currency = p.money_currency
        AND a.kind = 'PURCHASE' AND a.status <> 'REFUNDED' AND NOT a.sandbox AND a.occurred_at <= now()
      ORDER BY a.member_id LIMIT 1) next
    WHERE picked.place < p_members
  ), bought AS (
    SELECT a.member_id, (a.occurred_at AT TIME ZONE p.time_zone)::date AS day,
           sum(a.amount - a.refunded_amount) AS amount
    FROM members.program() p CROSS JOIN picked
    JOIN partners.activity a ON a.member_id = picked.member_id AND a.currency = p.money_currency
    WHERE a.kind = 'PURCHASE' AND a.status <> 'REFUNDED' AND NOT a.sandbox AND a.occurred_at <= now()
    GROUP BY 1, 2
  ), buyer AS (
    SELECT member_id, count(*)::integer - 1 AS repeats, min(day) AS first_on, max(day) AS last_on,
           sum(amount) - (array_agg(amount ORDER BY day))[1] AS later
    FROM bought GROUP BY member_id
  )
  SELECT b.repeats, (b.last_on - b.first_on) / 7.0::double precision,
         ((now() AT TIME ZONE p.time_zone)::date - b.first_on) / 7.0::double precision,
         coalesce(b.later / nullif(b.repeats, 0), 0)::double precision
  FROM buyer b CROSS JOIN members.program() p
  ORDER BY b.member_id;
$$;
GRANT EXECUTE ON FUNCTION partners.buyers TO coalition_worker;
