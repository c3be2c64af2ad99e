-- Accruals: points that a partner issues to a member, one movement and one lot each.
--
-- Of the command: points, 1 to 10^12; partner_id, who issues them, and issue_price, what it pays for
-- each; activates_at, when they can be spent, null for at once, infinity where an action is waited for,
-- until cancels_at at the latest; expires_at, or expires_by_policy, or neither for never.
--
-- They are posted set by set: locks in the order of members, a few statements for any number. What is
-- not plain (a debt, something due, a balance at its limit) is left to ledger.post_accrue.

-- Posts those that are plain. Answers, for each of these, its place in the list, its key and the balance
-- after.
CREATE OR REPLACE FUNCTION ledger.accrue_plain(p_commands ledger.command[], p_at timestamptz)
RETURNS TABLE (item integer, key uuid, balance bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
-- As in ledger.claim_keys: lists are joined to lists.
SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
  v_xact bigint := ledger.current_xact();
BEGIN
  IF cardinality(p_commands) = 0 THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH asked AS (
    -- ledger.lot_due_at says the same of one lot; called for each, it would cost as much as the rest.
    SELECT c.member_id, c.currency, sum(c.points) AS points, count(*) AS movements,
           CASE WHEN 'ACCRUAL' = ANY (u.activity_kinds) THEN p_at ELSE '-infinity' END AS active_at,
           nullif(min(least(
             CASE WHEN c.activates_at > p_at THEN c.activates_at END, c.cancels_at, c.expires_at,
             CASE WHEN u.expiry = 'INACTIVITY' AND c.activates_at < 'infinity'
               THEN ledger.inactive_from(u, greatest(c.activates_at,
                 CASE WHEN 'ACCRUAL' = ANY (u.activity_kinds) THEN p_at END)) END)),
             'infinity') AS due_at
    FROM unnest(p_commands) c JOIN ledger.currency u ON u.code = c.currency
    GROUP BY c.member_id, c.currency, u.code
  ), posted AS (
    INSERT INTO ledger.account AS a
      (member_id, currency, balance, version, posted_at, active_at, due_at)
    SELECT k.member_id, k.currency, k.points, k.movements, p_at, k.active_at, k.due_at
    FROM asked k
    WHERE k.points <= 9007199254740991
    ORDER BY k.member_id, k.currency
    ON CONFLICT (member_id, currency) DO UPDATE
    SET balance = a.balance + excluded.balance, version = a.version + excluded.version,
        posted_at = greatest(a.posted_at, excluded.posted_at),
        active_at = greatest(a.active_at, excluded.active_at),
        due_at = least(a.due_at, excluded.due_at)
    WHERE a.debt = 0 AND (a.due_at > p_at) IS NOT FALSE
      AND a.balance + excluded.balance <= 9007199254740991
    RETURNING a.member_id, a.currency, a.balance, a.version, a.posted_at
  ), issuer AS MATERIALIZED (
    -- The function raises where there is none: a call for each would cost as much as the inserts.
    SELECT p.partner_id, coalesce(
             (SELECT k.id FROM ledger.counter_account k
              WHERE k.kind = 'PARTNER_ISSUANCE' AND k.owner = p.partner_id),
             ledger.counter_account_of('PARTNER_ISSUANCE', p.partner_id)) AS counter_account
    FROM (SELECT DISTINCT c.partner_id FROM unnest(p_commands) c) p
  ), movement AS MATERIALIZED (
    -- What the account has after the last of the list, less what comes after this one.
    SELECT c.item, c.member_id, c.key, c.currency, c.points, c.partner_id, c.issue_price,
           c.effective_at, c.activates_at, c.cancels_at, c.expires_at, c.expires_by_policy,
           c.source_kind, c.source_id, c.description, i.counter_account, a.posted_at,
           (a.balance - sum(c.points) OVER from_last + c.points)::bigint AS balance_after,
           a.version - row_number() OVER from_last + 1 AS version
    FROM unnest(p_commands) c
    JOIN posted a ON a.member_id = c.member_id AND a.currency = c.currency
    JOIN issuer i ON i.partner_id = c.partner_id
    WINDOW from_last AS (PARTITION BY c.member_id, c.currency ORDER BY c.item DESC
                         ROWS UNBOUNDED PRECEDING)
  ), earned AS (
    INSERT INTO ledger.lot (member_id, lot_id, transfer_id, currency, issuer, issue_price, original,
      remaining, activates_at, cancels_at, expires_at, expires_by_policy)
    SELECT m.member_id, m.key, m.key, m.currency, m.partner_id, m.issue_price, m.points, m.points,
           m.activates_at, m.cancels_at, m.expires_at, m.expires_by_policy
    FROM movement m
  ), moved AS (
    INSERT INTO ledger.transfer (member_id, transfer_id, currency, account_version, kind, points,
      balance_after, counter_account, effective_at, posted_at, source_kind, source_id, description,
      xact)
    SELECT m.member_id, m.key, m.currency, m.version, 'ACCRUAL', m.points, m.balance_after,
           m.counter_account, m.effective_at, m.posted_at, m.source_kind, m.source_id, m.description,
           v_xact
    FROM movement m
  )
  SELECT m.item, m.key, m.balance_after FROM movement m;
END $$;

-- Posts one, whose account may have a debt, which it pays first.
CREATE OR REPLACE FUNCTION ledger.post_accrue(c ledger.command, p_at timestamptz)
RETURNS ledger.posting
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := ledger.lock_account(c.member_id, c.currency, p_at, true);
  v_answer ledger.posting;
BEGIN
  IF a.balance + c.points > 9007199254740991 THEN
    v_answer.outcome := 'LIMIT_REACHED';
    RETURN v_answer;
  END IF;
  a := ledger.write_movement(ledger.movement_of(c, 'ACCRUAL', c.points,
    ledger.counter_account_of('PARTNER_ISSUANCE', c.partner_id)), p_at);
  PERFORM ledger.add_lot(ledger.lot_of(c), p_at);
  PERFORM ledger.repay_debt(a, c.key, p_at);
  v_answer.outcome := 'POSTED';
  v_answer.transfer_id := c.key;
  v_answer.balance := a.balance;
  RETURN v_answer;
END $$;

-- The lot that a command makes, once its dates are known: see ledger.read_commands.
CREATE OR REPLACE FUNCTION ledger.lot_of(c ledger.command) RETURNS ledger.lot
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  l ledger.lot;
BEGIN
  l.member_id := c.member_id;
  l.lot_id := c.key;
  l.transfer_id := c.key;
  l.currency := c.currency;
  l.issuer := c.partner_id;
  l.issue_price := c.issue_price;
  l.original := c.points;
  l.activates_at := c.activates_at;
  l.cancels_at := c.cancels_at;
  l.expires_at := c.expires_at;
  l.expires_by_policy := c.expires_by_policy;
  RETURN l;
END $$;
