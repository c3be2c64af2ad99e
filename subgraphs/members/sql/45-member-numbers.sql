-- A new number for a card: 16 digits, the last by Luhn, and no member's yet. It starts with 9, which no
-- payment network issues, so that nobody takes it for a payment card's.
CREATE OR REPLACE FUNCTION members.draw_member_number() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_hex text;
  v_digits text;
  v_sum integer;
  v_number text;
BEGIN
  LOOP
    -- The digits of a random id but for its version and variant: 60 bits that nobody can guess.
    v_hex := replace(gen_random_uuid()::text, '-', '');
    v_hex := substr(v_hex, 1, 12) || substr(v_hex, 14, 3);
    v_digits := '9' || lpad((('x' || v_hex)::bit(60)::bigint % 100000000000000)::text, 14, '0');
    -- From the left, as 16 is even: the first digit counts double, and so does every second one.
    SELECT sum(CASE WHEN i % 2 = 0 THEN d WHEN d > 4 THEN 2 * d - 9 ELSE 2 * d END) INTO v_sum
    FROM generate_series(1, 15) i, LATERAL (SELECT substr(v_digits, i, 1)::integer) AS digit (d);
    v_number := v_digits || (10 - v_sum % 10) % 10;
    EXIT WHEN NOT EXISTS (SELECT FROM members.member WHERE member_number = v_number);
  END LOOP;
  RETURN v_number;
END $$;
GRANT EXECUTE ON FUNCTION members.draw_member_number TO coalition_members;
