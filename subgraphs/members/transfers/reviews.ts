/** What becomes of a transfer that was held back. */
import { randomUUID } from 'node:crypto';
import { releaseHold, transferHeld } from '../../../ledger/index.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import type { Member } from '../membership/entities.ts';
import { lockMembers } from '../membership/members.ts';
import { forgetAct } from '../risk/judgement.ts';
import { PointsTransfer } from './entities.ts';
import { movementOf, tellTransferred } from './transfers.ts';

/** A transfer, and its members as they stay until the transaction's end. */
interface HeldTransfer {
  transfer: PointsTransfer;
  members: Member[];
}

/** Locks the members of a transfer that was held back. */
export async function lockHeldTransfer(tx: Database, id: string): Promise<HeldTransfer> {
  const transfer = await tx.findOneByOrFail(PointsTransfer, { id });
  return { transfer, members: await lockMembers(tx, [transfer.memberId, transfer.receiverId]) };
}

/**
 * Carries a transfer out that was held back, from the points that were set aside for it.
 *
 * @throws Refusal MEMBER_INACTIVE; INSUFFICIENT_POINTS; LIMIT_REACHED
 */
export async function allowTransfer(
  tx: Database,
  { transfer, members }: HeldTransfer,
  at: Date,
): Promise<void> {
  if (members.some(({ status }) => status !== 'ACTIVE')) {
    throw new Refusal('MEMBER_INACTIVE', 'One of the members is not active any more.', ['allow']);
  }
  const entryId = randomUUID();
  await tx.update(PointsTransfer, { id: transfer.id }, { status: 'POSTED', entryId });
  await transferHeld(tx, { ...movementOf(transfer, at), key: entryId, holdId: transfer.id });
  await tellTransferred(tx, transfer, at);
}

/** Gives the points of a transfer free again that was held back. It counts against no limit then. */
export async function denyTransfer(
  tx: Database,
  { transfer: { id, memberId } }: HeldTransfer,
  at: Date,
): Promise<void> {
  await tx.update(PointsTransfer, { id }, { status: 'REVERSED' });
  await forgetAct(tx, id);
  await releaseHold(tx, { memberId, key: randomUUID(), holdId: id, at });
  const payload = { transferId: id };
  await emit(tx, { type: 'transfer.denied', memberId, payload, occurredAt: at });
}
