import { z } from 'zod';
import { type Database, rows, transaction } from '../platform/database.ts';
import { Refusal } from '../platform/errors.ts';
import { code, id, parseInput, points } from '../platform/input.ts';
import { type Exchange, profitableCycle } from './arbitrage.ts';
import { refusalOf } from './refusals.ts';

const rateFields = z
  .strictObject({
    rateId: id,
    from: code,
    /** A currency of the ledger, or one that only the program counts. */
    to: code,
    /** The partner on the other side of the exchange. */
    programId: id,
    /** So many points become so many; only whole blocks are converted. */
    fromBlock: points,
    toBlock: points,
    /** For every so many points converted at once, so many on top. */
    bonus: z.strictObject({ every: points, points }).optional(),
    validFrom: z.date(),
    /** From when on it is valid no more; null until the next one. */
    validUntil: z.date().nullable(),
    /**
     * How long the other program may take to confirm; then the points come back. Converted at once
     * where left out: nobody else has to be asked.
     */
    confirmHours: z.int().min(1).max(720).optional(),
    /** How many are converted at once, at least; a block where left out. */
    minimum: points.optional(),
    /** How many a member may convert in a day and in a year of the program; any number where left out. */
    dailyLimit: points.optional(),
    yearlyLimit: points.optional(),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'is the same currency' })
  .refine(({ validFrom, validUntil }) => !validUntil || validUntil > validFrom, {
    path: ['validUntil'],
    error: 'must be after validFrom',
  });

/** What points of one currency are worth in another, in one direction, from an instant on. */
export type Rate = z.infer<typeof rateFields>;

/** How long a quote keeps its rate. */
export const quoteMs = 10 * 60_000;

/** Any number, but the same for all who add rates. */
const lockKey = 727_002;

/**
 * Adds a rate; of several that are valid the one that began last counts. The same again: nothing.
 *
 * Rates are added one after the other, so that no two that are harmless alone make points together.
 *
 * @throws Refusal INVALID with the field at fault; NOT_FOUND the ledger does not count the currency that
 *   is converted from, or does not know the program; NOT_ALLOWED points of one of them cannot be spent,
 *   or it would close a cycle in which points grow, which `subject` names; CONFLICT the id has another
 *   rate, or another rate of the pair begins at the same instant
 */
export function addRate(db: Database, rate: Rate): Promise<void> {
  return transaction(db, async (tx) => {
    const given = parseInput(rateFields, rate);
    await rows(tx, 'SELECT pg_advisory_xact_lock($1)', [lockKey]);
    if (await insertRate(tx, given)) await requireNoCycle(tx, given);
  });
}

/**
 * Lets a rate count no more from an instant on, as quotes allow; what ended before stays. One that has not
 * begun by then never counts.
 */
export async function endRate(tx: Database, rateId: string, validUntil: Date): Promise<void> {
  await rows(tx, 'SELECT pg_advisory_xact_lock($1)', [lockKey]);
  await rows(tx, 'SELECT ledger.end_rate($1, $2)', [rateId, validUntil]);
}

/**
 * Who else has a rate of the pair from an instant on; null for nobody. Of several rates the one that began
 * last counts, whosever it is.
 */
export async function otherProgram(
  tx: Database,
  { from, to, programId, validFrom }: Pick<Rate, 'from' | 'to' | 'programId' | 'validFrom'>,
): Promise<string | null> {
  const [other] = await rows<{ program: string }>(
    tx,
    `SELECT program FROM ledger.rate
     WHERE from_currency = $1 AND to_currency = $2 AND program <> $3
       AND (valid_until <= $4) IS NOT TRUE
     LIMIT 1`,
    [from, to, programId, validFrom],
  );
  return other?.program ?? null;
}

/** @returns whether it is new */
async function insertRate(tx: Database, given: Rate): Promise<boolean> {
  const [answer] = await rows<{ outcome: string }>(
    tx,
    `SELECT ledger.add_rate(
       $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) AS outcome`,
    [
      given.rateId,
      given.from,
      given.to,
      given.programId,
      given.fromBlock,
      given.toBlock,
      given.bonus?.every ?? null,
      given.bonus?.points ?? 0n,
      given.validFrom,
      given.validUntil,
      given.confirmHours ?? null,
      given.minimum ?? null,
      given.dailyLimit ?? null,
      given.yearlyLimit ?? null,
    ],
  );
  switch (answer!.outcome) {
    case 'UNKNOWN_CURRENCY':
      throw new Refusal('NOT_FOUND', 'The ledger does not count this currency.', ['from']);
    case 'UNKNOWN_PROGRAM':
      throw new Refusal('NOT_FOUND', 'The ledger does not know this partner.', ['programId']);
    case 'NOT_SPENDABLE':
      throw new Refusal('NOT_ALLOWED', 'Points that count for tiers are not converted.');
    case 'MISMATCH':
      throw new Refusal('CONFLICT', 'This is the id of another rate.', ['rateId']);
    case 'TAKEN':
      throw new Refusal('CONFLICT', 'Another rate is valid from then on.', ['validFrom']);
  }
  return answer!.outcome === 'ADDED';
}

/**
 * Looks at every instant from which on other rates count, as long as the new one may be used. A quote
 * keeps its rate for a while after it has ended, or another has taken its place: so at each instant
 * those count that could be quoted since.
 */
async function requireNoCycle(tx: Database, added: Rate): Promise<void> {
  const { rateId, validFrom, validUntil } = added;
  const found = await rows<{ exchanges: Quotable[] }>(
    tx,
    `WITH live AS MATERIALIZED (
       SELECT * FROM ledger.rate
       WHERE (valid_until <= $1::timestamptz - $3::interval) IS NOT TRUE
         AND (valid_from < $2::timestamptz + $3::interval) IS NOT FALSE
     ), change AS MATERIALIZED (
       SELECT valid_from AS at FROM live
       UNION SELECT valid_until FROM live WHERE valid_until IS NOT NULL
     ), quotable AS (
       SELECT DISTINCT i.at, r.*
       FROM change i
       CROSS JOIN LATERAL (
         SELECT i.at - $3::interval AS at
         UNION SELECT c.at FROM change c WHERE c.at > i.at - $3::interval AND c.at <= i.at) AS before
       CROSS JOIN LATERAL (
         SELECT DISTINCT ON (from_currency, to_currency) * FROM live
         WHERE valid_from <= before.at AND (valid_until <= before.at) IS NOT TRUE
         ORDER BY from_currency, to_currency, valid_from DESC) AS r
       WHERE i.at >= $1 AND (i.at < $2::timestamptz + $3::interval) IS NOT FALSE
     )
     SELECT jsonb_agg(jsonb_build_object('rateId', rate_id, 'from', from_currency, 'to', to_currency,
       'cost', from_block::numeric * coalesce(bonus_every, 1) || '',
       'gain', to_block::numeric * coalesce(bonus_every, 1)
               + bonus::numeric * from_block || '')) AS exchanges
     FROM quotable GROUP BY at ORDER BY at`,
    [validFrom, validUntil, `${quoteMs} milliseconds`],
  );
  for (const { exchanges: asText } of found) {
    const exchanges = asText.map((each) => {
      return { ...each, cost: BigInt(each.cost), gain: BigInt(each.gain) };
    });
    const own = exchanges.find((each) => each.rateId === rateId);
    const cycle = own && profitableCycle(exchanges, own);
    if (!cycle) continue;
    const message = 'With the other rates, points would grow by going round.';
    throw new Refusal('NOT_ALLOWED', message, [], { subject: cycle.join(' > ') });
  }
}

interface Quotable extends Exchange {
  rateId: string;
}

/** What points would become. */
interface ConversionQuote {
  /** The rate, to be named by `beginConversion`, which keeps to it then. */
  rateId: string;
  programId: string;
  /** Whole blocks; `remaining` stays behind. */
  moved: bigint;
  remaining: bigint;
  /** What arrives, with the bonus. */
  credited: bigint;
  bonus: bigint;
  /** How long the other program may take to confirm; null where it is converted at once. */
  confirmHours: number | null;
  /** What a member may convert in a day and in a year of the program; null for any number. */
  dailyLimit: bigint | null;
  yearlyLimit: bigint | null;
}

/**
 * What so many points would become at an instant. Nothing is changed, whoever has them.
 *
 * @throws Refusal NOT_FOUND there is no rate; INVALID they are less than a block, or than are converted at
 *   once, with what is required; NOT_ALLOWED points of one of the currencies cannot be spent; LIMIT_REACHED
 */
export async function quoteConversion(
  db: Database,
  {
    from,
    to,
    points,
    rateId: wanted = null,
    at,
  }: {
    from: string;
    to: string;
    points: bigint;
    /** A rate that was quoted before; the one of the instant where left out. */
    rateId?: string | null;
    at: Date;
  },
): Promise<ConversionQuote> {
  const [row] = await rows<
    Omit<ConversionQuote, 'remaining'> & { outcome: string; required: bigint }
  >(
    db,
    `SELECT outcome, (rate).rate_id AS "rateId", (rate).program AS "programId",
            greatest((rate).from_block, (rate).minimum) AS required, moved, credited, bonus,
            (rate).confirm_hours AS "confirmHours", (rate).daily_limit AS "dailyLimit",
            (rate).yearly_limit AS "yearlyLimit"
     FROM ledger.quote_conversion($1, $2, $3, $4, $5)`,
    [from, to, points, wanted, at],
  );
  const { outcome, required, ...quote } = row!;
  if (outcome === 'LESS_THAN_BLOCK') throw lessThanBlock(required);
  if (outcome !== 'QUOTED') throw refusalOf({ outcome, available: null })!;
  return { ...quote, remaining: points - quote.moved };
}

/** @param required a block, or more */
export function lessThanBlock(required: bigint): Refusal {
  return new Refusal('INVALID', 'These are fewer points than can be converted.', ['points'], {
    required,
  });
}
