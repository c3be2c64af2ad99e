-- Takes points from a member for something that a partner gives, soonest expiry first. Of the command:
-- points, 1 to 10^12, and partner_id. INSUFFICIENT_POINTS with what is available; points that are
-- pending, held or past their expiry do not count.
CREATE OR REPLACE FUNCTION ledger.post_redeem(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN ledger.spend(c, 'REDEMPTION',
    ledger.counter_account_of('PARTNER_REDEMPTION', c.partner_id), p_at);
END $$;

-- Takes points from a member for a cause, whose id is the command's partner_id. Otherwise as a
-- redemption.
CREATE OR REPLACE FUNCTION ledger.post_donate(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN ledger.spend(c, 'DONATION', ledger.counter_account_of('CAUSE', c.partner_id), p_at);
END $$;

-- Moves points that can be spent from a member to a counter account.
CREATE OR REPLACE FUNCTION ledger.spend(
  c ledger.command, p_kind text, p_counter_account integer, p_at timestamptz
) RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at);
  v_answer ledger.posting;
BEGIN
  IF NOT ledger.is_spendable(c.currency) THEN
    v_answer.outcome := 'NOT_SPENDABLE';
    RETURN v_answer;
  END IF;
  IF a.version IS NULL
     OR NOT ledger.take_points(c.member_id, c.currency, c.points, c.key, p_at) THEN
    RETURN ledger.too_few(a, p_at);
  END IF;
  a := ledger.write_movement(ledger.movement_of(c, p_kind, -c.points, p_counter_account), p_at);
  v_answer.outcome := 'POSTED';
  v_answer.transfer_id := c.key;
  v_answer.balance := a.balance;
  RETURN v_answer;
END $$;

-- The answer where an account has too few points to spend.
CREATE OR REPLACE FUNCTION ledger.too_few(p_account ledger.account, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_answer ledger.posting;
BEGIN
  v_answer.outcome := 'INSUFFICIENT_POINTS';
  v_answer.available := ledger.available_of(p_account, p_at);
  RETURN v_answer;
END $$;
