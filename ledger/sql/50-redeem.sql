-- Takes points from a member for something that a partner gives, from the lots that expire soonest
-- (then those active longest), and keeps which lot gave what.
--
-- p_key is the id of the command's row. The answer's outcome is POSTED, REPEATED with the first
-- answer, IDEMPOTENCY_MISMATCH, or INSUFFICIENT_POINTS with what is available; nothing is changed
-- then. Points that are pending, held or past their expiry do not count.
CREATE OR REPLACE FUNCTION ledger.redeem(
  p_member_id uuid, p_key uuid, p_currency text, p_points bigint, p_partner_id uuid,
  p_effective_at timestamptz, p_at timestamptz,
  p_source_kind text, p_source_id uuid, p_description text
) RETURNS ledger.posting
-- UTC: the hash of a request must not depend on the caller's time zone.
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  v_answer ledger.posting;
  v_account ledger.account;
  v_taken bigint;
BEGIN
  IF p_points NOT BETWEEN 1 AND 1000000000000 THEN
    RAISE EXCEPTION 'A redemption has 1 to 10^12 points, not %.', p_points;
  END IF;
  v_answer := ledger.claim_key(p_member_id, p_key, sha256(convert_to(jsonb_build_array(
    'redeem', p_currency, p_points, p_partner_id, p_effective_at, p_source_kind,
    p_source_id)::text, 'UTF8')));
  IF v_answer.outcome IS NOT NULL THEN
    RETURN v_answer;
  END IF;

  -- The account's row is the lock: whoever spends or earns here waits for it, lots and all.
  SELECT * INTO v_account FROM ledger.account
  WHERE member_id = p_member_id AND currency = p_currency FOR UPDATE;
  SELECT coalesce(sum(remaining), 0) - coalesce(v_account.held, 0) INTO v_answer.available
  FROM ledger.lot
  WHERE member_id = p_member_id AND currency = p_currency AND remaining > 0
    AND activates_at <= p_at AND (expires_at IS NULL OR expires_at > p_at);
  IF v_answer.available < p_points THEN
    -- A refused call leaves no trace: its key may be used again.
    DELETE FROM ledger.idempotency WHERE member_id = p_member_id AND key = p_key;
    v_answer.outcome := 'INSUFFICIENT_POINTS';
    RETURN v_answer;
  END IF;

  UPDATE ledger.account SET balance = balance - p_points, version = version + 1
  WHERE member_id = p_member_id AND currency = p_currency
  RETURNING * INTO v_account;
  v_answer.outcome := 'POSTED';
  v_answer.available := NULL;
  v_answer.balance := v_account.balance;
  v_answer.transfer_id := gen_random_uuid();
  INSERT INTO ledger.transfer (member_id, transfer_id, currency, account_version, kind, points,
    balance_after, counter_account, effective_at, posted_at, source_kind, source_id, description)
  VALUES (p_member_id, v_answer.transfer_id, p_currency, v_account.version, 'REDEMPTION', -p_points,
    v_account.balance, ledger.counter_account_of('PARTNER_REDEMPTION', p_partner_id),
    p_effective_at, p_at, p_source_kind, p_source_id, p_description);

  WITH open AS (
    SELECT lot_id, remaining,
           coalesce(sum(remaining) OVER (ORDER BY expires_at NULLS LAST, activates_at, lot_id
             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM ledger.lot
    WHERE member_id = p_member_id AND currency = p_currency AND remaining > 0
      AND activates_at <= p_at AND (expires_at IS NULL OR expires_at > p_at)
  ), taken AS (
    UPDATE ledger.lot l
    SET remaining = l.remaining - least(open.remaining, p_points - open.before)
    FROM open
    WHERE l.member_id = p_member_id AND l.lot_id = open.lot_id AND open.before < p_points
    RETURNING l.lot_id, least(open.remaining, p_points - open.before) AS points
  ), used AS (
    INSERT INTO ledger.lot_use (member_id, transfer_id, lot_id, points)
    SELECT p_member_id, v_answer.transfer_id, lot_id, points FROM taken
    RETURNING points
  )
  SELECT sum(points) INTO v_taken FROM used;
  IF v_taken IS DISTINCT FROM p_points THEN
    RAISE EXCEPTION 'Lots gave % of % points.', v_taken, p_points;
  END IF;
  PERFORM ledger.keep_answer(p_member_id, p_key, v_answer);
  RETURN v_answer;
END $$;
GRANT EXECUTE ON FUNCTION ledger.redeem TO coalition_ledger;
