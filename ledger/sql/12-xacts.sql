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

GRANT EXECUTE ON FUNCTION ledger.safe_xact TO coalition_partners;

-- Makes the transactions to come count on from those that the ledger knows. A server counts from its
-- own beginning: where a ledger was restored on another one, new movements would seem to be old, and
-- be in no roll-up and no seal. For the owner alone, before anything is posted.
CREATE OR REPLACE FUNCTION ledger.keep_xacts_rising() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_next bigint := ledger.current_xact();
  v_free bigint;
BEGIN
  SELECT greatest(max(xact), (SELECT max(to_xact) FROM ledger.seal)) INTO v_free
  FROM ledger.watermark WHERE name <> 'offset';
  -- An index answers whether there are any; to find the last one, all are read.
  IF EXISTS (SELECT FROM ledger.movement WHERE xact >= v_next) THEN
    -- Those of a posting that was just committed are not ahead: what a statement sees is from before
    -- the transactions to come. To count on for these would leave out others that are under way.
    SELECT greatest(v_free, max(xact) + 1) INTO v_free FROM ledger.movement
    WHERE xact >= v_next
      AND xact >= (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint + xact
                   FROM ledger.watermark WHERE name = 'offset');
  END IF;
  UPDATE ledger.watermark SET xact = xact + v_free - v_next
  WHERE name = 'offset' AND v_free > v_next;
END $$;
