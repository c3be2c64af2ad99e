-- The calendar of tiers. These are called for each day on which somebody earned, by functions that have
-- their search_path set: to set it again would keep them from being inlined.

-- The last member's year that has begun on a day, counted from the one in which they joined: 0.
CREATE OR REPLACE FUNCTION members.membership_year(p_on date, p_joined_on date) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
  SELECT y.years - (p_joined_on + make_interval(years => y.years) > p_on)::integer
  FROM (SELECT (extract(year FROM p_on) - extract(year FROM p_joined_on))::integer AS years) y
$$;

-- The first day of the period that a day belongs to.
CREATE OR REPLACE FUNCTION members.period_start(p_on date, p_period text, p_joined_on date)
RETURNS date
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_period
    WHEN 'CALENDAR_YEAR' THEN make_date(extract(year FROM p_on)::integer, 1, 1)
    WHEN 'MEMBERSHIP_YEAR' THEN (p_joined_on
      + make_interval(years => members.membership_year(p_on, p_joined_on)))::date
    ELSE (p_on - interval '1 year')::date + 1
  END
$$;

-- The last day of it.
CREATE OR REPLACE FUNCTION members.period_end(p_on date, p_period text, p_joined_on date)
RETURNS date
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_period
    WHEN 'CALENDAR_YEAR' THEN make_date(extract(year FROM p_on)::integer, 12, 31)
    WHEN 'MEMBERSHIP_YEAR' THEN (p_joined_on
      + make_interval(years => members.membership_year(p_on, p_joined_on) + 1))::date - 1
    ELSE p_on
  END
$$;

-- The last day on which a tier is sure that was reached on a day: of the next period, and grace.
CREATE OR REPLACE FUNCTION members.tier_valid_until(
  p_on date, p_period text, p_joined_on date, p_grace_days integer
) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
  SELECT p_grace_days + CASE p_period
    WHEN 'CALENDAR_YEAR' THEN make_date(extract(year FROM p_on)::integer + 1, 12, 31)
    WHEN 'MEMBERSHIP_YEAR' THEN (p_joined_on
      + make_interval(years => members.membership_year(p_on, p_joined_on) + 2))::date - 1
    ELSE (p_on + interval '1 year')::date
  END
$$;
