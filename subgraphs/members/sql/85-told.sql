-- The partners whom a member trusts, or has trusted: they hear that the member is erased. For what the
-- database itself does; nobody is granted it.
CREATE OR REPLACE FUNCTION members.trusted_by(p_member uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT partner_id FROM members.consent WHERE member_id = p_member;
$$;

-- Whether a member is of the sandbox: live systems never hear of those.
CREATE OR REPLACE FUNCTION members.is_of_sandbox(p_member uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT sandbox FROM members.member WHERE id = p_member), false);
$$;

-- Of these partners, those whose test clients have captured points of members of the sandbox.
CREATE OR REPLACE FUNCTION members.have_tried_redeeming(p_partners uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.id FROM unnest(p_partners) p (id)
  WHERE EXISTS (SELECT FROM members.hold h
                WHERE h.partner_id = p.id AND h.sandbox AND h.captured_points > 0);
$$;
GRANT EXECUTE ON FUNCTION members.have_tried_redeeming(uuid[]) TO coalition_partners;
