-- Posts commands, each as if it were alone and with an answer of its own: item is its place in the
-- list, from 1. What one is refused for costs no other. A fault (a partner that was never opened)
-- raises, and nothing of the list stands.
--
-- p_commands is a list of objects: "kind", and the fields of ledger.command that the kind's own
-- function speaks of. The same "hash" again under the same key is answered as the first time; another
-- one is IDEMPOTENCY_MISMATCH. p_at is the instant of posting, from the caller's clock.
--
-- Locks are taken in one order by all callers, or two lists could wait for one another: keys by member
-- and key, then accounts by member and currency.
CREATE OR REPLACE FUNCTION ledger.post(p_commands json, p_at timestamptz)
RETURNS TABLE (item integer, outcome text, transfer_id uuid, balance bigint, points bigint,
               available bigint, details jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
-- A plan for these very parameters is not better, and making it takes longer than a posting.
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_all ledger.command[] := ledger.read_commands(p_commands, p_at);
  v_fresh ledger.command[] := ledger.claim_keys(v_all, p_at);
  v_plain ledger.command[] := v_fresh;
  v_rest ledger.command[] := ARRAY(SELECT f FROM unnest(v_fresh) f WHERE f.kind <> 'ACCRUE');
  v_done integer[];
  v_keys uuid[];
  v_balances bigint[];
  c ledger.command;
  v_answer ledger.posting;
BEGIN
  IF cardinality(v_rest) > 0 THEN
    PERFORM ledger.lock_accounts(v_all, p_at);
    v_plain := ARRAY(SELECT f FROM unnest(v_fresh) f WHERE f.kind = 'ACCRUE');
  END IF;
  SELECT coalesce(array_agg(p.item), '{}'), array_agg(p.key), array_agg(p.balance)
  INTO v_done, v_keys, v_balances
  FROM (SELECT * FROM ledger.accrue_plain(v_plain, p_at)
        UNION ALL
        SELECT * FROM ledger.redeem_plain(v_rest, p_at)) p;
  RETURN QUERY
  SELECT d.item, 'POSTED', d.key, d.balance, NULL::bigint, NULL::bigint, NULL::jsonb
  FROM unnest(v_done, v_keys, v_balances) d (item, key, balance);
  IF cardinality(v_done) = cardinality(v_all) THEN
    RETURN;
  END IF;

  FOR c IN
    SELECT f.* FROM unnest(v_fresh) f WHERE f.item <> ALL (v_done)
    ORDER BY f.member_id, f.currency, f.item
  LOOP
    v_answer := ledger.post_one(c, p_at);
    PERFORM ledger.keep_answer(c, v_answer);
    v_done := v_done || c.item;
    RETURN QUERY SELECT c.item, v_answer.*;
  END LOOP;

  -- Keys that were taken: by an earlier call, or by an earlier command of this one, which may have been
  -- refused since and given its key back.
  FOR c IN SELECT f.* FROM unnest(v_all) f WHERE f.item <> ALL (v_done) ORDER BY f.item LOOP
    v_answer := ledger.first_answer(c);
    IF v_answer.outcome IS NULL AND ledger.claim_key(c, p_at) THEN
      v_answer := ledger.post_one(c, p_at);
      PERFORM ledger.keep_answer(c, v_answer);
    END IF;
    RETURN QUERY SELECT c.item, v_answer.*;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION ledger.post TO coalition_ledger;

-- Posts one command whose key is claimed.
CREATE OR REPLACE FUNCTION ledger.post_one(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE c.kind
    WHEN 'ACCRUE' THEN RETURN ledger.post_accrue(c, p_at);
    WHEN 'REDEEM' THEN RETURN ledger.post_redeem(c, p_at);
    WHEN 'DONATE' THEN RETURN ledger.post_donate(c, p_at);
    WHEN 'HOLD' THEN RETURN ledger.post_hold(c, p_at);
    WHEN 'CAPTURE' THEN RETURN ledger.post_capture(c, p_at);
    WHEN 'RELEASE' THEN RETURN ledger.post_release(c, p_at);
    WHEN 'REVERSE' THEN RETURN ledger.post_reverse(c, p_at);
    WHEN 'CANCEL' THEN RETURN ledger.post_cancel(c, p_at);
    WHEN 'TRANSFER' THEN RETURN ledger.post_transfer(c, p_at);
    WHEN 'MERGE' THEN RETURN ledger.post_merge(c, p_at);
    WHEN 'UNMERGE' THEN RETURN ledger.post_unmerge(c, p_at);
    WHEN 'ADJUST' THEN RETURN ledger.post_adjust(c, p_at);
    WHEN 'ACTIVATE' THEN RETURN ledger.post_activate(c, p_at);
    WHEN 'BEGIN_CONVERSION' THEN RETURN ledger.post_begin_conversion(c, p_at);
    WHEN 'CONFIRM_CONVERSION' THEN RETURN ledger.post_confirm_conversion(c, p_at);
    WHEN 'REVERSE_CONVERSION' THEN RETURN ledger.post_reverse_conversion(c, p_at);
  END CASE;
END $$;
