-- The member of an address that its owner has proved, a new one where there is none: calls that race
-- meet in the address's one member.
CREATE OR REPLACE FUNCTION members.enrol_verified(p_email text, p_at timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_email text := normalize(btrim(p_email));
  v_id uuid;
BEGIN
  INSERT INTO members.member (id, member_number, status, sandbox, display_name, email, email_key,
    email_verified_at, locale, marketing_opt_in, joined_at)
  VALUES (gen_random_uuid(), members.draw_member_number(), 'ACTIVE', false,
    'Member ' || 1000 + floor(random() * 9000)::integer, v_email, lower(v_email), p_at, 'en', false,
    p_at)
  ON CONFLICT ON CONSTRAINT member_email_key_uq DO NOTHING
  RETURNING id INTO v_id;
  IF v_id IS NOT NULL THEN
    INSERT INTO platform.outbox (id, type, member_id, payload, occurred_at)
    VALUES (gen_random_uuid(), 'member.enrolled', v_id, jsonb_build_object('memberId', v_id), p_at);
    RETURN v_id;
  END IF;
  RETURN (SELECT m.id FROM members.member m WHERE m.email_key = lower(v_email));
END $$;
GRANT EXECUTE ON FUNCTION members.enrol_verified TO coalition_identity;

-- When a sign-in that begins now began, in whole seconds; null where the membership is not active, or is of
-- the sandbox and so nobody's. It waits for whoever is changing the membership, so that one that is being
-- suspended ends this sign-in with the others.
CREATE OR REPLACE FUNCTION members.open_sign_in(p_member uuid) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_signed_out timestamptz;
BEGIN
  SELECT signed_out_before INTO v_signed_out FROM members.member
  WHERE id = p_member AND status = 'ACTIVE' AND NOT sandbox FOR SHARE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN greatest(date_trunc('second', clock_timestamp()), v_signed_out);
END $$;
GRANT EXECUTE ON FUNCTION members.open_sign_in(uuid) TO coalition_identity;

-- Whether a sign-in of then still stands: the membership is active, and was at every moment since.
CREATE OR REPLACE FUNCTION members.is_signed_in(p_member uuid, p_since timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM members.member
    WHERE id = p_member AND status = 'ACTIVE' AND NOT sandbox
      AND p_since >= coalesce(signed_out_before, '-infinity'));
$$;
GRANT EXECUTE ON FUNCTION members.is_signed_in(uuid, timestamptz) TO coalition_identity;
