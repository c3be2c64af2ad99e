import type { Database } from '../../../platform/database.ts';
import type { Refusal } from '../../../platform/errors.ts';
import { CreditBook } from './book.ts';
import type { Issue } from './issues.ts';

/**
 * Draws what is issued together, at one instant, on what partners have bought, may owe and may issue in a
 * month: each activity whole or not at all, in their order. Who issues for the same partner waits until the
 * transaction ends; partners without limits pay nothing for this. In a fixed number of statements. Where
 * one is refused nothing is written: all must be rolled back.
 *
 * @returns for each null, or LIMIT_REACHED with what is left, what is required, and what the limit is
 */
export async function draw(tx: Database, issues: readonly Issue[]): Promise<(Refusal | null)[]> {
  const counted = issues.filter(isCounted);
  if (counted.length === 0) return issues.map(() => null);
  const book = await CreditBook.open(tx, counted);
  const answers = issues.map((issue) => (isCounted(issue) ? book.draw(issue) : null));
  if (answers.every((answer) => answer === null)) await book.save(tx);
  return answers;
}

/** Versions without limits count for those of the same partner that have some. */
function isCounted({ partner, activity }: Issue): boolean {
  return partner.isLimited && !activity.sandbox && activity.points > 0n;
}
