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

/** A member's account in one currency, the shared one where none is named. */
interface AccountName {
  memberId: string;
  currency?: string;
}

/**
 * What these accounts hold at an instant, in their order; zero where there is none. One statement,
 * however many accounts.
 */
export async function balancesOf(
  db: Database,
  accounts: readonly AccountName[],
  at: Date,
): Promise<LedgerBalance[]> {
  const wanted = accounts.map(({ memberId, currency = sharedCurrency }) => ({
    memberId,
    currency,
  }));
  const found = await rows<{
    memberId: string;
    currency: string;
    issuerId: string;
    points: bigint;
    earned: bigint;
    held: bigint;
  }>(
    db,
    `SELECT l.member_id AS "memberId", l.currency, l.issuer AS "issuerId", a.held,
            coalesce(sum(l.remaining) FILTER (
              WHERE l.activates_at <= $3 AND (l.expires_at IS NULL OR l.expires_at > $3)), 0)::bigint AS points,
            sum(l.original)::bigint AS earned
     FROM ledger.account a JOIN ledger.lot l USING (member_id, currency)
     WHERE (a.member_id, a.currency) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
     GROUP BY l.member_id, l.currency, l.issuer, a.held
     ORDER BY points DESC, l.issuer`,
    [wanted.map(({ memberId }) => memberId), wanted.map(({ currency }) => currency), at],
  );
  const byAccount = new Map<string, typeof found>(wanted.map((each) => [nameOf(each), []]));
  for (const row of found) byAccount.get(nameOf(row))!.push(row);
  return wanted.map(({ memberId, currency }) => {
    const issuers = byAccount.get(nameOf({ memberId, currency }))!;
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

function nameOf({ memberId, currency }: { memberId: string; currency: string }): string {
  return `${memberId} ${currency}`;
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
  FROM ledger.movement t JOIN ledger.counter_account c ON c.id = t.counter_account`;

/**
 * The members' movements in one currency, of each the last posted first. One statement, however many
 * members.
 *
 * @param kinds only these; all where null
 * @param page its key is the entry's version
 * @returns of each member at most one row more than the page has
 */
export function statementsOf(
  db: Database,
  memberIds: readonly string[],
  page: Page,
  {
    currency = sharedCurrency,
    kinds = null,
  }: { currency?: string; kinds?: readonly string[] | null },
): Promise<LedgerEntry[]> {
  return rows(
    db,
    `SELECT listed.*
     FROM unnest($1::uuid[]) AS owner (id) CROSS JOIN LATERAL (
       SELECT ${entryColumns}
       WHERE t.member_id = owner.id AND t.currency = $2
         AND ($3::text[] IS NULL OR t.kind = ANY ($3))
         AND ($4::bigint IS NULL OR t.account_version < $4)
       ORDER BY t.account_version DESC
       LIMIT $5) AS listed
     ORDER BY listed.version DESC`,
    [memberIds, currency, kinds, page.after?.[0] ?? null, page.first + 1],
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
