import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, note, parseInput } from '../../../platform/input.ts';
import { type Viewer, requireSteppedUp } from '../../../platform/viewer.ts';
import { lockMember } from '../membership/members.ts';
import { Erasure } from './entities.ts';

const request = z.object({ memberId: id, reason: note });

/**
 * Begins to forget a member: at once the membership is closed and trusts nobody, and the worker erases
 * the rest, part by part. What the ledger has to keep stays under the member's id, which says nothing
 * any more. There is no way back. Again: the same erasure.
 *
 * The reason that staff give stands in the audit log until the erasure is done.
 *
 * @throws Refusal INVALID; NOT_FOUND there is no such member, or it is another one than the caller;
 *   STEP_UP_REQUIRED a member asks for it
 */
export async function eraseMember(
  db: Database,
  input: z.input<typeof request>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Erasure> {
  const { memberId, reason } = parseInput(request, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const isOwn = viewer.memberId === memberId;
    const mayAsk = isOwn || viewer.audience === 'ADMIN';
    const member = mayAsk ? await lockMember(tx, memberId) : null;
    if (!member || (!isOwn && member.sandbox !== viewer.sandbox)) {
      throw new Refusal('NOT_FOUND', 'There is no such member.', ['memberId']);
    }
    const first = await tx.findOneBy(Erasure, { memberId });
    if (first) return first;
    if (isOwn) requireSteppedUp(viewer, at);
    await rows(tx, 'SELECT members.open_erasure($1, $2)', [memberId, at]);
    await recordAct(tx, viewer, {
      action: 'eraseMember',
      subject: { type: 'Member', id: memberId },
      reason,
      before: { status: member.status },
      after: { status: 'CLOSED' },
      at,
    });
    return tx.findOneByOrFail(Erasure, { memberId });
  });
}

/** The erasure with this id, or null. */
export function findErasure(db: Database, erasureId: string): Promise<Erasure | null> {
  return db.findOneBy(Erasure, { id: parseInput(id, erasureId, ['id']) });
}
