-- Adds what points of one currency are worth in another, from a day on: in one direction, in whole
-- blocks, with a bonus for every so many points moved at once. Of several rates that are valid the one
-- with the latest beginning counts; none is ever changed, but for its end. p_confirm_hours: how long the
-- other program may take to confirm, null where nobody has to be asked. p_minimum: what is moved at once at
-- least, null for a block. p_daily_limit, p_yearly_limit: what a member may move, null for any number; who
-- converts goes by them. The caller sees to it that rates make no points.
--
-- The answer is ADDED, REPEATED where the id has this very rate already, or what was refused:
-- UNKNOWN_CURRENCY where the ledger does not count what is to be converted, NOT_SPENDABLE where points
-- of one of the currencies count for tiers alone, UNKNOWN_PROGRAM where the partner was never opened,
-- MISMATCH where the id has another rate, TAKEN where another rate of the pair begins with it. Figures
-- that no rate can have raise.
CREATE OR REPLACE FUNCTION ledger.add_rate(
  p_rate_id uuid, p_from_currency text, p_to_currency text, p_program uuid,
  p_from_block bigint, p_to_block bigint, p_bonus_every bigint, p_bonus bigint,
  p_valid_from timestamptz, p_valid_until timestamptz, p_confirm_hours integer,
  p_minimum bigint, p_daily_limit bigint, p_yearly_limit bigint
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_new ledger.rate := ROW(p_rate_id, p_from_currency, p_to_currency, p_program, p_from_block,
    p_to_block, p_bonus_every, p_bonus, p_valid_from, p_valid_until, p_confirm_hours, p_minimum,
    p_daily_limit, p_yearly_limit);
  v_old ledger.rate;
BEGIN
  IF greatest(p_from_block, p_to_block, p_bonus_every, p_bonus, p_minimum, p_daily_limit,
              p_yearly_limit) > 1000000000000 THEN
    RAISE EXCEPTION 'A rate has figures of 10^12 at most.';
  END IF;
  IF NOT EXISTS (SELECT FROM ledger.currency WHERE code = p_from_currency) THEN
    RETURN 'UNKNOWN_CURRENCY';
  END IF;
  IF NOT (ledger.is_spendable(p_from_currency)
          AND coalesce(ledger.is_spendable(p_to_currency), true)) THEN
    RETURN 'NOT_SPENDABLE';
  END IF;
  IF NOT EXISTS (
    SELECT FROM ledger.counter_account WHERE kind = 'PARTNER_ISSUANCE' AND owner = p_program)
  THEN
    RETURN 'UNKNOWN_PROGRAM';
  END IF;
  INSERT INTO ledger.rate SELECT v_new.* ON CONFLICT DO NOTHING;
  IF FOUND THEN
    INSERT INTO ledger.counter_account (kind, owner) VALUES ('EXCHANGE', p_program)
    ON CONFLICT DO NOTHING;
    RETURN 'ADDED';
  END IF;
  SELECT * INTO v_old FROM ledger.rate WHERE rate_id = p_rate_id;
  RETURN CASE
    WHEN NOT FOUND THEN 'TAKEN'
    WHEN v_old IS NOT DISTINCT FROM v_new THEN 'REPEATED'
    ELSE 'MISMATCH' END;
END $$;
GRANT EXECUTE ON FUNCTION ledger.add_rate TO coalition_partners;

-- Lets a rate count no more from an instant on, unless it ends before; one that has not begun by then never
-- counts. It raises where one that began earlier would count again: nobody has looked at that.
CREATE OR REPLACE FUNCTION ledger.end_rate(p_rate_id uuid, p_valid_until timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM ledger.rate r
    JOIN ledger.rate o USING (from_currency, to_currency)
    WHERE r.rate_id = p_rate_id AND o.valid_from < r.valid_from
      AND (o.valid_until <= greatest(p_valid_until, r.valid_from)) IS NOT TRUE)
  THEN
    RAISE EXCEPTION 'Without rate % another one would count again.', p_rate_id;
  END IF;
  DELETE FROM ledger.rate WHERE rate_id = p_rate_id AND valid_from >= p_valid_until;
  UPDATE ledger.rate SET valid_until = p_valid_until
  WHERE rate_id = p_rate_id AND (valid_until <= p_valid_until) IS NOT TRUE;
END $$;
GRANT EXECUTE ON FUNCTION ledger.end_rate TO coalition_partners;

-- What so many points would become: at the rate that is valid at the instant, or at that of p_rate_id,
-- which a quote has named before. Whole blocks are moved; the rest stays.
--
-- The outcome is QUOTED, NO_RATE, NOT_SPENDABLE where points of one of the currencies count for tiers
-- alone, LESS_THAN_BLOCK, which leaves the rate to be seen, where it is less than a block or than is to be
-- moved at once, or LIMIT_REACHED where it would be more than a balance can be.
CREATE OR REPLACE FUNCTION ledger.quote_conversion(
  p_from_currency text, p_to_currency text, p_points bigint, p_rate_id uuid, p_at timestamptz,
  OUT outcome text, OUT rate ledger.rate, OUT moved bigint, OUT credited bigint, OUT bonus bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_blocks bigint;
  v_bonus numeric;
  v_credited numeric;
BEGIN
  IF NOT (ledger.is_spendable(p_from_currency)
          AND coalesce(ledger.is_spendable(p_to_currency), true)) THEN
    outcome := 'NOT_SPENDABLE';
    RETURN;
  END IF;
  SELECT r.* INTO rate FROM ledger.rate r
  WHERE r.from_currency = p_from_currency AND r.to_currency = p_to_currency
    AND r.valid_from <= p_at
    AND CASE WHEN p_rate_id IS NULL THEN (r.valid_until <= p_at) IS NOT TRUE
        ELSE r.rate_id = p_rate_id END
  ORDER BY r.valid_from DESC LIMIT 1;
  IF NOT FOUND THEN
    outcome := 'NO_RATE';
    RETURN;
  END IF;
  v_blocks := p_points / rate.from_block;
  IF p_points < greatest(rate.from_block, rate.minimum) THEN
    outcome := 'LESS_THAN_BLOCK';
    RETURN;
  END IF;
  moved := v_blocks * rate.from_block;
  v_bonus := coalesce(moved / rate.bonus_every, 0)::numeric * rate.bonus;
  v_credited := v_blocks::numeric * rate.to_block + v_bonus;
  IF v_credited > 9007199254740991 THEN
    outcome := 'LIMIT_REACHED';
    RETURN;
  END IF;
  bonus := v_bonus;
  credited := v_credited;
  outcome := 'QUOTED';
END $$;
GRANT EXECUTE ON FUNCTION ledger.quote_conversion TO coalition_ledger;
