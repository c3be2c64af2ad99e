-- The members behind a partner's accounts: those of known accounts, and a new provisional one for each
-- that is unknown. Concurrent calls meet in one member for each account: the insert of the account
-- decides, and the others wait here for its commit. Accounts are inserted in one order, so that two
-- calls do not wait for one another.
CREATE OR REPLACE FUNCTION members.enrol_provisional(
  p_partner_id uuid, p_accounts text[], p_sandbox boolean, p_at timestamptz
) RETURNS TABLE (account text, member_id uuid, is_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_new uuid[];
BEGIN
  -- The account refers to a member that the same statement makes: what it refers to is checked at
  -- the statement's end.
  WITH claimed AS (
    INSERT INTO members.partner_account (id, partner_id, sandbox, account, member_id,
      linked_at)
    SELECT gen_random_uuid(), p_partner_id, p_sandbox, unknown.account, gen_random_uuid(), p_at
    FROM (SELECT DISTINCT named.account COLLATE "C" AS account FROM unnest(p_accounts) AS named (account)
          WHERE NOT EXISTS (
            SELECT FROM members.partner_account a
            WHERE a.partner_id = p_partner_id AND a.sandbox = p_sandbox
              AND a.account = named.account)
          ORDER BY account) AS unknown
    ON CONFLICT DO NOTHING
    RETURNING member_id
  ), enrolled AS (
    INSERT INTO members.member (id, member_number, status, sandbox, display_name, locale,
      marketing_opt_in, joined_at)
    SELECT member_id, members.draw_member_number(), 'PROVISIONAL', p_sandbox,
           'Member ' || 1000 + floor(random() * 9000)::integer, 'en', false, p_at
    FROM claimed
    RETURNING id
  ), told AS (
    INSERT INTO platform.outbox (id, type, member_id, payload, occurred_at)
    SELECT gen_random_uuid(), 'member.enrolled', id, jsonb_build_object('memberId', id), p_at
    FROM enrolled
  )
  SELECT array_agg(id) INTO v_new FROM enrolled;

  RETURN QUERY
  SELECT a.account, a.member_id, a.member_id = ANY (coalesce(v_new, '{}'))
  FROM members.partner_account a
  WHERE a.partner_id = p_partner_id AND a.sandbox = p_sandbox AND a.account = ANY (p_accounts);
END $$;
GRANT EXECUTE ON FUNCTION members.enrol_provisional TO coalition_partners;
