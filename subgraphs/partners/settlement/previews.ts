import { GraphQLError } from 'graphql';
import {
  addMonths,
  lastOfMonth,
  monthAfter,
  startOfDay,
  startOfPeriod,
} from '../../../platform/calendar.ts';
import { type Database, rows, sqlStateOf, transaction } from '../../../platform/database.ts';
import type { Limits } from '../../../platform/limits.ts';
import type { Moment } from '../moment.ts';
import { SettlementStatement } from './entities.ts';
import { lastClosed } from './months.ts';
import {
  type Party,
  type Span,
  digitsOf,
  linesOf,
  partiesOf,
  statementIdOf,
  summed,
  withLines,
} from './movements.ts';
import type { SettlementSum } from './rows.ts';

const queryCanceled = '57014';
const monthsShown = 3;

/**
 * The statements that partners would have of the months that are not closed, of the last three, in which
 * they have a contract. Their figures are worked out when they are asked for.
 */
export async function openStatementsOf(
  db: Database,
  partnerIds: readonly string[],
  { today }: Pick<Moment, 'today'>,
): Promise<SettlementStatement[]> {
  const last = await lastClosed(db);
  const now = startOfPeriod(today, 'MONTH');
  const months = Array.from({ length: monthsShown }, (_, back) => addMonths(now, -back));
  const open = months.filter((month) => !last || month > last.month);
  const parties = await rows<Party & { month: string }>(
    db,
    `SELECT DISTINCT partner_id AS "partnerId", currency, month::text
     FROM unnest($2::date[], $3::date[]) AS open (month, ends_on)
     JOIN partners.contract k ON k.valid_from <= open.ends_on
       AND coalesce(k.valid_to, 'infinity') >= open.month
     WHERE k.partner_id = ANY ($1)`,
    [partnerIds, open, open.map(lastOfMonth)],
  );
  return parties.map((party) => openStatement(party, party.month));
}

/** The statement that a party would have of a month. */
function openStatement(party: Party, month: string): SettlementStatement {
  const { partnerId, currency } = party;
  return Object.assign(new SettlementStatement(), {
    id: statementIdOf(party, month),
    partnerId,
    month,
    currency,
    digits: digitsOf(currency),
    status: 'OPEN' as const,
    issuedAt: null,
    dueOn: null,
    paidAt: null,
    paymentReference: null,
  });
}

/** What is posted of a month that is not closed. */
export async function openSpanOf(
  db: Database,
  month: string,
  { program: { timeZone } }: Pick<Moment, 'program'>,
): Promise<Span> {
  const last = await lastClosed(db);
  const until = startOfDay(monthAfter(month), timeZone);
  if (last && monthAfter(last.month) === month) {
    return { timeZone, from: last.endsAt, until, late: last.xact };
  }
  return { timeZone, from: startOfDay(month, timeZone), until, late: null };
}

/** What a month that is not closed comes to by now, by statement; of all partners where left out. */
export async function previewSums(
  db: Database,
  month: string,
  { moment, limits, partnerIds }: { moment: Moment; limits: Limits; partnerIds?: string[] },
): Promise<{ statements: SettlementStatement[]; sums: SettlementSum[] }> {
  const parties = await partiesOf(db, partnerIds);
  const values = linesOf(parties, month, await openSpanOf(db, month, moment));
  const sums = await withinTime(db, limits, (tx) =>
    rows<SettlementSum>(
      tx,
      `${withLines}
       SELECT statement_id AS "statementId", currency, kind, rate, points, amount
       FROM (SELECT currency, ${summed} FROM line
             GROUP BY statement_id, currency, kind, rate, digits) sum
       ORDER BY kind, rate`,
      values,
    ),
  );
  return { statements: parties.map((party) => openStatement(party, month)), sums };
}

/** Works out something of an open month, as long as somebody waits for it. */
export async function withinTime<Result>(
  db: Database,
  { settlementPreviewMs }: Limits,
  work: (tx: Database) => Promise<Result>,
): Promise<Result> {
  try {
    return await transaction(db, async (tx) => {
      await rows(
        tx,
        `SELECT set_config('statement_timeout', $1, true), set_config('jit', 'off', true),
                set_config('enable_nestloop', 'off', true)`,
        [String(settlementPreviewMs)],
      );
      return work(tx);
    });
  } catch (error) {
    if (sqlStateOf(error) !== queryCanceled) throw error;
    throw new GraphQLError('There is more in this month than can be added up at once: close it.', {
      extensions: { code: 'QUERY_TOO_EXPENSIVE' },
    });
  }
}
