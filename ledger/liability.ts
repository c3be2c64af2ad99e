import assert from 'node:assert';
import { type Database, rows } from '../platform/database.ts';
import { sharedCurrency } from './balances.ts';

export interface Outstanding {
  /** What members have: available, held and pending. Debt is not taken off: others owe it. */
  outstanding: bigint;
  /** Of these, what cannot be spent yet. */
  pending: bigint;
  /** By the partner that issued them, null for the coalition itself; the most points first. */
  byIssuer: IssuerOutstanding[];
}

interface IssuerOutstanding {
  issuerId: string | null;
  outstanding: bigint;
  /** At the price of issue: an exact decimal, in the currency of the issuer's contract. */
  value: string;
}

/** Which points, and when. */
interface Question {
  /** The shared currency where left out. */
  currency?: string;
  /** What had happened by then. A movement happens at the latest when it is posted. */
  at: Date;
  /** Of that, what the ledger had posted by then; where left out, all that it has now. */
  knownAt?: Date;
}

/**
 * The points that members have at an instant, as the ledger knows it, or knew it, by their lots.
 * What has come to its end counts no more, whether the sweep has been there or not.
 *
 * It goes back from the lots of today, and reads them all: an auditor's question. Reports ask
 * `liabilityAt`.
 */
export async function outstandingAt(
  db: Database,
  { currency = sharedCurrency, at, knownAt }: Question,
): Promise<Outstanding> {
  const found = await rows<IssuerOutstanding & { pending: bigint }>(
    db,
    `SELECT issuer AS "issuerId", outstanding, pending, trim_scale(value)::text AS value
     FROM ledger.outstanding($1, $2, $3) ORDER BY outstanding DESC, issuer`,
    [currency, at, knownAt ?? 'infinity'],
  );
  const sum = (of: (row: (typeof found)[number]) => bigint) =>
    found.reduce((added, row) => added + of(row), 0n);
  return {
    outstanding: sum((row) => row.outstanding),
    pending: sum((row) => row.pending),
    byIssuer: found.map(({ issuerId, outstanding, value }) => ({ issuerId, outstanding, value })),
  };
}

export type Liability = Omit<Outstanding, 'pending'>;

/** What members have at an instant, as `outstandingAt` tells it, from the sums by day. */
export async function liabilityAt(
  db: Database,
  { currency = sharedCurrency, at }: { currency?: string; at: Date },
): Promise<Liability> {
  const byIssuer = await rows<IssuerOutstanding>(
    db,
    `SELECT issuer AS "issuerId", outstanding, trim_scale(value)::text AS value
     FROM ledger.outstanding_summed($1, $2) ORDER BY outstanding DESC, issuer`,
    [currency, at],
  );
  const outstanding = byIssuer.reduce((added, row) => added + row.outstanding, 0n);
  return { outstanding, byIssuer };
}

/** Of these, what cannot be spent yet. The longer ago, the longer it takes. */
export async function pendingAt(
  db: Database,
  { currency = sharedCurrency, at }: { currency?: string; at: Date },
): Promise<bigint> {
  const [row] = await rows<{ points: bigint }>(db, 'SELECT ledger.pending_at($1, $2) AS points', [
    currency,
    at,
  ]);
  return row!.points;
}

/**
 * What moved the points that members have, from the opening of a period to its closing:
 * closing = opening + issued - redeemed - expired + exchanged + adjusted.
 */
export interface PointsMovement {
  opening: bigint;
  /** By partners, less what was taken back. */
  issued: bigint;
  /** With partners and for causes, less what was cancelled. */
  redeemed: bigint;
  /** Less what was reinstated. */
  expired: bigint;
  /** Came from other currencies less what went there. */
  exchanged: bigint;
  /** By the coalition, with what it or a partner wrote off, and by `debt`. */
  adjusted: bigint;
  closing: bigint;
  /**
   * What members' debts grew by, as part of `adjusted`: points that were taken back from members who
   * had none left, so that `issued` has lost them and the balances have not, less what was repaid.
   */
  debt: bigint;
}

/** The line that a movement belongs to is its counter account's, so that a reversal meets its award. */
const lines: Record<string, [line: keyof PointsMovement, sign: 1n | -1n]> = {
  PARTNER_ISSUANCE: ['issued', -1n],
  PARTNER_REDEMPTION: ['redeemed', 1n],
  CAUSE: ['redeemed', 1n],
  OPERATOR_BREAKAGE: ['expired', 1n],
  EXCHANGE: ['exchanged', -1n],
  OPERATOR_ADJUSTMENT: ['adjusted', -1n],
  OPERATOR_WRITE_OFF: ['adjusted', -1n],
  PARTNER_WRITE_OFF: ['adjusted', -1n],
  // What one member gives, another gets: together nothing.
  MEMBERS: ['adjusted', -1n],
};

const nothing: PointsMovement = {
  opening: 0n,
  issued: 0n,
  redeemed: 0n,
  expired: 0n,
  exchanged: 0n,
  adjusted: 0n,
  closing: 0n,
  debt: 0n,
};

/** The counter accounts' movements: those that were added up by day, and those since. */
const moved = `
  moved AS (
    SELECT counter_account, day, points FROM ledger.counter_rollup WHERE currency = $1
    UNION ALL
    SELECT t.counter_account, (t.posted_at AT TIME ZONE c.time_zone)::date, t.debt - t.points
    FROM ledger.transfer t JOIN ledger.currency c ON c.code = t.currency
    WHERE t.currency = $1 AND t.counter_account IS NOT NULL
      AND t.xact >= (SELECT xact FROM ledger.watermark WHERE name = 'rollup')
  )`;

/**
 * How the points that members have moved in a period, by the days on which the ledger posted it, in
 * the currency's time zone. Both days count. A period that is over does not change any more.
 */
export async function movementOf(
  db: Database,
  { currency = sharedCurrency, from, to }: { currency?: string; from: string; to: string },
): Promise<PointsMovement> {
  const found = await rows<{ kind: string | null; before: bigint; within: bigint }>(
    db,
    `WITH ${moved}, owed AS (
       SELECT (t.posted_at AT TIME ZONE c.time_zone)::date AS day, t.debt
       FROM ledger.movement t JOIN ledger.currency c ON c.code = t.currency
       -- No zone is a day from UTC: the rest is left out by the index.
       WHERE t.currency = $1 AND t.debt <> 0 AND t.posted_at >= ($2::date - 1)::timestamp AT TIME ZONE 'UTC'
     )
     SELECT kind, coalesce(sum(points) FILTER (WHERE day < $2), 0)::bigint AS before,
            coalesce(sum(points) FILTER (WHERE day >= $2), 0)::bigint AS within
     FROM moved JOIN ledger.counter_account c ON c.id = counter_account
     WHERE day <= $3 GROUP BY kind
     UNION ALL
     SELECT NULL,
            (SELECT coalesce(sum(debt), 0) FROM ledger.account WHERE currency = $1)::bigint
              - coalesce(sum(debt) FILTER (WHERE day >= $2), 0)::bigint,
            coalesce(sum(debt) FILTER (WHERE day BETWEEN $2 AND $3), 0)::bigint
     FROM owed`,
    [currency, from, to],
  );
  const movement = { ...nothing };
  for (const { kind, before, within } of found) {
    if (kind === null) {
      movement.debt = within;
      movement.adjusted += within;
      movement.opening += before;
      movement.closing += before + within;
    } else {
      const [line, sign] = lines[kind] ?? assert.fail(`No line for ${kind}.`);
      movement[line] += sign * within;
      movement.opening -= before;
      movement.closing -= before + within;
    }
  }
  return movement;
}

/** The sum of all accounts, members' and counter accounts: 0, or the books are wrong. */
export async function trialBalance(db: Database, currency = sharedCurrency): Promise<bigint> {
  const [row] = await rows<{ sum: bigint }>(
    db,
    `WITH ${moved}
     SELECT ((SELECT coalesce(sum(balance - debt), 0) FROM ledger.account WHERE currency = $1)
       + (SELECT coalesce(sum(points), 0) FROM moved))::bigint AS sum`,
    [currency],
  );
  return row!.sum;
}
