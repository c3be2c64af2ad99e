-- The number of this transaction, as movements keep it. It goes on rising when the database is
-- restored on a server that counts from lower: see ledger.keep_xacts_rising.
CREATE OR REPLACE FUNCTION ledger.current_xact() RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_current_xact_id()::text::bigint
         + (SELECT xact FROM ledger.watermark WHERE name = 'offset');
$$;

-- Below this number no transaction can write any more: its movements are all there to be seen.
CREATE OR REPLACE FUNCTION ledger.safe_xact() RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         + (SELECT xact FROM ledger.watermark WHERE name = 'offset');
$$;

-- Raises the offset where the ledger holds numbers that this server has not come to. For the owner, at
-- each migration: a database that was restored elsewhere is migrated before it serves.
CREATE OR REPLACE FUNCTION ledger.keep_xacts_rising() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE ledger.watermark
  SET xact = xact + greatest(0, (SELECT coalesce(max(t.xact), 0) + 1 FROM ledger.transfer t)
                                - ledger.safe_xact())
  WHERE name = 'offset';
$$;
