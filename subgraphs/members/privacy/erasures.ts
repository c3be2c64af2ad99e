import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, note, parseInput } from '../../../platform/input.ts';
import { type Viewer, requireSteppedUp } from '../../../platform/viewer.ts';
import { Member } from '../membership/entities.ts';
import { Erasure } from './entities.ts';

const request = z.object({ memberId: id, reason: note });

/**
 * Begins to forget a member: at once the membership is closed and trusts nobody, and the worker erases
 * the rest, part by part. What the ledger has to keep stays under the member's id, which says nothing
 * any more. There is no way back. Again: the same erasure.
 *
 * A membership that was merged leads on, as everywhere: the person is erased with all that has become
 * one, each under an erasure of its own.
 *
 * The reason that staff give stands in the audit log until the erasure is done.
 *
 * @returns that of the membership which the others lead to
 * @throws Refusal INVALID; NOT_FOUND there is no such member, or it is another one than the caller;
 *   NOT_ALLOWED the caller's own membership was merged: they sign in with the other; STEP_UP_REQUIRED a
 *   member asks for it; CONFLICT it is being merged
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
    const named = mayAsk ? await tx.findOneBy(Member, { id: memberId }) : null;
    if (!named || (!isOwn && named.sandbox !== viewer.sandbox)) {
      throw new Refusal('NOT_FOUND', 'There is no such member.', ['memberId']);
    }
    if (isOwn && named.mergedInto) {
      const message = 'This membership has become part of another one: sign in with that.';
      throw new Refusal('NOT_ALLOWED', message, ['memberId']);
    }
    const personId = named.mergedInto ?? memberId;
    const memberships = await lockPerson(tx, personId);
    const first = await tx.findOneBy(Erasure, { memberId: personId });
    if (first) return first;
    if (isOwn) requireSteppedUp(viewer, at);
    await rows(tx, 'SELECT members.open_erasure($1, $2)', [personId, at]);
    for (const { id: subject, status } of memberships) {
      await recordAct(tx, viewer, {
        action: 'eraseMember',
        subject: { type: 'Member', id: subject },
        reason,
        before: { status },
        after: { status: 'CLOSED' },
        at,
      });
    }
    return tx.findOneByOrFail(Erasure, { memberId: personId });
  });
}

/**
 * Locks a membership and those that have become part of it, in the order of their ids.
 *
 * @throws Refusal CONFLICT it was merged on in the meantime
 */
async function lockPerson(tx: Database, personId: string): Promise<Member[]> {
  const memberships = await tx.find(Member, {
    where: [{ id: personId }, { mergedInto: personId }],
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
  if (!memberships.find(({ id: each }) => each === personId)?.mergedInto) return memberships;
  throw new Refusal('CONFLICT', 'This membership is being merged: ask again.', ['memberId']);
}

/** The erasure with this id, or null. */
export function findErasure(db: Database, erasureId: string): Promise<Erasure | null> {
  return db.findOneBy(Erasure, { id: parseInput(id, erasureId, ['id']) });
}
