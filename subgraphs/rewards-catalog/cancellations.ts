import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { cancelShared } from '../../ledger/index.ts';
import { recordAct } from '../../platform/audit-log.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, rows, transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { id, note, parseInput } from '../../platform/input.ts';
import { requireActiveMember } from '../../platform/members.ts';
import { type DomainEvent, emitAll } from '../../platform/outbox.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { HouseholdShare, Redemption, Reward, Voucher } from './entities.ts';
import { sumOf } from './households.ts';
import { isCode } from './kinds.ts';

/** A member changes their mind on the same day, not after the stay. */
const cancellableMs = 24 * 60 * 60_000;

/** Until when a member may cancel what they redeem now; null where they have seen a code by then. */
export function cancellableUntil(kind: Reward['kind'], at: Date): Date | null {
  return isCode(kind) ? null : new Date(at.getTime() + cancellableMs);
}

const cancellation = z.object({ id, reason: note.nullish() });

/**
 * Takes a redemption back, all or nothing: each member's points go to the lots that they came from,
 * the units to the stock, and codes are void. Again: the same answer. Of a member who was erased it is
 * not kept why.
 *
 * @throws Refusal INVALID; NOT_FOUND it does not exist, or is another member's. For the member besides:
 *   MEMBER_INACTIVE; NOT_ALLOWED its codes have been shown; EXPIRED a day after it was made
 */
export async function cancelRedemption(
  db: Database,
  input: z.input<typeof cancellation>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Redemption> {
  const { id: redemptionId, reason } = parseInput(cancellation, input);
  const { memberId } = viewer;
  return transaction(db, async (tx) => {
    const redemption = await tx.findOne(Redemption, {
      where: { id: redemptionId, ...(memberId && { memberId }) },
      lock: { mode: 'for_no_key_update' },
    });
    if (!redemption) throw new Refusal('NOT_FOUND', 'There is no such redemption.', ['id']);
    if (redemption.status === 'CANCELLED') return redemption;
    const at = await clock.now(tx);
    if (memberId) await requireCancellable(tx, redemption, at);

    const { rewardId, quantity } = redemption;
    const endedBecause = (await isErased(tx, redemption.memberId)) ? null : (reason ?? null);
    const ended = { status: 'CANCELLED', cancelledAt: at, endedBecause } as const;
    await tx.update(Redemption, { id: redemptionId }, ended);
    await tx.update(Voucher, { redemptionId }, { status: 'VOID' });
    // A reward without a stock has none to go up.
    await tx.increment(Reward, { id: rewardId }, 'stock', quantity);
    await giveBack(tx, redemption, at);
    await recordAct(tx, viewer, {
      action: 'cancelRedemption',
      subject: { type: 'Member', id: redemption.memberId },
      reason: endedBecause,
      before: { status: redemption.status },
      after: { redemption: redemptionId, status: ended.status },
      at,
    });
    return tx.merge(Redemption, redemption, ended);
  });
}

async function requireCancellable(tx: Database, redemption: Redemption, at: Date): Promise<void> {
  await requireActiveMember(tx, redemption.memberId);
  if (!redemption.cancellableUntil) {
    throw new Refusal('NOT_ALLOWED', 'Its codes have been shown: ask the coalition.', ['id']);
  }
  if (at > redemption.cancellableUntil) {
    throw new Refusal('EXPIRED', 'A redemption can be cancelled for a day.', ['id']);
  }
}

/** Whether nothing may be written about a member any more. */
async function isErased(tx: Database, memberId: string): Promise<boolean> {
  const [asked] = await rows<{ erased: boolean }>(tx, 'SELECT members.is_erased($1) AS erased', [
    memberId,
  ]);
  return asked!.erased;
}

/** Everyone who paid has their part again, also who has left the household since. */
async function giveBack(tx: Database, redemption: Redemption, at: Date): Promise<void> {
  const { id: redemptionId, memberId, postedTo, partnerId, rewardId, points } = redemption;
  const shares = await tx.findBy(HouseholdShare, { redemptionId });
  const payers = shares.map((share) => share.memberId);
  if (sumOf(shares) < points) payers.push(postedTo ?? memberId);
  const cancellation = {
    key: randomUUID(),
    transferId: redemptionId,
    source: { kind: 'redemption', id: redemptionId } as const,
    description: 'Redemption cancelled',
    at,
  };
  await cancelShared(tx, cancellation, payers);
  const cancelled: DomainEvent = {
    type: 'redemption.cancelled',
    memberId,
    partnerId,
    payload: { redemptionId, rewardId },
    occurredAt: at,
  };
  const refunded = shares.map((share) => ({
    type: 'household.refunded',
    memberId: share.memberId,
    payload: { householdId: share.householdId, redemptionId },
    occurredAt: at,
  }));
  await emitAll(tx, [cancelled, ...refunded]);
}
