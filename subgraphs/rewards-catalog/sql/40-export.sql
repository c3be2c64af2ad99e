-- What this schema knows of a person, by their memberships: see platform.export. The codes of vouchers are
-- sealed, and money to whoever finds them: the application shows them.
CREATE OR REPLACE FUNCTION rewards.export_member(p_members uuid[])
RETURNS TABLE (section text, record text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM platform.export(p_members,
    'redemptions', $sql$
      SELECT r.id, r.number, r.partner_id AS "partnerId", r.reward_id AS "rewardId", w.name AS reward,
             r.quantity, r.points, r.posted_to AS "postedTo", r.status,
             r.idempotency_key AS "idempotencyKey",
             r.created_at AS "createdAt", r.cancellable_until AS "cancellableUntil",
             r.cancelled_at AS "cancelledAt", r.ended_because AS "endedBecause"
      FROM rewards.redemption r JOIN rewards.reward w ON w.id = r.reward_id
      WHERE r.member_id = ANY ($1) ORDER BY r.created_at, r.id $sql$,
    'vouchers', $sql$
      SELECT v.redemption_id AS "redemptionId", v.position, v.status
      FROM rewards.voucher v JOIN rewards.redemption r ON r.id = v.redemption_id
      WHERE r.member_id = ANY ($1) ORDER BY r.created_at, r.id, v.position $sql$,
    'householdShares', $sql$
      SELECT redemption_id AS "redemptionId", household_id AS "householdId", points
      FROM rewards.household_share WHERE member_id = ANY ($1) ORDER BY redemption_id $sql$);
$$;
GRANT EXECUTE ON FUNCTION rewards.export_member(uuid[]) TO coalition_worker;
