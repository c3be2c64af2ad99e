-- What this schema knows of a person, by their memberships: see platform.export. The brands are there for
-- their names: everything else names them by their ids.
CREATE OR REPLACE FUNCTION partners.export_member(p_members uuid[])
RETURNS TABLE (section text, record text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM platform.export(p_members,
    'activities', $sql$
      SELECT id, partner_id AS "partnerId", reference, kind, status, amount::text, currency,
             exchange_rate_id AS "exchangeRateId", tax::text, shipping::text, discount::text,
             points_paid::text AS "pointsPaid", items, particulars, points, qualifying_points AS "qualifyingPoints", refunded_amount::text AS "refundedAmount",
             reversed_points AS "reversedPoints", reversed_qualifying AS "reversedQualifyingPoints",
             own_currency AS "ownCurrency", own_points AS "ownPoints", own_reversed AS "ownReversedPoints",
             explanation, occurred_at AS "occurredAt", posted_at AS "postedAt",
             expected_by AS "expectedBy", confirm_by AS "confirmBy", confirmed_at AS "confirmedAt",
             lapsed_at AS "lapsedAt", lapsed_points AS "lapsedPoints",
             posted_to AS "postedTo"
      FROM partners.activity WHERE member_id = ANY ($1) ORDER BY occurred_at, id $sql$,
    'refunds', $sql$
      SELECT r.reference, p.activity_id AS "activityId", p.amount::text, p.points,
             p.qualifying_points AS "qualifyingPoints", p.own_points AS "ownPoints", r.occurred_at AS "occurredAt",
             r.posted_at AS "postedAt"
      FROM partners.activity a JOIN partners.refund_part p ON p.activity_id = a.id
        JOIN partners.refund r ON r.id = p.refund_id
      WHERE a.member_id = ANY ($1) ORDER BY r.posted_at, p.id $sql$,
    'earnedByRules', $sql$
      SELECT partner_id AS "partnerId", rule, award, per, starts_on AS "startsOn", points
      FROM partners.earn_usage WHERE member_id = ANY ($1)
      ORDER BY partner_id, rule, award, per, starts_on, member_id $sql$,
    'stamps', $sql$
      SELECT partner_id AS "partnerId", code AS card, stamps
      FROM partners.collected_stamps WHERE member_id = ANY ($1) ORDER BY partner_id, code, member_id $sql$,
    'offers', $sql$
      SELECT a.offer_id AS id, o.partner_id AS "partnerId", o.title, a.activated_at AS "activatedAt",
             a.activated_by AS "activatedBy"
      FROM partners.offer_activation a JOIN partners.offer o ON o.id = a.offer_id
      WHERE a.member_id = ANY ($1) ORDER BY a.activated_at, a.offer_id, a.member_id, a.activated_by $sql$,
    'claims', $sql$
      SELECT id, partner_id AS "partnerId", status, occurred_on AS "occurredOn", reference, amount::text,
             currency, note, created_at AS "createdAt", decide_by AS "decideBy", decided_at AS "decidedAt",
             decided_because AS "decidedBecause", activity_id AS "activityId"
      FROM partners.claim WHERE member_id = ANY ($1) ORDER BY created_at, id $sql$,
    'brands', $sql$
      SELECT id, code, name FROM partners.partner
      WHERE status IN ('LIVE', 'SUSPENDED', 'TERMINATED') ORDER BY name, id $sql$);
$$;
GRANT EXECUTE ON FUNCTION partners.export_member(uuid[]) TO coalition_worker;
