-- The member whom a reference {id | memberNumber | email} names, or null. The caller has checked that
-- exactly one is set. A sandbox caller finds members of the sandbox only, and a live one never does.
-- p_partner_id: the partner that asks, for references that are a partner's own.
CREATE OR REPLACE FUNCTION members.resolve(p_ref jsonb, p_partner_id uuid, p_sandbox boolean)
RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.id FROM members.member m
  WHERE m.sandbox = p_sandbox
    -- A text that is no id must find nobody, not fail.
    AND m.id = CASE WHEN p_ref ->> 'id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                    THEN (p_ref ->> 'id')::uuid END
  UNION ALL
  SELECT m.id FROM members.member m
  WHERE m.sandbox = p_sandbox AND m.member_number = p_ref ->> 'memberNumber'
  UNION ALL
  SELECT m.id FROM members.member m
  WHERE m.sandbox = p_sandbox AND m.email_key = lower(normalize(btrim(p_ref ->> 'email')))
  LIMIT 1;
$$;
GRANT EXECUTE ON FUNCTION members.resolve
  TO coalition_members, coalition_partners, coalition_identity;
