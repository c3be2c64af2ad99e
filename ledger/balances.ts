import { type Database, rows } from '../platform/database.ts';
import type { Page } from '../platform/paging.ts';

/** The coalition's shared currency: what is meant where no currency is named. */
export const sharedCurrency = 'PTS';

export interface LedgerCurrency {
  code: string;
  name: string;
  kind: 'SPENDABLE' | 'QUALIFYING';
  /** The partner whose own currency it is; null for the shared one. */
  issuer: string | null;
}

/** What the ledger counts, the shared currency first. */
export function currencies(db: Database): Promise<LedgerCurrency[]> {
  return rows(
    db,
    'SELECT code, name, kind, issuer FROM ledger.currency ORDER BY issuer NULLS FIRST, code',
  );
}

export interface LedgerBalance {
  memberId: string;
  currency: string;
  /** Can be spent at the instant: active and unexpired lots, less what is held. */
  available: bigint;
  /** Everything ever earned. */
  lifetimeEarned: bigint;
  /** Available points by the partner that issued them, the largest first. */
  byIssuer: { issuerId: string; points: bigint }[];
}

/**
 * The members' balances in one currency at an instant, in the order of `memberIds`; zero for a
 * member without an account. One statement, however many members.
 */
export async function balancesOf(
  db: Database,
  memberIds: readonly string[],
  at: Date,
  currency = sharedCurrency,
): Promise<LedgerBalance[]> {
  const found = await rows<{
    memberId: string;
    issuerId: string;
    points: bigint;
    earned: bigint;
    held: bigint;
  }>(
    db,
    `SELECT l.member_id AS "memberId", l.issuer AS "issuerId", a.held,
            coalesce(sum(l.remaining) FILTER (
              WHERE l.activates_at <= $3 AND (l.expires_at IS NULL OR l.expires_at > $3)), 0)::bigint AS points,
            sum(l.original)::bigint AS earned
     FROM ledger.account a JOIN ledger.lot l USING (member_id, currency)
     WHERE a.member_id = ANY ($1::uuid[]) AND a.currency = $2
     GROUP BY l.member_id, l.issuer, a.held
     ORDER BY l.member_id, points DESC, l.issuer`,
    [memberIds, currency, at],
  );
  const byMember = new Map<string, typeof found>(memberIds.map((id) => [id, []]));
  for (const row of found) byMember.get(row.memberId)?.push(row);
  return memberIds.map((memberId) => {
    const issuers = byMember.get(memberId) ?? [];
    const active = issuers.reduce((sum, { points }) => sum + points, 0n);
    return {
      memberId,
      currency,
      available: active - (issuers[0]?.held ?? 0n),
      lifetimeEarned: issuers.reduce((sum, { earned }) => sum + earned, 0n),
      byIssuer: issuers
        .filter(({ points }) => points > 0n)
        .map(({ issuerId, points }) => ({ issuerId, points })),
    };
  });
}

/** One movement of a member's points. */
export interface LedgerEntry {
  memberId: string;
  transferId: string;
  currency: string;
  /** Counts the account's movements from 1. */
  version: bigint;
  kind: 'ACCRUAL' | 'REDEMPTION';
  /** Signed: what the balance changed by. */
  points: bigint;
  /** The balance after it. */
  balance: bigint;
  effectiveAt: Date;
  postedAt: Date;
  /** The partner that issued the points, or that they were redeemed with. */
  partnerId: string | null;
  sourceKind: 'activity' | 'redemption';
  sourceId: string;
  description: string;
}

const entryColumns = `
  t.member_id AS "memberId", t.transfer_id AS "transferId", t.currency,
  t.account_version AS version, t.kind, t.points, t.balance_after AS balance,
  t.effective_at AS "effectiveAt", t.posted_at AS "postedAt", c.owner AS "partnerId",
  t.source_kind AS "sourceKind", t.source_id AS "sourceId", t.description
  FROM ledger.transfer t JOIN ledger.counter_account c ON c.id = t.counter_account`;

/**
 * A member's movements in one currency, the last posted first.
 *
 * @param kinds only these; all where null
 * @param page its key is the entry's version
 * @returns at most one row more than the page has
 */
export function statementOf(
  db: Database,
  memberId: string,
  page: Page,
  {
    currency = sharedCurrency,
    kinds = null,
  }: { currency?: string; kinds?: readonly string[] | null },
): Promise<LedgerEntry[]> {
  return rows(
    db,
    `SELECT ${entryColumns}
     WHERE t.member_id = $1 AND t.currency = $2
       AND ($3::text[] IS NULL OR t.kind = ANY ($3))
       AND ($4::bigint IS NULL OR t.account_version < $4)
     ORDER BY t.account_version DESC
     LIMIT $5`,
    [memberId, currency, kinds, page.after?.[0] ?? null, page.first + 1],
  );
}

/** The movements of these ids, in their order; null for one that is not there. */
export async function entriesById(
  db: Database,
  ids: readonly { memberId: string; transferId: string }[],
): Promise<(LedgerEntry | null)[]> {
  const found = await rows<LedgerEntry>(
    db,
    `SELECT ${entryColumns}
     JOIN unnest($1::uuid[], $2::uuid[]) AS wanted (member_id, transfer_id)
       USING (member_id, transfer_id)`,
    [ids.map(({ memberId }) => memberId), ids.map(({ transferId }) => transferId)],
  );
  const byId = new Map(found.map((entry) => [`${entry.memberId} ${entry.transferId}`, entry]));
  return ids.map(({ memberId, transferId }) => byId.get(`${memberId} ${transferId}`) ?? null);
}
