-- Lets happen to a locked account what is due by itself, one instant after the other: the same comes of
-- it, whether it is looked at on time or much later. Again: nothing.
CREATE OR REPLACE FUNCTION ledger.settle_account(p_account ledger.account, p_at timestamptz)
RETURNS ledger.account
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := p_account;
  v_due_at timestamptz := p_account.due_at;
BEGIN
  WHILE v_due_at <= p_at LOOP
    a := ledger.settle_instant(a, v_due_at, p_at);
    v_due_at := ledger.next_due_at(a, v_due_at);
  END LOOP;
  UPDATE ledger.account SET due_at = v_due_at
  WHERE member_id = a.member_id AND currency = a.currency
  RETURNING * INTO a;
  RETURN a;
END $$;

-- Lets happen what is due at one instant: lots expire, holds end (after the lots, of which only what
-- was held may have days of grace), conversions that nobody confirmed are reversed, points that waited
-- in vain for an action are taken back, and a debt is paid from what has become active.
CREATE OR REPLACE FUNCTION ledger.settle_instant(
  p_account ledger.account, p_due_at timestamptz, p_at timestamptz
) RETURNS ledger.account
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a ledger.account := p_account;
  v_hold ledger.hold;
BEGIN
  PERFORM ledger.expire_lots(a, p_due_at, p_at);
  FOR v_hold IN
    SELECT * FROM ledger.hold
    WHERE member_id = a.member_id AND currency = a.currency AND status = 'ACTIVE'
      AND expires_at <= p_due_at
    ORDER BY expires_at, hold_id
  LOOP
    PERFORM ledger.end_hold(v_hold, 'EXPIRED', 0, NULL, v_hold.expires_at);
    PERFORM ledger.tell_of_expiry(v_hold);
    PERFORM ledger.after_release(v_hold, NULL, v_hold.expires_at, p_at);
  END LOOP;
  PERFORM ledger.reverse_timed_out_conversions(a.member_id, a.currency, p_due_at, p_at);
  PERFORM ledger.cancel_waiting(a.member_id, a.currency, p_due_at, p_at);
  SELECT * INTO STRICT a FROM ledger.account
  WHERE member_id = a.member_id AND currency = a.currency;
  RETURN ledger.repay_debt(a, NULL, p_at, p_due_at);
END $$;

-- Takes back lots that waited for an action for too long, to where they came from: those that a merge has
-- brought, to who issued them to the other account. It is the merge that is reversed on this one.
CREATE OR REPLACE FUNCTION ledger.cancel_waiting(
  p_member_id uuid, p_currency text, p_due_at timestamptz, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_lot ledger.lot;
  v_accrual ledger.transfer;
  m ledger.transfer;
BEGIN
  FOR v_lot IN
    SELECT * FROM ledger.lot
    WHERE member_id = p_member_id AND currency = p_currency AND open
      AND activates_at = 'infinity' AND cancels_at <= p_due_at
    ORDER BY cancels_at, lot_id
  LOOP
    v_accrual := ledger.accrual_of(v_lot);
    m.member_id := p_member_id;
    m.transfer_id := gen_random_uuid();
    m.currency := p_currency;
    m.kind := 'REVERSAL';
    m.points := -v_lot.remaining;
    m.debt := 0;
    m.counter_account := v_accrual.counter_account;
    m.source_kind := v_accrual.source_kind;
    m.source_id := v_accrual.source_id;
    m.effective_at := v_lot.cancels_at;
    m.reverses := v_lot.transfer_id;
    m.description := 'Not confirmed in time';
    PERFORM ledger.use_lot(p_member_id, v_lot.lot_id, m.transfer_id, v_lot.remaining);
    PERFORM ledger.write_movement(m, p_at);
  END LOOP;
END $$;

-- What a lot came from, on whichever account, before merges moved it.
CREATE OR REPLACE FUNCTION ledger.accrual_of(p_lot ledger.lot) RETURNS ledger.transfer
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE came AS (
    SELECT p_lot.member_id, p_lot.transfer_id, p_lot.origin_lot
    UNION ALL
    SELECT o.member_id, o.transfer_id, o.origin_lot
    FROM came
    JOIN ledger.movement t
      ON t.member_id = came.member_id AND t.transfer_id = came.transfer_id AND t.kind = 'MERGE'
    JOIN ledger.lot o ON o.member_id = t.other_member_id AND o.lot_id = came.origin_lot
  )
  SELECT t.* FROM came
  JOIN ledger.movement t ON t.member_id = came.member_id AND t.transfer_id = came.transfer_id
  WHERE t.kind <> 'MERGE';
$$;

-- Expires what has come to its end and is not held: one movement for each instant, to breakage.
CREATE OR REPLACE FUNCTION ledger.expire_lots(
  p_account ledger.account, p_due_at timestamptz, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_end record;
  v_transfer_id uuid;
  i integer;
BEGIN
  FOR v_end IN
    SELECT e.ends_at, sum(l.remaining - l.held)::bigint AS points,
           array_agg(l.lot_id ORDER BY l.lot_id) AS lots,
           array_agg(l.remaining - l.held ORDER BY l.lot_id) AS each
    FROM ledger.currency c
    JOIN ledger.lot l ON l.currency = c.code,
    LATERAL (SELECT ledger.lot_ends_at(l, c, p_account.active_at) AS ends_at) e
    WHERE c.code = p_account.currency AND l.member_id = p_account.member_id
      AND l.open AND l.remaining > l.held AND e.ends_at <= p_due_at
    GROUP BY e.ends_at ORDER BY e.ends_at
  LOOP
    v_transfer_id := ledger.write_expiry(
      p_account.member_id, p_account.currency, v_end.points, NULL, v_end.ends_at, p_at);
    FOR i IN 1 .. cardinality(v_end.lots) LOOP
      PERFORM ledger.use_lot(p_account.member_id, v_end.lots[i], v_transfer_id, v_end.each[i]);
    END LOOP;
  END LOOP;
END $$;

-- When a lot ends: by its own date, or for want of activity. Null for never.
CREATE OR REPLACE FUNCTION ledger.lot_ends_at(
  p_lot ledger.lot, p_currency ledger.currency, p_active_at timestamptz
) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT least(p_lot.expires_at,
    CASE WHEN p_currency.expiry = 'INACTIVITY' AND p_lot.activates_at < 'infinity' THEN
      ledger.inactive_from(p_currency, greatest(p_lot.activates_at, p_active_at)) END);
$$;

-- Writes that points of lots have ended. @returns the movement's id
CREATE OR REPLACE FUNCTION ledger.write_expiry(
  p_member_id uuid, p_currency text, p_points bigint, p_part_of uuid, p_effective_at timestamptz,
  p_at timestamptz
) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m ledger.transfer;
BEGIN
  m.member_id := p_member_id;
  m.transfer_id := gen_random_uuid();
  m.part_of := p_part_of;
  m.currency := p_currency;
  m.kind := 'EXPIRY';
  m.points := -p_points;
  m.debt := 0;
  m.counter_account := ledger.counter_account_of('OPERATOR_BREAKAGE', NULL);
  m.effective_at := p_effective_at;
  m.description := 'Expired';
  PERFORM ledger.write_movement(m, p_at);
  RETURN m.transfer_id;
END $$;

-- When the account has to be looked at again, once everything up to the instant has happened.
CREATE OR REPLACE FUNCTION ledger.next_due_at(p_account ledger.account, p_at timestamptz)
RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT nullif(least(
    (SELECT min(expires_at) FROM ledger.hold
     WHERE member_id = p_account.member_id AND currency = p_account.currency AND status = 'ACTIVE'),
    (SELECT min(times_out_at) FROM ledger.conversion
     WHERE member_id = p_account.member_id AND from_currency = p_account.currency
       AND status = 'PENDING'),
    (SELECT min(least(
       CASE WHEN l.activates_at > p_at THEN l.activates_at END,
       CASE WHEN l.activates_at = 'infinity' THEN l.cancels_at END,
       -- What is held waits for the end of its hold.
       CASE WHEN l.remaining > l.held THEN ledger.lot_ends_at(l, c, p_account.active_at) END))
     FROM ledger.currency c JOIN ledger.lot l ON l.currency = c.code
     WHERE c.code = p_account.currency AND l.member_id = p_account.member_id AND l.open)
  ), 'infinity');
$$;

-- Lets happen what is due with accounts that nobody has asked for, those first that are due longest: as
-- many as p_limit, or as there is half a second for, since a statement has a second. Accounts that others
-- are at work on are left to them, or to the next run. Answers how many.
CREATE OR REPLACE FUNCTION ledger.settle_due(p_limit integer, p_at timestamptz DEFAULT now())
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_until timestamptz := clock_timestamp() + interval '500 milliseconds';
  v_account ledger.account;
  v_count integer := 0;
BEGIN
  FOR v_account IN
    SELECT * FROM ledger.account WHERE due_at <= p_at ORDER BY due_at FOR UPDATE SKIP LOCKED
  LOOP
    EXIT WHEN v_count = p_limit OR clock_timestamp() > v_until;
    BEGIN
      PERFORM ledger.settle_account(v_account, p_at);
      v_count := v_count + 1;
    EXCEPTION WHEN OTHERS THEN
      -- It must not hold up all others; the audit names what is wrong with it.
      RAISE WARNING 'The % account of member % cannot be settled: %',
        v_account.currency, v_account.member_id, SQLERRM;
    END;
  END LOOP;
  RETURN v_count;
END $$;
GRANT EXECUTE ON FUNCTION ledger.settle_due TO coalition_worker;

-- Where points have come to end for want of activity, or sooner than before, lets the accounts that were
-- there already be looked at in time, from member to member: since inactivity from before does not
-- count, there are months for it. Answers how many.
CREATE OR REPLACE FUNCTION ledger.watch_inactive(p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  u ledger.currency;
  v_members uuid[];
BEGIN
  SELECT * INTO u FROM ledger.currency WHERE watch_from IS NOT NULL
  ORDER BY code LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  v_members := ARRAY(
    SELECT member_id FROM ledger.account WHERE currency = u.code AND member_id > u.watch_from
    ORDER BY member_id LIMIT p_limit FOR UPDATE);
  UPDATE ledger.account a SET due_at = least(a.due_at, ledger.next_due_at(a, now()))
  WHERE a.member_id = ANY (v_members) AND a.currency = u.code;
  UPDATE ledger.currency
  SET watch_from = CASE WHEN cardinality(v_members) = p_limit THEN v_members[p_limit] END
  WHERE code = u.code;
  RETURN cardinality(v_members);
END $$;
GRANT EXECUTE ON FUNCTION ledger.watch_inactive TO coalition_worker;
