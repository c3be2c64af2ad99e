import { z } from 'zod';
import { cancelRedemption, sharedCurrencyIn } from '../../../ledger/index.ts';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { hashOf } from '../../../platform/idempotency.ts';
import { id, key, parseInput, points } from '../../../platform/input.ts';
import { type Viewer, askerOf } from '../../../platform/viewer.ts';
import { redemptionTermsOf } from '../partners.ts';
import { claimAct, findAct, lockHold, tell } from './acts.ts';
import { type Hold, HoldAct } from './entities.ts';

const refundInput = z.object({ id, points: points.nullish(), refundReference: key });

export type RefundCapture = z.input<typeof refundInput>;

/**
 * Gives captured points back to the lots that they came from, in full or in parts, never more than was
 * captured. Neither the member's consent nor the partner's contract stands in the way of it. Staff
 * refund for any partner.
 *
 * The same reference again gives the hold as it stands.
 *
 * @throws Refusal INVALID also for more points than are left, with what is; NOT_FOUND also for another
 *   partner's; CONFLICT nothing was captured; ALREADY_REVERSED all was given back; LIMIT_REACHED the
 *   balance would be too large; IDEMPOTENCY_MISMATCH the reference was used for something else;
 *   IN_PROGRESS
 */
export async function refundCapture(
  db: Database,
  input: RefundCapture,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Hold> {
  const { refundReference, ...request } = parseInput(refundInput, input);
  const isStaff = viewer.audience === 'ADMIN';
  const path = ['refundReference'];
  const inputHash = hashOf(request);
  const call = { kind: 'REFUND', key: refundReference, inputHash, path } as const;
  return transaction(db, async (tx) => {
    const hold = await lockHold(tx, request.id, isStaff ? null : askerOf(viewer));
    if (await findAct(tx, hold, call)) return hold;

    const at = await clock.now(tx);
    const refunded = requireCaptured(hold, request.points ?? null);
    const { name } = await redemptionTermsOf(tx, hold.partnerId, at);
    const capture = await tx.findOneByOrFail(HoldAct, { holdId: hold.id, kind: 'CAPTURE' });
    const act = await claimAct(tx, hold, call, { points: refunded, at });
    await cancelRedemption(tx, {
      memberId: hold.memberId,
      key: act.id,
      currency: sharedCurrencyIn(hold),
      transferId: capture.id,
      points: refunded,
      source: { kind: 'hold', id: hold.id },
      description: `Given back by ${name}`,
      at,
    });
    const before = { refundedPoints: hold.refundedPoints };
    hold.refundedPoints += refunded;
    // What a partner gives back the ledger explains.
    if (isStaff) {
      const after = { refundedPoints: hold.refundedPoints };
      const subject = { type: 'Hold', id: hold.id };
      await recordAct(tx, viewer, { action: 'refundCapture', subject, before, after, at });
    }
    await tell(tx, hold, 'hold.refunded', at);
    return tx.save(hold);
  });
}

/** The points that are given back: all that are left where none are named. @throws Refusal as above */
function requireCaptured(hold: Hold, wanted: bigint | null): bigint {
  const { status, capturedPoints, refundedPoints } = hold;
  if (capturedPoints === 0n) {
    throw new Refusal('CONFLICT', 'Nothing of the hold was captured.', ['id'], { subject: status });
  }
  const left = capturedPoints - refundedPoints;
  if (left === 0n) throw new Refusal('ALREADY_REVERSED', 'All of it was given back.', ['id']);
  if (wanted === null || wanted <= left) return wanted ?? left;
  throw new Refusal('INVALID', 'These are more points than are left.', ['points'], {
    available: left,
    required: wanted,
  });
}
