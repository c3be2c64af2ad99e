-- What a command whose key is known is answered: REPEATED with the first answer, or
-- IDEMPOTENCY_MISMATCH where the key was used for something else. Null where the key is free.
CREATE OR REPLACE FUNCTION ledger.first_answer(c ledger.command) RETURNS ledger.posting
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_first ledger.idempotency;
  v_answer ledger.posting;
BEGIN
  SELECT * INTO v_first FROM ledger.idempotency WHERE member_id = c.member_id AND key = c.key;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF v_first.request_hash <> c.hash THEN
    v_answer.outcome := 'IDEMPOTENCY_MISMATCH';
    RETURN v_answer;
  END IF;
  IF v_first.result IS NULL THEN
    v_answer.transfer_id := coalesce(v_first.transfer_id, c.key);
    SELECT balance_after INTO v_answer.balance FROM ledger.movement
    WHERE member_id = c.member_id AND transfer_id = v_answer.transfer_id
      AND posted_at >= coalesce(v_first.posted_at, '-infinity');
  ELSE
    v_answer := jsonb_populate_record(v_answer, v_first.result);
  END IF;
  v_answer.outcome := 'REPEATED';
  RETURN v_answer;
END $$;

-- Claims a command's key; false where it is taken. A concurrent call with the same key waits here for
-- the other's commit.
CREATE OR REPLACE FUNCTION ledger.claim_key(c ledger.command, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO ledger.idempotency (member_id, key, request_hash, posted_at)
  VALUES (c.member_id, c.key, c.hash, p_at)
  ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- Keeps what a claimed key is answered with, or gives it back where the command was refused: a refused
-- call leaves no trace, so that its key may be used again.
CREATE OR REPLACE FUNCTION ledger.keep_answer(c ledger.command, p_answer ledger.posting)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_answer.outcome <> 'POSTED' THEN
    DELETE FROM ledger.idempotency WHERE member_id = c.member_id AND key = c.key;
  ELSIF p_answer.details IS NOT NULL OR p_answer.points IS NOT NULL THEN
    UPDATE ledger.idempotency SET transfer_id = p_answer.transfer_id, result = to_jsonb(p_answer)
    WHERE member_id = c.member_id AND key = c.key;
  END IF;
END $$;
