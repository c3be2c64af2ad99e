import { randomUUID } from 'node:crypto';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { claimKey, repeated } from '../../../platform/idempotency.ts';
import { emit } from '../../../platform/outbox.ts';
import { Hold, HoldAct } from './entities.ts';

/**
 * The hold, locked: what is done with one waits here for one another, before the ledger's account.
 *
 * @param by whose it must be; null for staff
 * @throws Refusal NOT_FOUND also for another's
 */
export async function lockHold(
  tx: Database,
  id: string,
  by: Pick<Hold, 'partnerId' | 'sandbox'> | null,
): Promise<Hold> {
  const hold = await tx.findOne(Hold, {
    where: { id, ...by },
    lock: { mode: 'for_no_key_update' },
  });
  if (!hold) throw new Refusal('NOT_FOUND', 'There is no such hold.', ['id']);
  return hold;
}

/** A call with its key. */
type Call = Pick<HoldAct, 'kind' | 'key' | 'inputHash'> & {
  /** Of the input field that is the key. */
  path: string[];
};

/**
 * What was done under the key before; null for nothing.
 *
 * @throws Refusal IDEMPOTENCY_MISMATCH it was something else
 */
export async function findAct(
  tx: Database,
  { partnerId, sandbox }: Hold,
  { kind, key, inputHash, path }: Call,
): Promise<HoldAct | null> {
  const first = await tx.findOneBy(HoldAct, { partnerId, sandbox, kind, key });
  return first && repeated(first, inputHash, path);
}

/**
 * Writes down what is being done with a locked hold, which claims its key.
 *
 * @throws Refusal IDEMPOTENCY_MISMATCH a parallel call did something else under it; IN_PROGRESS
 */
export async function claimAct(
  tx: Database,
  hold: Hold,
  call: Call,
  { points, at }: { points: bigint; at: Date },
): Promise<HoldAct> {
  const { id: holdId, partnerId, sandbox } = hold;
  const { kind, key, inputHash, path } = call;
  const own = { holdId, partnerId, sandbox, kind, key, inputHash };
  const act = tx.create(HoldAct, { id: randomUUID(), ...own, points, createdAt: at });
  const unique: (keyof HoldAct)[] = ['partnerId', 'sandbox', 'kind', 'key'];
  if (await claimKey(tx, HoldAct, act, { unique, path })) return act;
  const first = await tx.findOneByOrFail(HoldAct, { partnerId, sandbox, kind, key });
  return repeated(first, inputHash, path);
}

/** @throws Refusal EXPIRED; CONFLICT it was captured or released, which the details say */
export function requireActive(hold: Hold, at: Date): void {
  const status = statusAt(hold, at);
  if (status === 'ACTIVE') return;
  if (status === 'EXPIRED') throw new Refusal('EXPIRED', 'The hold has expired.', ['id']);
  throw new Refusal('CONFLICT', 'The hold has been captured or released.', ['id'], {
    subject: status,
  });
}

export type HoldStatus = Hold['status'] | 'EXPIRED';

/** Where a hold stands at an instant: it ends by itself, also where nothing has run since. */
export function statusAt({ status, expiresAt }: Hold, at: Date): HoldStatus {
  return status === 'ACTIVE' && expiresAt <= at ? 'EXPIRED' : status;
}

/** Tells partner and member what was done with a hold. */
export function tell(
  tx: Database,
  { id: holdId, memberId, partnerId }: Hold,
  type: `hold.${string}`,
  occurredAt: Date,
): Promise<void> {
  return emit(tx, { type, memberId, partnerId, payload: { holdId }, occurredAt });
}
