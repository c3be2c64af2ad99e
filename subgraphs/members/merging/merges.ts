import { IsNull } from 'typeorm';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, note, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { HouseholdMember } from '../households/entities.ts';
import type { Member } from '../membership/entities.ts';
import { lockMembers } from '../membership/members.ts';
import { Merge } from './entities.ts';
import { join } from './joining.ts';
import { separate } from './separating.ts';

const merging = z
  .object({ fromId: id, intoId: id, reason: note })
  .refine(({ fromId, intoId }) => fromId !== intoId, {
    path: ['intoId'],
    message: 'must be another member',
  });

interface Staff {
  viewer: Viewer;
  clock: Clock;
}

interface Merged {
  mergeId: string;
  /** Who has everything after it. */
  member: Member;
}

/**
 * Lets staff join two memberships of one person. The same again gives the first merge.
 *
 * @throws Refusal INVALID; NOT_FOUND no such member of the live program; NOT_ALLOWED the one is closed,
 *   or the other not active; CONFLICT a till holds points of the one, or some are on their way to
 *   another program, or it is in a household; LIMIT_REACHED
 */
export async function mergeMembers(
  db: Database,
  input: z.input<typeof merging>,
  { viewer, clock }: Staff,
): Promise<Merged> {
  const { fromId, intoId, reason } = parseInput(merging, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const { from, into } = await lockBoth(tx, { fromId, intoId }, viewer);
    const first = await tx.findOneBy(Merge, { fromId, intoId, undoneAt: IsNull() });
    if (first) return { mergeId: first.id, member: into };
    requireOpen(from, 'fromId', from.status !== 'CLOSED');
    requireOpen(into, 'intoId', into.status === 'ACTIVE');
    if (await tx.existsBy(HouseholdMember, { memberId: fromId, leftAt: IsNull() })) {
      throw new Refusal('CONFLICT', 'This member is in a household: they leave it first.', [
        'fromId',
      ]);
    }
    const { id: mergeId, fromStatus } = await join(tx, from, into, { reason, at });
    await recordAct(tx, viewer, {
      action: 'mergeMembers',
      subject: { type: 'Member', id: fromId },
      reason,
      before: { status: fromStatus, mergedInto: null },
      after: { status: 'CLOSED', mergedInto: intoId },
      at,
    });
    return { mergeId, member: into };
  });
}

async function lockBoth(
  tx: Database,
  { fromId, intoId }: { fromId: string; intoId: string },
  { sandbox }: Viewer,
): Promise<{ from: Member; into: Member }> {
  const found = await lockMembers(tx, [fromId, intoId]);
  const [from, into] = [fromId, intoId].map((each) => found.find((member) => member.id === each));
  const none = (path: string) => new Refusal('NOT_FOUND', 'There is no such member.', [path]);
  if (!from || from.sandbox !== sandbox) throw none('fromId');
  if (!into || into.sandbox !== sandbox) throw none('intoId');
  return { from, into };
}

function requireOpen({ status }: Member, path: string, isOpen: boolean): void {
  if (isOpen) return;
  const message = `A membership that is ${status} cannot be joined so.`;
  throw new Refusal('NOT_ALLOWED', message, [path], { subject: status });
}

const undoing = z.object({ id, reason: note });
const undoneWithinMs = 30 * 86_400_000;

/**
 * Takes a merge back: what is left of the points that moved, the history and the links go back. What was
 * spent in the meantime stays spent. The same again changes nothing.
 *
 * @throws Refusal INVALID; NOT_FOUND there is no such merge; EXPIRED 30 days after it; CONFLICT the other
 *   membership has been merged on since, which comes first, or a till holds some of the points
 */
export async function undoMerge(
  db: Database,
  input: z.input<typeof undoing>,
  { viewer, clock }: Staff,
): Promise<Merged> {
  const { id: mergeId, reason } = parseInput(undoing, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const found = await tx.findOneBy(Merge, { id: mergeId });
    if (!found) throw new Refusal('NOT_FOUND', 'There is no such merge.', ['id']);
    const { from, into } = await lockBoth(tx, found, viewer);
    const merge = await tx.findOneOrFail(Merge, {
      where: { id: mergeId },
      lock: { mode: 'for_no_key_update' },
    });
    if (merge.undoneAt) return { mergeId, member: into };
    if (at.getTime() > merge.mergedAt.getTime() + undoneWithinMs) {
      throw new Refusal('EXPIRED', 'A merge can be undone for 30 days.', ['id']);
    }
    if (into.mergedInto) {
      const message = 'The other membership was merged on: undo that first.';
      throw new Refusal('CONFLICT', message, ['id'], { subject: into.mergedInto });
    }
    await separate(tx, merge, { from, into, at });
    await recordAct(tx, viewer, {
      action: 'undoMerge',
      subject: { type: 'Member', id: from.id },
      reason,
      before: { status: 'CLOSED', mergedInto: into.id },
      after: { status: merge.fromStatus, mergedInto: null },
      at,
    });
    return { mergeId, member: into };
  });
}
