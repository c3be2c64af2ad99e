import { z } from 'zod';
import {
  captureHold as captureInLedger,
  releaseHold as releaseInLedger,
  sharedCurrencyIn,
} from '../../../ledger/index.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { hashOf } from '../../../platform/idempotency.ts';
import { id, key, parseInput, points } from '../../../platform/input.ts';
import { redemptionTermsOf, requireTakingPart } from '../partners.ts';
import { claimAct, findAct, lockHold, requireActive, tell } from './acts.ts';
import type { Hold } from './entities.ts';
import type { Till } from './placing.ts';

const keyPath = ['idempotencyKey'];

const captureInput = z.object({ id, points: points.nullish(), idempotencyKey: key });

export type CaptureHold = z.input<typeof captureInput>;

/**
 * Redeems what a hold keeps, in full or in part, once; the rest is released. What the member let the
 * partner hold it may capture: it has given something for it.
 *
 * The same key again gives the hold as it stands now, though it is over.
 *
 * @throws Refusal INVALID also for more points than it keeps, with what it keeps; NOT_FOUND also for
 *   another partner's; EXPIRED; CONFLICT it was captured or released; PARTNER_INACTIVE;
 *   IDEMPOTENCY_MISMATCH; IN_PROGRESS
 */
export async function captureHold(
  db: Database,
  input: CaptureHold,
  { by, clock }: Till,
): Promise<Hold> {
  const { idempotencyKey, ...request } = parseInput(captureInput, input);
  const inputHash = hashOf(request);
  const call = { kind: 'CAPTURE', key: idempotencyKey, inputHash, path: keyPath } as const;
  return transaction(db, async (tx) => {
    const hold = await lockHold(tx, request.id, by);
    if (await findAct(tx, hold, call)) return hold;

    const at = await clock.now(tx);
    requireActive(hold, at);
    const { name, status } = await redemptionTermsOf(tx, by.partnerId, at);
    requireTakingPart(status, by);
    const captured = request.points ?? hold.points;
    const act = await claimAct(tx, hold, call, { points: captured, at });
    await captureInLedger(tx, {
      memberId: hold.memberId,
      key: act.id,
      currency: sharedCurrencyIn(hold),
      holdId: hold.id,
      points: captured,
      source: { kind: 'hold', id: hold.id },
      description: `Paid with points at ${name}`,
      at,
    });
    hold.status = captured === hold.points ? 'CAPTURED' : 'PARTIALLY_CAPTURED';
    hold.capturedPoints = captured;
    await tell(tx, hold, 'hold.captured', at);
    return tx.save(hold);
  });
}

const releaseInput = z.object({ id, idempotencyKey: key });

export type ReleaseHold = z.input<typeof releaseInput>;

/**
 * Gives a hold up. The same key again gives the hold as it stands.
 *
 * @throws Refusal INVALID; NOT_FOUND also for another partner's; EXPIRED; CONFLICT it was captured or
 *   released; IDEMPOTENCY_MISMATCH; IN_PROGRESS
 */
export async function releaseHold(
  db: Database,
  input: ReleaseHold,
  { by, clock }: Till,
): Promise<Hold> {
  const { idempotencyKey, ...request } = parseInput(releaseInput, input);
  const inputHash = hashOf(request);
  const call = { kind: 'RELEASE', key: idempotencyKey, inputHash, path: keyPath } as const;
  return transaction(db, async (tx) => {
    const hold = await lockHold(tx, request.id, by);
    if (await findAct(tx, hold, call)) return hold;

    const at = await clock.now(tx);
    requireActive(hold, at);
    const { memberId, points: released } = hold;
    const act = await claimAct(tx, hold, call, { points: released, at });
    const currency = sharedCurrencyIn(hold);
    await releaseInLedger(tx, { memberId, key: act.id, currency, holdId: hold.id, at });
    hold.status = 'RELEASED';
    await tell(tx, hold, 'hold.released', at);
    return tx.save(hold);
  });
}
