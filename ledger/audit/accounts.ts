import { type Check, checkOf, monthsAreGone } from './check.ts';

/** Each movement beside the one before it in its account; the first beside what was carried forward. */
const inOrder = `
  SELECT m.member_id, m.currency, m.transfer_id::text AS id, m.account_version AS version, m.points,
         m.debt, m.balance_after, m.debt_after, m.posted_at,
         coalesce(lag(m.account_version) OVER versions, first.version, 0) AS version_before,
         coalesce(lag(m.balance_after) OVER versions, first.balance, 0) AS balance_before,
         coalesce(lag(m.debt_after) OVER versions, first.debt, 0) AS debt_before,
         coalesce(lag(m.posted_at) OVER versions, '-infinity') AS posted_before,
         lead(m.account_version) OVER versions IS NULL AS is_last,
         a.balance, a.debt AS owed, a.version AS account_version, a.posted_at AS account_posted_at
  FROM ledger.movement m
  JOIN ledger.account a USING (member_id, currency)
  -- Movements before the opening may be there still, but not all: the first of them is taken as it is.
  LEFT JOIN LATERAL (
    SELECT m.account_version - 1 AS version,
           CASE WHEN m.account_version > o.version THEN o.balance
                ELSE m.balance_after - m.points END AS balance,
           CASE WHEN m.account_version > o.version THEN o.debt
                ELSE m.debt_after - m.debt END AS debt
    FROM ledger.opening o
    WHERE o.member_id = m.member_id AND o.currency = m.currency
      AND m.account_version BETWEEN 2 AND o.version + 1 AND ${monthsAreGone}) AS first ON true
  WINDOW versions AS (PARTITION BY m.member_id, m.currency ORDER BY m.account_version, m.posted_at)`;

const movements = checkOf('movements', inOrder, [
  {
    name: 'versions have no gap',
    broken: 'version <> version_before + 1',
    detail: `format('version %s comes after %s', version, version_before)`,
  },
  {
    name: 'balance after each movement',
    broken: 'balance_after <> balance_before + points',
    detail: `format('%s after %s and %s points', balance_after, balance_before, points)`,
  },
  {
    name: 'debt after each movement',
    broken: 'debt_after <> debt_before + debt',
    detail: `format('%s after %s and %s of debt', debt_after, debt_before, debt)`,
  },
  {
    name: 'posting never goes back',
    broken: 'posted_at < posted_before OR is_last AND posted_at > account_posted_at',
    detail: `format('posted at %s, after %s; the account says %s',
                    posted_at, posted_before, account_posted_at)`,
  },
  {
    name: 'account is what its last movement left',
    broken: `is_last AND (balance, owed, account_version)
               IS DISTINCT FROM (balance_after, debt_after, version)`,
    detail: `format('the account has %s, debt %s, version %s; its last movement left %s, debt %s, version %s',
                    balance, owed, account_version, balance_after, debt_after, version)`,
  },
]);

/**
 * Each account beside the sums of all that it should be the sum of. Where some of what its opening sums
 * up is still there, its movements are proved one after the other, above.
 */
const sums = `
  SELECT a.member_id, a.currency, NULL::text AS id, a.balance, a.held, a.debt, a.version,
         coalesce(moved.points, 0) + CASE WHEN begins.late THEN o.balance ELSE 0 END AS points,
         coalesce(moved.debt, 0) + CASE WHEN begins.late THEN o.debt ELSE 0 END AS owed,
         coalesce(moved.movements, 0) + CASE WHEN begins.late THEN o.version ELSE 0 END AS movements,
         o.version IS NOT NULL AND moved.first BETWEEN 2 AND o.version AS is_partial,
         coalesce(lots.remaining, 0) AS in_lots, coalesce(lots.held, 0) AS held_in_lots,
         coalesce(holds.points, 0) AS in_holds
  FROM ledger.account a
  LEFT JOIN (
    SELECT member_id, currency, sum(points) AS points, sum(debt) AS debt, count(*) AS movements,
           min(account_version) AS first
    FROM ledger.movement GROUP BY member_id, currency) AS moved USING (member_id, currency)
  LEFT JOIN (
    SELECT member_id, currency, balance, debt, version FROM ledger.opening
    WHERE ${monthsAreGone}) AS o USING (member_id, currency)
  CROSS JOIN LATERAL (
    SELECT o.version IS NOT NULL AND coalesce(moved.first > o.version, true) AS late) AS begins
  LEFT JOIN (
    SELECT member_id, currency, sum(remaining) AS remaining, sum(held) AS held
    FROM ledger.lot GROUP BY member_id, currency) AS lots USING (member_id, currency)
  LEFT JOIN (
    SELECT member_id, currency, sum(points) AS points
    FROM ledger.hold WHERE status = 'ACTIVE'
    GROUP BY member_id, currency) AS holds USING (member_id, currency)`;

const accounts = checkOf('accounts', sums, [
  {
    name: 'balance equals movements',
    broken: 'NOT is_partial AND balance <> points',
    detail: `format('the balance is %s, its movements are %s', balance, points)`,
  },
  {
    name: 'debt equals movements',
    broken: 'NOT is_partial AND debt <> owed',
    detail: `format('the debt is %s, its movements are %s', debt, owed)`,
  },
  {
    name: 'version counts the movements',
    broken: 'NOT is_partial AND version <> movements',
    detail: `format('the version is %s, there are %s movements', version, movements)`,
  },
  {
    name: 'balance equals open lots',
    broken: 'balance <> in_lots',
    detail: `format('the balance is %s, its lots have %s', balance, in_lots)`,
  },
  {
    name: 'held points equal held lots',
    broken: 'held <> held_in_lots',
    detail: `format('%s are held, of its lots %s', held, held_in_lots)`,
  },
  {
    name: 'held points equal active holds',
    broken: 'held <> in_holds',
    detail: `format('%s are held, active holds have %s', held, in_holds)`,
  },
]);

/** Accounts that owe points while they have some to spend, at their last posting. */
const spendable = checkOf(
  'accounts',
  `SELECT a.member_id, a.currency, NULL::text AS id, a.debt, sum(l.remaining - l.held) AS spendable
   FROM ledger.account a JOIN ledger.lot l USING (member_id, currency)
   WHERE a.debt > 0 AND l.remaining > l.held AND l.activates_at <= a.posted_at
     AND (l.expires_at IS NULL OR l.expires_at > a.posted_at)
   GROUP BY a.member_id, a.currency`,
  [
    {
      name: 'debt is repaid before points are spent',
      broken: 'spendable > 0',
      detail: `format('%s points can be spent beside a debt of %s', spendable, debt)`,
    },
  ],
);

/** What was carried forward, beside the movement that it was read from. */
const openings = checkOf(
  'openings',
  `SELECT o.member_id, o.currency, m.transfer_id::text AS id, o.version, o.balance, o.debt,
          m.balance_after, m.debt_after, m.transfer_id IS NULL AND NOT ${monthsAreGone} AS is_missing
   FROM ledger.opening o LEFT JOIN ledger.transfer_detached m
     ON m.member_id = o.member_id AND m.currency = o.currency AND m.account_version = o.version`,
  [
    {
      name: 'openings equal what was set apart',
      broken: 'is_missing OR (balance, debt) <> (balance_after, debt_after)',
      detail: `format('version %s left %s, debt %s; carried forward are %s, debt %s',
                      version, balance_after, debt_after, balance, debt)`,
    },
  ],
);

export const accountChecks: readonly Check[] = [movements, accounts, spendable, openings];
