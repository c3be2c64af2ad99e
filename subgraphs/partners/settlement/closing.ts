import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import {
  dayOf,
  lastOfMonth,
  monthAfter,
  startOfDay,
  startOfPeriod,
} from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { readProgram } from '../program.ts';
import { keptCosts } from './campaigns.ts';
import { SettlementMonth, SettlementStatement } from './entities.ts';
import { lastClosed } from './months.ts';
import { type Span, findMoved, linesOf, numbered, summed, withLines } from './movements.ts';
import { tellOfStatements } from './news.ts';
import { type Party, digitsOf, partiesOf, statementIdOf } from './parties.ts';

/** A month by its first day. */
export const monthInput = z.iso
  .date('is no day')
  .refine((day) => day >= '1970-01-01', 'must be in 1970 or later')
  .refine((day) => day.endsWith('-01'), 'is named by its first day');

interface Closing {
  viewer: Viewer;
  clock: Clock;
  config: Pick<Config, 'limits'>;
}

/**
 * Closes a month: every movement of points with a partner that was posted in it, or posted into a month
 * that was closed already, becomes a line of that partner's statement, and of no other. All or nothing,
 * in statements that PostgreSQL carries out alone, so that a million lines need no memory here. Again:
 * the same statements.
 *
 * @returns the statements of the month, by partner; a partner has one for each currency
 * @throws Refusal INVALID also where the month is not over; CONFLICT a month before it is open and has
 *   something, which the details name, or one after it is closed; IN_PROGRESS another call closes a month
 */
export async function closeSettlementMonth(
  db: Database,
  input: { month: string },
  { viewer, clock, config }: Closing,
): Promise<SettlementStatement[]> {
  const month = parseInput(monthInput, input.month, ['month']);
  return transaction(db, async (tx) => {
    const time = String(config.limits.settlementMs);
    await rows(
      tx,
      `SELECT set_config('statement_timeout', $1, true), set_config('work_mem', '64MB', true),
              set_config('jit', 'off', true), set_config('enable_nestloop', 'off', true)`,
      [time],
    );
    await rows(tx, `SELECT pg_advisory_xact_lock(hashtextextended('partners.settlement', 0))`);
    if (!(await tx.existsBy(SettlementMonth, { month }))) {
      const at = await clock.now(tx);
      const program = await readProgram(tx);
      const until = startOfDay(monthAfter(month), program.timeZone);
      if (until > at) throw new Refusal('INVALID', 'This month is not over.', ['month']);
      const parties = await partiesOf(tx);
      const span = await spanOf(tx, parties, month, { timeZone: program.timeZone, until });
      const issued = await issue(tx, { parties, month, span, at });
      await recordAct(tx, viewer, {
        action: 'closeSettlementMonth',
        subject: { type: 'SettlementReport', id: month },
        after: { statements: issued },
        at,
      });
    }
    return tx.find(SettlementStatement, {
      where: { month },
      order: { partnerId: 'ASC', currency: 'ASC' },
    });
  });
}

/** What is settled with the month: all since the last one that was closed. */
async function spanOf(
  tx: Database,
  parties: readonly Party[],
  month: string,
  { timeZone, until }: Pick<Span, 'timeZone' | 'until'>,
): Promise<Span> {
  const last = await lastClosed(tx);
  if (last && last.month > month) {
    const message = `${last.month.slice(0, 7)} is closed: what came before it is in it.`;
    throw new Refusal('CONFLICT', message, ['month'], { subject: last.month });
  }
  const from = last?.endsAt ?? null;
  const left = await findMoved(tx, parties, { from, until: startOfDay(month, timeZone) });
  if (!left) return { timeZone, from, until, late: last?.xact ?? null };
  const first = startOfPeriod(dayOf(left, timeZone), 'MONTH');
  const message = `${first.slice(0, 7)} is to be closed before.`;
  throw new Refusal('CONFLICT', message, ['month'], { subject: first });
}

interface Issue {
  parties: readonly Party[];
  month: string;
  span: Span;
  at: Date;
}

/** Writes what is issued. @returns how many statements */
async function issue(tx: Database, { parties, month, span, at }: Issue): Promise<number> {
  // Read before the lines: what is posted from here on may be among them, or not.
  await rows(
    tx,
    `INSERT INTO partners.settlement_month (month, ends_at, closed_at, xact)
     VALUES ($1, $2, $3, ledger.safe_xact())`,
    [month, span.until, at],
  );
  await rows(
    tx,
    `${withLines}, kept AS (${keptCosts})
     INSERT INTO partners.settlement_line (statement_id, kind, movement_id, reference, points, rate,
       amount, contract_version, occurred_at, posted_at, number)
     ${numbered}`,
    [...linesOf(parties, month, span), month],
  );
  const issued = await writeStatements(tx, { parties, month, span, at });
  await rows(
    tx,
    `INSERT INTO partners.settlement_sum (statement_id, kind, rate, points, exact, amount)
     SELECT ${summed}
     FROM partners.settlement_line l
     JOIN (SELECT id, digits FROM partners.settlement_statement WHERE month = $1) s ON s.id = l.statement_id
     GROUP BY statement_id, kind, rate, digits`,
    [month],
  );
  await tellOfStatements(tx, month, at);
  return issued.length;
}

/**
 * A statement for every party that has lines, and for every live partner with a contract at the end of
 * the month: nothing owed is something to know.
 */
function writeStatements(tx: Database, { parties, month, span, at }: Issue) {
  return rows<{ id: string }>(
    tx,
    `INSERT INTO partners.settlement_statement
       (id, partner_id, month, currency, digits, status, issued_at, due_on)
     SELECT party.id, party.partner_id, $5, party.currency, party.digits, 'ISSUED', $7,
            $8::date + terms.payment_terms_days
     FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::smallint[])
       AS party (partner_id, currency, id, digits)
     JOIN partners.partner p ON p.id = party.partner_id
     CROSS JOIN LATERAL (
       SELECT k.payment_terms_days, k.currency = party.currency
              AND $6::date BETWEEN k.valid_from AND coalesce(k.valid_to, 'infinity') AS valid
       FROM partners.contract k WHERE k.partner_id = party.partner_id
       -- A share of a campaign may be in a currency in which the partner has no contract.
       ORDER BY k.currency = party.currency DESC, valid DESC, k.version DESC LIMIT 1) terms
     WHERE EXISTS (SELECT FROM partners.settlement_line l WHERE l.statement_id = party.id)
       OR terms.valid AND p.status = 'LIVE' AND p.created_at < $9
     RETURNING id`,
    [
      parties.map(({ partnerId }) => partnerId),
      parties.map(({ currency }) => currency),
      parties.map((party) => statementIdOf(party, month)),
      parties.map(({ currency }) => digitsOf(currency)),
      month,
      lastOfMonth(month),
      at,
      dayOf(at, span.timeZone),
      span.until,
    ],
  );
}
