-- Erases what this schema knows of a member, and what the ledger still owes them. The row of the member
-- stays, as the pseudonym under which the ledger and the other parts keep what they must: without names,
-- addresses or the number of a card. Answers how many rows it touched.
--
-- What a table knows goes in a line here, or it is said why it stays in test/privacy/columns.ts.
CREATE OR REPLACE FUNCTION members.erase_member(p_member uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_rows integer;
BEGIN
  -- Before households and accounts, as all callers take them.
  PERFORM FROM members.member WHERE id = p_member FOR NO KEY UPDATE;
  PERFORM FROM members.household h JOIN members.household_member p ON p.household_id = h.id
  WHERE p.member_id = p_member AND p.left_at IS NULL FOR UPDATE OF h;
  -- Who ends cases takes them before their transfers, too: of those that come to the member as well.
  PERFORM FROM members.risk_case c
  WHERE c.member_id = p_member
    OR c.subject_id IN (SELECT id FROM members.points_transfer WHERE receiver_id = p_member)
  ORDER BY c.id FOR UPDATE;
  v_rows := platform.forget_member_acts(p_member) + platform.erase(p_member,
    -- households: who stays keeps the name
    'UPDATE members.household_member SET left_at = now(), shares_points = false
     WHERE member_id = $1 AND left_at IS NULL',
    'UPDATE members.household h SET owner_id = heir.member_id
     FROM (SELECT DISTINCT ON (household_id) household_id, member_id FROM members.household_member
           WHERE left_at IS NULL ORDER BY household_id, may_spend DESC, joined_at, member_id) heir
     WHERE h.owner_id = $1 AND heir.household_id = h.id',
    'UPDATE members.household_member p SET may_spend = true, spending_limit = NULL
     FROM members.household h WHERE h.id = p.household_id AND h.owner_id = p.member_id AND p.left_at IS NULL
       AND h.id IN (SELECT household_id FROM members.household_member WHERE member_id = $1)
       AND (NOT p.may_spend OR p.spending_limit IS NOT NULL)',
    $sql$ UPDATE members.household SET ended_at = coalesce(ended_at, now()), name = 'Former household'
          WHERE owner_id = $1 $sql$,
    'DELETE FROM members.household_invitation
     WHERE invited_by = $1 OR accepted_by = $1
       OR email_key = (SELECT email_key FROM members.member WHERE id = $1)',
    -- consents: that there was one is kept, as the ground on which partners acted
    'UPDATE members.consent SET revoked_at = now(), version = version + 1
     WHERE member_id = $1 AND revoked_at IS NULL',
    'DELETE FROM members.consent_request WHERE member_id = $1',
    -- holds: partners may capture still what they hold, under a number of their own
    $sql$ UPDATE members.hold SET idempotency_key = id::text, input_hash = '' WHERE member_id = $1 $sql$,
    -- transfers, conversions, adjustments and cases: that points moved, or were to
    $sql$ UPDATE members.points_transfer SET message = NULL WHERE receiver_id = $1 AND message IS NOT NULL $sql$,
    $sql$ UPDATE members.points_transfer
          SET message = NULL, idempotency_key = id::text, input_hash = '',
              status = CASE status WHEN 'UNDER_REVIEW' THEN 'REVERSED' ELSE status END
          WHERE member_id = $1 $sql$,
    $sql$ UPDATE members.conversion SET idempotency_key = id::text, input_hash = '' WHERE member_id = $1 $sql$,
    $sql$ UPDATE members.adjustment
          SET reason = '', idempotency_key = id::text, input_hash = '', rejected_because = CASE WHEN status <> 'POSTED' THEN '' END,
              decided_by = CASE status WHEN 'AWAITING_APPROVAL' THEN 'erasure' ELSE decided_by END,
              status = CASE status WHEN 'AWAITING_APPROVAL' THEN 'REJECTED' ELSE status END
          WHERE member_id = $1 $sql$,
    $sql$ UPDATE members.risk_case
          SET status = CASE status WHEN 'OPEN' THEN 'EXPIRED' ELSE status END,
              decided_because = CASE WHEN decided_because IS NOT NULL THEN '' END
          WHERE member_id = $1 $sql$,
    $sql$ UPDATE members.risk_case SET decided_because = ''
          WHERE decided_because IS NOT NULL
            AND subject_id IN (SELECT id FROM members.points_transfer WHERE receiver_id = $1) $sql$,
    'DELETE FROM members.risk_act WHERE member_id = $1',
    -- merging: what became one is not taken apart any more
    'DELETE FROM members.merge WHERE from_id = $1 OR into_id = $1',
    -- identifiers
    'DELETE FROM members.identifier WHERE member_id = $1',
    'DELETE FROM members.wallet_token WHERE member_id = $1',
    -- exports, with their documents
    'DELETE FROM members.data_export WHERE member_id = $1',
    -- notifications
    'DELETE FROM members.notification WHERE member_id = $1',
    'DELETE FROM members.notification_preference WHERE member_id = $1',
    'DELETE FROM members.segment_member WHERE member_id = $1',
    -- referrals: who brought whom is kept by their ids, for the year's limit
    'DELETE FROM members.referral_code WHERE member_id = $1',
    'UPDATE members.verification SET referrer_id = NULL WHERE referrer_id = $1',
    $sql$ UPDATE members.referral
          SET mailbox_hash = NULL, status = CASE status WHEN 'JOINED' THEN 'LAPSED' ELSE status END
          WHERE friend_id = $1 $sql$,
    -- membership: the member comes last, whose address finds the rest
    'DELETE FROM members.partner_account WHERE member_id = $1',
    'DELETE FROM members.verification
     WHERE member_id = $1 OR changes_member_id = $1
       OR email_key = (SELECT email_key FROM members.member WHERE id = $1)',
    $sql$ UPDATE members.member
          SET member_number = members.draw_member_number(), display_name = 'Former member', email = NULL,
              email_key = NULL, email_verified_at = NULL, phone = NULL, given_name = NULL,
              family_name = NULL, birthday = NULL, locale = 'en', marketing_opt_in = false,
              show_level = true
          WHERE id = $1 $sql$);
  PERFORM ledger.forfeit(p_member, now());
  RETURN v_rows;
END $$;
GRANT EXECUTE ON FUNCTION members.erase_member(uuid) TO coalition_worker;

-- The addresses and phones to which messages to a member, or of theirs to others, went.
CREATE OR REPLACE FUNCTION members.addresses_of(p_member uuid) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT email FROM members.member WHERE id = p_member AND email IS NOT NULL
  UNION
  SELECT email FROM members.verification WHERE member_id = p_member OR changes_member_id = p_member
  UNION
  SELECT value FROM members.identifier WHERE member_id = p_member AND kind = 'PHONE'
  UNION
  SELECT email FROM members.household_invitation WHERE invited_by = p_member;
$$;
GRANT EXECUTE ON FUNCTION members.addresses_of(uuid) TO coalition_worker;

-- Begins to erase a member, who is closed at once and trusts nobody any more. The erasure's id, which is the
-- first one's where it has begun already; null where there is no such member.
CREATE OR REPLACE FUNCTION members.open_erasure(p_member uuid, p_at timestamptz) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_status text;
  v_id uuid;
BEGIN
  SELECT status INTO v_status FROM members.member WHERE id = p_member FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT id INTO v_id FROM members.erasure WHERE member_id = p_member;
  IF FOUND THEN
    RETURN v_id;
  END IF;
  INSERT INTO members.erasure (id, member_id, requested_at)
  VALUES (gen_random_uuid(), p_member, p_at) RETURNING id INTO v_id;
  UPDATE members.member SET status = 'CLOSED' WHERE id = p_member;
  -- Whoever became part of this one and is apart again: the log says why of them, and speaks of both.
  PERFORM platform.forget_acts(from_id, '{mergeMembers,undoMerge}')
  FROM members.merge WHERE into_id = p_member;
  -- What became part of this membership is of the same person, and is not taken out any more.
  DELETE FROM members.merge WHERE from_id = p_member OR into_id = p_member;
  PERFORM members.open_erasure(m.id, p_at) FROM members.member m WHERE m.merged_into = p_member;
  WITH ended AS (
    UPDATE members.consent SET revoked_at = p_at, version = version + 1
    WHERE member_id = p_member AND revoked_at IS NULL
    RETURNING partner_id)
  INSERT INTO platform.outbox (id, type, member_id, partner_id, payload, occurred_at)
  SELECT gen_random_uuid(), 'consent.revoked', p_member, partner_id,
         jsonb_build_object('memberId', p_member, 'partnerId', partner_id), p_at
  FROM ended ORDER BY partner_id;
  IF v_status <> 'CLOSED' THEN
    INSERT INTO platform.outbox (id, type, member_id, payload, occurred_at)
    VALUES (gen_random_uuid(), 'member.closed', p_member, jsonb_build_object('memberId', p_member), p_at);
  END IF;
  RETURN v_id;
END $$;
GRANT EXECUTE ON FUNCTION members.open_erasure(uuid, timestamptz) TO coalition_members;

-- Whether a member is erased, or is to be: nobody writes words about them any more that would stay. Who asks
-- has read the members' table, so that an erasure that begins meanwhile waits for them.
CREATE OR REPLACE FUNCTION members.is_erased(p_member uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM members.member m JOIN members.erasure e ON e.member_id = m.id
                 WHERE m.id = p_member);
$$;
GRANT EXECUTE ON FUNCTION members.is_erased(uuid) TO coalition_rewards;

-- Takes the next erasure that can go on, until the transaction ends; others find the next one. No row where
-- there is none. done: the parts that have erased.
--
-- Who had read that the member was active may still write for them: a part that erased before would keep
-- what they write. So those that are at work when the erasure is first looked at, which is after the
-- membership was closed, are waited for.
CREATE OR REPLACE FUNCTION members.take_erasure()
RETURNS TABLE (id uuid, member_id uuid, done text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  e members.erasure;
  v_readers text[];
BEGIN
  LOOP
    SELECT * INTO e FROM members.erasure q WHERE q.done_at IS NULL AND q.due_at <= now()
    ORDER BY q.due_at, q.id LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    v_readers := members.readers(e.waits_for);
    UPDATE members.erasure q
    SET waits_for = v_readers,
        due_at = CASE WHEN v_readers = '{}' THEN q.due_at ELSE now() + interval '1 second' END
    WHERE q.id = e.id;
    EXIT WHEN v_readers = '{}';
  END LOOP;
  RETURN QUERY
  SELECT e.id, e.member_id, ARRAY(
    SELECT r.subgraph FROM members.erasure_receipt r WHERE r.erasure_id = e.id);
END $$;
GRANT EXECUTE ON FUNCTION members.take_erasure() TO coalition_worker;

-- Notes that a part has erased. With the last one the erasure is done, and others are told.
CREATE OR REPLACE FUNCTION members.keep_receipt(
  p_erasure uuid, p_subgraph text, p_records integer, p_is_last boolean
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO members.erasure_receipt (erasure_id, subgraph, erased_at, records)
  VALUES (p_erasure, p_subgraph, now(), p_records);
  IF p_is_last THEN
    WITH done AS (
      UPDATE members.erasure SET done_at = now() WHERE id = p_erasure RETURNING member_id)
    INSERT INTO platform.outbox (id, type, member_id, payload, occurred_at)
    SELECT gen_random_uuid(), 'member.erased', member_id, jsonb_build_object('memberId', member_id), now()
    FROM done;
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION members.keep_receipt(uuid, text, integer, boolean) TO coalition_worker;

-- Lets others go first where a part of an erasure failed.
CREATE OR REPLACE FUNCTION members.put_off_erasure(p_erasure uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE members.erasure SET due_at = now() + interval '10 minutes' WHERE id = p_erasure;
$$;
GRANT EXECUTE ON FUNCTION members.put_off_erasure(uuid) TO coalition_worker;

-- Forfeits what has come back to members who are erased, of p_max of them at most: a redemption that was
-- cancelled since, what a till gave free, a purchase of theirs from a file, a conversion that the other
-- program refused. Answers of how many.
CREATE OR REPLACE FUNCTION members.forfeit_late_points(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(ledger.forfeit(late.member_id, now()))::integer
  FROM (SELECT DISTINCT e.member_id FROM members.erasure e JOIN ledger.account a USING (member_id)
        WHERE e.done_at IS NOT NULL AND (a.balance > a.held OR a.debt > 0 AND a.held = 0)
        ORDER BY e.member_id LIMIT p_max) late;
$$;
GRANT EXECUTE ON FUNCTION members.forfeit_late_points(integer) TO coalition_worker;
