-- The books of a person, by their memberships: see platform.export. All that moved their points, also in
-- months that were set apart, and the lots and uses that it is reckoned from. Of a movement between members
-- the other one is not named.
CREATE OR REPLACE FUNCTION ledger.export_member(p_members uuid[])
RETURNS TABLE (section text, record text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM platform.export(p_members,
    'accounts', $sql$
      SELECT member_id AS "memberId", currency, balance, held, debt, version AS movements,
             nullif(posted_at, '-infinity') AS "lastPostedAt", nullif(active_at, '-infinity') AS "lastActiveAt"
      FROM ledger.account WHERE member_id = ANY ($1) ORDER BY member_id, currency $sql$,
    'movements', $sql$
      SELECT t.member_id AS "memberId", t.currency, t.account_version AS number, t.transfer_id AS id, t.kind,
             t.points, t.balance_after AS "balanceAfter", t.debt, t.debt_after AS "debtAfter",
             t.effective_at AS "effectiveAt", t.posted_at AS "postedAt", c.owner AS "partnerId",
             t.description, t.source_kind AS "sourceKind", t.source_id AS "sourceId", t.part_of AS "partOf",
             t.reverses, t.hold_id AS "holdId"
      FROM ledger.movement t LEFT JOIN ledger.counter_account c ON c.id = t.counter_account
      WHERE t.member_id = ANY ($1) ORDER BY t.member_id, t.currency, t.account_version $sql$,
    'lots', $sql$
      SELECT member_id AS "memberId", lot_id AS id, currency, issuer AS "partnerId", original, remaining, held,
             transfer_id AS "movementId", origin_lot AS "originLot",
             nullif(activates_at, 'infinity') AS "activatesAt", expires_at AS "expiresAt",
             cancels_at AS "cancelsAt"
      FROM ledger.lot WHERE member_id = ANY ($1) ORDER BY member_id, activates_at, lot_id $sql$,
    'lotUses', $sql$
      SELECT transfer_id AS "movementId", lot_id AS "lotId", points
      FROM ledger.lot_use WHERE member_id = ANY ($1) ORDER BY member_id, transfer_id, lot_id $sql$,
    'holds', $sql$
      SELECT h.member_id AS "memberId", h.hold_id AS id, h.currency, h.partner_id AS "partnerId", h.points,
             h.captured, h.status, h.description, h.placed_at AS "placedAt", h.expires_at AS "expiresAt",
             h.ended_at AS "endedAt", h.transfer_id AS "movementId",
             (SELECT json_agg(json_build_object('lotId', l.lot_id, 'points', l.points) ORDER BY l.lot_id)
              FROM ledger.hold_lot l WHERE l.member_id = h.member_id AND l.hold_id = h.hold_id) AS lots
      FROM ledger.hold h WHERE h.member_id = ANY ($1) ORDER BY h.placed_at, h.hold_id $sql$,
    'conversions', $sql$
      SELECT member_id AS "memberId", conversion_id AS id, from_currency AS "from", to_currency AS "to",
             program AS "partnerId", moved, credited, status, begun_at AS "begunAt",
             times_out_at AS "timesOutAt", ended_at AS "endedAt", transfer_id AS "movementId"
      FROM ledger.conversion WHERE member_id = ANY ($1) ORDER BY begun_at, conversion_id $sql$,
    'waiting', $sql$
      SELECT partner_id AS "partnerId", currency, points, description, source_kind AS "sourceKind",
             source_id AS "sourceId", effective_at AS "effectiveAt", activates_at AS "activatesAt",
             cancels_at AS "cancelsAt", expires_at AS "expiresAt", NULL AS outcome
      FROM ledger.staged_accrual WHERE member_id = ANY ($1)
      UNION ALL
      SELECT partner_id, currency, points, description, source_kind, source_id, effective_at, activates_at,
             cancels_at, expires_at, outcome
      FROM ledger.staged_reject WHERE member_id = ANY ($1) $sql$);
$$;
GRANT EXECUTE ON FUNCTION ledger.export_member(uuid[]) TO coalition_worker;
