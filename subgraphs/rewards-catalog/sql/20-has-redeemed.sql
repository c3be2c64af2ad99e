-- The ids among p_reward_ids of rewards that the member redeemed, whatever became of the reward.
CREATE OR REPLACE FUNCTION rewards.has_redeemed(p_member_id uuid, p_reward_ids uuid[])
RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT reward_id FROM rewards.redemption
  WHERE member_id = p_member_id AND reward_id = ANY (p_reward_ids) AND status = 'CONFIRMED';
$$;
GRANT EXECUTE ON FUNCTION rewards.has_redeemed TO coalition_community;
