import { type Database, rows } from '../platform/database.ts';
import { readRows } from '../platform/reads.ts';

/** The coalition's shared currency: what is meant where no currency is named. */
export const sharedCurrency = 'PTS';

/**
 * What stands for the shared currency in the sandbox, so that no sum of points, price or liability holds what
 * test clients move. No input names it: codes are in upper case.
 */
export const testCurrency = 'test';

/** The currency in which members earn and spend with partners, in a half of the world. */
export function sharedCurrencyIn({ sandbox }: { sandbox: boolean }): string {
  return sandbox ? testCurrency : sharedCurrency;
}

export interface LedgerCurrency {
  code: string;
  name: string;
  kind: 'SPENDABLE' | 'QUALIFYING';
  /** The partner whose own currency it is; null for the shared one. */
  issuer: string | null;
}

/** What the ledger counts, the shared currency first; without that of the sandbox. */
export function currencies(db: Database): Promise<LedgerCurrency[]> {
  return readRows(
    db,
    `SELECT code, name, kind, issuer FROM ledger.currency WHERE code <> '${testCurrency}'
     ORDER BY issuer NULLS FIRST, code`,
  );
}

/** A member's account in one currency, the shared one where none is named. */
interface AccountName {
  memberId: string;
  currency?: string;
}

/** As it was when: now where left out, null or yet to come. */
export interface ReadAs {
  /** As it stood then, by when things happened. */
  asOf?: Date | null | undefined;
  /** As the ledger knew it then, by when movements were posted. */
  knownAt?: Date | null | undefined;
}

export interface LedgerBalance {
  memberId: string;
  currency: string;
  /** Whether the member ever had points of the currency. */
  opened: boolean;
  /** Can be spent: active and unexpired lots, less what is held, less the debt. */
  available: bigint;
  /** Cannot be spent yet. */
  pending: bigint;
  held: bigint;
  /** Owed; what can be spent next pays it first. */
  debt: bigint;
  /** Available points by the partner that issued them, the largest first; null is the coalition. */
  byIssuer: { issuerId: string | null; points: bigint }[];
}

/**
 * What these accounts hold, in their order; zero where there is none. What is due has happened, also
 * where nobody has seen to it yet. One statement, however many accounts.
 */
export async function balancesOf(
  db: Database,
  accounts: readonly AccountName[],
  at: Date,
  as: ReadAs = {},
): Promise<LedgerBalance[]> {
  const found = await readRows<AccountRow & { state: PointsState; issuerId: string | null }>(
    db,
    `SELECT member_id AS "memberId", currency, state, issuer AS "issuerId",
            sum(points)::bigint AS points
     FROM ledger.points_of($1, $2, $3, $4, $5)
     GROUP BY member_id, currency, state, issuer
     ORDER BY sum(points) DESC, issuer NULLS FIRST`,
    [...columnsOf(accounts), as.asOf ?? null, as.knownAt ?? null, at],
  );
  return inOrderOf(accounts, found).map(({ memberId, currency, parts }) => {
    const of = (wanted: PointsState) => parts.filter(({ state }) => state === wanted);
    return {
      memberId,
      currency,
      opened: parts.length > 0,
      available: totalOf(of('AVAILABLE')),
      pending: totalOf(of('PENDING')),
      held: totalOf(of('HELD')),
      debt: totalOf(of('DEBT')),
      byIssuer: of('AVAILABLE').map(({ issuerId, points }) => ({ issuerId, points })),
    };
  });
}

type PointsState = 'AVAILABLE' | 'PENDING' | 'HELD' | 'DEBT';

interface ExpiringPoints {
  points: bigint;
  /** The last day on which they can be spent, by the currency's time zone: "2026-11-21". */
  on: string;
}

/**
 * Which of the available points expire first, by account in their order, the soonest first: those whose
 * last day is at most so many days from the day that is read. Where points end for want of activity,
 * they do so if nothing more happens.
 */
export async function expiringOf(
  db: Database,
  accounts: readonly AccountName[],
  days: number,
  at: Date,
  as: ReadAs = {},
): Promise<ExpiringPoints[][]> {
  const found = await readRows<AccountRow & ExpiringPoints>(
    db,
    // The instant before the end is of the last day, whatever the clock does at midnight.
    `SELECT p.member_id AS "memberId", p.currency, d.last_day::text AS "on",
            sum(p.points)::bigint AS points
     FROM ledger.points_of($1, $2, $3, $4, $5) p
     JOIN ledger.currency c ON c.code = p.currency,
     LATERAL (SELECT
       ((p.ends_at - interval '1 microsecond') AT TIME ZONE c.time_zone)::date AS last_day,
       (least($3, $4, $5) AT TIME ZONE c.time_zone)::date AS today) d
     WHERE p.state = 'AVAILABLE' AND d.last_day <= d.today + $6::integer
     GROUP BY p.member_id, p.currency, d.last_day
     ORDER BY d.last_day`,
    [...columnsOf(accounts), as.asOf ?? null, as.knownAt ?? null, at, days],
  );
  return inOrderOf(accounts, found).map(({ parts }) =>
    parts.map(({ points, on }) => ({ points, on })),
  );
}

/**
 * Everything that partners ever issued to these accounts, less what was taken back of it: what was spent,
 * given or has expired since counts, points from other members do not. In their order.
 */
export async function lifetimeEarnedOf(
  db: Database,
  accounts: readonly AccountName[],
  at: Date,
  as: ReadAs = {},
): Promise<bigint[]> {
  const found = await readRows<AccountRow>(
    db,
    `SELECT member_id AS "memberId", currency, points FROM ledger.earned_of($1, $2, $3, $4, $5)`,
    [...columnsOf(accounts), as.asOf ?? null, as.knownAt ?? null, at],
  );
  return inOrderOf(accounts, found).map(({ parts }) => totalOf(parts));
}

interface AccountRow {
  memberId: string;
  currency: string;
  points: bigint;
}

/**
 * When a member's account last saw what counts as activity by its currency's policy; null where it never
 * did.
 */
export async function lastActivityOf(
  db: Database,
  { memberId, currency = sharedCurrency }: AccountName,
): Promise<Date | null> {
  const [account] = await rows<{ at: Date }>(
    db,
    `SELECT active_at AS at FROM ledger.account
     WHERE member_id = $1 AND currency = $2 AND active_at > '-infinity'`,
    [memberId, currency],
  );
  return account?.at ?? null;
}

/** Their names as two columns. */
function columnsOf(accounts: readonly AccountName[]): [string[], string[]] {
  return [
    accounts.map(({ memberId }) => memberId),
    accounts.map(({ currency = sharedCurrency }) => currency),
  ];
}

/** The rows that were read of each of these accounts, as they came. */
function inOrderOf<Row extends AccountRow>(accounts: readonly AccountName[], read: Row[]) {
  const nameOf = (account: Required<AccountName>) => `${account.memberId} ${account.currency}`;
  const byName = new Map<string, Row[]>();
  for (const row of read) {
    const name = nameOf(row);
    byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  return accounts.map(({ memberId, currency = sharedCurrency }) => ({
    memberId,
    currency,
    parts: byName.get(nameOf({ memberId, currency })) ?? [],
  }));
}

function totalOf(parts: { points: bigint }[]): bigint {
  return parts.reduce((sum, { points }) => sum + points, 0n);
}
