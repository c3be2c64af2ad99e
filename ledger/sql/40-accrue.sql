-- Posts points that a partner issues to a member: one transfer and one lot.
--
-- p_key is the id of the command's row. p_at is the instant of posting; the lot can be spent from
-- p_activates_at until before p_expires_at, null for never. The answer's outcome is POSTED,
-- REPEATED with the first answer, IDEMPOTENCY_MISMATCH, or LIMIT_REACHED where the balance would be
-- more than 2^53 - 1, which JSON could not carry; nothing is changed then.
CREATE OR REPLACE FUNCTION ledger.accrue(
  p_member_id uuid, p_key uuid, p_currency text, p_points bigint,
  p_issuer uuid, p_issue_price numeric,
  p_effective_at timestamptz, p_at timestamptz,
  p_activates_at timestamptz, p_expires_at timestamptz,
  p_source_kind text, p_source_id uuid, p_description text
) RETURNS ledger.posting
-- UTC: the hash of a request must not depend on the caller's time zone.
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  v_answer ledger.posting;
  v_version bigint;
BEGIN
  IF p_points NOT BETWEEN 1 AND 1000000000000 THEN
    RAISE EXCEPTION 'An accrual has 1 to 10^12 points, not %.', p_points;
  END IF;
  v_answer := ledger.claim_key(p_member_id, p_key, sha256(convert_to(jsonb_build_array(
    'accrue', p_currency, p_points, p_issuer, p_issue_price, p_effective_at, p_activates_at,
    p_expires_at, p_source_kind, p_source_id)::text, 'UTF8')));
  IF v_answer.outcome IS NOT NULL THEN
    RETURN v_answer;
  END IF;

  INSERT INTO ledger.account AS a (member_id, currency, balance, version)
  VALUES (p_member_id, p_currency, p_points, 1)
  ON CONFLICT (member_id, currency)
  DO UPDATE SET balance = a.balance + excluded.balance, version = a.version + 1
  WHERE a.balance + excluded.balance <= 9007199254740991
  RETURNING a.balance, a.version INTO v_answer.balance, v_version;
  IF v_version IS NULL THEN
    DELETE FROM ledger.idempotency WHERE member_id = p_member_id AND key = p_key;
    v_answer.outcome := 'LIMIT_REACHED';
    RETURN v_answer;
  END IF;

  v_answer.outcome := 'POSTED';
  v_answer.transfer_id := gen_random_uuid();
  INSERT INTO ledger.transfer (member_id, transfer_id, currency, account_version, kind, points,
    balance_after, counter_account, effective_at, posted_at, source_kind, source_id, description)
  VALUES (p_member_id, v_answer.transfer_id, p_currency, v_version, 'ACCRUAL', p_points,
    v_answer.balance, ledger.counter_account_of('PARTNER_ISSUANCE', p_issuer),
    p_effective_at, p_at, p_source_kind, p_source_id, p_description);
  INSERT INTO ledger.lot (member_id, lot_id, currency, issuer, issue_price, original, remaining,
    activates_at, expires_at)
  VALUES (p_member_id, v_answer.transfer_id, p_currency, p_issuer, p_issue_price, p_points, p_points,
    p_activates_at, p_expires_at);
  PERFORM ledger.keep_answer(p_member_id, p_key, v_answer);
  RETURN v_answer;
END $$;
-- Called through ledger.accrue_all alone; it was granted before that existed.
REVOKE EXECUTE ON FUNCTION ledger.accrue FROM coalition_ledger;
