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

-- Posts redemptions set by set, as ledger.accrue_plain does accruals. The accounts are locked already,
-- but for one that another call has opened since: it is locked here, before its lots are looked at, or
-- left alone where that would mean to wait. What is not plain (a debt, too few points, a currency that
-- cannot be spent, a member of whom the list has more) is left to ledger.post_redeem. Answers, for each
-- that is posted, its place in the list, its key and the balance after.
CREATE OR REPLACE FUNCTION ledger.redeem_plain(p_commands ledger.command[], p_at timestamptz)
RETURNS TABLE (item integer, key uuid, balance bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_own integer[];
  v_mine ledger.command[];
  v_taken integer[];
  v_xact bigint := ledger.current_xact();
BEGIN
  IF cardinality(p_commands) = 0 THEN
    RETURN;
  END IF;
  WITH asked AS (
    SELECT c.member_id, c.currency, min(c.item) AS item
    FROM unnest(p_commands) c
    GROUP BY c.member_id, c.currency
    HAVING count(*) = 1 AND min(c.kind) = 'REDEEM'
  ), own AS (
    SELECT k.item
    FROM asked k
    JOIN ledger.currency u ON u.code = k.currency AND u.kind = 'SPENDABLE'
    JOIN ledger.account a ON a.member_id = k.member_id AND a.currency = k.currency
    WHERE a.debt = 0 AND (a.due_at > p_at) IS NOT FALSE
    FOR UPDATE OF a SKIP LOCKED
  )
  SELECT array_agg(o.item) INTO v_own FROM own o;
  v_mine := ARRAY(SELECT c FROM unnest(p_commands) c WHERE c.item = ANY (v_own));

  -- Each statement has what it needs in one list: lists have no statistics, and to join two of them takes
  -- longer than all the rest. A lot stays where it is as long as its account is locked.
  WITH free AS MATERIALIZED (
    SELECT c.item, c.key, c.points AS needed, l.place, l.points, l.up_to, l.available
    FROM unnest(v_mine) c
    CROSS JOIN LATERAL ledger.free_lots(c.member_id, c.currency, p_at) l
  ), taken AS (
    UPDATE ledger.lot l
    SET remaining = l.remaining - (least(free.up_to, free.needed) - (free.up_to - free.points))
    FROM free
    WHERE l.ctid = free.place
      AND free.up_to - free.points < free.needed AND free.available >= free.needed
    RETURNING free.item, free.key, l.member_id, l.lot_id,
              least(free.up_to, free.needed) - (free.up_to - free.points) AS points
  ), used AS (
    INSERT INTO ledger.lot_use (member_id, transfer_id, lot_id, points)
    SELECT t.member_id, t.key, t.lot_id, t.points FROM taken t
  )
  SELECT array_agg(DISTINCT t.item) INTO v_taken FROM taken t;

  RETURN QUERY
  WITH changed AS (
    UPDATE ledger.account a
    SET balance = a.balance - c.points, version = a.version + 1,
        posted_at = greatest(a.posted_at, p_at),
        active_at = CASE WHEN 'REDEMPTION' = ANY (u.activity_kinds)
          THEN greatest(a.active_at, p_at) ELSE a.active_at END
    FROM unnest(v_mine) c JOIN ledger.currency u ON u.code = c.currency
    WHERE a.member_id = c.member_id AND a.currency = c.currency AND c.item = ANY (v_taken)
    RETURNING c.item, c.member_id, c.key, c.currency, c.points, c.partner_id, c.effective_at,
              c.source_kind, c.source_id, c.description, a.version, a.balance, a.posted_at
  ), moved AS (
    INSERT INTO ledger.transfer (member_id, transfer_id, currency, account_version, kind, points,
      balance_after, counter_account, effective_at, posted_at, source_kind, source_id, description,
      xact)
    SELECT c.member_id, c.key, c.currency, c.version, 'REDEMPTION', -c.points, c.balance,
           coalesce(
             (SELECT k.id FROM ledger.counter_account k
              WHERE k.kind = 'PARTNER_REDEMPTION' AND k.owner = c.partner_id),
             ledger.counter_account_of('PARTNER_REDEMPTION', c.partner_id)),
           c.effective_at, c.posted_at, c.source_kind, c.source_id, c.description, v_xact
    FROM changed c
  )
  SELECT c.item, c.key, c.balance FROM changed c;
END $$;
