-- Reverses conversions of a locked account that the other program has not confirmed in time.
CREATE OR REPLACE FUNCTION ledger.reverse_timed_out_conversions(
  p_member_id uuid, p_currency text, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_conversion ledger.conversion;
BEGIN
  FOR v_conversion IN
    SELECT * FROM ledger.conversion
    WHERE member_id = p_member_id AND from_currency = p_currency AND status = 'PENDING'
      AND times_out_at <= p_at
    ORDER BY times_out_at, conversion_id
  LOOP
    PERFORM ledger.undo_conversion(v_conversion, p_at);
  END LOOP;
END $$;
