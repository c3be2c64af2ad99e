import { type Database, rows } from '../platform/database.ts';
import type { Page } from '../platform/paging.ts';
import { sharedCurrency } from './balances.ts';
import type { Source } from './commands.ts';

/** Why points moved. */
type LedgerEntryKind =
  | 'ACCRUAL'
  | 'REDEMPTION'
  | 'REVERSAL'
  | 'EXPIRY'
  | 'TRANSFER_IN'
  | 'TRANSFER_OUT'
  | 'CONVERSION'
  | 'ADJUSTMENT'
  | 'DONATION'
  | 'REINSTATEMENT'
  | 'MERGE'
  | 'REPAYMENT'
  | 'WRITE_OFF';

/** One movement of a member's points. */
export interface LedgerEntry {
  memberId: string;
  /** The movement's own id. */
  entryId: string;
  /** What it was posted with: movements of one command have one. */
  transferId: string;
  currency: string;
  /** Counts the account's movements from 1. */
  version: bigint;
  kind: LedgerEntryKind;
  /** Signed: what the balance changed by. */
  points: bigint;
  /** The balance after it. */
  balance: bigint;
  /** Signed: what the debt changed by. */
  debt: bigint;
  effectiveAt: Date;
  postedAt: Date;
  /** The partner that issued the points, or that they were redeemed with. */
  partnerId: string | null;
  /** The movement that it takes back, or gives back. */
  reverses: string | null;
  holdId: string | null;
  otherMemberId: string | null;
  sourceKind: Source['kind'] | null;
  sourceId: string | null;
  description: string;
}

/** Names a movement. */
export type EntryKey = Pick<LedgerEntry, 'memberId' | 'entryId'>;

const entryColumns = `
  t.member_id AS "memberId", t.transfer_id AS "entryId",
  coalesce(t.part_of, t.transfer_id) AS "transferId", t.currency, t.account_version AS version,
  t.kind, t.points, t.balance_after AS balance, t.debt, t.effective_at AS "effectiveAt",
  t.posted_at AS "postedAt", CASE WHEN c.kind LIKE 'PARTNER%' THEN c.owner END AS "partnerId",
  t.reverses, t.hold_id AS "holdId", t.other_member_id AS "otherMemberId",
  t.source_kind AS "sourceKind", t.source_id AS "sourceId", t.description`;

/** Which entries of a statement. */
export interface StatementFilter {
  /** The shared one where left out. */
  currency?: string;
  /** Only these; all where null. */
  kinds?: readonly LedgerEntryKind[] | null;
  /** Posted on these days, both included, by the currency's time zone: "2026-11-21". */
  period?: { from: string; to: string } | null;
}

/**
 * The members' movements in one currency, of each the last posted first, whenever they happened. One
 * statement, however many members.
 *
 * @param page its key is the entry's version
 * @returns of each member at most one row more than the page has
 */
export function statementsOf(
  db: Database,
  memberIds: readonly string[],
  page: Page,
  { currency = sharedCurrency, kinds = null, period = null }: StatementFilter,
): Promise<LedgerEntry[]> {
  return rows(
    db,
    `SELECT ${entryColumns}
     FROM ledger.statement($1, $2, $3, $4, $5, $6, $7) t
     LEFT JOIN ledger.counter_account c ON c.id = t.counter_account
     ORDER BY t.account_version DESC`,
    [
      memberIds,
      currency,
      kinds,
      period?.from ?? null,
      period?.to ?? null,
      page.after?.[0] ?? null,
      page.first + 1,
    ],
  );
}

/** How far an account's movements go: its version. */
export interface AccountMark {
  memberId: string;
  currency: string;
  version: bigint;
}

/**
 * Which accounts of these members have moved on from these marks, and where they are now: an account
 * without a mark has from nothing. Movements of one account are posted one after another, so that no
 * version is seen before all below it are there.
 */
export function movedAccounts(
  db: Database,
  memberIds: readonly string[],
  marks: readonly AccountMark[],
): Promise<AccountMark[]> {
  return rows(
    db,
    `SELECT a.member_id AS "memberId", a.currency, a.version
     FROM ledger.account a
     LEFT JOIN unnest($2::uuid[], $3::text[], $4::bigint[]) AS m (member_id, currency, version)
       ON m.member_id = a.member_id AND m.currency = a.currency
     WHERE a.member_id = ANY ($1) AND a.version > coalesce(m.version, 0)`,
    [
      memberIds,
      marks.map(({ memberId }) => memberId),
      marks.map(({ currency }) => currency),
      marks.map(({ version }) => version),
    ],
  );
}

/** The movements of accounts from behind a version up to another, in the order of posting. */
export function entriesBetween(
  db: Database,
  accounts: readonly (AccountMark & { after: bigint })[],
): Promise<LedgerEntry[]> {
  return rows(
    db,
    `SELECT ${entryColumns}
     FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[])
       AS wanted (member_id, currency, after, version)
     CROSS JOIN LATERAL ledger.statement(ARRAY[wanted.member_id], wanted.currency, NULL, NULL, NULL,
       wanted.version + 1, (wanted.version - wanted.after)::integer) AS t
     LEFT JOIN ledger.counter_account c ON c.id = t.counter_account
     ORDER BY t.posted_at, t.account_version`,
    [
      accounts.map(({ memberId }) => memberId),
      accounts.map(({ currency }) => currency),
      accounts.map(({ after }) => after),
      accounts.map(({ version }) => version),
    ],
  );
}

/** The movements of these ids, in their order; null for one that is not there. */
export async function entriesById(
  db: Database,
  keys: readonly EntryKey[],
): Promise<(LedgerEntry | null)[]> {
  const found = await entriesWhere(db, 'transfer_id', keys);
  const byId = new Map(found.map((entry) => [`${entry.memberId} ${entry.entryId}`, entry]));
  return keys.map(({ memberId, entryId }) => byId.get(`${memberId} ${entryId}`) ?? null);
}

/**
 * Of these movements, in their order, what took them back or gave them back last, in full or in part;
 * null where nothing did.
 */
export async function reversalsOf(
  db: Database,
  keys: readonly EntryKey[],
): Promise<(LedgerEntry | null)[]> {
  const found = await entriesWhere(db, 'reverses', keys);
  const byReversed = new Map(found.map((entry) => [`${entry.memberId} ${entry.reverses}`, entry]));
  return keys.map(({ memberId, entryId }) => byReversed.get(`${memberId} ${entryId}`) ?? null);
}

/** The movements in which a column names one of these, in the order of posting. */
function entriesWhere(
  db: Database,
  column: 'transfer_id' | 'reverses',
  keys: readonly EntryKey[],
): Promise<LedgerEntry[]> {
  return rows(
    db,
    `SELECT ${entryColumns}
     FROM unnest($1::uuid[], $2::uuid[]) AS wanted (member_id, id)
     JOIN ledger.movement t ON t.member_id = wanted.member_id AND t.${column} = wanted.id
     LEFT JOIN ledger.counter_account c ON c.id = t.counter_account
     ORDER BY t.account_version`,
    [keys.map(({ memberId }) => memberId), keys.map(({ entryId }) => entryId)],
  );
}
