import { randomUUID } from 'node:crypto';
import type { Database } from '../platform/database.ts';
import {
  type Command,
  type CommandFields,
  type Movement,
  commandFields,
  movementFields,
  post,
} from './commands.ts';
import { type Posting, type TransferPoints, readPosting, transferFields } from './postings.ts';
import { refusalOf } from './refusals.ts';

export interface HoldPoints extends Command {
  /** 1 to 10^12. */
  points: bigint;
  /** The partner that they are kept for; null for the coalition, which gives them free again alone. */
  partnerId: string | null;
  description: string;
  /** When the hold ends by itself. */
  expiresAt: Date;
}

export interface CaptureHold extends Movement {
  holdId: string;
  /** At most what the hold keeps; all of it where left out. The rest is released. */
  points?: bigint;
}

export interface ReleaseHold extends Command {
  holdId: string;
}

/** What became of a hold, now or when the key was used first. */
export interface HoldAnswer {
  /** What it keeps, or gave free. */
  points: bigint;
  /** The account's balance: a hold does not change it. */
  balance: bigint;
  repeated: boolean;
}

/**
 * Sets points aside for a partner, those that expire soonest. The key is the hold's id. Lots that a hold
 * keeps stay usable for it though they expire.
 *
 * @throws Refusal INSUFFICIENT_POINTS with what is available and required; NOT_ALLOWED points of the
 *   currency cannot be spent; EXPIRED the hold would have ended already; IDEMPOTENCY_MISMATCH
 */
export function holdPoints(tx: Database, request: HoldPoints): Promise<HoldAnswer> {
  const fields = {
    ...commandFields('HOLD', request),
    points: String(request.points),
    partner_id: request.partnerId ?? undefined,
    expires_at: request.expiresAt,
    description: request.description,
  };
  return answerOf(tx, request.at, fields, request.points);
}

/**
 * Redeems what a hold keeps, in full or in part. The same key again gives the first answer, though the
 * hold may have expired since.
 *
 * @returns the redemption, and its points
 * @throws Refusal NOT_FOUND; EXPIRED; CONFLICT it was captured or released; INVALID more points than
 *   it keeps; IDEMPOTENCY_MISMATCH
 */
export async function captureHold(
  tx: Database,
  request: CaptureHold,
): Promise<Posting & { points: bigint }> {
  const { at, holdId, points } = request;
  const fields = {
    ...movementFields('CAPTURE', request),
    target_id: holdId,
    points: points?.toString(),
  };
  const [answer] = await post(tx, at, [fields]);
  return { ...readPosting(answer!, points), points: answer!.points! };
}

/**
 * Gives a hold up. What of its points has expired meanwhile expires at once, or has the currency's days
 * of grace.
 *
 * @throws Refusal NOT_FOUND; EXPIRED; CONFLICT it was captured or released; IDEMPOTENCY_MISMATCH
 */
export function releaseHold(tx: Database, request: ReleaseHold): Promise<HoldAnswer> {
  const fields = { ...commandFields('RELEASE', request), target_id: request.holdId };
  return answerOf(tx, request.at, fields);
}

export interface TransferHeld extends TransferPoints {
  holdId: string;
}

/**
 * Gives a hold up and moves its points to another member, in one statement: nothing comes between. What
 * of them has expired meanwhile, or pays a debt, is made up for from the member's other points.
 *
 * A refusal must end the caller's transaction: the other half may stand by then.
 *
 * @returns the giver's movement
 * @throws Refusal as `releaseHold` and `transferPoints`
 */
export async function transferHeld(tx: Database, request: TransferHeld): Promise<Posting> {
  const { at, holdId, points } = request;
  const release = {
    ...commandFields('RELEASE', { ...request, key: randomUUID() }),
    target_id: holdId,
  };
  const [released, moved] = await post(tx, at, [release, transferFields(request)]);
  const refusal = refusalOf(released!);
  if (refusal) throw refusal;
  return readPosting(moved!, points);
}

async function answerOf(
  tx: Database,
  at: Date,
  fields: CommandFields,
  required?: bigint,
): Promise<HoldAnswer> {
  const [answer] = await post(tx, at, [fields]);
  const refusal = refusalOf(answer!, required);
  if (refusal) throw refusal;
  const { points, balance, outcome } = answer!;
  return { points: points!, balance: balance!, repeated: outcome === 'REPEATED' };
}
