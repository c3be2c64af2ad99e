-- Changes the policy of a currency: what p_policy has under the names of the columns; what it leaves
-- out stays. It holds for what is earned from then on: lots keep their end.
--
-- The answer is SET, or what was refused, and then nothing is changed: UNKNOWN_CURRENCY,
-- UNKNOWN_TIME_ZONE, TIME_ZONE_USED where the currency's movements were added up by its days already,
-- MONTHS_NEEDED where points are to end after months that are not said, or
-- DATES_NEEDED where they are to end on dates and there are none. Values that no policy can have raise.
CREATE OR REPLACE FUNCTION ledger.set_policy(p_currency text, p_policy jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_old ledger.currency;
  v_new ledger.currency;
  v_is_sooner boolean;
BEGIN
  SELECT * INTO v_old FROM ledger.currency WHERE code = p_currency FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN 'UNKNOWN_CURRENCY';
  END IF;
  v_new := jsonb_populate_record(v_old, p_policy);
  PERFORM ledger.require_policy(p_policy, v_new);
  -- Not the folders of tables that count leap seconds, or spell all names again.
  IF p_policy ? 'time_zone' AND NOT EXISTS (
    SELECT FROM pg_timezone_names WHERE name = v_new.time_zone AND name !~ '^(posix|right)/')
  THEN
    RETURN 'UNKNOWN_TIME_ZONE';
  END IF;
  IF p_policy ->> 'expiry' IN ('LOT_AGE', 'INACTIVITY') AND NOT p_policy ? 'expiry_months' THEN
    RETURN 'MONTHS_NEEDED';
  END IF;
  IF v_new.expiry = 'FIXED_DATES' AND cardinality(v_new.expiry_dates) = 0 THEN
    RETURN 'DATES_NEEDED';
  END IF;
  -- Days that were added up are days of the zone of then.
  IF v_new.time_zone <> v_old.time_zone
    AND EXISTS (SELECT FROM ledger.counter_rollup WHERE currency = p_currency)
  THEN
    RETURN 'TIME_ZONE_USED';
  END IF;
  -- Then accounts that are there have an end that they did not know of.
  v_is_sooner := v_new.expiry = 'INACTIVITY'
    AND (v_old.expiry <> 'INACTIVITY' OR v_new.expiry_months < v_old.expiry_months
         OR v_new.expiry_rounding <> v_old.expiry_rounding);
  UPDATE ledger.currency SET
    time_zone = v_new.time_zone,
    expiry = v_new.expiry,
    inactive_since = CASE WHEN v_is_sooner THEN now() ELSE inactive_since END,
    watch_from = CASE WHEN v_is_sooner THEN '00000000-0000-0000-0000-000000000000' ELSE watch_from END,
    expiry_months = v_new.expiry_months,
    expiry_dates = ARRAY(SELECT DISTINCT unnest(v_new.expiry_dates) ORDER BY 1),
    expiry_minimum_days = v_new.expiry_minimum_days,
    expiry_rounding = v_new.expiry_rounding,
    activity_kinds = v_new.activity_kinds,
    hold_grace_days = v_new.hold_grace_days,
    restore = v_new.restore,
    restore_grace_days = v_new.restore_grace_days
  WHERE code = p_currency;
  RETURN 'SET';
END $$;
GRANT EXECUTE ON FUNCTION ledger.set_policy TO coalition_members;

-- Raises for what the table's own checks do not see: unknown fields, days that no year has (at most
-- 20 of them), and movements that are no activity of the member.
CREATE OR REPLACE FUNCTION ledger.require_policy(p_policy jsonb, p_new ledger.currency) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_field text;
  v_date text;
BEGIN
  FOR v_field IN SELECT jsonb_object_keys(p_policy) LOOP
    IF v_field NOT IN ('time_zone', 'expiry', 'expiry_months', 'expiry_dates', 'expiry_minimum_days',
      'expiry_rounding', 'activity_kinds', 'hold_grace_days', 'restore', 'restore_grace_days')
    THEN
      RAISE invalid_parameter_value USING MESSAGE = format('A policy has no %s.', v_field);
    END IF;
  END LOOP;
  IF cardinality(p_new.expiry_dates) > 20 THEN
    RAISE invalid_parameter_value USING MESSAGE = 'A policy has 20 dates at most.';
  END IF;
  FOREACH v_date IN ARRAY p_new.expiry_dates LOOP
    -- The cast raises for 31 June. 2000 has a 29 February.
    IF (v_date ~ '^\d\d-\d\d$' AND ('2000-' || v_date)::date IS NOT NULL) IS NOT TRUE THEN
      RAISE invalid_parameter_value USING MESSAGE = format('%s is no day of the year.', v_date);
    END IF;
  END LOOP;
  IF NOT p_new.activity_kinds <@ '{ACCRUAL,REDEMPTION,TRANSFER_IN,TRANSFER_OUT,CONVERSION,DONATION}' THEN
    RAISE invalid_parameter_value USING MESSAGE = 'Only what a member does is activity.';
  END IF;
END $$;

-- Makes a currency, or gives it another name. A new one has the shared currency's time zone.
--
-- The answer is SAVED, or what was refused, and then nothing is changed: UNKNOWN_ISSUER where the
-- partner was never opened, USED where kind or issuer would change of a currency that has accounts.
CREATE OR REPLACE FUNCTION ledger.save_currency(
  p_code text, p_name text, p_kind text, p_issuer uuid
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_old ledger.currency;
BEGIN
  IF p_issuer IS NOT NULL AND NOT EXISTS (
    SELECT FROM ledger.counter_account WHERE kind = 'PARTNER_ISSUANCE' AND owner = p_issuer)
  THEN
    RETURN 'UNKNOWN_ISSUER';
  END IF;
  INSERT INTO ledger.currency (code, name, kind, issuer, time_zone)
  VALUES (p_code, p_name, p_kind, p_issuer,
    (SELECT time_zone FROM ledger.currency WHERE code = 'PTS'))
  ON CONFLICT DO NOTHING;
  IF FOUND THEN
    RETURN 'SAVED';
  END IF;
  -- For update: an account that is just being opened waits for this, or this for it.
  SELECT * INTO v_old FROM ledger.currency WHERE code = p_code FOR UPDATE;
  IF (v_old.kind, v_old.issuer) IS DISTINCT FROM (p_kind, p_issuer)
    AND (p_code = 'PTS' OR EXISTS (SELECT FROM ledger.account WHERE currency = p_code))
  THEN
    RETURN 'USED';
  END IF;
  UPDATE ledger.currency SET name = p_name, kind = p_kind, issuer = p_issuer WHERE code = p_code;
  RETURN 'SAVED';
END $$;
GRANT EXECUTE ON FUNCTION ledger.save_currency TO coalition_members;
