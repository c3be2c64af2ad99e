/** What must be true of every row of some kind, and what to say of one of which it is not. */
interface Invariant {
  /** In words an auditor reads. */
  name: string;
  /** SQL over the columns of the check's rows. */
  broken: string;
  /** SQL for a text: what is there, and what should be. */
  detail: string;
}

/** One pass over the ledger that proves some invariants. */
export interface Check {
  /** What the rows are, for the auditor: `accounts`. */
  of: Subject;
  names: readonly string[];
  /** Gives a row for each fault: invariant, member_id, currency, id, detail. */
  sql: string;
}

/** What is counted, and how. */
export const subjects = {
  accounts: 'SELECT count(*) AS count FROM ledger.account',
  movements: 'SELECT count(*) AS count FROM ledger.movement',
  lots: 'SELECT count(*) AS count FROM ledger.lot',
  holds: 'SELECT count(*) AS count FROM ledger.hold',
  keys: 'SELECT count(*) AS count FROM ledger.idempotency',
  conversions: 'SELECT count(*) AS count FROM ledger.conversion',
  currencies: 'SELECT count(*) AS count FROM ledger.currency',
  'roll-ups': 'SELECT count(*) AS count FROM ledger.counter_rollup',
  issuers: 'SELECT count(*) AS count FROM ledger.issuer_rollup',
  hours: 'SELECT count(*) AS count FROM ledger.pending_rollup',
  months: 'SELECT count(*) AS count FROM ledger.member_month',
  cohorts: 'SELECT count(*) AS count FROM ledger.cohort_rollup',
  openings: 'SELECT count(*) AS count FROM ledger.opening',
  seals: 'SELECT count(*) AS count FROM ledger.seal',
  acts: 'SELECT count(*) AS count FROM platform.audit_event',
} as const;

export type Subject = keyof typeof subjects;

/**
 * A check over rows that have the columns member_id, currency and id, as text.
 *
 * @param rows the rows to look at: one that is sound may be among them or not
 */
export function checkOf(of: Subject, rows: string, invariants: readonly Invariant[]): Check {
  const any = invariants.map(({ broken }) => `(${broken})`).join(' OR ');
  const each = invariants.map(
    ({ name, broken, detail }) => `('${name}', CASE WHEN ${broken} THEN ${detail} END)`,
  );
  return {
    of,
    names: invariants.map(({ name }) => name),
    // Only rows that break something are looked at twice, to say what.
    sql: `SELECT fault.invariant, suspect.member_id, suspect.currency, suspect.id, fault.detail
          FROM (SELECT * FROM (${rows}) AS looked_at WHERE ${any}) AS suspect
          CROSS JOIN LATERAL (VALUES ${each.join(', ')}) AS fault (invariant, detail)
          WHERE fault.detail IS NOT NULL`,
  };
}

/**
 * SQL: whether some month that was set apart is no longer there. Only then may an account begin with
 * what was carried forward, and a lot lead to a movement that nobody can show.
 */
export const monthsAreGone = `EXISTS (
  SELECT FROM ledger.detached_month d
  WHERE NOT EXISTS (
    SELECT FROM pg_inherits WHERE inhparent = 'ledger.transfer_detached'::regclass
      AND inhrelid = to_regclass('ledger.transfer_' || to_char(d.month, 'YYYY_MM'))))`;

/** SQL: whether a movement that a row of the member leads to may be gone with such a month. */
export const mayBeGone = (row: string): string =>
  `${monthsAreGone} AND EXISTS (SELECT FROM ledger.opening o WHERE o.member_id = ${row}.member_id)`;
