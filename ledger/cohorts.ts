import { type Database, rows } from '../platform/database.ts';
import { sharedCurrency } from './balances.ts';
import type { OpenCohort } from './breakage.ts';

export interface MonthlyCohort extends OpenCohort {
  /** The month of issue: "2026-01". */
  month: string;
}

/**
 * The points issued in each month, and how many had been redeemed at the end of each month since, by
 * the months of posting in the currency's time zone: the triangle that breakage is estimated from.
 *
 * Points keep their month of issue when another member gets them, and when they are reinstated. What is
 * taken from a lot for a return or a debt counts as never issued. Points given to causes and converted
 * into other currencies are redeemed: they cost what redeemed ones cost.
 *
 * It reads the whole ledger, for the end of a month: ask for it where a statement may take its time.
 *
 * @param through the last month, which should be over: "2026-06"
 * @returns the oldest first, without months in which nothing was issued
 */
export async function cohortsOf(
  db: Database,
  { currency = sharedCurrency, through }: { currency?: string; through: string },
): Promise<MonthlyCohort[]> {
  const cells = await rows<Cell>(
    db,
    `SELECT to_char(issued_in, 'YYYY-MM') AS month, age, issued, redeemed, outstanding
     FROM ledger.cohorts($1, $2) ORDER BY issued_in, age`,
    [currency, `${through}-01`],
  );
  return cohortsIn(cells, through);
}

/**
 * The same, from the months that the worker has closed.
 *
 * @param through where it was not closed yet, the last closed month counts
 * @returns none while no month was closed
 */
export async function closedCohortsOf(
  db: Database,
  { currency = sharedCurrency, through }: { currency?: string; through: string },
): Promise<MonthlyCohort[]> {
  const [closed] = await rows<{ month: string }>(
    db,
    `SELECT to_char(least(month, $2), 'YYYY-MM') AS month FROM ledger.closed_month
     WHERE currency = $1`,
    [currency, `${through}-01`],
  );
  if (!closed) return [];
  const cells = await rows<Cell>(
    db,
    `SELECT to_char(issued_in, 'YYYY-MM') AS month, issued, redeemed, outstanding,
            ((extract(year FROM moved_in) - extract(year FROM issued_in)) * 12
              + extract(month FROM moved_in) - extract(month FROM issued_in))::integer AS age
     FROM ledger.cohort_rollup WHERE currency = $1 AND moved_in <= $2 ORDER BY issued_in, moved_in`,
    [currency, `${closed.month}-01`],
  );
  return cohortsIn(cells, closed.month);
}

/** Adds up cells, the oldest month first. */
function cohortsIn(cells: readonly Cell[], through: string): MonthlyCohort[] {
  const byMonth = new Map<string, Cell[]>();
  for (const cell of cells) {
    const month = byMonth.get(cell.month) ?? [];
    byMonth.set(cell.month, [...month, cell]);
  }
  return [...byMonth].map(([month, own]) => {
    const sum = (of: (cell: Cell) => bigint) => own.reduce((added, cell) => added + of(cell), 0n);
    return {
      month,
      issued: sum((cell) => cell.issued),
      outstanding: sum((cell) => cell.outstanding),
      redeemed: Array.from({ length: monthsBetween(month, through) + 1 }, (_, age) =>
        sum((cell) => (cell.age <= age ? cell.redeemed : 0n)),
      ),
    };
  });
}

/** What happened to the points of a month, so many months later. */
interface Cell {
  month: string;
  age: number;
  issued: bigint;
  redeemed: bigint;
  outstanding: bigint;
}

function monthsBetween(from: string, to: string): number {
  const [fromYear, fromMonth] = from.split('-').map(Number) as [number, number];
  const [toYear, toMonth] = to.split('-').map(Number) as [number, number];
  return (toYear - fromYear) * 12 + toMonth - fromMonth;
}
