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
import { type Span, linesOf, summed, withLines } from './movements.ts';
import { type Party, backers, digitsOf, partiesOf, statementIdOf, withBacked } from './parties.ts';
import type { SettlementSum } from './rows.ts';

const queryCanceled = '57014';
const monthsShown = 3;

/**
 * The statements that partners would have of the months that are not closed, of the last three, in which
 * they have a contract, or a share of a campaign that has started. Their figures are worked out when they are
 * asked for.
 */
export async function openStatementsOf(
  db: Database,
  partnerIds: readonly string[],
  { today, program }: Pick<Moment, 'today' | 'program'>,
): Promise<SettlementStatement[]> {
  const last = await lastClosed(db);
  const now = startOfPeriod(today, 'MONTH');
  const months = Array.from({ length: monthsShown }, (_, back) => addMonths(now, -back));
  const open = months.filter((month) => !last || month > last.month);
  const parties = await rows<Party & { month: string }>(
    db,
    `SELECT DISTINCT partner_id AS "partnerId", currency, month::text
     FROM unnest($2::date[], $3::date[]) AS open (month, ends_on)
     JOIN (SELECT partner_id, currency, valid_from, valid_to FROM partners.contract
           UNION ALL
           SELECT partner_id, currency, (starts_at AT TIME ZONE $4)::date, NULL FROM (${backers}) b
     ) k ON k.valid_from <= open.ends_on AND coalesce(k.valid_to, 'infinity') >= open.month
     WHERE k.partner_id = ANY ($1)`,
    [partnerIds, open, open.map(lastOfMonth), program.timeZone],
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

/**
 * The values of `withLines` for parties in a month that is not closed, $1 to $9, and as $10 their statements:
 * those of whose campaigns they bear a share are among the parties, too.
 */
export async function openLinesOf(
  db: Database,
  parties: readonly Party[],
  month: string,
  moment: Moment,
): Promise<unknown[]> {
  const span = await openSpanOf(db, month, moment);
  const asked = parties.map((party) => statementIdOf(party, month));
  return [...linesOf(await withBacked(db, parties), month, span), asked];
}

/** What is posted of a month that is not closed. */
async function openSpanOf(
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
  const values = await openLinesOf(db, parties, month, moment);
  const sums = await withinTime(db, limits, (tx) =>
    rows<SettlementSum>(
      tx,
      `${withLines}
       SELECT statement_id AS "statementId", currency, kind, rate, points, amount
       FROM (SELECT currency, ${summed} FROM line WHERE statement_id = ANY ($10::uuid[])
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
