-- Of these members, those with a live consent to the partner that holds the scope; any live consent
-- where p_scope is null. A revoked one counts no more from its commit on, and none counts while the
-- partner may not act: it must be LIVE, for its test clients at least in the SANDBOX. A closed membership
-- trusts nobody.
-- A wallet token that the member showed to the partner counts for 15 minutes like a consent, but not to
-- read the profile: what a till needs, and no more.
-- A provisional member has consented to nothing yet, but the partner whose account made it may report
-- what it earns there.
-- In plpgsql, which looks other functions up when it runs: those of partners are made after this one.
CREATE OR REPLACE FUNCTION members.may(
  p_partner_id uuid, p_member_ids uuid[], p_scope text, p_sandbox boolean
) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM partners.snapshot(ARRAY[p_partner_id]) p
    WHERE p.status = 'LIVE' OR (p_sandbox AND p.status = 'SANDBOX'))
  THEN
    RETURN;
  END IF;
  RETURN QUERY
  SELECT c.member_id
  FROM members.consent c JOIN members.member m ON m.id = c.member_id
  WHERE c.partner_id = p_partner_id
    AND c.member_id = ANY (p_member_ids)
    AND c.revoked_at IS NULL
    AND (p_scope IS NULL OR p_scope = ANY (c.scopes))
    AND m.sandbox = p_sandbox
    AND m.status <> 'CLOSED'
  UNION
  SELECT t.member_id
  FROM members.wallet_token t JOIN members.member m ON m.id = t.member_id
  WHERE t.used_by = p_partner_id
    AND t.member_id = ANY (p_member_ids)
    AND t.used_at > clock_timestamp() - interval '15 minutes'
    AND coalesce(p_scope, 'EARN') IN ('EARN', 'SPEND', 'READ_BALANCE')
    AND m.status = 'ACTIVE'
    AND m.sandbox = p_sandbox
  UNION
  SELECT m.id
  FROM unnest(p_member_ids) AS asked (id) JOIN members.member m ON m.id = asked.id
  WHERE m.status = 'PROVISIONAL'
    AND coalesce(p_scope, 'EARN') = 'EARN'
    -- By the member: a plan of when it had few accounts would read all that the partner has now.
    AND (SELECT true FROM members.partner_account a
         WHERE a.member_id = m.id AND a.partner_id = p_partner_id AND a.sandbox = p_sandbox LIMIT 1);
END
$$;
GRANT EXECUTE ON FUNCTION members.may
  TO coalition_members, coalition_partners, coalition_rewards, coalition_community, coalition_worker;
