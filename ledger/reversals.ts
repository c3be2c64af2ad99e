import { Big } from 'big.js';
import { z } from 'zod';
import type { Database } from '../platform/database.ts';
import { Refusal } from '../platform/errors.ts';
import { decimal, parseInput } from '../platform/input.ts';
import { type Answer, type Movement, movementFields, post } from './commands.ts';
import { type Posting, readPosting } from './postings.ts';
import { refusalOf } from './refusals.ts';

/** What the contract says of points that are taken back. */
interface ClawbackTerms {
  /**
   * How far it goes: only what is still pending of the accrual; what can be spent, too; or a debt
   * beyond it.
   */
  clawback: 'ONLY_PENDING' | 'WITHIN_BALANCE' | 'DEBT';
  /** The largest debt, of all together; null for no limit. */
  debtLimit?: bigint | null;
  /** Who bears the rest; of what is shared the issuer bears the odd point. */
  risk: 'ISSUER' | 'OPERATOR' | 'SHARED';
}

export interface ReverseAccrual extends Movement, ClawbackTerms {
  /** The key of the accrual. */
  accrualId: string;
  /**
   * How much: what of the purchase has been returned up to now, earlier returns included, and what it
   * was, exact decimals; or points. All that is left where both are left out.
   */
  returned?: { amount: string; of: string };
  points?: bigint;
  /** Who has the account's points by now, where its membership was merged into theirs. */
  mergedInto?: string;
}

export interface Reversed {
  /** Null where so small a return takes back no point. */
  transferId: string | null;
  balance: bigint;
  /** What the issuer has back. */
  points: bigint;
  /** Where it came from: `taken` of the member's lots (of that, `reinstated` from breakage), and so on. */
  from: { taken: number; reinstated: number; debt: number; writtenOff: number } | null;
  repeated: boolean;
}

/**
 * Takes an accrual back, in full or in part: from its own lot, then from others, those that expire last
 * first, then as a debt; the rest is borne by whom the contract names. The issuer has all of it back. Where the
 * membership was merged, lots that are with the other one by now count as its own.
 *
 * @throws Refusal NOT_FOUND; ALREADY_REVERSED nothing is left of it; INVALID more than is left, with
 *   what is, or amounts that a return cannot have; IDEMPOTENCY_MISMATCH
 */
export async function reverseAccrual(tx: Database, request: ReverseAccrual): Promise<Reversed> {
  const [answer] = await post(tx, request.at, [reversalFields(request)]);
  return readReversed(answer!, request);
}

/**
 * Takes many accruals back at one instant, each as if it were alone and in their order: 500 at most.
 *
 * @throws Refusal as `reverseAccrual`, for any of them: then nothing of it may stand
 */
export async function reverseAll(
  tx: Database,
  requests: readonly ReverseAccrual[],
): Promise<Reversed[]> {
  const [first] = requests;
  if (!first) return [];
  const answers = await post(tx, first.at, requests.map(reversalFields));
  return answers.map((answer, index) => readReversed(answer, requests[index]!));
}

/** A reversal as the ledger's function reads it. */
function reversalFields(request: ReverseAccrual) {
  const { accrualId, points, clawback, debtLimit, risk, mergedInto } = request;
  const returned = request.returned && readReturned(request.returned);
  return {
    ...movementFields('REVERSE', request),
    target_id: accrualId,
    other_member_id: mergedInto,
    returned: returned?.amount,
    total: returned?.of,
    points: points?.toString(),
    clawback,
    debt_limit: debtLimit?.toString(),
    risk,
  };
}

/** @throws Refusal where the ledger refused it */
function readReversed(answer: Answer, { points }: ReverseAccrual): Reversed {
  const refusal = refusalOf(answer, points);
  if (refusal) throw refusal;
  return {
    transferId: answer.transferId,
    balance: answer.balance!,
    points: answer.points!,
    from: answer.details as Reversed['from'],
    repeated: answer.outcome === 'REPEATED',
  };
}

const returnedInput = z.object({
  amount: decimal,
  of: decimal.refine((whole) => /[1-9]/.test(whole), 'must be more than 0'),
});

/** @throws Refusal INVALID with the path to the amount that is at fault */
function readReturned(input: NonNullable<ReverseAccrual['returned']>): typeof input {
  const returned = parseInput(returnedInput, input, ['returned']);
  if (new Big(returned.amount).gt(returned.of)) {
    throw new Refusal('INVALID', 'No more can be returned than was bought.', [
      'returned',
      'amount',
    ]);
  }
  return returned;
}

export interface CancelRedemption extends Movement {
  /** The redemption's or donation's transfer. */
  transferId: string;
  /** All that is left where left out. */
  points?: bigint;
}

/**
 * Gives points of a redemption or a donation back to the lots that they came from, in full or in part.
 * What of them has expired goes by the currency's policy; a debt is paid from the rest.
 *
 * @throws Refusal NOT_FOUND; ALREADY_REVERSED; INVALID more than is left, with what is; LIMIT_REACHED;
 *   IDEMPOTENCY_MISMATCH
 */
export async function cancelRedemption(
  tx: Database,
  request: CancelRedemption,
): Promise<Posting & { points: bigint }> {
  const { at, points } = request;
  const [answer] = await post(tx, at, [cancelFields(request)]);
  return readCancelled(answer!, points);
}

/**
 * Gives a redemption that several members paid back to each of them, in one statement.
 *
 * @param payers all that is left of whose part comes back; the key is each one's own
 * @throws Refusal as `cancelRedemption`, for any of them
 */
export async function cancelShared(
  tx: Database,
  request: Omit<CancelRedemption, 'memberId' | 'points'>,
  payers: readonly string[],
): Promise<void> {
  const fields = payers.map((memberId) => cancelFields({ ...request, memberId }));
  for (const answer of await post(tx, request.at, fields)) readCancelled(answer);
}

/** A cancellation as the ledger's function reads it. */
function cancelFields(request: CancelRedemption) {
  return {
    ...movementFields('CANCEL', request),
    target_id: request.transferId,
    points: request.points?.toString(),
  };
}

/** @throws Refusal where the ledger refused it */
function readCancelled(answer: Answer, points?: bigint): Posting & { points: bigint } {
  return { ...readPosting(answer, points), points: answer.points! };
}
