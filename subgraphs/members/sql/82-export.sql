-- What this schema knows of a person, by their memberships: see platform.export. Hashes of codes and tokens
-- stay out, and so does who else is in it: other members but for the name that they show, whom the person
-- invited, who of the staff acted.
CREATE OR REPLACE FUNCTION members.export_member(p_members uuid[])
RETURNS TABLE (section text, record text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM platform.export(p_members,
    'memberships', $sql$
      SELECT id, member_number AS "memberNumber", status, display_name AS "displayName", email,
             email_verified_at AS "emailVerifiedAt", phone, given_name AS "givenName",
             family_name AS "familyName", birthday, locale, marketing_opt_in AS "marketingOptIn",
             show_level AS "showLevel", joined_at AS "joinedAt", merged_into AS "mergedInto",
             signed_out_before AS "signedOutBefore"
      FROM members.member WHERE id = ANY ($1) ORDER BY joined_at, id $sql$,
    'merges', $sql$
      SELECT id, from_id AS "fromId", into_id AS "intoId", from_status AS "fromStatus", reason,
             merged_at AS "mergedAt"
      FROM members.merge WHERE from_id = ANY ($1) AND undone_at IS NULL ORDER BY merged_at, id $sql$,
    'verifications', $sql$
      SELECT id, email, display_name AS "displayName", locale, marketing_opt_in AS "marketingOptIn",
             created_at AS "createdAt", expires_at AS "expiresAt", used_at AS "usedAt", attempts
      FROM members.verification v
      WHERE v.member_id = ANY ($1) OR v.changes_member_id = ANY ($1)
         OR v.email_key IN (SELECT email_key FROM members.member WHERE id = ANY ($1))
      ORDER BY created_at, id $sql$,
    'partnerAccounts', $sql$
      SELECT id, partner_id AS "partnerId", account, linked_at AS "linkedAt"
      FROM members.partner_account WHERE member_id = ANY ($1) ORDER BY linked_at, id $sql$,
    'identifiers', $sql$
      SELECT id, kind, partner_id AS "partnerId", value, attempts, linked_at AS "linkedAt",
             expires_at AS "expiresAt", verified_at AS "verifiedAt"
      FROM members.identifier WHERE member_id = ANY ($1) ORDER BY linked_at, id $sql$,
    'walletTokens', $sql$
      SELECT created_at AS "createdAt", expires_at AS "expiresAt", used_at AS "usedAt",
             used_by AS "usedByPartnerId"
      FROM members.wallet_token WHERE member_id = ANY ($1) ORDER BY created_at, token_hash $sql$,
    'consents', $sql$
      SELECT partner_id AS "partnerId", scopes, version, granted_at AS "grantedAt", revoked_at AS "revokedAt"
      FROM members.consent WHERE member_id = ANY ($1) ORDER BY granted_at, partner_id $sql$,
    'consentRequests', $sql$
      SELECT id, partner_id AS "partnerId", scopes, purpose, created_at AS "createdAt",
             expires_at AS "expiresAt", answer, answered_at AS "answeredAt"
      FROM members.consent_request WHERE member_id = ANY ($1) ORDER BY created_at, id $sql$,
    'tiers', $sql$
      SELECT tier, earned_tier AS "earnedTier", earned_since AS "earnedSince", earned_until AS "earnedUntil",
             counts_from AS "countsFrom", granted_tier AS "grantedTier", granted_source AS "grantedSource",
             granted_since AS "grantedSince", granted_until AS "grantedUntil", review_on AS "reviewOn"
      FROM members.tier_standing WHERE member_id = ANY ($1) ORDER BY member_id $sql$,
    'tierMoves', $sql$
      SELECT moved_on AS "movedOn", from_tier AS "fromTier", to_tier AS "toTier", is_up AS "isUp"
      FROM members.tier_move WHERE member_id = ANY ($1) ORDER BY id $sql$,
    'qualifyingPoints', $sql$
      SELECT occurred_on AS "occurredOn", points, key AS "activityId", posted_at AS "postedAt"
      FROM members.tier_credit WHERE member_id = ANY ($1) ORDER BY occurred_on, key $sql$,
    'segments', $sql$
      SELECT g.code, g.name FROM members.segment_member s JOIN members.segment g ON g.code = s.segment
      WHERE s.member_id = ANY ($1) ORDER BY g.code $sql$,
    'households', $sql$
      SELECT h.id, h.kind, h.name, h.owner_id = ANY ($1) AS owner, p.joined_at AS "joinedAt",
             p.shares_points AS "sharesPoints", p.may_spend AS "maySpend",
             p.spending_limit AS "spendingLimit", p.may_change_on AS "mayChangeOn", p.left_at AS "leftAt",
             h.created_at AS "createdAt", h.ended_at AS "endedAt"
      FROM members.household_member p JOIN members.household h ON h.id = p.household_id
      WHERE p.member_id = ANY ($1) ORDER BY p.joined_at, h.id $sql$,
    'householdInvitations', $sql$
      SELECT i.id, i.household_id AS "householdId", i.invited_by = ANY ($1) AS sent,
             CASE WHEN i.invited_by = ANY ($1) THEN regexp_replace(i.email, '^(.).*@', '\1***@')
               ELSE i.email END AS email,
             i.created_at AS "createdAt", i.expires_at AS "expiresAt", i.ended_at AS "endedAt"
      FROM members.household_invitation i
      WHERE i.invited_by = ANY ($1) OR i.accepted_by = ANY ($1)
         OR i.email_key IN (SELECT email_key FROM members.member WHERE id = ANY ($1))
      ORDER BY i.created_at, i.id $sql$,
    'referralCode', $sql$
      SELECT code, invited FROM members.referral_code WHERE member_id = ANY ($1) ORDER BY member_id $sql$,
    'referrals', $sql$
      SELECT id, CASE WHEN referrer_id = ANY ($1) THEN 'BROUGHT' ELSE 'BROUGHT_BY' END AS direction, status,
             refused_for AS "refusedFor", joined_at AS "joinedAt", rewarded_at AS "rewardedAt",
             CASE WHEN referrer_id = ANY ($1) THEN referrer_points ELSE friend_points END AS points
      FROM members.referral WHERE referrer_id = ANY ($1) OR friend_id = ANY ($1) ORDER BY joined_at, id $sql$,
    'holds', $sql$
      SELECT id, partner_id AS "partnerId", reference, points, worth::text, currency,
             redemption_rate::text AS "redemptionRate", status,
             captured_points AS "capturedPoints", refunded_points AS "refundedPoints",
             created_at AS "createdAt", expires_at AS "expiresAt",
             (SELECT json_agg(json_build_object('kind', a.kind, 'points', a.points, 'createdAt', a.created_at)
                ORDER BY a.created_at, a.id)
              FROM members.hold_act a WHERE a.hold_id = h.id) AS acts
      FROM members.hold h WHERE member_id = ANY ($1) ORDER BY created_at, id $sql$,
    'transfers', $sql$
      SELECT t.id, CASE WHEN t.member_id = ANY ($1) THEN 'GIVEN' ELSE 'RECEIVED' END AS direction,
             o.display_name AS "otherMember", t.points, t.message, t.status, t.entry_id AS "movementId",
             t.review_due_at AS "reviewDueAt", t.created_at AS "createdAt",
             CASE WHEN t.member_id = ANY ($1) THEN t.idempotency_key END AS "idempotencyKey"
      FROM members.points_transfer t
      JOIN members.member o
        ON o.id = CASE WHEN t.member_id = ANY ($1) THEN t.receiver_id ELSE t.member_id END
      WHERE t.member_id = ANY ($1) OR t.receiver_id = ANY ($1) AND t.status = 'POSTED'
      ORDER BY t.created_at, t.id $sql$,
    'conversions', $sql$
      SELECT id, program_id AS "partnerId", times_out_at AS "timesOutAt", closed,
             idempotency_key AS "idempotencyKey", created_at AS "createdAt"
      FROM members.conversion WHERE member_id = ANY ($1) ORDER BY created_at, id $sql$,
    'adjustments', $sql$
      SELECT id, points, currency, reason, expires_on AS "expiresOn", status,
             rejected_because AS "rejectedBecause", created_at AS "createdAt"
      FROM members.adjustment WHERE member_id = ANY ($1) ORDER BY created_at, id $sql$,
    'riskCases', $sql$
      SELECT id, action, subject_id AS "subjectId", partner_id AS "partnerId", points, reasons, status, opened_at AS "openedAt", due_at AS "dueAt",
             decided_because AS "decidedBecause"
      FROM members.risk_case WHERE member_id = ANY ($1) ORDER BY opened_at, id $sql$,
    'limitedActs', $sql$
      SELECT id, action, points, acted_at AS "actedAt"
      FROM members.risk_act WHERE member_id = ANY ($1) ORDER BY acted_at, id $sql$,
    'notifications', $sql$
      SELECT id, kind, template, args, in_app AS "inApp", created_at AS "createdAt", read_at AS "readAt"
      FROM members.notification WHERE member_id = ANY ($1) ORDER BY created_at, id $sql$,
    'notificationPreferences', $sql$
      SELECT kind, channels FROM members.notification_preference WHERE member_id = ANY ($1) ORDER BY kind $sql$,
    'exports', $sql$
      SELECT id, requested_at AS "requestedAt", done_at AS "doneAt", expires_at AS "expiresAt", bytes
      FROM members.data_export WHERE member_id = ANY ($1) ORDER BY requested_at, id $sql$,
    'acts', $sql$
      SELECT occurred_at AS "occurredAt", audience AS by, partner_id AS "partnerId", action, reason, changes
      FROM platform.audit_event
      WHERE subject_type = 'Member' AND subject_id = ANY ($1::text[]) ORDER BY sequence $sql$);
$$;
GRANT EXECUTE ON FUNCTION members.export_member(uuid[]) TO coalition_worker;

-- The addresses that a person has proven to be theirs. One that they only claim may be somebody else's.
CREATE OR REPLACE FUNCTION members.proven_addresses_of(p_members uuid[]) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT email FROM members.member WHERE id = ANY (p_members) AND email_verified_at IS NOT NULL
  UNION
  SELECT email FROM members.verification WHERE member_id = ANY (p_members);
$$;

-- Takes the next export that is to be made, until the transaction ends; others find the next one. No row
-- where there is none. member_ids: the membership with those that became part of it.
--
-- Who is closed gets none. The erasure of who is closed from now on waits for whoever has read that they
-- were not, so that it finds what is kept here.
CREATE OR REPLACE FUNCTION members.take_export()
RETURNS TABLE (id uuid, requested_at timestamptz, member_ids uuid[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  e members.data_export;
BEGIN
  SELECT q.* INTO e FROM members.data_export q JOIN members.member m ON m.id = q.member_id
  WHERE q.done_at IS NULL AND q.due_at <= now() AND m.status <> 'CLOSED'
  ORDER BY q.due_at, q.id LIMIT 1 FOR UPDATE OF q SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH RECURSIVE own AS (
    SELECT e.member_id AS member_id
    UNION
    SELECT m.id FROM members.member m JOIN own ON m.merged_into = own.member_id)
  SELECT e.id, e.requested_at, array_agg(own.member_id) FROM own;
END $$;
GRANT EXECUTE ON FUNCTION members.take_export() TO coalition_worker;

-- Keeps a piece of the document of an export.
CREATE OR REPLACE FUNCTION members.keep_export_piece(p_export uuid, p_place integer, p_content text)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO members.data_export_piece (export_id, place, content)
  VALUES (p_export, p_place, p_content);
$$;
GRANT EXECUTE ON FUNCTION members.keep_export_piece(uuid, integer, text) TO coalition_worker;

-- Notes that an export is whole, from when on it is kept for seven days, and tells the member.
CREATE OR REPLACE FUNCTION members.finish_export(p_export uuid, p_bytes bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH done AS (
    UPDATE members.data_export
    SET done_at = now(), expires_at = now() + interval '7 days', bytes = p_bytes
    WHERE id = p_export RETURNING id, member_id)
  INSERT INTO platform.outbox (id, type, member_id, payload, occurred_at)
  SELECT gen_random_uuid(), 'export.ready', member_id, jsonb_build_object('exportId', id), now() FROM done;
$$;
GRANT EXECUTE ON FUNCTION members.finish_export(uuid, bigint) TO coalition_worker;

-- Lets others go first where an export failed.
CREATE OR REPLACE FUNCTION members.put_off_export(p_export uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE members.data_export SET due_at = now() + interval '10 minutes' WHERE id = p_export;
$$;
GRANT EXECUTE ON FUNCTION members.put_off_export(uuid) TO coalition_worker;

-- Clears exports whose days are over, the oldest first, p_max of them at most; those that another call is
-- clearing are left to it. Answers how many.
CREATE OR REPLACE FUNCTION members.clear_exports(p_max integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH cleared AS (
    DELETE FROM members.data_export
    WHERE id = ANY (ARRAY(
      SELECT id FROM members.data_export WHERE expires_at <= now()
      ORDER BY expires_at LIMIT p_max FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM cleared;
$$;
GRANT EXECUTE ON FUNCTION members.clear_exports(integer) TO coalition_worker;
