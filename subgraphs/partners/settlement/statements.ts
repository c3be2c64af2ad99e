import { Big } from 'big.js';
import { In } from 'typeorm';
import { z } from 'zod';
import { type Database, columnsOf, rows } from '../../../platform/database.ts';
import { badInput } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import type { Limits } from '../../../platform/limits.ts';
import type { Page } from '../../../platform/paging.ts';
import { Partner } from '../brands/entities.ts';
import type { Moment } from '../moment.ts';
import { monthInput } from './closing.ts';
import { SettlementStatement } from './entities.ts';
import { figuresOf, issuedSums, moneyIn } from './figures.ts';
import { lastClosed } from './months.ts';
import { openStatementsOf, previewSums } from './previews.ts';
import type { Position, SettlementReport } from './rows.ts';

/** The keys of lists of statements: the last month first. */
export const statementKeys = z.tuple([z.iso.date(), z.uuid()]);

export const keysOf = ({ month, id: own }: SettlementStatement) => [month, own];

/**
 * The statement with this id, or null; one of a month that is not closed among a partner's, or of all
 * partners for staff.
 *
 * @throws Refusal INVALID
 */
export async function findStatement(
  db: Database,
  given: string,
  { partnerId, moment }: { partnerId: string | null; moment: () => Promise<Moment> },
): Promise<SettlementStatement | null> {
  const statementId = parseInput(id, given, ['id']);
  const found = await db.findOneBy(SettlementStatement, { id: statementId });
  if (found) return found;
  const partners = partnerId
    ? [{ id: partnerId }]
    : await rows<{ id: string }>(db, 'SELECT id FROM partners.partner');
  const ids = partners.map((partner) => partner.id);
  const open = await openStatementsOf(db, ids, await moment());
  return open.find((each) => each.id === statementId) ?? null;
}

/** Partners' statements, of each the last month first: at most one more than the page has. */
export async function statementsOf(
  db: Database,
  partnerIds: readonly string[],
  { page, moment }: { page: Page; moment: Moment },
): Promise<SettlementStatement[]> {
  const [month, lastId] = page.after ?? [null, null];
  const issued = await rows<SettlementStatement>(
    db,
    `SELECT ${columnsOf(db, SettlementStatement, 'listed')}
     FROM unnest($1::uuid[]) AS owner (id) CROSS JOIN LATERAL (
       SELECT * FROM partners.settlement_statement s
       WHERE s.partner_id = owner.id AND ($2::date IS NULL OR (s.month, s.id) < ($2, $3::uuid))
       ORDER BY s.month DESC, s.id DESC LIMIT $4) AS listed`,
    [partnerIds, month, lastId, page.first + 1],
  );
  const open = (await openStatementsOf(db, partnerIds, moment)).filter(
    (each) => !month || isBefore(each, [month, lastId!]),
  );
  return [...open, ...issued].sort((a, b) => (isBefore(a, keysOf(b)) ? 1 : -1));
}

/** Whether a statement comes after these keys in the list: months go back. */
function isBefore({ month, id: own }: SettlementStatement, [otherMonth, otherId]: string[]) {
  return month < otherMonth! || (month === otherMonth && own < otherId!);
}

/**
 * All partners' positions of a month, by the partner's name: of one that was closed, all statements; by
 * now, of one that is not.
 *
 * @throws GraphQLError BAD_USER_INPUT where it is not named by its first day; QUERY_TOO_EXPENSIVE
 */
export async function findReport(
  db: Database,
  given: string,
  { moment, limits }: { moment: Moment; limits: Limits },
): Promise<SettlementReport> {
  const read = monthInput.safeParse(given);
  if (!read.success) throw badInput('month: is named by its first day.');
  const month = read.data;
  const last = await lastClosed(db);
  const closed = last !== null && month <= last.month;
  const { statements, sums } = closed
    ? await issuedIn(db, month)
    : await previewSums(db, month, { moment, limits });
  const partners = await db.findBy(Partner, { id: In(statements.map((each) => each.partnerId)) });
  const nameOf = new Map(partners.map((partner) => [partner.id, partner.name]));
  const positions = statements
    .map((statement) => ({
      statement,
      name: nameOf.get(statement.partnerId)!,
      sums: sums.filter(({ statementId }) => statementId === statement.id),
    }))
    .filter((position) => closed || position.sums.length > 0)
    .sort((a, b) => (isAfter(positionKeysOf(a), positionKeysOf(b)) ? 1 : -1));
  return { closed, positions };
}

async function issuedIn(db: Database, month: string) {
  const statements = await db.findBy(SettlementStatement, { month });
  return {
    statements,
    sums: await issuedSums(
      db,
      statements.map((each) => each.id),
    ),
  };
}

/** The keys of a report's list. */
export const positionKeys = z.tuple([z.string(), z.uuid()]);

export const positionKeysOf = ({ name, statement }: Position) => [name, statement.id];

/** The positions of a page: at most one more than it has. */
export function positionsOn({ positions }: SettlementReport, { first, after }: Page): Position[] {
  const rest = after ? positions.filter((each) => isAfter(positionKeysOf(each), after)) : positions;
  return rest.slice(0, first + 1);
}

function isAfter([name, own]: string[], [otherName, otherId]: string[]): boolean {
  return name! > otherName! || (name === otherName && own! > otherId!);
}

/** What all positions come to, in each currency. */
export function netOf({ positions }: SettlementReport) {
  const net = new Map<string, { amount: Big; digits: number }>();
  for (const { statement, sums } of positions) {
    const { currency, digits } = statement;
    const sum = net.get(currency)?.amount ?? new Big(0);
    net.set(currency, { amount: sum.plus(figuresOf(sums).net), digits });
  }
  return [...net]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, { amount, digits }]) => moneyIn(amount, { currency, digits }));
}
