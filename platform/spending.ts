/**
 * What the rules against fraud say of points that a member is about to spend, by the functions that the
 * members part publishes: a reward and a till count against the same limits.
 */
import { type Database, rows, transaction } from './database.ts';
import { Refusal } from './errors.ts';

/** Points that a member is about to spend. */
export interface Spending {
  action: 'REDEMPTION' | 'HOLD';
  /** That of the row that it will have. */
  id: string;
  memberId: string;
  partnerId: string;
  points: bigint;
  /** Names the request at its partner: what staff decides of one is good for no other. */
  request: string;
  /** Whether the member has proved just now who they are. */
  steppedUp: boolean;
  at: Date;
}

/** Thrown through the transaction, which is undone; `orHoldBack` then keeps the case. */
class HeldBack extends Error {
  readonly spending: Spending;
  readonly reasons: string[];

  constructor(spending: Spending, reasons: string[]) {
    super('Held back for a person to look at.');
    this.spending = spending;
    this.reasons = reasons;
  }
}

/**
 * Judges what a member is about to spend, and counts it against their limits. Locks the member's row, which
 * comes before rewards and accounts. What is to be looked at by a person ends the transaction: the operation
 * runs in `orHoldBack`.
 *
 * @throws Refusal LIMIT_REACHED with the limit, and from when on there is room; NOT_ALLOWED staff has denied
 *   this very request; STEP_UP_REQUIRED; MEMBER_INACTIVE
 */
export async function judgeSpending(tx: Database, spending: Spending): Promise<void> {
  const { action, id, memberId, points, steppedUp, at } = spending;
  const [judged] = await rows<{
    decision: 'ALLOW' | 'DENY' | 'STEP_UP' | 'HOLD_FOR_REVIEW';
    reasons: string[];
    bound: bigint | null;
    retryAt: Date | null;
  }>(
    tx,
    `SELECT decision, reasons, bound, retry_at AS "retryAt"
     FROM members.judge_spending($1, $2, $3, $4, $5, $6, $7)`,
    [action, id, memberId, nameOf(spending), points, steppedUp, at],
  );
  const { decision, reasons, bound, retryAt } = judged!;
  if (decision === 'ALLOW') return;
  if (decision === 'HOLD_FOR_REVIEW') throw new HeldBack(spending, reasons);
  const subject = reasons[0]!;
  const details = { subject, ...(bound !== null && { limit: String(bound) }) };
  if (decision === 'STEP_UP') {
    throw new Refusal('STEP_UP_REQUIRED', 'Sign in again, with a second factor.', [], details);
  }
  if (subject === 'MEMBER_INACTIVE') {
    throw new Refusal('MEMBER_INACTIVE', 'This account is not active.');
  }
  if (bound === null) {
    throw new Refusal(
      'NOT_ALLOWED',
      'The coalition has looked at this, and denied it.',
      [],
      details,
    );
  }
  throw new Refusal('LIMIT_REACHED', 'This is more than the program allows.', [], {
    ...details,
    ...(retryAt && { retryAt }),
  });
}

/**
 * Runs an operation that spends points; where it is to be looked at first, it is undone, and waits for a
 * decision of staff.
 *
 * @throws Refusal as the operation does; UNDER_REVIEW it is looked at: the same request again once that is
 *   decided; LIMIT_REACHED too much of the member's is being looked at
 */
export async function orHoldBack<Result>(
  db: Database,
  operation: () => Promise<Result>,
): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof HeldBack)) throw error;
    const { spending, reasons } = error;
    const { action, memberId, partnerId, points, at } = spending;
    const [held] = await transaction(db, (tx) =>
      rows<{ isOpen: boolean }>(
        tx,
        'SELECT members.hold_back($1, $2, $3, $4, $5, $6, $7) AS "isOpen"',
        [action, memberId, nameOf(spending), partnerId, points, reasons, at],
      ),
    );
    if (held!.isOpen) {
      throw new Refusal('UNDER_REVIEW', 'Somebody looks at this first: ask again in a while.');
    }
    throw new Refusal('LIMIT_REACHED', 'Too much of this member is being looked at.');
  }
}

function nameOf({ partnerId, request }: Spending): string {
  return `${partnerId} ${request}`;
}
