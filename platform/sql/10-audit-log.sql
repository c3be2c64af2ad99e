-- Records an act of staff or of a partner. The salt keeps what is erased from being guessed by the hash.
CREATE OR REPLACE FUNCTION platform.record_act(
  p_at timestamptz, p_actor text, p_audience text, p_partner uuid, p_action text,
  p_subject_type text, p_subject_id text, p_reason text, p_changes jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_salt bytea := uuid_send(gen_random_uuid());
BEGIN
  INSERT INTO platform.audit_event (id, occurred_at, actor, audience, partner_id, action, subject_type,
    subject_id, reason, changes, salt, content_hash, xact)
  VALUES (gen_random_uuid(), p_at, p_actor, p_audience, p_partner, p_action, p_subject_type,
    p_subject_id, p_reason, p_changes, v_salt, platform.act_hash(v_salt, p_reason, p_changes),
    ledger.current_xact());
END $$;
GRANT EXECUTE ON FUNCTION platform.record_act(
  timestamptz, text, text, uuid, text, text, text, text, jsonb)
  TO coalition_members, coalition_partners, coalition_rewards, coalition_community;

-- What is sealed of an act's words.
CREATE OR REPLACE FUNCTION platform.act_hash(p_salt bytea, p_reason text, p_changes jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(p_salt || convert_to(jsonb_build_array(p_reason, p_changes)::text, 'UTF8'));
$$;

-- Forgets what the log says of a member: why, and what was changed. That something was done, by whom
-- and when, stays, and so does the hash that the seals are made of. Answers how many acts it emptied.
CREATE OR REPLACE FUNCTION platform.forget_member_acts(p_member uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_count integer;
BEGIN
  UPDATE platform.audit_event SET reason = NULL, changes = '[]', salt = NULL
  WHERE subject_type = 'Member' AND subject_id = p_member::text AND salt IS NOT NULL;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $$;
GRANT EXECUTE ON FUNCTION platform.forget_member_acts(uuid) TO coalition_members;

-- Forgets the same of some acts that were done to a member who stays, since they are about another one, too.
CREATE OR REPLACE FUNCTION platform.forget_acts(p_member uuid, p_actions text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.audit_event SET reason = NULL, changes = '[]', salt = NULL
  WHERE subject_type = 'Member' AND subject_id = p_member::text AND action = ANY (p_actions)
    AND salt IS NOT NULL;
$$;
GRANT EXECUTE ON FUNCTION platform.forget_acts(uuid, text[]) TO coalition_members;
