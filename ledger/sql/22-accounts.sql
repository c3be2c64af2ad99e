-- Locks a member's account and brings it up to the instant: what was due by itself has happened then.
-- Null where there is none; with p_open it is opened.
--
-- Only ledger.lock_accounts waits, for all of a list and in their order. What another call has opened
-- since is not there yet for this one: to wait for it out of order could be to wait for each other. Who
-- goes on must look for what belongs to the account by the account's own fields, or it would find what
-- it has not locked.
CREATE OR REPLACE FUNCTION ledger.lock_account(
  p_member_id uuid, p_currency text, p_at timestamptz, p_open boolean DEFAULT false,
  p_wait boolean DEFAULT false
) RETURNS ledger.account
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_account ledger.account;
BEGIN
  IF p_wait THEN
    SELECT * INTO v_account FROM ledger.account
    WHERE member_id = p_member_id AND currency = p_currency FOR UPDATE;
  ELSE
    SELECT * INTO v_account FROM ledger.account
    WHERE member_id = p_member_id AND currency = p_currency FOR UPDATE SKIP LOCKED;
  END IF;
  IF NOT FOUND AND p_open THEN
    INSERT INTO ledger.account (member_id, currency, balance, version)
    VALUES (p_member_id, p_currency, 0, 0) ON CONFLICT DO NOTHING;
    SELECT * INTO v_account FROM ledger.account
    WHERE member_id = p_member_id AND currency = p_currency FOR UPDATE;
  END IF;
  IF v_account.due_at <= p_at THEN
    v_account := ledger.settle_account(v_account, p_at);
  END IF;
  RETURN v_account;
END $$;

-- Writes a movement of a locked account: the account's figures, then the row. What the caller leaves
-- null is filled in: the id, the version, what stands after it, when it was posted, its transaction.
CREATE OR REPLACE FUNCTION ledger.write_movement(m ledger.transfer, p_at timestamptz)
RETURNS ledger.account
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_account ledger.account;
BEGIN
  UPDATE ledger.account a
  SET balance = a.balance + m.points, debt = a.debt + m.debt, version = a.version + 1,
      posted_at = greatest(a.posted_at, p_at),
      active_at = CASE WHEN m.kind = ANY (
          SELECT unnest(activity_kinds) FROM ledger.currency WHERE code = m.currency)
        THEN greatest(a.active_at, p_at) ELSE a.active_at END
  WHERE member_id = m.member_id AND currency = m.currency
  RETURNING * INTO STRICT v_account;
  m.transfer_id := coalesce(m.transfer_id, gen_random_uuid());
  m.account_version := v_account.version;
  m.balance_after := v_account.balance;
  m.debt_after := v_account.debt;
  m.effective_at := coalesce(m.effective_at, p_at);
  m.posted_at := v_account.posted_at;
  m.xact := ledger.current_xact();
  INSERT INTO ledger.transfer VALUES (m.*);
  RETURN v_account;
END $$;

-- The movement that a command asks for, to be filled in further.
CREATE OR REPLACE FUNCTION ledger.movement_of(
  c ledger.command, p_kind text, p_points bigint, p_counter_account integer
) RETURNS ledger.transfer
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m ledger.transfer;
BEGIN
  m.member_id := c.member_id;
  m.transfer_id := c.key;
  m.currency := c.currency;
  m.kind := p_kind;
  m.points := p_points;
  m.debt := 0;
  m.counter_account := p_counter_account;
  m.effective_at := c.effective_at;
  m.source_kind := c.source_kind;
  m.source_id := c.source_id;
  m.description := c.description;
  RETURN m;
END $$;

-- Lets the account be looked at again no later than the instant; null changes nothing.
CREATE OR REPLACE FUNCTION ledger.be_due(p_member_id uuid, p_currency text, p_due_at timestamptz)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE ledger.account SET due_at = p_due_at
  WHERE member_id = p_member_id AND currency = p_currency
    AND (due_at IS NULL OR due_at > p_due_at);
$$;

-- Whether points of the currency can be spent: qualifying ones count for tiers alone.
CREATE OR REPLACE FUNCTION ledger.is_spendable(p_currency text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT kind = 'SPENDABLE' FROM ledger.currency WHERE code = p_currency;
$$;
