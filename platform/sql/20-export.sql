-- Reads what a schema knows of a person. p_sections: a name, and the query of its records, in turn; $1 of a
-- query are the memberships that are the person's, its columns the fields of a record. Answers with each
-- section's name and no record first, then its records, as JSON. For the functions by which each schema
-- exports a member: a line there is a table that tells.
CREATE OR REPLACE FUNCTION platform.export(p_members uuid[], VARIADIC p_sections text[])
RETURNS TABLE (section text, record text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
  FOR i IN 1 .. cardinality(p_sections) BY 2 LOOP
    section := p_sections[i];
    record := NULL;
    RETURN NEXT;
    RETURN QUERY EXECUTE format('SELECT %L, row_to_json(r)::text FROM (%s) r', section, p_sections[i + 1])
      USING p_members;
  END LOOP;
END $$;
