import { randomUUID } from 'node:crypto';
import { Big } from 'big.js';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, columnsOf, rows, transaction } from '../../../platform/database.ts';
import { decimal, eachOnce, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { ExchangeRate } from './entities.ts';

const currency = z.string().regex(/^[A-Z]{3}$/, 'is no ISO 4217 code');

const exchangeRate = z
  .object({
    from: currency,
    to: currency,
    on: z.iso.date('is no day').refine((day) => day >= '1970-01-01', 'must be in 1970 or later'),
    rate: decimal
      .refine((value) => Number(value) > 0, 'must be more than 0')
      .transform((value) => new Big(value).toFixed()),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'is the same money' });

const exchangeRates = z
  .array(exchangeRate)
  .min(1, 'needs a rate')
  .max(100, 'holds 100 rates at most')
  .superRefine(eachOnce(({ from, to, on }) => `${from} ${to} ${on}`));

export type SetExchangeRates = z.input<typeof exchangeRates>;

/**
 * Says what money is worth on some days. What was said of a day before stays, for the activities that
 * went by it; those that are recorded from now on go by this. The same again: the same answer.
 *
 * @returns what counts now, in the input's order
 * @throws Refusal INVALID with the path of the rate at fault
 */
export async function setExchangeRates(
  db: Database,
  input: SetExchangeRates,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<ExchangeRate[]> {
  const given = parseInput(exchangeRates, input, ['rates']);
  return transaction(db, async (tx) => {
    // One writer at a time, since they count what was said of a day. Nobody who reads waits.
    await rows(tx, `SELECT pg_advisory_xact_lock(hashtextextended('exchange rates', 0))`);
    const at = await clock.now(tx);
    const known = await ratesOn(
      tx,
      given.map(({ from, to, on }) => ({ from, to, day: on })),
      0,
    );
    const counting: ExchangeRate[] = [];
    for (const [place, { from, to, on, rate }] of given.entries()) {
      const before = known[place] ?? null;
      if (before && new Big(before.rate).eq(rate)) {
        counting.push(before);
        continue;
      }
      const row = tx.create(ExchangeRate, {
        id: randomUUID(),
        fromCurrency: from,
        toCurrency: to,
        day: on,
        version: (before?.version ?? 0) + 1,
        rate,
        setAt: at,
      });
      await tx.insert(ExchangeRate, row);
      await recordAct(tx, viewer, {
        action: 'setExchangeRates',
        subject: { type: 'ExchangeRate', id: row.id },
        before: { rate: before?.rate },
        after: { from, to, on, rate },
        at,
      });
      counting.push(row);
    }
    return counting;
  });
}

/** For how many days a rate counts: over a weekend and some holidays, on which nobody says any. */
export const rateDays = 7;

/** Money that is asked for in other money, on a day. */
interface Asked {
  from: string;
  to: string;
  day: string;
}

/**
 * What counts of these, in their order: the last day that something was said of, and what was said of it
 * last. One statement, however many.
 *
 * @param days how many days before the day count, too
 * @returns null where nothing was said
 */
export async function ratesOn(
  db: Database,
  asked: readonly Asked[],
  days = rateDays,
): Promise<(ExchangeRate | null)[]> {
  if (asked.length === 0) return [];
  const found = await rows<ExchangeRate & { place: number }>(
    db,
    `SELECT a.place, r.*
     FROM jsonb_to_recordset($1) AS a (place integer, "from" text, "to" text, day date)
     CROSS JOIN LATERAL (
       SELECT ${columnsOf(db, ExchangeRate, 'e')} FROM partners.exchange_rate e
       WHERE e.from_currency = a."from" AND e.to_currency = a."to"
         AND e.day BETWEEN a.day - $2::integer AND a.day
       ORDER BY e.day DESC, e.version DESC LIMIT 1) r`,
    [JSON.stringify(asked.map((each, place) => ({ place, ...each }))), days],
  );
  const byPlace = new Map(found.map(({ place, ...row }) => [place, row]));
  return asked.map((_, place) => byPlace.get(place) ?? null);
}

/** What all other money is worth in this one on a day, by its code. */
export function ratesInto(db: Database, to: string, day: string): Promise<ExchangeRate[]> {
  return rows<ExchangeRate>(
    db,
    `SELECT DISTINCT ON (e.from_currency) ${columnsOf(db, ExchangeRate, 'e')}
     FROM partners.exchange_rate e
     WHERE e.to_currency = $1 AND e.day BETWEEN $2::date - $3::integer AND $2::date
     ORDER BY e.from_currency, e.day DESC, e.version DESC`,
    [to, day, rateDays],
  );
}
