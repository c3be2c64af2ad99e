import type { Database } from '../platform/database.ts';
import { type CommandFields, type Movement, movementFields, post } from './commands.ts';
import { refusalOf } from './refusals.ts';

export interface MergePoints extends Movement {
  /** Who gets everything: another member, who is the same person. */
  intoMemberId: string;
}

export interface UnmergePoints extends Movement {
  /** Whose it was. */
  toMemberId: string;
  /** The key of the merge. */
  mergeKey: string;
}

/**
 * Moves everything that members have of currencies to others: points, pending ones too, each with its
 * issuer, price, dates and end, and the debt. All of it, or the transaction is to be rolled back.
 *
 * @returns for each whether there was anything to move
 * @throws Refusal CONFLICT a till holds some, or some are on their way to another program; LIMIT_REACHED
 *   the other's balance would be more than 2^53 - 1; IDEMPOTENCY_MISMATCH
 */
export async function mergePoints(
  tx: Database,
  requests: readonly MergePoints[],
): Promise<boolean[]> {
  const answers = await postAll(
    tx,
    requests.map((request) => ({
      ...movementFields('MERGE', request),
      other_member_id: request.intoMemberId,
    })),
    requests[0]?.at,
  );
  return answers.map(({ transferId }) => transferId !== null);
}

/**
 * Takes merges back: what is left of the points that they moved, and of the debt as much as is owed
 * still. What was spent in the meantime stays spent.
 *
 * @throws Refusal CONFLICT a till holds some; NOT_FOUND there was no such merge; IDEMPOTENCY_MISMATCH
 */
export async function unmergePoints(
  tx: Database,
  requests: readonly UnmergePoints[],
): Promise<void> {
  await postAll(
    tx,
    requests.map((request) => ({
      ...movementFields('UNMERGE', request),
      other_member_id: request.toMemberId,
      target_id: request.mergeKey,
    })),
    requests[0]?.at,
  );
}

/** In one list, which locks its accounts in the order that all keep. */
async function postAll(tx: Database, all: CommandFields[], at: Date | undefined) {
  if (!at) return [];
  const answers = await post(tx, at, all);
  for (const answer of answers) {
    const refusal = refusalOf(answer);
    if (refusal) throw refusal;
  }
  return answers;
}
