import { z } from 'zod';
import { type Database, rows } from '../platform/database.ts';
import { Refusal } from '../platform/errors.ts';
import { code, id, parseInput, points } from '../platform/input.ts';
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
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'is the same currency' })
  .refine(({ validFrom, validUntil }) => !validUntil || validUntil > validFrom, {
    path: ['validUntil'],
    error: 'must be after validFrom',
  });

/** What points of one currency are worth in another, in one direction, from an instant on. */
export type Rate = z.infer<typeof rateFields>;

/**
 * Adds a rate; of several that are valid the one that began last counts. The same again: nothing.
 *
 * @throws Refusal INVALID with the field at fault; NOT_FOUND the ledger does not count the currency that
 *   is converted from, or does not know the program; NOT_ALLOWED points of one of them cannot be spent;
 *   CONFLICT the id has another rate, or another rate of the pair begins at the same instant
 */
export async function addRate(tx: Database, rate: Rate): Promise<void> {
  const given = parseInput(rateFields, rate);
  const [answer] = await rows<{ outcome: string }>(
    tx,
    'SELECT ledger.add_rate($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS outcome',
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
}

/**
 * What so many points would become at an instant. Nothing is changed, whoever has them.
 *
 * @throws Refusal NOT_FOUND there is no rate; INVALID they are less than a block, with what is required;
 *   NOT_ALLOWED points of one of the currencies cannot be spent; LIMIT_REACHED
 */
export async function quoteConversion(
  db: Database,
  { from, to, points, at }: { from: string; to: string; points: bigint; at: Date },
): Promise<ConversionQuote> {
  const [row] = await rows<{
    outcome: string;
    rateId: string;
    programId: string;
    fromBlock: bigint;
    moved: bigint;
    credited: bigint;
    bonus: bigint;
  }>(
    db,
    `SELECT outcome, (rate).rate_id AS "rateId", (rate).program AS "programId",
            (rate).from_block AS "fromBlock", moved, credited, bonus
     FROM ledger.quote_conversion($1, $2, $3, NULL, $4)`,
    [from, to, points, at],
  );
  const { outcome, rateId, programId, fromBlock, moved, credited, bonus } = row!;
  if (outcome === 'LESS_THAN_BLOCK') throw lessThanBlock(fromBlock);
  if (outcome !== 'QUOTED') throw refusalOf({ outcome, available: null })!;
  return { rateId, programId, moved, remaining: points - moved, credited, bonus };
}

/** @param required the block */
export function lessThanBlock(required: bigint): Refusal {
  return new Refusal('INVALID', 'These are fewer points than can be converted.', ['points'], {
    required,
  });
}
