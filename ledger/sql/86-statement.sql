-- The movements of accounts in one currency, of each the last posted first, p_limit at most: before the
-- version p_before where it is not null, of these kinds, posted on these days by the currency's calendar.
--
-- It goes back through the months from the account's last movement on, in longer and longer steps: most
-- that is asked is new, and a month that is not looked into costs nothing.
CREATE OR REPLACE FUNCTION ledger.statement(
  p_member_ids uuid[], p_currency text, p_kinds text[], p_from date, p_to date, p_before bigint,
  p_limit integer
) RETURNS SETOF ledger.transfer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  u ledger.currency;
  a ledger.account;
  t ledger.transfer;
  v_start timestamptz;
  v_end timestamptz;
  v_from timestamptz;
  v_to timestamptz;
  v_months integer;
  v_before bigint;
  v_left integer;
BEGIN
  SELECT * INTO u FROM ledger.currency WHERE code = p_currency;
  v_start := coalesce(ledger.start_of_day(p_from, u.time_zone), '-infinity');
  v_end := coalesce(ledger.start_of_day(p_to + 1, u.time_zone), 'infinity');
  FOR a IN
    SELECT * FROM ledger.account WHERE member_id = ANY (p_member_ids) AND currency = p_currency
  LOOP
    v_to := least(v_end, a.posted_at + interval '1 microsecond');
    v_from := date_trunc('month', v_to);
    v_months := 1;
    v_before := coalesce(p_before, a.version + 1);
    v_left := p_limit;
    WHILE v_to > v_start AND v_left > 0 AND v_before > 1 LOOP
      FOR t IN
        SELECT * FROM ledger.movement
        WHERE member_id = a.member_id AND currency = a.currency
          AND posted_at >= greatest(v_from, v_start) AND posted_at < v_to
          AND account_version < v_before AND (p_kinds IS NULL OR kind = ANY (p_kinds))
        ORDER BY account_version DESC LIMIT v_left
      LOOP
        RETURN NEXT t;
        v_before := t.account_version;
        v_left := v_left - 1;
      END LOOP;
      v_to := v_from;
      v_months := 2 * v_months;
      v_from := CASE WHEN v_months > 16 THEN '-infinity' ELSE v_to - make_interval(months => v_months) END;
    END LOOP;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION ledger.statement TO coalition_ledger;
