-- The members whom references {id | memberNumber | email | partnerAccount [partnerId]} name: a row for
-- each that names one, item being its place in the list, from 1. The caller has checked that exactly
-- one way is used. A sandbox caller finds members of the sandbox only, and a live one never does.
-- p_partner_id: the partner that asks, whose own accounts alone it may name; null for staff, who name
-- the partner.
CREATE OR REPLACE FUNCTION members.resolve_all(p_refs jsonb, p_partner_id uuid, p_sandbox boolean)
RETURNS TABLE (item integer, member_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS MATERIALIZED (
    SELECT r.item::integer,
      -- A text that is no id must find nobody, not fail.
      CASE WHEN r.ref ->> 'id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
           THEN (r.ref ->> 'id')::uuid END AS id,
      r.ref ->> 'memberNumber' AS member_number,
      lower(normalize(btrim(r.ref ->> 'email'))) AS email_key,
      r.ref ->> 'partnerAccount' AS account,
      coalesce((r.ref ->> 'partnerId')::uuid, p_partner_id) AS partner_id
    FROM jsonb_array_elements(p_refs) WITH ORDINALITY AS r (ref, item)
  )
  SELECT n.item, m.id FROM named n JOIN members.member m ON m.id = n.id
  WHERE m.sandbox = p_sandbox
  UNION ALL
  SELECT n.item, m.id FROM named n JOIN members.member m ON m.member_number = n.member_number
  WHERE m.sandbox = p_sandbox
  UNION ALL
  SELECT n.item, m.id FROM named n JOIN members.member m ON m.email_key = n.email_key
  WHERE m.sandbox = p_sandbox
  UNION ALL
  SELECT n.item, a.member_id
  FROM named n JOIN members.partner_account a ON a.account = n.account AND a.partner_id = n.partner_id
  WHERE a.sandbox = p_sandbox AND (p_partner_id IS NULL OR n.partner_id = p_partner_id);
$$;
GRANT EXECUTE ON FUNCTION members.resolve_all TO coalition_partners;

-- The member whom one such reference names, or null.
CREATE OR REPLACE FUNCTION members.resolve(p_ref jsonb, p_partner_id uuid, p_sandbox boolean)
RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.member_id
  FROM members.resolve_all(jsonb_build_array(p_ref), p_partner_id, p_sandbox) r LIMIT 1;
$$;
GRANT EXECUTE ON FUNCTION members.resolve
  TO coalition_members, coalition_partners, coalition_identity;
