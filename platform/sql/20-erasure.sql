-- Carries out statements about one member, $1, in their order. Answers how many rows they touched. For the
-- functions by which each schema erases a member: a line there is a table that forgets.
CREATE OR REPLACE FUNCTION platform.erase(p_member uuid, VARIADIC p_statements text[] DEFAULT '{}')
RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_statement text;
  v_rows integer;
  v_all integer := 0;
BEGIN
  FOREACH v_statement IN ARRAY p_statements LOOP
    EXECUTE v_statement USING p_member;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_all := v_all + v_rows;
  END LOOP;
  RETURN v_all;
END $$;
