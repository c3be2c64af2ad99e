import { type Database, rows } from '../platform/database.ts';
import { type Answer, type Movement, movementFields, post } from './commands.ts';
import { type Posting, readPosting } from './postings.ts';
import { lessThanBlock } from './rates.ts';
import { refusalOf } from './refusals.ts';

export interface BeginConversion extends Movement {
  /** 1 to 10^12, of which whole blocks are converted. */
  points: bigint;
  /** The currency that they become; `currency` is what they are. */
  to: string;
  /** A rate that was quoted; the one of the instant where left out. */
  rateId?: string;
  /**
   * When the points come back unless the other program has confirmed. Null converts at once, where
   * nobody else has to be asked.
   */
  timesOutAt: Date | null;
}

/** A conversion that was begun. Its id is the key. */
interface BegunConversion extends Posting {
  moved: bigint;
  remaining: bigint;
  credited: bigint;
  bonus: bigint;
}

/**
 * Takes points from a member, soonest expiry first, to convert them into another currency. They arrive
 * with `confirmConversion`; `reverseConversion` gives them back, as does the time that it may take.
 *
 * @throws Refusal as `quoteConversion`; INSUFFICIENT_POINTS with what is available and required;
 *   IDEMPOTENCY_MISMATCH
 */
export async function beginConversion(
  tx: Database,
  request: BeginConversion,
): Promise<BegunConversion> {
  const fields = {
    ...movementFields('BEGIN_CONVERSION', request),
    points: String(request.points),
    to_currency: request.to,
    rate_id: request.rateId,
    expires_at: request.timesOutAt ?? undefined,
  };
  const [answer] = await post(tx, request.at, [fields]);
  const { outcome, points, details } = answer!;
  if (outcome === 'LESS_THAN_BLOCK') throw lessThanBlock(figure(details, 'required'));
  return {
    ...readPosting(answer!, points ?? undefined),
    moved: points!,
    remaining: request.points - points!,
    credited: figure(details, 'credited'),
    bonus: figure(details, 'bonus'),
  };
}

export interface EndConversion extends Movement {
  conversionId: string;
}

/**
 * Ends a conversion that the other program has taken. Where the ledger counts the currency that it is
 * into, the points are the member's from now on, until that currency's policy ends them. `currency` is
 * the one that they were.
 *
 * @returns what arrived; movement and balance of it, null where the ledger does not count it
 * @throws Refusal NOT_FOUND; CONFLICT it has been confirmed or reversed; LIMIT_REACHED;
 *   IDEMPOTENCY_MISMATCH
 */
export async function confirmConversion(
  tx: Database,
  request: EndConversion,
): Promise<{
  credited: bigint;
  transferId: string | null;
  balance: bigint | null;
  repeated: boolean;
}> {
  const answer = await end(tx, 'CONFIRM_CONVERSION', request);
  const { points, transferId, balance, outcome } = answer;
  return { credited: points!, transferId, balance, repeated: outcome === 'REPEATED' };
}

/**
 * Gives back what the other program has not taken, to the lots that it came from. What of them has
 * expired goes by the currency's policy; a debt is paid from the rest.
 *
 * @throws Refusal NOT_FOUND; ALREADY_REVERSED; CONFLICT it has been confirmed; LIMIT_REACHED;
 *   IDEMPOTENCY_MISMATCH
 */
export async function reverseConversion(
  tx: Database,
  request: EndConversion,
): Promise<Posting & { points: bigint }> {
  const answer = await end(tx, 'REVERSE_CONVERSION', request);
  return { ...readPosting(answer), points: answer.points! };
}

async function end(tx: Database, kind: string, request: EndConversion): Promise<Answer> {
  const fields = { ...movementFields(kind, request), target_id: request.conversionId };
  const [answer] = await post(tx, request.at, [fields]);
  const refusal = refusalOf(answer!);
  if (refusal) throw refusal;
  return answer!;
}

/**
 * How many points of a currency a member has converted into another since an instant; what came back, or is
 * due to by now, does not count.
 */
export async function convertedSince(
  db: Database,
  { memberId, from, to }: { memberId: string; from: string; to: string },
  { since, at }: { since: Date; at: Date },
): Promise<bigint> {
  const [row] = await rows<{ moved: bigint }>(
    db,
    `SELECT coalesce(sum(moved), 0)::bigint AS moved FROM ledger.conversion
     WHERE member_id = $1 AND from_currency = $2 AND to_currency = $3 AND begun_at >= $4
       AND (status = 'POSTED' OR status = 'PENDING' AND times_out_at > $5)`,
    [memberId, from, to, since, at],
  );
  return row!.moved;
}

interface Conversion {
  memberId: string;
  conversionId: string;
  from: string;
  to: string;
  programId: string;
  rateId: string;
  moved: bigint;
  credited: bigint;
  status: 'PENDING' | 'POSTED' | 'REVERSED';
  begunAt: Date;
  timesOutAt: Date;
  /** When it was confirmed or reversed; null until then. */
  endedAt: Date | null;
}

/** The conversions of these ids at an instant, in their order; null for one that is not there. */
export async function conversionsOf(
  db: Database,
  ids: readonly { memberId: string; conversionId: string }[],
  at: Date,
): Promise<(Conversion | null)[]> {
  const found = await rows<Conversion>(
    db,
    // Out of time counts as reversed, whether or not anybody has looked at it yet.
    `SELECT member_id AS "memberId", conversion_id AS "conversionId", from_currency AS "from",
            to_currency AS "to", program AS "programId", rate_id AS "rateId", moved, credited,
            CASE WHEN late THEN 'REVERSED' ELSE status END AS status, begun_at AS "begunAt",
            times_out_at AS "timesOutAt",
            CASE WHEN late THEN times_out_at ELSE ended_at END AS "endedAt"
     FROM ledger.conversion, LATERAL (SELECT status = 'PENDING' AND times_out_at <= $3 AS late) l
     WHERE (member_id, conversion_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`,
    [ids.map(({ memberId }) => memberId), ids.map(({ conversionId }) => conversionId), at],
  );
  const byId = new Map(found.map((row) => [`${row.memberId} ${row.conversionId}`, row]));
  return ids.map(({ memberId, conversionId }) => byId.get(`${memberId} ${conversionId}`) ?? null);
}

/** A figure of an answer's details, which are JSON. */
function figure(details: Answer['details'], name: string): bigint {
  return BigInt(details![name] as number);
}
