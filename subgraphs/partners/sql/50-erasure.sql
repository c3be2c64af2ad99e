-- Erases what this schema knows of a member. Activities stay, since partners and the coalition settle by
-- them, and know no more of a member than an id: a ticket's number, where a card was used and why points were
-- given is forgotten. Answers how many rows it touched.
CREATE OR REPLACE FUNCTION partners.erase_member(p_member uuid) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT platform.erase(p_member,
    $sql$ UPDATE partners.activity
          SET particulars = particulars #- '{flight,ticketNumber}' #- '{card,merchant}' #- '{grant,reason}',
              explanation = CASE WHEN kind = 'GRANT'
                THEN jsonb_set(explanation, '{0,reason}', '""') ELSE explanation END
          WHERE member_id = $1 AND kind IN ('FLIGHT', 'CARD_SPEND', 'GRANT') $sql$,
    'DELETE FROM partners.earn_usage WHERE member_id = $1',
    'DELETE FROM partners.collected_stamps WHERE member_id = $1',
    'DELETE FROM partners.offer_activation WHERE member_id = $1',
    'DELETE FROM partners.claim WHERE member_id = $1');
$$;
GRANT EXECUTE ON FUNCTION partners.erase_member(uuid) TO coalition_worker;
