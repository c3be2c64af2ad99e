-- Gives the survivor what somebody wrote for a membership after it was merged, who had read before that it
-- was active: activities with what they count for tiers, redemptions, posts. Once for each merge, p_max at most, as soon as nobody is at
-- work any more who may write so. It belongs to the merge, and goes back with it. Answers of how many there
-- was something.
CREATE OR REPLACE FUNCTION members.gather_merged(p_max integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  g members.merge;
  -- Whose tiers may change, before anything else of theirs, as all lock them.
  v_locked uuid[] := ARRAY(
    SELECT unnest(ARRAY[m.from_id, m.into_id]) FROM members.merge m
    WHERE m.gathered_at IS NULL AND m.undone_at IS NULL
      AND EXISTS (SELECT FROM members.tier_credit c WHERE c.member_id = m.from_id));
  v_readers text[];
  v_moved jsonb;
  v_credits jsonb;
  v_count integer := 0;
BEGIN
  PERFORM members.lock_standings(v_locked);
  FOR g IN
    SELECT * FROM members.merge WHERE gathered_at IS NULL AND undone_at IS NULL
    ORDER BY merged_at, id LIMIT p_max FOR NO KEY UPDATE SKIP LOCKED
  LOOP
    v_readers := members.readers(g.waits_for);
    IF v_readers <> '{}' THEN
      UPDATE members.merge SET waits_for = v_readers WHERE id = g.id;
      CONTINUE;
    END IF;
    -- Those that came this moment, for the next time.
    CONTINUE WHEN g.from_id <> ALL (v_locked)
      AND EXISTS (SELECT FROM members.tier_credit c WHERE c.member_id = g.from_id);
    WITH moved AS (
      UPDATE members.tier_credit c SET member_id = g.into_id WHERE c.member_id = g.from_id RETURNING c.key
    )
    SELECT coalesce(jsonb_agg(m.key), '[]') INTO v_credits FROM moved m;
    v_moved := jsonb_build_object(
      'credits', v_credits,
      'activities', partners.move_member(g.from_id, g.into_id),
      'redemptions', rewards.move_member(g.from_id, g.into_id),
      'words', community.move_member(g.from_id, g.into_id));
    UPDATE members.merge
    SET waits_for = '{}', gathered_at = now(), moved = moved || jsonb_build_object(
      'credits', moved -> 'credits' || (v_moved -> 'credits'),
      'activities', moved -> 'activities' || (v_moved -> 'activities'),
      'redemptions', moved -> 'redemptions' || (v_moved -> 'redemptions'),
      'words', moved -> 'words' || (v_moved -> 'words'))
    WHERE id = g.id;
    CONTINUE WHEN v_moved = '{"credits": [], "activities": [], "redemptions": [], "words": []}';
    IF v_credits <> '[]' AND EXISTS (SELECT FROM members.tier WHERE rank = 0) THEN
      PERFORM members.settle_tiers(ARRAY[g.into_id], now());
    END IF;
    -- The survivor may have been merged on, and its own rows have gone already: then once more.
    UPDATE members.merge SET gathered_at = NULL WHERE from_id = g.into_id AND undone_at IS NULL;
    v_count := v_count + 1;
  END LOOP;
  RETURN v_count;
END $$;

-- Moves on what came to memberships after they were merged into others: rows, as above; points that were
-- given back, or a debt for a purchase that was returned, p_max accounts at most. It belongs to the merge,
-- and goes back with it. What a till holds still is left for later. Answers how many.
CREATE OR REPLACE FUNCTION members.forward_merged(p_max integer, p_at timestamptz DEFAULT now())
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_left record;
  v_key uuid;
  v_outcome text;
  v_transfer uuid;
  v_count integer := members.gather_merged(p_max);
BEGIN
  FOR v_left IN
    SELECT a.member_id, a.currency, m.merged_into, g.id AS merge_id
    FROM members.member m
    JOIN members.merge g ON g.from_id = m.id AND g.undone_at IS NULL
    JOIN ledger.account a ON a.member_id = m.id
    WHERE m.merged_into IS NOT NULL AND (a.balance > 0 OR a.debt > 0) AND a.held = 0
    ORDER BY a.member_id, a.currency LIMIT p_max
    FOR NO KEY UPDATE OF g SKIP LOCKED
  LOOP
    v_key := gen_random_uuid();
    SELECT p.outcome, p.transfer_id INTO v_outcome, v_transfer FROM ledger.post(json_build_array(json_build_object(
      'kind', 'MERGE', 'member_id', v_left.member_id, 'key', v_key, 'currency', v_left.currency,
      'other_member_id', v_left.merged_into, 'source_kind', 'merge', 'source_id', v_left.merge_id,
      'description', 'Memberships joined', 'hash', '\x' || encode(uuid_send(v_key), 'hex'))), p_at) p;
    -- What was there may have ended as it was settled: then nothing moved.
    CONTINUE WHEN v_outcome <> 'POSTED' OR v_transfer IS NULL;
    UPDATE members.merge
    SET postings = postings || jsonb_build_object(
      'currency', v_left.currency, 'key', v_key, 'intoId', v_left.merged_into)
    WHERE id = v_left.merge_id;
    v_count := v_count + 1;
  END LOOP;
  RETURN v_count;
END $$;
GRANT EXECUTE ON FUNCTION members.forward_merged(integer, timestamptz) TO coalition_worker;
