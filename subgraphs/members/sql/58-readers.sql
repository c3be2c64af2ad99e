-- Transactions that have read the members' table, and still act on what it said: whoever reads it has a lock
-- on it until their transaction ends. Of p_before alone, where somebody has looked before. What was written
-- of a member before the first look is seen by all others.
CREATE OR REPLACE FUNCTION members.readers(p_before text[]) RETURNS text[]
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(
    SELECT DISTINCT l.virtualtransaction FROM pg_locks l
    WHERE l.relation = 'members.member'::regclass AND l.pid <> pg_backend_pid()
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (p_before IS NULL OR l.virtualtransaction = ANY (p_before)));
$$;
