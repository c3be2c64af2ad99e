-- The calendar by which points end. These are called for each accrual, by functions that have their
-- search_path set: to set it again would cost more than they do, and keep SQL from being inlined.

-- The first instant of a local day: of midnights that come twice the first, and where there is none
-- the instant at which the clock is put past it. (AT TIME ZONE takes the second of two, and counts on
-- from where the clock was before a gap.)
CREATE OR REPLACE FUNCTION ledger.start_of_day(p_day date, p_time_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_midnight timestamp := p_day;
  v_start timestamptz := v_midnight AT TIME ZONE p_time_zone;
  v_before timestamptz;
  v_first timestamptz;
  v_between timestamptz;
BEGIN
  -- Almost always: there is a midnight, and the clock was not changed in the hours before.
  IF v_start AT TIME ZONE p_time_zone = v_midnight
    AND (v_start - interval '24 hours') AT TIME ZONE p_time_zone = v_midnight - interval '24 hours'
  THEN
    RETURN v_start;
  END IF;
  -- Midnight by the clock as it was before. Reckoned in UTC: a day of the session's zone may have
  -- another length.
  v_before := v_start - interval '24 hours';
  v_first := (v_midnight - (v_before AT TIME ZONE p_time_zone - v_before AT TIME ZONE 'UTC'))
    AT TIME ZONE 'UTC';
  IF v_first AT TIME ZONE p_time_zone = v_midnight THEN
    RETURN v_first;
  END IF;
  IF v_start AT TIME ZONE p_time_zone = v_midnight THEN
    RETURN v_start;
  END IF;
  -- There is no midnight: the gap ends between these two, on a second.
  WHILE v_start - v_before > interval '1 second' LOOP
    v_between := date_trunc('second', v_before + (v_start - v_before) / 2, 'UTC');
    IF v_between AT TIME ZONE p_time_zone < v_midnight THEN
      v_before := v_between;
    ELSE
      v_start := v_between;
    END IF;
  END LOOP;
  RETURN v_start;
END $$;

-- The end of some months: the start of the day after the last one that counts. A month after the 31st
-- is the last of a shorter month; rounding goes on to the end of a longer span. Null from an instant
-- that is not known.
CREATE OR REPLACE FUNCTION ledger.end_of_months(
  p_from timestamptz, p_months integer, p_rounding text, p_time_zone text
) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_last timestamp;
BEGIN
  IF NOT isfinite(p_from) THEN
    RETURN NULL;
  END IF;
  v_last := (p_from AT TIME ZONE p_time_zone)::date + make_interval(months => p_months);
  RETURN ledger.start_of_day(
    CASE p_rounding
      WHEN 'DAY' THEN v_last + interval '1 day'
      WHEN 'MONTH' THEN date_trunc('month', v_last) + interval '1 month'
      WHEN 'QUARTER' THEN date_trunc('quarter', v_last) + interval '3 months'
      WHEN 'HALF_YEAR' THEN date_trunc('year', v_last)
        + CASE WHEN extract(month FROM v_last) <= 6 THEN interval '6 months' ELSE interval '1 year' END
      WHEN 'YEAR' THEN date_trunc('year', v_last) + interval '1 year'
    END::date,
    p_time_zone);
END $$;

-- The end of the next of some days of the year, 'MM-DD' in their order, that is at least so many days
-- away. 29 February is the 28th where there is none. Null from an instant that is not known.
CREATE OR REPLACE FUNCTION ledger.end_of_date(
  p_from timestamptz, p_dates text[], p_minimum_days integer, p_time_zone text
) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_earliest date;
  v_next text;
BEGIN
  IF NOT isfinite(p_from) THEN
    RETURN NULL;
  END IF;
  v_earliest := (p_from AT TIME ZONE p_time_zone)::date + p_minimum_days;
  FOREACH v_next IN ARRAY p_dates LOOP
    EXIT WHEN v_next >= to_char(v_earliest::timestamp, 'MM-DD');
    v_next := NULL;
  END LOOP;
  -- Reckoned from a leap year, which has every day. After the last comes the first of the next year.
  RETURN ledger.start_of_day(
    (('2000-' || coalesce(v_next, p_dates[1]))::date + make_interval(years =>
      extract(year FROM v_earliest)::integer - 2000 + (v_next IS NULL)::integer))::date + 1,
    p_time_zone);
END $$;

-- The instant from which points that can first be spent at p_from can be spent no more; null for
-- never, and where they end for want of activity, which is no matter of the lot.
CREATE OR REPLACE FUNCTION ledger.expiry_of(p_currency ledger.currency, p_from timestamptz)
RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT CASE p_currency.expiry
    WHEN 'LOT_AGE' THEN ledger.end_of_months(
      p_from, p_currency.expiry_months, p_currency.expiry_rounding, p_currency.time_zone)
    WHEN 'FIXED_DATES' THEN ledger.end_of_date(
      p_from, p_currency.expiry_dates, p_currency.expiry_minimum_days, p_currency.time_zone)
  END
$$;

-- When all points of an account end if nothing more happens, where they end for want of activity;
-- null where they do not, and where nothing ever happened. Inactivity from before it mattered does not
-- count.
CREATE OR REPLACE FUNCTION ledger.inactive_from(p_currency ledger.currency, p_active_at timestamptz)
RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT CASE p_currency.expiry
    WHEN 'INACTIVITY' THEN ledger.end_of_months(
      greatest(p_active_at, p_currency.inactive_since), p_currency.expiry_months,
      p_currency.expiry_rounding, p_currency.time_zone)
  END
$$;
