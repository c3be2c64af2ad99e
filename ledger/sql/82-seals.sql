-- What a seal says of the movements and acts from p_from to p_to: how many there are, and the hash. Again, at
-- any time and on any server: the same, unless one of them was changed, removed or added.
--
-- The hash is SHA-256 of a head (the number, the bounds, the instant, the count), the hash of the seal
-- before, and the hashes of all rows, sorted as bytes: of each movement, whole, with what its counter
-- account stands for; of each lot that it made, without what is used of it; of each use of a lot; of each
-- act of staff and partners, with its words by their hash. When a lot is active and expires counts where
-- it was settled from the first.
CREATE OR REPLACE FUNCTION ledger.sealed(
  p_number bigint, p_previous bytea, p_from bigint, p_to bigint, p_at timestamptz,
  OUT movements bigint, OUT acts bigint, OUT hash bytea)
-- A row is hashed as it is written: that must not depend on who asks.
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
DECLARE
  v_rows bytea;
BEGIN
  EXECUTE format(
    'WITH moved AS MATERIALIZED (
       SELECT m.*, c.kind AS counter_kind, c.owner AS counter_owner
       FROM ledger.movement m LEFT JOIN ledger.counter_account c ON c.id = m.counter_account
       WHERE m.xact >= %1$s AND m.xact < %2$s
     ), acted AS MATERIALIZED (
       SELECT * FROM platform.audit_event WHERE xact >= %1$s AND xact < %2$s
     ), hashed (row_hash) AS (
       SELECT sha256(convert_to(ROW(''movement'', member_id, transfer_id, currency, account_version,
         kind, points, balance_after, debt, debt_after, counter_account, counter_kind, counter_owner,
         effective_at, posted_at, source_kind, source_id, description, part_of, reverses, hold_id,
         other_member_id, xact)::text, ''UTF8''))
       FROM moved
       UNION ALL
       SELECT sha256(convert_to(ROW(''lot'', l.member_id, l.lot_id, l.currency, l.issuer,
         l.issue_price, l.original, l.transfer_id, l.origin_lot,
         CASE WHEN l.activates_at <= m.posted_at THEN ROW(l.activates_at, l.expires_at) END
         )::text, ''UTF8''))
       FROM moved m JOIN ledger.lot l USING (member_id, transfer_id)
       UNION ALL
       SELECT sha256(convert_to(ROW(''use'', u.member_id, u.transfer_id, u.lot_id, u.points)::text, ''UTF8''))
       FROM moved m JOIN ledger.lot_use u USING (member_id, transfer_id)
       UNION ALL
       SELECT sha256(convert_to(ROW(''act'', sequence, id, occurred_at, actor, audience, partner_id,
         action, subject_type, subject_id, content_hash, xact)::text, ''UTF8''))
       FROM acted
     )
     SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM acted), coalesce(string_agg(row_hash, '''' ORDER BY row_hash), '''')
     FROM hashed', p_from, p_to) INTO movements, acts, v_rows;
  hash := sha256(
    convert_to(ROW('seal', p_number, p_from, p_to, movements, acts, p_at)::text, 'UTF8')
    || coalesce(p_previous, '') || v_rows);
END $$;

-- Seals what has become final since the last seal: some p_movements at the most, with the acts of their
-- time, and tells of it. Answers how many in all; 0 where nothing is left, and no seal is made. One at a time.
CREATE OR REPLACE FUNCTION ledger.seal(p_movements integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_last ledger.seal;
  v_seal ledger.seal;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.seal'));
  SELECT * INTO v_last FROM ledger.seal ORDER BY number DESC LIMIT 1;
  v_seal.number := coalesce(v_last.number, 0) + 1;
  v_seal.from_xact := coalesce(v_last.to_xact, 0);
  v_seal.to_xact := ledger.final_until(v_seal.from_xact, p_movements);
  v_seal.previous := v_last.hash;
  v_seal.sealed_at := clock_timestamp();
  SELECT * INTO v_seal.movements, v_seal.acts, v_seal.hash
  FROM ledger.sealed(
    v_seal.number, v_seal.previous, v_seal.from_xact, v_seal.to_xact, v_seal.sealed_at);
  -- What is empty is part of the next one.
  IF v_seal.movements + v_seal.acts > 0 THEN
    INSERT INTO ledger.seal SELECT v_seal.*;
    -- A seal that is known elsewhere shows where the end of the books was cut off since.
    INSERT INTO platform.outbox (id, type, payload, occurred_at)
    VALUES (gen_random_uuid(), 'ledger.sealed',
      jsonb_build_object('number', v_seal.number::text, 'hash', encode(v_seal.hash, 'hex')),
      v_seal.sealed_at);
  END IF;
  RETURN v_seal.movements + v_seal.acts;
END $$;
GRANT EXECUTE ON FUNCTION ledger.seal(integer) TO coalition_worker;
