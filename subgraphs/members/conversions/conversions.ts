import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { beginConversion, quoteConversion as quoteInLedger } from '../../../ledger/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { hashOf, repeated } from '../../../platform/idempotency.ts';
import { code, id, key, parseInput, points } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Member } from '../membership/entities.ts';
import { lockMember } from '../membership/members.ts';
import { requireGoingOn } from '../partners.ts';
import { judge } from '../risk/judgement.ts';
import { Conversion } from './entities.ts';
import { quotedRate } from './quotes.ts';
import { requireWithinRate } from './rate-limits.ts';

const conversionInput = z.object({
  from: code,
  to: code,
  points,
  quoteId: z.string().max(2_000).nullish(),
  idempotencyKey: key,
});

interface Converter {
  memberId: string;
  /** When the member last entered a second factor. */
  steppedUpAt: Date | null;
  clock: Clock;
  sealKey: string;
}

/**
 * Converts whole blocks of a member's points into another currency of the program. They arrive at once,
 * unless the rate's partner confirms first: then they are on their way, and come back in time.
 *
 * Calling again with the same key gives the first conversion, as it stands by now. A refused call leaves
 * no trace, so its key may be used again.
 *
 * @throws Refusal INVALID, also for less than a block, with what is required; NOT_FOUND there is no such
 *   rate, or quote; EXPIRED the quote; MEMBER_INACTIVE; PARTNER_INACTIVE the rate's partner is suspended, or
 *   has left, whatever was quoted; NOT_ALLOWED the account is too new, or points of a
 *   currency cannot be converted; LIMIT_REACHED; STEP_UP_REQUIRED; INSUFFICIENT_POINTS;
 *   IDEMPOTENCY_MISMATCH; IN_PROGRESS
 */
export async function convertPoints(
  db: Database,
  input: z.input<typeof conversionInput>,
  { memberId, steppedUpAt, clock, sealKey }: Converter,
): Promise<Conversion> {
  const request = parseInput(conversionInput, input);
  const { from, to, points: amount, quoteId, idempotencyKey } = request;
  const inputHash = hashOf(request);
  return transaction(db, async (tx) => {
    const member = await lockMember(tx, memberId);
    const first = await tx.findOneBy(Conversion, { memberId, idempotencyKey });
    if (first) return repeated(first, inputHash);
    if (member!.status !== 'ACTIVE') {
      throw new Refusal('MEMBER_INACTIVE', 'This account is not active.');
    }
    const at = await clock.now(tx);
    await requireCounted(tx, to);
    const asked = { from, to, memberId, points: amount };
    const rateId = quoteId ? await quotedRate(quoteId, asked, { at, sealKey }) : null;
    const quote = await quoteInLedger(tx, { from, to, points: amount, rateId, at });
    await requireGoingOn(tx, quote.programId, [quoteId ? 'quoteId' : 'to']);
    await requireWithinRate(tx, { memberId, from, to }, quote, at);

    const conversion = tx.create(Conversion, {
      id: randomUUID(),
      memberId,
      programId: quote.programId,
      timesOutAt: quote.confirmHours && new Date(at.getTime() + quote.confirmHours * 3_600_000),
      closed: quote.confirmHours === null,
      idempotencyKey,
      inputHash,
      createdAt: at,
    });
    const { refusal } = await judge(tx, {
      id: conversion.id,
      action: 'CONVERSION',
      member: member!,
      points: quote.moved,
      currency: from,
      receiverId: null,
      steppedUpAt,
      at,
    });
    if (refusal) throw refusal;
    await tx.insert(Conversion, conversion);
    await begin(tx, conversion, { from, to, points: amount, rateId: quote.rateId });
    return conversion;
  });
}

/** What only another program counts cannot be shown here. @throws Refusal NOT_FOUND */
async function requireCounted(tx: Database, currency: string): Promise<void> {
  const found = await rows(tx, 'SELECT FROM ledger.currency WHERE code = $1', [currency]);
  if (found.length === 1) return;
  throw new Refusal('NOT_FOUND', 'There is no such currency.', ['to']);
}

async function begin(
  tx: Database,
  { id: conversionId, memberId, programId, timesOutAt, createdAt: at }: Conversion,
  { from, ...what }: { from: string; to: string; points: bigint; rateId: string },
): Promise<void> {
  await beginConversion(tx, {
    ...what,
    memberId,
    key: conversionId,
    currency: from,
    source: { kind: 'conversion', id: conversionId },
    description: 'Into another currency',
    timesOutAt,
    at,
  });
  const payload = { conversionId };
  // The partner is told whom to give what: it looks the conversion up, and confirms it.
  await emit(tx, {
    type: timesOutAt ? 'conversion.begun' : 'conversion.completed',
    memberId,
    partnerId: programId,
    payload,
    occurredAt: at,
  });
}

/**
 * The conversion with this id; null for none. Of a partner's clients those for tests see the sandbox
 * alone, and live ones what is live.
 *
 * @throws Refusal INVALID
 */
export async function findConversion(
  db: Database,
  given: string,
  { audience, sandbox }: Viewer,
): Promise<Conversion | null> {
  const conversion = await db.findOneBy(Conversion, { id: parseInput(id, given, ['id']) });
  if (!conversion || audience !== 'PARTNER') return conversion;
  const isMet = await db.existsBy(Member, { id: conversion.memberId, sandbox });
  return isMet ? conversion : null;
}
