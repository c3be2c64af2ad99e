import { type Database, rows } from '../platform/database.ts';
import { Refusal, orRefusal } from '../platform/errors.ts';
import { sharedCurrency } from './balances.ts';

/** What a movement is about: the row of another part that a statement leads to. */
interface Source {
  kind: 'activity' | 'redemption';
  id: string;
}

interface Movement {
  memberId: string;
  /** The id of the command's row: the same key again posts nothing. */
  key: string;
  /** 1 to 10^12. */
  points: bigint;
  /** The shared currency where left out. */
  currency?: string;
  source: Source;
  /** Why, in words for the member. */
  description: string;
  /** When the thing happened. */
  effectiveAt: Date;
  /** The instant of posting, from the operation's clock. */
  at: Date;
}

export interface Accrual extends Movement {
  /** The partner that issues the points, and the price that it pays for each, an exact decimal. */
  issuerId: string;
  issuePrice: string;
  /** When the points can be spent; at once where left out. */
  activatesAt?: Date;
  /** When they can be spent no more; never where left out. */
  expiresAt?: Date;
}

export interface RedeemPoints extends Movement {
  /** The partner that the points are redeemed with. */
  partnerId: string;
}

/** A movement that stands in the ledger, new or repeated. */
export interface Posting {
  transferId: string;
  /** The account's balance right after it. */
  balance: bigint;
  repeated: boolean;
}

/**
 * Posts points that a partner issues to a member, in the caller's transaction.
 *
 * @throws Refusal IDEMPOTENCY_MISMATCH the key was used for another movement; LIMIT_REACHED the
 *   balance would be more than 2^53 - 1
 */
export async function accruePoints(tx: Database, accrual: Accrual): Promise<Posting> {
  const [posted] = await accrueAll(tx, [accrual]);
  if (posted instanceof Refusal) throw posted;
  return posted!;
}

/**
 * Posts many accruals in one statement, each as if it were alone.
 *
 * @returns in their order, each posting or what it is refused for; the others stand then
 */
export async function accrueAll(tx: Database, accruals: Accrual[]): Promise<(Posting | Refusal)[]> {
  const asked = accruals.map((accrual) => ({
    member_id: accrual.memberId,
    key: accrual.key,
    currency: accrual.currency ?? sharedCurrency,
    points: String(accrual.points),
    issuer: accrual.issuerId,
    issue_price: accrual.issuePrice,
    effective_at: accrual.effectiveAt,
    at: accrual.at,
    activates_at: accrual.activatesAt ?? accrual.at,
    expires_at: accrual.expiresAt ?? null,
    source_kind: accrual.source.kind,
    source_id: accrual.source.id,
    description: accrual.description,
  }));
  const answers = await rows<PostingRow>(
    tx,
    `SELECT outcome, transfer_id AS "transferId", balance
     FROM ledger.accrue_all($1) ORDER BY item`,
    [JSON.stringify(asked)],
  );
  return answers.map((answer, index) =>
    orRefusal(() => readPosting(answer, accruals[index]!.points)),
  );
}

/**
 * Takes points from a member, soonest expiry first, in the caller's transaction.
 *
 * @throws Refusal INSUFFICIENT_POINTS with what is available and required;
 *   IDEMPOTENCY_MISMATCH the key was used for another movement
 */
export async function redeemPoints(tx: Database, request: RedeemPoints): Promise<Posting> {
  const answers = await rows<PostingRow>(
    tx,
    `SELECT outcome, transfer_id AS "transferId", balance, available
     FROM ledger.redeem($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      request.memberId,
      request.key,
      request.currency ?? sharedCurrency,
      request.points,
      request.partnerId,
      request.effectiveAt,
      request.at,
      request.source.kind,
      request.source.id,
      request.description,
    ],
  );
  return readPosting(answers[0]!, request.points);
}

/** Opens the ledger's accounts of a partner; a partner's points need them. Again: nothing. */
export async function openPartner(tx: Database, partnerId: string): Promise<void> {
  await rows(tx, 'SELECT ledger.open_partner($1)', [partnerId]);
}

interface PostingRow {
  outcome: 'POSTED' | 'REPEATED' | 'IDEMPOTENCY_MISMATCH' | 'LIMIT_REACHED' | 'INSUFFICIENT_POINTS';
  transferId: string;
  balance: bigint;
  /** Where it was too little. */
  available?: bigint;
}

function readPosting(row: PostingRow, required: bigint): Posting {
  if (row.outcome === 'INSUFFICIENT_POINTS') {
    throw new Refusal('INSUFFICIENT_POINTS', 'The balance is too low.', [], {
      available: row.available!,
      required,
    });
  }
  if (row.outcome === 'IDEMPOTENCY_MISMATCH') {
    throw new Refusal('IDEMPOTENCY_MISMATCH', 'This key was used for another movement of points.');
  }
  if (row.outcome === 'LIMIT_REACHED') {
    throw new Refusal('LIMIT_REACHED', 'The balance would be more than a balance can be.', [], {
      limit: String(Number.MAX_SAFE_INTEGER),
    });
  }
  const { transferId, balance } = row;
  return { transferId, balance, repeated: row.outcome === 'REPEATED' };
}
