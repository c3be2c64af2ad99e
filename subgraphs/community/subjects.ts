import { type Database, rows } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';

/**
 * What members write about must be there for everybody while they write; later it may go.
 *
 * @param path of the input field that names it
 * @throws Refusal NOT_FOUND the reward does not exist, or is not published by a live partner
 */
export async function requireReward(tx: Database, rewardId: string, path: string[]): Promise<void> {
  const found = await rows(tx, 'SELECT FROM rewards.published(ARRAY[$1::uuid])', [rewardId]);
  if (found.length === 0) throw new Refusal('NOT_FOUND', 'This reward does not exist.', path);
}

/** The same for a partner. @throws Refusal NOT_FOUND it does not exist, or is not live */
export async function requireLive(tx: Database, partnerId: string, path: string[]): Promise<void> {
  const found = await rows(tx, 'SELECT FROM partners.live() AS live (id) WHERE id = $1', [
    partnerId,
  ]);
  if (found.length === 0) throw new Refusal('NOT_FOUND', 'This partner does not exist.', path);
}
