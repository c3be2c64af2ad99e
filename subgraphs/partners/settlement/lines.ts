import { z } from 'zod';
import { type Database, rows } from '../../../platform/database.ts';
import type { Limits } from '../../../platform/limits.ts';
import type { Page } from '../../../platform/paging.ts';
import type { Moment } from '../moment.ts';
import type { SettlementStatement } from './entities.ts';
import { numbered, withLines } from './movements.ts';
import { openLinesOf, withinTime } from './previews.ts';
import type { SettlementLine } from './rows.ts';

/** Which lines of statements. */
export interface LinesAsked {
  kind: SettlementLine['kind'] | null;
  page: Page;
}

/** The key of a statement's lines: their number. */
export const lineKeys = z.tuple([z.string().regex(/^\d{1,9}$/)]);

/** What the graph calls a line. */
export function lineIdOf({ statementId, number }: Pick<SettlementLine, 'statementId' | 'number'>) {
  return `${statementId}:${number}`;
}

const columns = `
  l.statement_id AS "statementId", l.number::integer AS number, l.kind, l.reference, l.points, l.rate,
  l.amount, l.contract_version AS "contractVersion", l.occurred_at AS "occurredAt",
  l.posted_at AS "postedAt"`;

/** Whether a line is in dispute: by itself, or with the whole where it was not decided by itself. */
const disputed = `
  coalesce(
    (SELECT d.resolved_at IS NULL FROM partners.settlement_dispute d
     WHERE d.statement_id = l.statement_id AND d.line = l.number),
    (SELECT d.resolved_at IS NULL FROM partners.settlement_dispute d
     WHERE d.statement_id = l.statement_id AND d.line = 0),
    false)`;

/** The lines of statements that were issued, of each at most one more than the page has. */
export function issuedLines(
  db: Database,
  statementIds: readonly string[],
  { kind, page }: LinesAsked,
): Promise<SettlementLine[]> {
  return rows(
    db,
    `SELECT ${columns}, s.currency, ${disputed} AS disputed
     FROM partners.settlement_statement s
     CROSS JOIN LATERAL (
       SELECT * FROM partners.settlement_line one
       WHERE one.statement_id = s.id AND one.number > $2::integer
         -- Numbers have no gap: the page is found by its place, whatever is known of so new a table.
         AND ($3::text IS NOT NULL OR one.number <= $2::integer + $4::integer)
         AND ($3::text IS NULL OR one.kind = $3)
       ORDER BY one.number LIMIT $4) l
     WHERE s.id = ANY ($1) ORDER BY l.statement_id, l.number`,
    [statementIds, page.after?.[0] ?? 0, kind, page.first + 1],
  );
}

/**
 * The lines that statements of one month that is not closed have by now, of each at most one more than the
 * page has. The month is worked out once, however many statements.
 */
export async function openLines(
  db: Database,
  statements: readonly SettlementStatement[],
  { kind, page, moment, limits }: LinesAsked & { moment: Moment; limits: Limits },
): Promise<SettlementLine[]> {
  const { month } = statements[0]!;
  const values = await openLinesOf(db, statements, month, moment);
  return withinTime(db, limits, (tx) =>
    rows(
      tx,
      `${withLines}
       SELECT ${columns}, p.currency, false AS disputed
       FROM (SELECT n.*, row_number() OVER (PARTITION BY statement_id ORDER BY number) AS place
             FROM (${numbered}) n
             WHERE statement_id = ANY ($10::uuid[]) AND number > $11::integer
               AND ($12::text IS NULL OR kind = $12)) l
       JOIN party p ON p.statement_id = l.statement_id
       WHERE place <= $13 ORDER BY l.statement_id, l.number`,
      [...values, page.after?.[0] ?? 0, kind, page.first + 1],
    ),
  );
}
