-- Claims a command's key. Null where it is new: the caller goes on. Otherwise the first answer, or
-- IDEMPOTENCY_MISMATCH where the key was used for something else. A concurrent call with the same
-- key waits here for the other's commit. Part of the ledger's functions: nobody calls it alone.
CREATE OR REPLACE FUNCTION ledger.claim_key(p_member_id uuid, p_key uuid, p_hash bytea)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_first ledger.idempotency;
  v_answer ledger.posting;
BEGIN
  INSERT INTO ledger.idempotency (member_id, key, request_hash)
  VALUES (p_member_id, p_key, p_hash)
  ON CONFLICT DO NOTHING;
  IF FOUND THEN
    RETURN NULL;
  END IF;
  SELECT * INTO STRICT v_first FROM ledger.idempotency
  WHERE member_id = p_member_id AND key = p_key;
  IF v_first.request_hash <> p_hash THEN
    v_answer.outcome := 'IDEMPOTENCY_MISMATCH';
    RETURN v_answer;
  END IF;
  v_answer := jsonb_populate_record(NULL::ledger.posting, v_first.result);
  v_answer.outcome := 'REPEATED';
  RETURN v_answer;
END $$;

-- Keeps the answer of a command under its key.
CREATE OR REPLACE FUNCTION ledger.keep_answer(p_member_id uuid, p_key uuid, p_answer ledger.posting)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE ledger.idempotency
  SET transfer_id = (p_answer).transfer_id, result = to_jsonb(p_answer)
  WHERE member_id = p_member_id AND key = p_key;
$$;
