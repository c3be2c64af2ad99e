-- Staff of this address who may sign in, in each organisation that they work for: who took an
-- invitation up and was neither suspended nor removed, and whose partner was neither.
CREATE OR REPLACE FUNCTION members.staff_at(p_email text)
RETURNS TABLE (id uuid, name text, role text, partner_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT s.id, s.name, s.role, s.partner_id
  FROM members.staff s
  WHERE s.email_key = lower(normalize(btrim(p_email))) AND s.status = 'ACTIVE'
    AND (s.partner_id IS NULL OR EXISTS (
      SELECT FROM partners.snapshot(ARRAY[s.partner_id]) p
      WHERE p.status NOT IN ('SUSPENDED', 'TERMINATED')))
  ORDER BY s.created_at, s.id;
END $$;
GRANT EXECUTE ON FUNCTION members.staff_at TO coalition_identity;

-- When a sign-in of a person that begins now began, as `members.open_sign_in` has it; null for one who may not
-- sign in.
CREATE OR REPLACE FUNCTION members.open_staff_sign_in(p_id uuid) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_signed_out timestamptz;
BEGIN
  SELECT signed_out_before INTO v_signed_out FROM members.staff
  WHERE id = p_id AND status = 'ACTIVE' FOR SHARE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN greatest(date_trunc('second', clock_timestamp()), v_signed_out);
END $$;
GRANT EXECUTE ON FUNCTION members.open_staff_sign_in(uuid) TO coalition_identity;

-- The person whose sign-in of then still stands: no row where they may not sign in any more, or their access
-- or their role has changed since.
CREATE OR REPLACE FUNCTION members.signed_in_staff(p_id uuid, p_since timestamptz)
RETURNS TABLE (id uuid, name text, role text, partner_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT s.id, s.name, s.role, s.partner_id
  FROM members.staff s
  WHERE s.id = p_id AND s.status = 'ACTIVE' AND p_since >= coalesce(s.signed_out_before, '-infinity')
    AND (s.partner_id IS NULL OR EXISTS (
      SELECT FROM partners.snapshot(ARRAY[s.partner_id]) p
      WHERE p.status NOT IN ('SUSPENDED', 'TERMINATED')));
END $$;
GRANT EXECUTE ON FUNCTION members.signed_in_staff(uuid, timestamptz) TO coalition_identity;

-- Whom an invitation is for, by the SHA-256 of its token; no row where it was used, replaced or is over.
CREATE OR REPLACE FUNCTION members.invited_staff(p_hash bytea)
RETURNS TABLE (id uuid, email text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.id, s.email, s.name FROM members.staff s
  WHERE s.invitation_hash = p_hash AND s.invitation_ends_at > now();
$$;
GRANT EXECUTE ON FUNCTION members.invited_staff TO coalition_identity;

-- Takes an invitation up, once: who was invited may sign in from the commit on. Answers whether it did.
CREATE OR REPLACE FUNCTION members.accept_staff_invitation(p_hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE members.staff
  SET status = 'ACTIVE', accepted_at = now(),
      invitation_hash = NULL, invited_at = NULL, invitation_ends_at = NULL
  WHERE invitation_hash = p_hash AND invitation_ends_at > now();
  RETURN FOUND;
END $$;
GRANT EXECUTE ON FUNCTION members.accept_staff_invitation TO coalition_identity;
