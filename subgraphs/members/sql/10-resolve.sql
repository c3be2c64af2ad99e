-- Spends a wallet token: the member who shows it to the partner, or null. It is good once and not for
-- long, and the partner may then act for the member for a while: see members.may. One that finds nobody
-- is not spent.
CREATE OR REPLACE FUNCTION members.spend_wallet_token(
  p_token text, p_partner_id uuid, p_sandbox boolean
) RETURNS uuid
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE members.wallet_token t SET used_at = clock_timestamp(), used_by = p_partner_id
  FROM members.member m
  WHERE t.token_hash = sha256(convert_to(p_token, 'UTF8'))
    AND t.used_at IS NULL AND t.expires_at > clock_timestamp() AND p_partner_id IS NOT NULL
    AND m.id = t.member_id AND m.status = 'ACTIVE' AND m.sandbox = p_sandbox
  RETURNING t.member_id;
$$;

-- The members whom references {id | memberNumber | email | phone | partnerAccount [partnerId] |
-- paymentCard | walletToken} name: a row for each that names one, item being its place in the list, from
-- 1. The caller has checked that exactly one way is used. A phone and a card find who has proven them; a
-- wallet token is spent by it. What names a membership that was merged into another finds that one. A sandbox caller finds members of the sandbox only, and a live one never does.
-- p_partner_id: the partner that asks, whose own accounts alone it may name; null for staff, who name
-- the partner.
CREATE OR REPLACE FUNCTION members.resolve_all(p_refs jsonb, p_partner_id uuid, p_sandbox boolean)
RETURNS TABLE (item integer, member_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS MATERIALIZED (
    SELECT r.item::integer,
      -- A text that is no id must find nobody, not fail.
      CASE WHEN r.ref ->> 'id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
           THEN (r.ref ->> 'id')::uuid END AS id,
      r.ref ->> 'memberNumber' AS member_number,
      lower(normalize(btrim(r.ref ->> 'email'))) AS email_key,
      r.ref ->> 'partnerAccount' AS account,
      coalesce((r.ref ->> 'partnerId')::uuid, p_partner_id) AS partner_id,
      CASE WHEN r.ref ->> 'phone' IS NOT NULL THEN 'PHONE' ELSE 'PAYMENT_CARD' END AS kind,
      coalesce(r.ref ->> 'phone', r.ref ->> 'paymentCard') AS value,
      r.ref ->> 'walletToken' AS wallet_token
    FROM jsonb_array_elements(p_refs) WITH ORDINALITY AS r (ref, item)
  )
  SELECT n.item, coalesce(m.merged_into, m.id) FROM named n JOIN members.member m ON m.id = n.id
  WHERE m.sandbox = p_sandbox
  UNION ALL
  SELECT n.item, coalesce(m.merged_into, m.id) FROM named n JOIN members.member m ON m.member_number = n.member_number
  WHERE m.sandbox = p_sandbox
  UNION ALL
  SELECT n.item, coalesce(m.merged_into, m.id) FROM named n JOIN members.member m ON m.email_key = n.email_key
  WHERE m.sandbox = p_sandbox
  UNION ALL
  SELECT n.item, a.member_id
  FROM named n JOIN members.partner_account a ON a.account = n.account AND a.partner_id = n.partner_id
  WHERE a.sandbox = p_sandbox AND (p_partner_id IS NULL OR n.partner_id = p_partner_id)
  UNION ALL
  SELECT n.item, i.member_id
  FROM named n JOIN members.identifier i ON i.kind = n.kind AND i.value = n.value
  WHERE i.sandbox = p_sandbox AND i.verified_at IS NOT NULL
  UNION ALL
  SELECT n.item, shown.member_id
  FROM named n,
    LATERAL members.spend_wallet_token(n.wallet_token, p_partner_id, p_sandbox) AS shown (member_id)
  WHERE n.wallet_token IS NOT NULL AND shown.member_id IS NOT NULL;
$$;
GRANT EXECUTE ON FUNCTION members.resolve_all TO coalition_partners;

-- The member whom one such reference names, or null.
CREATE OR REPLACE FUNCTION members.resolve(p_ref jsonb, p_partner_id uuid, p_sandbox boolean)
RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.member_id
  FROM members.resolve_all(jsonb_build_array(p_ref), p_partner_id, p_sandbox) r LIMIT 1;
$$;
GRANT EXECUTE ON FUNCTION members.resolve
  TO coalition_members, coalition_partners, coalition_identity;
