import { type Database, rows } from '../platform/database.ts';
import { Refusal, orRefusal } from '../platform/errors.ts';
import { sharedCurrency } from './balances.ts';
import {
  type Answer,
  type Command,
  type CommandFields,
  type Movement,
  type PointsDates,
  commandFields,
  datesFields,
  movementFields,
  post,
} from './commands.ts';
import { refusalOf } from './refusals.ts';

export interface Accrual extends Movement, PointsDates {
  /** 1 to 10^12. */
  points: bigint;
  /** The partner that issues the points, and the price that it pays for each, an exact decimal. */
  issuerId: string;
  issuePrice: string;
}

export interface RedeemPoints extends Movement {
  /** 1 to 10^12. */
  points: bigint;
  /** The partner that the points are redeemed with. */
  partnerId: string;
}

export interface DonatePoints extends Movement {
  /** 1 to 10^12. */
  points: bigint;
  /** A cause that `openCause` was called for. */
  causeId: string;
}

export interface TransferPoints extends Movement {
  /** 1 to 10^12. */
  points: bigint;
  /** Another member. */
  toMemberId: string;
}

export interface AdjustPoints extends Movement, PointsDates {
  /** Given where positive, taken where negative; at most 10^12. */
  points: bigint;
  /** For points given: who is to be their issuer, and at what price; the coalition itself, and 0. */
  issuerId?: string;
  issuePrice?: string;
}

export interface ActivatePoints extends Command {
  /** The key of the accrual. */
  accrualId: string;
  /** Who has the account's points by now, where its membership was merged into theirs. */
  mergedInto?: string;
}

/** A movement that stands in the ledger, new or repeated. */
export interface Posting {
  transferId: string;
  /** The account's balance right after it. */
  balance: bigint;
  repeated: boolean;
}

/**
 * Posts points that a partner issues to a member, in the caller's transaction. A debt of the member is
 * paid from them.
 *
 * @throws Refusal IDEMPOTENCY_MISMATCH the key was used for another movement; LIMIT_REACHED the
 *   balance would be more than 2^53 - 1
 */
export async function accruePoints(tx: Database, accrual: Accrual): Promise<Posting> {
  return theOnly(await accrueAll(tx, [accrual]));
}

/**
 * Posts many accruals of one instant in one statement, each as if it were alone: 500 at most.
 *
 * @returns in their order, each posting or what it is refused for; the others stand then
 */
export function accrueAll(
  tx: Database,
  accruals: readonly Accrual[],
): Promise<(Posting | Refusal)[]> {
  return postEach(tx, accruals, accrualFields);
}

/** An accrual as the ledger's function reads it. */
function accrualFields(accrual: Accrual) {
  return Object.assign(
    movementFields('ACCRUE', accrual),
    {
      points: String(accrual.points),
      partner_id: accrual.issuerId,
      issue_price: accrual.issuePrice,
    },
    datesFields(accrual),
  );
}

/**
 * Takes points from a member, soonest expiry first, in the caller's transaction.
 *
 * @throws Refusal INSUFFICIENT_POINTS with what is available and required; NOT_ALLOWED points of the
 *   currency cannot be spent; IDEMPOTENCY_MISMATCH the key was used for another movement
 */
export async function redeemPoints(tx: Database, request: RedeemPoints): Promise<Posting> {
  return theOnly(await redeemAll(tx, [request]));
}

/** Many redemptions in one statement, each as if it were alone, as `accrueAll`. */
export function redeemAll(
  tx: Database,
  requests: readonly RedeemPoints[],
): Promise<(Posting | Refusal)[]> {
  return postEach(tx, requests, (request) =>
    Object.assign(movementFields('REDEEM', request), {
      points: String(request.points),
      partner_id: request.partnerId,
    }),
  );
}

/**
 * Locks the members' accounts, and answers what each can spend of a currency, by id: for a caller that
 * splits a spending among them and posts it in the same transaction. Nobody else changes it before that
 * ends.
 */
export async function lockAvailable(
  tx: Database,
  memberIds: readonly string[],
  at: Date,
  currency: string = sharedCurrency,
): Promise<Map<string, bigint>> {
  const found = await rows<{ memberId: string; available: bigint }>(
    tx,
    'SELECT member_id AS "memberId", available FROM ledger.lock_available($1, $2, $3)',
    [memberIds, currency, at],
  );
  return new Map(found.map(({ memberId, available }) => [memberId, available]));
}

/** Takes points from a member for a cause; refused as `redeemPoints`. */
export async function donatePoints(tx: Database, request: DonatePoints): Promise<Posting> {
  return theOnly(
    await postEach(tx, [request], () => ({
      ...movementFields('DONATE', request),
      points: String(request.points),
      partner_id: request.causeId,
    })),
  );
}

/**
 * Moves points from a member to another, who gets them with the issuer and the end that they have: a
 * gift, or a share of a household. A debt of the other is paid from them.
 *
 * @returns the giver's movement
 * @throws Refusal as `redeemPoints`; LIMIT_REACHED the other's balance would be more than 2^53 - 1
 */
export async function transferPoints(tx: Database, request: TransferPoints): Promise<Posting> {
  return theOnly(await postEach(tx, [request], transferFields));
}

/** A transfer as the ledger's function reads it. */
export function transferFields(request: TransferPoints): CommandFields {
  return {
    ...movementFields('TRANSFER', request),
    points: String(request.points),
    other_member_id: request.toMemberId,
  };
}

/**
 * Gives points to a member, or takes them, by hand.
 *
 * @throws Refusal INSUFFICIENT_POINTS there are fewer to take, with what is available and required;
 *   LIMIT_REACHED; IDEMPOTENCY_MISMATCH
 */
export async function adjustPoints(tx: Database, request: AdjustPoints): Promise<Posting> {
  return theOnly(
    await postEach(tx, [request], () => ({
      ...movementFields('ADJUST', request),
      points: String(request.points),
      partner_id: request.issuerId,
      issue_price: request.issuePrice ?? '0',
      ...datesFields(request),
    })),
  );
}

/**
 * Lets points be spent that wait for an action, or for a later day. Where the currency's policy decides
 * when they expire, it does so from now on.
 *
 * @returns how many there are
 * @throws Refusal NOT_FOUND the accrual does not exist, or nothing of it is left; CONFLICT they can be
 *   spent already; IDEMPOTENCY_MISMATCH
 */
export async function activatePoints(tx: Database, request: ActivatePoints): Promise<Activated> {
  const [activated] = await activateAll(tx, [request]);
  return activated!;
}

export interface Activated {
  points: bigint;
  repeated: boolean;
}

/**
 * Several of one instant, whose accounts are locked in the one order for all.
 *
 * @throws Refusal as `activatePoints`, for any of them: then nothing of it may stand
 */
export async function activateAll(
  tx: Database,
  requests: readonly ActivatePoints[],
): Promise<Activated[]> {
  const [first] = requests;
  if (!first) return [];
  const fields = requests.map((request) => ({
    ...commandFields('ACTIVATE', request),
    target_id: request.accrualId,
    other_member_id: request.mergedInto,
  }));
  return (await post(tx, first.at, fields)).map((answer) => {
    const refusal = refusalOf(answer);
    if (refusal) throw refusal;
    return { points: answer.points!, repeated: answer.outcome === 'REPEATED' };
  });
}

/** Opens the ledger's accounts of a partner; a partner's points need them. Again: nothing. */
export async function openPartner(tx: Database, partnerId: string): Promise<void> {
  await rows(tx, 'SELECT ledger.open_partner($1)', [partnerId]);
}

/** Opens the ledger's account of a cause. Again: nothing. */
export async function openCause(tx: Database, causeId: string): Promise<void> {
  await rows(tx, 'SELECT ledger.open_cause($1)', [causeId]);
}

async function postEach<Request extends Command & { points: bigint }>(
  tx: Database,
  requests: readonly Request[],
  fieldsOf: (request: Request) => CommandFields,
): Promise<(Posting | Refusal)[]> {
  const [first] = requests;
  if (!first) return [];
  if (requests.some(({ at }) => at.getTime() !== first.at.getTime())) {
    throw new Error('What is posted together is posted at one instant.');
  }
  const answers = await post(tx, first.at, requests.map(fieldsOf));
  return answers.map((answer, index) => {
    const { points } = requests[index]!;
    return orRefusal(() => readPosting(answer, points < 0n ? -points : points));
  });
}

/** @throws Refusal where the ledger refused it */
export function readPosting(answer: Answer, required?: bigint): Posting {
  const refusal = refusalOf(answer, required);
  if (refusal) throw refusal;
  return {
    transferId: answer.transferId!,
    balance: answer.balance!,
    repeated: answer.outcome === 'REPEATED',
  };
}

/** @throws Refusal where it is one */
function theOnly([posting]: (Posting | Refusal)[]): Posting {
  if (posting instanceof Refusal) throw posting;
  return posting!;
}
