import { z } from 'zod';
import { quoteConversion as quoteInLedger, quoteMs } from '../../../ledger/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { code, id, parseInput, points } from '../../../platform/input.ts';
import { seal, unseal } from '../../../platform/seal.ts';
import { requireGoingOn } from '../partners.ts';

const asked = z.object({ from: code, to: code, points });

/** What a quote's id holds. Sealed, it needs no row: nobody else can make one, or change it. */
const quoted = z.strictObject({
  memberId: id,
  from: code,
  to: code,
  points: z.string(),
  rateId: id,
  expiresAt: z.iso.datetime(),
});

interface Asker {
  memberId: string;
  clock: Clock;
  sealKey: string;
}

interface ConversionQuote {
  id: string;
  moved: bigint;
  credited: bigint;
  bonus: bigint;
  remaining: bigint;
  estimatedCompletionAt: Date;
  expiresAt: Date;
}

/**
 * What points would become in another currency of the program, whoever has them. Nothing is changed.
 *
 * @returns null where there is no rate
 * @throws Refusal INVALID for less than a block, with what is required; NOT_ALLOWED points of one of the
 *   currencies cannot be converted; LIMIT_REACHED it would be more than a balance can be; PARTNER_INACTIVE
 *   the rate's partner is suspended, or has left
 */
export async function quoteConversion(
  db: Database,
  input: z.input<typeof asked>,
  { memberId, clock, sealKey }: Asker,
): Promise<ConversionQuote | null> {
  const { from, to, points: amount } = parseInput(asked, input);
  const at = await clock.now(db);
  const quote = await quoteInLedger(db, { from, to, points: amount, at }).catch(noneFound);
  if (!quote) return null;
  await requireGoingOn(db, quote.programId, ['to']);
  const { rateId, moved, credited, bonus, remaining, confirmHours } = quote;
  const expiresAt = new Date(at.getTime() + quoteMs);
  const held = {
    memberId,
    from,
    to,
    points: String(amount),
    rateId,
    expiresAt: expiresAt.toISOString(),
  };
  return {
    id: await seal(JSON.stringify(held), sealKey),
    moved,
    credited,
    bonus,
    remaining,
    estimatedCompletionAt: new Date(at.getTime() + (confirmHours ?? 0) * 3_600_000),
    expiresAt,
  };
}

function noneFound(error: unknown): null {
  if (error instanceof Refusal && error.code === 'NOT_FOUND') return null;
  throw error;
}

/**
 * The rate that a quote keeps, for this member and these points.
 *
 * @throws Refusal NOT_FOUND it is no quote of these; EXPIRED
 */
export async function quotedRate(
  quoteId: string,
  asked: { memberId: string; from: string; to: string; points: bigint },
  { at, sealKey }: { at: Date; sealKey: string },
): Promise<string> {
  const quote = await unseal(quoteId, sealKey).then(
    (text) => quoted.safeParse(JSON.parse(text)).data,
    () => undefined,
  );
  const isMeant =
    quote?.memberId === asked.memberId &&
    quote.from === asked.from &&
    quote.to === asked.to &&
    quote.points === String(asked.points);
  if (!isMeant) throw new Refusal('NOT_FOUND', 'There is no such quote.', ['quoteId']);
  if (new Date(quote.expiresAt) > at) return quote.rateId;
  throw new Refusal('EXPIRED', 'The quote has expired: ask for another one.', ['quoteId']);
}
