import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { adjustPoints as adjustInLedger, policyOf, sharedCurrency } from '../../../ledger/index.ts';
import { recordAct } from '../../../platform/audit-log.ts';
import { addDays, startOfDay } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { claimKey, hashOf, repeated } from '../../../platform/idempotency.ts';
import { code, id, key, note, parseInput } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { lockMembers } from '../membership/members.ts';
import { Adjustment } from './entities.ts';
import { isForOne, lockStaff } from './four-eyes.ts';

const adjustmentInput = z
  .object({
    memberId: id,
    points: z
      .bigint()
      .min(-(10n ** 12n), 'must be -10^12 or more')
      .max(10n ** 12n, 'must be 10^12 or less')
      .refine((points) => points !== 0n, 'must not be 0'),
    currency: code.nullish().transform((given) => given ?? sharedCurrency),
    reason: note,
    expiresOn: z.iso.date('is no day').nullish(),
    idempotencyKey: key,
  })
  .refine(({ points, expiresOn }) => points > 0n || expiresOn == null, {
    path: ['expiresOn'],
    error: 'is for points given',
  });

export interface Staff {
  viewer: Viewer;
  clock: Clock;
}

/**
 * Gives points to a member, or takes them. Above the program's limits, either way, it waits for a second
 * administrator: what the caller did alone that day counts with it, for this member by the one limit and in
 * all by the other, so that nobody gets a large amount past others in small ones.
 *
 * Calling again with the same key gives the first answer, as it stands by now.
 *
 * @throws Refusal INVALID; NOT_FOUND the member, or the currency; MEMBER_INACTIVE the member is closed;
 *   INSUFFICIENT_POINTS there are fewer to take; LIMIT_REACHED; IDEMPOTENCY_MISMATCH; IN_PROGRESS
 */
export async function adjustPoints(
  db: Database,
  input: z.input<typeof adjustmentInput>,
  { viewer, clock }: Staff,
): Promise<Adjustment> {
  const { idempotencyKey, ...request } = parseInput(adjustmentInput, input);
  const inputHash = hashOf(request);
  const requestedBy = nameOf(viewer);
  return transaction(db, async (tx) => {
    await lockStaff(tx, requestedBy);
    const [member] = await lockMembers(tx, [request.memberId]);
    const first = await tx.findOneBy(Adjustment, { requestedBy, idempotencyKey });
    if (first) return repeated(first, inputHash);

    if (!member || member.sandbox !== viewer.sandbox) {
      throw new Refusal('NOT_FOUND', 'There is no such member.', ['memberId']);
    }
    if (member.status === 'CLOSED') {
      throw new Refusal('MEMBER_INACTIVE', 'This account is closed.', ['memberId']);
    }
    const createdAt = await clock.now(tx);
    const isSmall = await isForOne(tx, { ...request, requestedBy, createdAt });
    const adjustment = tx.create(Adjustment, {
      ...request,
      id: randomUUID(),
      expiresOn: request.expiresOn ?? null,
      status: isSmall ? 'POSTED' : 'AWAITING_APPROVAL',
      requestedBy,
      decidedBy: null,
      rejectedBecause: null,
      idempotencyKey,
      inputHash,
      createdAt,
    });
    const { status, createdAt: at } = adjustment;
    const expiresAt = await endOf(tx, adjustment, at);
    const unique: (keyof Adjustment)[] = ['requestedBy', 'idempotencyKey'];
    if (!(await claimKey(tx, Adjustment, adjustment, { unique }))) {
      const other = await tx.findOneByOrFail(Adjustment, { requestedBy, idempotencyKey });
      return repeated(other, inputHash);
    }
    if (status === 'POSTED') await post(tx, adjustment, expiresAt, at);
    await record(tx, viewer, 'adjustPoints', adjustment, { at });
    return adjustment;
  });
}

/**
 * Posts an adjustment that awaits approval, by another administrator than asked for it. Once: the same
 * one again gets the first answer, and of two at a time the second finds it decided.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED to who asked for it; CONFLICT it was decided by another;
 *   EXPIRED the points would have ended by now; MEMBER_INACTIVE; INSUFFICIENT_POINTS; LIMIT_REACHED
 */
export function approveAdjustment(
  db: Database,
  input: { id: string },
  { viewer, clock }: Staff,
): Promise<Adjustment> {
  const decided = { status: 'POSTED', decidedBy: nameOf(viewer), rejectedBecause: null } as const;
  return decide(db, input.id, decided, async (tx, adjustment) => {
    if (adjustment.requestedBy === decided.decidedBy) {
      throw new Refusal('NOT_ALLOWED', 'Another administrator must approve it.', ['id']);
    }
    const at = await clock.now(tx);
    const [member] = await lockMembers(tx, [adjustment.memberId]);
    if (member!.status === 'CLOSED') {
      throw new Refusal('MEMBER_INACTIVE', 'This account is closed.', ['id']);
    }
    await post(tx, adjustment, await endOf(tx, adjustment, at, 'EXPIRED'), at);
    await record(tx, viewer, 'approveAdjustment', adjustment, { at });
  });
}

/**
 * Ends an adjustment that awaits approval, and changes no points. Once, as `approveAdjustment`.
 *
 * @throws Refusal INVALID; NOT_FOUND; CONFLICT it was decided otherwise
 */
export async function rejectAdjustment(
  db: Database,
  input: { id: string; reason: string },
  { viewer, clock }: Staff,
): Promise<Adjustment> {
  const { reason: rejectedBecause } = parseInput(z.object({ reason: note }), {
    reason: input.reason,
  });
  const decided = { status: 'REJECTED', decidedBy: nameOf(viewer), rejectedBecause } as const;
  return decide(db, input.id, decided, async (tx, adjustment) => {
    const at = await clock.now(tx);
    await record(tx, viewer, 'rejectAdjustment', adjustment, { at, reason: rejectedBecause });
  });
}

type Decided = Pick<Adjustment, 'status' | 'decidedBy' | 'rejectedBecause'>;

/** @param work what the decision does besides; it sees the adjustment as decided */
async function decide(
  db: Database,
  given: string,
  decided: Decided,
  work: (tx: Database, adjustment: Adjustment) => Promise<void>,
): Promise<Adjustment> {
  const wanted = parseInput(id, given, ['id']);
  return transaction(db, async (tx) => {
    const unlocked = await tx.findOneBy(Adjustment, { id: wanted });
    if (!unlocked) throw new Refusal('NOT_FOUND', 'There is no such adjustment.', ['id']);
    await lockMembers(tx, [unlocked.memberId]);
    const adjustment = await tx.findOneByOrFail(Adjustment, { id: wanted });
    if (adjustment.status !== 'AWAITING_APPROVAL') {
      const { status, decidedBy, rejectedBecause } = decided;
      const isSame =
        adjustment.status === status &&
        adjustment.decidedBy === decidedBy &&
        adjustment.rejectedBecause === rejectedBecause;
      if (isSame) return adjustment;
      throw new Refusal('CONFLICT', 'This adjustment has been decided.', ['id']);
    }
    Object.assign(adjustment, decided);
    await work(tx, adjustment);
    await tx.update(Adjustment, { id: wanted }, decided);
    return adjustment;
  });
}

/**
 * When points given can be spent no more; undefined where the currency's policy decides.
 *
 * @throws Refusal NOT_FOUND there is no such currency; INVALID, or as told, where that has come
 */
async function endOf(
  tx: Database,
  { currency, expiresOn }: Adjustment,
  at: Date,
  over: 'INVALID' | 'EXPIRED' = 'INVALID',
): Promise<Date | undefined> {
  const policy = await policyOf(tx, currency);
  if (!policy) throw new Refusal('NOT_FOUND', 'There is no such currency.', ['currency']);
  if (expiresOn === null) return undefined;
  const expiresAt = startOfDay(addDays(expiresOn, 1), policy.timeZone);
  if (expiresAt > at) return expiresAt;
  throw new Refusal(over, 'expiresOn: is over.', ['expiresOn']);
}

async function post(
  tx: Database,
  { id: adjustmentId, memberId, points, currency }: Adjustment,
  expiresAt: Date | undefined,
  at: Date,
): Promise<void> {
  await adjustInLedger(tx, {
    memberId,
    key: adjustmentId,
    points,
    currency,
    source: { kind: 'adjustment', id: adjustmentId },
    description: 'Adjustment',
    ...(expiresAt && { expiresAt }),
    at,
  });
  const payload = { adjustmentId };
  await emit(tx, { type: 'points.adjusted', memberId, payload, occurredAt: at });
}

/** The words of a person about a member go when the member is erased: the act's subject is the member. */
function record(
  tx: Database,
  viewer: Viewer,
  action: string,
  { id: adjustment, memberId, points, currency, status, reason }: Adjustment,
  { at, reason: because = reason }: { at: Date; reason?: string },
): Promise<void> {
  const before = action === 'adjustPoints' ? {} : { status: 'AWAITING_APPROVAL' };
  return recordAct(tx, viewer, {
    action,
    subject: { type: 'Member', id: memberId },
    reason: because,
    before,
    after: { adjustment, points, currency, status },
    at,
  });
}

function nameOf({ subject, audience }: Viewer): string {
  return subject ?? audience;
}
