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

-- Whether the membership is active, and a person's: those of the sandbox are nobody's.
CREATE OR REPLACE FUNCTION members.may_sign_in(p_member_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM members.member m
    WHERE m.id = p_member_id AND m.status = 'ACTIVE' AND NOT m.sandbox);
$$;
GRANT EXECUTE ON FUNCTION members.may_sign_in TO coalition_identity;
