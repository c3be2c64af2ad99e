-- Reads a list of commands, and checks what no caller may get wrong. Points that can be spent at once
-- count from when the thing happened; an end that the policy decides is reckoned from when they can be
-- spent, but not from before they are posted.
CREATE OR REPLACE FUNCTION ledger.read_commands(p_commands json, p_at timestamptz)
RETURNS ledger.command[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_commands ledger.command[];
  c ledger.command;
BEGIN
  SELECT array_agg(ROW(r.kind, r.member_id, r.key, r.currency, r.points, r.partner_id, r.issue_price,
      coalesce(r.effective_at, p_at), d.activates_at, r.cancels_at,
      CASE WHEN r.expires_by_policy AND d.activates_at < 'infinity'
        THEN ledger.expiry_of(u, greatest(d.activates_at, p_at)) ELSE r.expires_at END,
      coalesce(r.expires_by_policy, false), r.source_kind, r.source_id, r.description, r.target_id,
      r.other_member_id, r.returned, r.total, r.clawback, r.debt_limit, r.risk, r.rate_id,
      r.to_currency, r.place, r.hash)::ledger.command
    ORDER BY r.place)
  INTO v_commands
  FROM json_populate_recordset(NULL::ledger.command, p_commands) WITH ORDINALITY
       AS r(kind, member_id, key, currency, points, partner_id, issue_price, effective_at,
            activates_at, cancels_at, expires_at, expires_by_policy, source_kind, source_id,
            description, target_id, other_member_id, returned, total, clawback, debt_limit, risk,
            rate_id, to_currency, item, hash, place)
  CROSS JOIN LATERAL (
    SELECT coalesce(r.activates_at, least(r.effective_at, p_at)) AS activates_at) d
  LEFT JOIN ledger.currency u ON u.code = r.currency;

  IF cardinality(v_commands) > 500 THEN
    RAISE EXCEPTION 'A list has 500 commands at most, not %.', cardinality(v_commands);
  END IF;
  SELECT f.* INTO c FROM unnest(v_commands) f
  WHERE (f.points BETWEEN 1 AND 1000000000000
         OR f.kind = 'ADJUST' AND f.points BETWEEN -1000000000000 AND -1
         OR f.points IS NULL AND f.kind NOT IN
           ('ACCRUE', 'REDEEM', 'DONATE', 'HOLD', 'TRANSFER', 'ADJUST', 'BEGIN_CONVERSION')
        ) IS NOT TRUE
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'A movement has 1 to 10^12 points, not %.', c.points;
  END IF;
  RETURN coalesce(v_commands, '{}');
END $$;

-- Claims the keys of commands, in one order; of those with one key the first. @returns those whose key
-- is theirs
CREATE OR REPLACE FUNCTION ledger.claim_keys(p_commands ledger.command[], p_at timestamptz)
RETURNS ledger.command[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
-- Lists have no statistics, and a nested loop over two of 500 costs more than all the rest.
SET enable_nestloop = off AS $$
DECLARE
  v_members uuid[];
  v_keys uuid[];
BEGIN
  BEGIN
    -- As a rule all are new. To look for each before it is written costs half as much again.
    INSERT INTO ledger.idempotency (member_id, key, request_hash, posted_at)
    SELECT c.member_id, c.key, c.hash, p_at FROM unnest(p_commands) c ORDER BY c.member_id, c.key;
    RETURN p_commands;
  EXCEPTION WHEN unique_violation THEN
    -- One is taken, or used twice.
  END;
  WITH claimed AS (
    INSERT INTO ledger.idempotency (member_id, key, request_hash, posted_at)
    SELECT DISTINCT ON (c.member_id, c.key) c.member_id, c.key, c.hash, p_at
    FROM unnest(p_commands) c ORDER BY c.member_id, c.key, c.item
    ON CONFLICT DO NOTHING
    RETURNING member_id, key
  )
  SELECT array_agg(member_id), array_agg(key) INTO v_members, v_keys FROM claimed;
  RETURN ARRAY(
    SELECT f.command
    FROM (SELECT DISTINCT ON (c.member_id, c.key) c AS command, c.item
          FROM unnest(p_commands) c
          JOIN unnest(v_members, v_keys) k (member_id, key)
            ON k.member_id = c.member_id AND k.key = c.key
          ORDER BY c.member_id, c.key, c.item) f
    ORDER BY f.item);
END $$;

-- Locks every account that the commands are about, in their order, and brings those up to the instant
-- that something is due with.
CREATE OR REPLACE FUNCTION ledger.lock_accounts(p_commands ledger.command[], p_at timestamptz)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_due record;
  v_members uuid[];
  v_currencies text[];
  v_opens boolean[];
BEGIN
  SELECT array_agg(a.member_id ORDER BY a.member_id, a.currency),
         array_agg(a.currency ORDER BY a.member_id, a.currency),
         array_agg(a.opens ORDER BY a.member_id, a.currency)
  INTO v_members, v_currencies, v_opens
  FROM (
    SELECT n.member_id, n.currency, bool_or(n.opens) AS opens
    FROM unnest(p_commands) c
    CROSS JOIN LATERAL (VALUES
      (c.member_id, c.currency, c.kind = 'ACCRUE' OR c.kind = 'ADJUST' AND c.points > 0),
      (c.other_member_id, c.currency, true),
      (c.member_id, CASE WHEN c.kind LIKE '%_CONVERSION' THEN ledger.credited_currency(c) END, true))
      n (member_id, currency, opens)
    WHERE n.member_id IS NOT NULL AND n.currency IS NOT NULL
    GROUP BY 1, 2) a;

  -- New accounts are opened in the same order as the others are locked: then one after the other.
  IF EXISTS (
    SELECT FROM unnest(v_members, v_currencies, v_opens) w (member_id, currency, opens)
    WHERE w.opens AND NOT EXISTS (
      SELECT FROM ledger.account a
      WHERE a.member_id = w.member_id AND a.currency = w.currency))
  THEN
    FOR i IN 1 .. cardinality(v_members) LOOP
      PERFORM ledger.lock_account(v_members[i], v_currencies[i], p_at, v_opens[i], true);
    END LOOP;
    RETURN;
  END IF;
  FOR v_due IN
    WITH locked AS (
      SELECT a.member_id, a.currency, a.due_at
      FROM unnest(v_members, v_currencies) w (member_id, currency)
      JOIN ledger.account a ON a.member_id = w.member_id AND a.currency = w.currency
      ORDER BY a.member_id, a.currency FOR UPDATE OF a)
    SELECT l.member_id, l.currency FROM locked l WHERE l.due_at <= p_at
  LOOP
    PERFORM ledger.lock_account(v_due.member_id, v_due.currency, p_at);
  END LOOP;
END $$;

-- The currency that a command moves points into, where it is another one and the ledger counts it.
CREATE OR REPLACE FUNCTION ledger.credited_currency(c ledger.command) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT code FROM ledger.currency
  WHERE code = CASE
    WHEN c.kind = 'BEGIN_CONVERSION' AND c.expires_at IS NULL THEN c.to_currency
    WHEN c.kind = 'CONFIRM_CONVERSION' THEN (SELECT v.to_currency FROM ledger.conversion v
      WHERE v.member_id = c.member_id AND v.conversion_id = c.target_id) END;
$$;
