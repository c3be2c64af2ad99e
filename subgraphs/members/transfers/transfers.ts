import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  type TransferPoints as Movement,
  holdPoints,
  transferPoints as moveToMember,
  sharedCurrency,
} from '../../../ledger/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { hashOf, repeated } from '../../../platform/idempotency.ts';
import { key, note, parseInput, points } from '../../../platform/input.ts';
import { memberRef } from '../../../platform/members.ts';
import { emit, emitAll } from '../../../platform/outbox.ts';
import type { Member } from '../membership/entities.ts';
import { lockMembers } from '../membership/members.ts';
import { openCase } from '../risk/cases.ts';
import { judge } from '../risk/judgement.ts';
import { PointsTransfer } from './entities.ts';
import { findReceiver, refuseUnknown, requireKnowing } from './receivers.ts';

/** What names a member at a partner is no other member's business. */
const waysOfPartners = ['partnerAccount', 'paymentCard', 'walletToken'] as const;

const transferInput = z.object({
  to: memberRef.superRefine((ref, context) => {
    for (const way of waysOfPartners.filter((each) => ref[each] != null)) {
      const message = 'names a member to partners alone';
      context.addIssue({ code: 'custom', path: [way], message });
    }
  }),
  points,
  message: note.nullish(),
  idempotencyKey: key,
});

interface Giver {
  memberId: string;
  /** When the member last entered a second factor. */
  steppedUpAt: Date | null;
  clock: Clock;
}

/**
 * Gives points of the shared currency to another member, who gets them with the end that they have. What
 * looks odd waits for a decision of staff, with its points set aside.
 *
 * Calling again with the same key gives the first transfer, as it stands by now, and moves nothing. A
 * refused call leaves nothing that its key could not be used again for. Whoever asks for receivers who are no
 * members is told so only where they could have given the points, and so often a day.
 *
 * @throws Refusal INVALID, also where it is to oneself; MEMBER_INACTIVE; NOT_ALLOWED the account is too new;
 *   LIMIT_REACHED; STEP_UP_REQUIRED; INSUFFICIENT_POINTS; NOT_FOUND the receiver is no active member of the
 *   giver's half of the world; IDEMPOTENCY_MISMATCH; IN_PROGRESS
 */
export async function transferPoints(
  db: Database,
  input: z.input<typeof transferInput>,
  { memberId, steppedUpAt, clock }: Giver,
): Promise<PointsTransfer> {
  const request = parseInput(transferInput, input);
  const { idempotencyKey } = request;
  const inputHash = hashOf(request);
  const outcome = await transaction(db, async (tx) => {
    // The key decides before anything else: the receiver may have gone by now.
    const first = await tx.findOneBy(PointsTransfer, { memberId, idempotencyKey });
    if (first) return standing(repeated(first, inputHash), await clock.now(tx));

    const receiverId = await findReceiver(tx, request.to, memberId);
    const members = await lockMembers(tx, receiverId ? [memberId, receiverId] : [memberId]);
    const at = await clock.now(tx);
    // A call with the same key may have been at work until now.
    const same = await tx.findOneBy(PointsTransfer, { memberId, idempotencyKey });
    if (same) return standing(repeated(same, inputHash), at);

    const giver = members.find(({ id }) => id === memberId)!;
    if (giver.status !== 'ACTIVE') {
      throw new Refusal('MEMBER_INACTIVE', 'This account is not active.');
    }
    const receiver = members.find(({ id, status }) => id === receiverId && status === 'ACTIVE');
    await requireKnowing(tx, memberId, receiver?.id ?? null, at);
    if (!receiver) return refuseUnknown(tx, { giver, steppedUpAt, points: request.points, at });
    const transfer = tx.create(PointsTransfer, {
      id: randomUUID(),
      memberId,
      receiverId: receiver.id,
      points: request.points,
      message: request.message ?? null,
      idempotencyKey,
      inputHash,
      createdAt: at,
    });
    return carryOut(tx, transfer, { giver, steppedUpAt });
  });
  // It was counted, which a refusal that is thrown inside would take back.
  if (outcome instanceof Refusal) throw outcome;
  return outcome;
}

/**
 * A transfer as it stands at an instant: what nobody has decided in time is given back, whether or not
 * the worker has been there.
 */
function standing(transfer: PointsTransfer, at: Date): PointsTransfer {
  const { status, reviewDueAt } = transfer;
  const isOver = status === 'UNDER_REVIEW' && reviewDueAt! <= at;
  return isOver ? Object.assign(transfer, { status: 'REVERSED' as const }) : transfer;
}

/** Moves the points of a transfer, or sets them aside, as it is judged. @returns the transfer */
async function carryOut(
  tx: Database,
  transfer: PointsTransfer,
  { giver, steppedUpAt }: { giver: Member; steppedUpAt: Date | null },
): Promise<PointsTransfer> {
  const { id, memberId, points: amount, receiverId, createdAt: at } = transfer;
  const { decision, reasons, refusal, reviewDueAt } = await judge(tx, {
    id,
    action: 'TRANSFER',
    member: giver,
    points: amount,
    currency: sharedCurrency,
    receiverId,
    steppedUpAt,
    at,
  });
  if (refusal) throw refusal;
  if (decision === 'ALLOW') {
    const posted = Object.assign(transfer, { status: 'POSTED' as const, entryId: id });
    await tx.insert(PointsTransfer, posted);
    await moveToMember(tx, movementOf(transfer, at));
    await tellTransferred(tx, transfer, at);
    return posted;
  }
  const held = Object.assign(transfer, { status: 'UNDER_REVIEW' as const, reviewDueAt });
  await tx.insert(PointsTransfer, held);
  await holdPoints(tx, {
    memberId,
    key: id,
    points: amount,
    partnerId: null,
    description: 'A transfer that is being looked at',
    expiresAt: reviewDueAt,
    at,
  });
  await openCase(tx, {
    action: 'TRANSFER',
    subjectId: id,
    memberId,
    points: amount,
    reasons,
    openedAt: at,
    dueAt: reviewDueAt,
  });
  await emit(tx, {
    type: 'transfer.held',
    memberId,
    payload: { transferId: id },
    occurredAt: at,
  });
  return held;
}

/** The transfer as the ledger moves it. */
export function movementOf(
  { id, memberId, receiverId, points: amount }: PointsTransfer,
  at: Date,
): Movement {
  return {
    memberId,
    key: id,
    points: amount,
    toMemberId: receiverId,
    source: { kind: 'transfer', id },
    // Names and messages stay out of the ledger, which forgets nothing.
    description: 'Between members',
    effectiveAt: at,
    at,
  };
}

/** Tells both members. */
export async function tellTransferred(
  tx: Database,
  { id, memberId, receiverId }: PointsTransfer,
  at: Date,
): Promise<void> {
  const payload = { transferId: id, fromMemberId: memberId, toMemberId: receiverId };
  const event = { type: 'points.transferred', payload, occurredAt: at };
  await emitAll(tx, [
    { ...event, memberId },
    { ...event, memberId: receiverId },
  ]);
}
