-- Opens a file, whose rows come next, in the same transaction. False where it is there already; one
-- that is on its way is waited for.
CREATE OR REPLACE FUNCTION ledger.open_staged_file(p_file_id uuid, p_at timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO ledger.staged_file (file_id, staged_at) VALUES (p_file_id, p_at)
  ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;
GRANT EXECUTE ON FUNCTION ledger.open_staged_file TO coalition_partners;

-- Closes a file: it has so many rows.
CREATE OR REPLACE FUNCTION ledger.close_staged_file(p_file_id uuid, p_lines bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE ledger.staged_file SET lines = p_lines WHERE file_id = p_file_id AND lines IS NULL;
$$;
GRANT EXECUTE ON FUNCTION ledger.close_staged_file TO coalition_partners;

-- Posts the next rows of a file, in the order of members, from a member on (from the first where null),
-- as ledger.post would, and takes them out of the file; what is refused is kept in
-- ledger.staged_reject. Rows that another call is at work on are left to it. Answers how many rows it
-- took, and up to which member: none, and null, where there are none from there on.
CREATE OR REPLACE FUNCTION ledger.post_staged(
  p_file_id uuid, p_from uuid, p_limit integer, p_at timestamptz
) RETURNS TABLE (taken integer, up_to uuid)
-- UTC, ISO: the hash of a row must not depend on the caller's settings.
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
-- The table is empty or full, and its statistics are of another time: the next rows are found by the
-- index and in its order, whatever they say.
SET enable_seqscan = off SET enable_bitmapscan = off SET work_mem = '32MB'
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_rows ledger.staged_accrual[];
  v_all ledger.command[];
  v_fresh ledger.command[];
  v_plain integer[];
  v_refused integer[];
  v_why text[];
  v_late integer[] := '{}';
  c ledger.command;
  v_answer ledger.posting;
BEGIN
  WITH next AS MATERIALIZED (
    SELECT s.ctid AS place FROM ledger.staged_accrual s
    WHERE s.file_id = p_file_id
      AND s.member_id >= coalesce(p_from, '00000000-0000-0000-0000-000000000000')
    ORDER BY s.member_id LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ), gone AS (
    DELETE FROM ledger.staged_accrual s WHERE s.ctid = ANY (ARRAY(SELECT place FROM next))
    RETURNING s.*
  )
  SELECT array_agg(ROW(g.*)::ledger.staged_accrual ORDER BY g.member_id, g.line),
         count(*), (array_agg(g.member_id ORDER BY g.member_id DESC))[1]
  INTO v_rows, taken, up_to FROM gone g;
  IF taken = 0 THEN
    RETURN NEXT;
    RETURN;
  END IF;

  v_all := ledger.staged_commands(v_rows, p_at);
  v_fresh := ledger.claim_keys(
    ARRAY(SELECT a FROM unnest(v_all) a WHERE a.kind = 'ACCRUE' ORDER BY a.item), p_at);
  v_plain := ARRAY(SELECT p.item FROM ledger.accrue_plain(v_fresh, p_at) p);
  IF cardinality(v_plain) < cardinality(v_fresh) THEN
    FOR c IN
      SELECT f.* FROM unnest(v_fresh) f WHERE f.item <> ALL (v_plain)
      ORDER BY f.member_id, f.currency, f.item
    LOOP
      v_answer := ledger.post_accrue(c, p_at);
      PERFORM ledger.keep_answer(c, v_answer);
      IF v_answer.outcome = 'POSTED' THEN
        v_late := v_late || c.item;
      END IF;
    END LOOP;
  END IF;

  -- What was not posted now: it cannot be; its key is taken, by the same or by something else; or its
  -- key is free, since the only refusal of an accrual has given it back.
  SELECT array_agg(a.item), array_agg(w.outcome) INTO v_refused, v_why
  FROM unnest(v_all) a
  LEFT JOIN ledger.idempotency i ON i.member_id = a.member_id AND i.key = a.key
  CROSS JOIN LATERAL (SELECT CASE
    WHEN a.kind <> 'ACCRUE' THEN a.kind
    WHEN i.key IS NULL THEN 'LIMIT_REACHED'
    WHEN i.request_hash <> a.hash THEN 'IDEMPOTENCY_MISMATCH' END AS outcome) w
  WHERE taken > cardinality(v_plain) AND w.outcome IS NOT NULL;
  INSERT INTO ledger.staged_reject
  SELECT r.*, w.outcome
  FROM unnest(v_refused, v_why) w (item, outcome)
  CROSS JOIN LATERAL unnest(v_rows[w.item:w.item]) r;

  -- Last: whoever else posts of this file waits here until this is committed.
  UPDATE ledger.staged_file f
  SET posted = f.posted + n.posted, rejected = f.rejected + n.rejected,
      repeated = f.repeated + taken - n.posted - n.rejected, posted_at = p_at
  FROM (SELECT cardinality(v_plain) + cardinality(v_late) AS posted,
               coalesce(cardinality(v_refused), 0) AS rejected) n
  WHERE f.file_id = p_file_id;
  RETURN NEXT;
END $$;
GRANT EXECUTE ON FUNCTION ledger.post_staged TO coalition_partners;

-- Rows of a file as commands, in their order. Dates as ledger.read_commands has them; the kind of one
-- that cannot be posted says why.
CREATE OR REPLACE FUNCTION ledger.staged_commands(
  p_rows ledger.staged_accrual[], p_at timestamptz
) RETURNS ledger.command[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_commands ledger.command[];
BEGIN
  SELECT array_agg(ROW(
      CASE
        WHEN u.code IS NULL THEN 'UNKNOWN_CURRENCY'
        WHEN r.points NOT BETWEEN 1 AND 1000000000000 THEN 'INVALID_POINTS'
        WHEN NOT EXISTS (SELECT FROM ledger.counter_account k
          WHERE k.kind = 'PARTNER_ISSUANCE' AND k.owner = r.partner_id) THEN 'UNKNOWN_PARTNER'
        ELSE 'ACCRUE'
      END,
      r.member_id, r.key, r.currency, r.points, r.partner_id, r.issue_price,
      coalesce(r.effective_at, p_at), d.activates_at, r.cancels_at,
      CASE WHEN r.expires_by_policy AND d.activates_at < 'infinity'
        THEN ledger.expiry_of(u, greatest(d.activates_at, p_at)) ELSE r.expires_at END,
      r.expires_by_policy, r.source_kind, r.source_id, r.description, NULL, NULL, NULL, NULL, NULL,
      NULL, NULL, NULL, NULL, r.item,
      sha256(convert_to(ROW(r.currency, r.points, r.partner_id, r.issue_price, r.effective_at,
        r.activates_at, r.cancels_at, r.expires_at, r.expires_by_policy, r.source_kind, r.source_id,
        r.description)::text, 'UTF8')))::ledger.command
    ORDER BY r.item)
  INTO v_commands
  FROM unnest(p_rows) WITH ORDINALITY AS r(member_id, file_id, line, key, currency, points,
    partner_id, issue_price, effective_at, activates_at, cancels_at, expires_at, expires_by_policy,
    source_kind, source_id, description, item)
  CROSS JOIN LATERAL (
    SELECT coalesce(r.activates_at, least(r.effective_at, p_at)) AS activates_at) d
  LEFT JOIN ledger.currency u ON u.code = r.currency;
  RETURN v_commands;
END $$;
