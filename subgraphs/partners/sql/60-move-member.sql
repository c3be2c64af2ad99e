-- Gives the activities and the claims of a member to another, since both are one person: all of them, or
-- those of p_rows, which is how they go back. Whose account of the ledger has the points stays known. Both
-- may have claimed the same: what comes to the other is told by its id alone, as long as it is there. Answers
-- which.
--
-- What rules with caps have given the one, and its stamps, count for the other, too. The one's rows stay
-- and say what of them does, so that it is counted once however often this is called, and goes back whole.
-- An activity that is being recorded at this moment may not see them yet. Offers that the one has activated
-- are activated for the other, too.
CREATE OR REPLACE FUNCTION partners.move_member(p_from uuid, p_into uuid, p_rows uuid[] DEFAULT NULL)
RETURNS uuid[]
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- Read, noted and added in one statement: what is recorded meanwhile is left to the next call.
  WITH own AS (
    SELECT * FROM partners.earn_usage WHERE member_id = p_from AND p_rows IS NULL FOR UPDATE
  ), noted AS (
    UPDATE partners.earn_usage u SET moved = own.points FROM own
    WHERE (u.member_id, u.partner_id, u.rule, u.award, u.per, u.starts_on)
      = (own.member_id, own.partner_id, own.rule, own.award, own.per, own.starts_on))
  INSERT INTO partners.earn_usage AS known
    (member_id, partner_id, rule, award, per, starts_on, points)
  SELECT p_into, partner_id, rule, award, per, starts_on, points - moved FROM own WHERE points > moved
  ON CONFLICT (member_id, partner_id, rule, award, per, starts_on)
    DO UPDATE SET points = known.points + excluded.points;

  WITH own AS (
    SELECT * FROM partners.collected_stamps WHERE member_id = p_from AND p_rows IS NULL FOR UPDATE
  ), noted AS (
    UPDATE partners.collected_stamps c SET moved = own.stamps FROM own
    WHERE (c.member_id, c.partner_id, c.code) = (own.member_id, own.partner_id, own.code))
  INSERT INTO partners.collected_stamps AS known (member_id, partner_id, code, stamps)
  SELECT p_into, partner_id, code, stamps - moved FROM own WHERE stamps > moved
  ON CONFLICT (member_id, partner_id, code) DO UPDATE SET stamps = known.stamps + excluded.stamps;

  -- Back: p_into is whose they were.
  UPDATE partners.earn_usage known SET points = greatest(0, known.points - back.moved)
  FROM partners.earn_usage back
  WHERE p_rows IS NOT NULL AND back.member_id = p_into AND known.member_id = p_from
    AND (known.partner_id, known.rule, known.award, known.per, known.starts_on)
      = (back.partner_id, back.rule, back.award, back.per, back.starts_on);
  UPDATE partners.earn_usage SET moved = 0 WHERE member_id = p_into AND p_rows IS NOT NULL;

  UPDATE partners.collected_stamps known SET stamps = greatest(0, known.stamps - back.moved)
  FROM partners.collected_stamps back
  WHERE p_rows IS NOT NULL AND back.member_id = p_into AND known.member_id = p_from
    AND (known.partner_id, known.code) = (back.partner_id, back.code);
  UPDATE partners.collected_stamps SET moved = 0 WHERE member_id = p_into AND p_rows IS NOT NULL;

  INSERT INTO partners.offer_activation (member_id, offer_id, activated_by, activated_at)
  SELECT p_into, offer_id, p_from, min(activated_at) FROM partners.offer_activation
  WHERE member_id = p_from AND p_rows IS NULL GROUP BY offer_id
  ON CONFLICT DO NOTHING;
  DELETE FROM partners.offer_activation
  WHERE member_id = p_from AND activated_by = p_into AND p_rows IS NOT NULL;

  -- Whoever claims for the other comes first, or finds what has come.
  SELECT pg_advisory_xact_lock(hashtextextended('claim ' || p_into, 0));

  WITH moved AS (
    UPDATE partners.activity
    SET member_id = p_into, posted_to = nullif(coalesce(posted_to, member_id), p_into)
    WHERE member_id = p_from AND (p_rows IS NULL OR id = ANY (p_rows))
    RETURNING id
  ), named AS (
    -- As it was claimed: see claimMissingPoints. Of several, one that has its name keeps it.
    SELECT n.id, n.name, row_number() OVER (PARTITION BY n.name ORDER BY n.claim_key <> n.name, n.id) AS place
    FROM (
      SELECT id, claim_key, concat_ws(' ', partner_id, to_char(occurred_on, 'YYYY-MM-DD'),
               coalesce('# ' || reference, amount || ' ' || currency)) AS name
      FROM partners.claim WHERE member_id = p_from AND (p_rows IS NULL OR id = ANY (p_rows))) n
  ), claimed AS (
    UPDATE partners.claim c
    SET member_id = p_into, claim_key = CASE
      WHEN n.place > 1 OR EXISTS (
        SELECT FROM partners.claim o WHERE o.member_id = p_into AND o.claim_key = n.name) THEN c.id::text
      ELSE n.name END
    FROM named n WHERE c.id = n.id AND c.member_id = p_from
    RETURNING c.id)
  SELECT coalesce(array_agg(id), '{}') FROM (TABLE moved UNION ALL TABLE claimed) AS gone;
$$;
GRANT EXECUTE ON FUNCTION partners.move_member TO coalition_members;
