import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, note, parseInput } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Member } from './entities.ts';
import { lockMember } from './members.ts';

type Status = Member['status'];

const change = z.object({
  memberId: id,
  status: z.enum(['PROVISIONAL', 'ACTIVE', 'SUSPENDED', 'CLOSED']),
  reason: note,
});

/**
 * Where staff may lead a membership from where it stands. Nobody becomes ACTIVE who has told no
 * address: a provisional member is claimed, or closed. What is closed stays so.
 */
const allowed: Readonly<Record<Status, readonly Status[]>> = {
  PROVISIONAL: ['CLOSED'],
  ACTIVE: ['SUSPENDED', 'CLOSED'],
  SUSPENDED: ['ACTIVE', 'CLOSED'],
  CLOSED: [],
};

const eventOf = {
  ACTIVE: 'member.reinstated',
  SUSPENDED: 'member.suspended',
  CLOSED: 'member.closed',
} as const;

/**
 * Suspends a member, reinstates or closes them. Whoever is not ACTIVE keeps their points, and can
 * neither earn nor spend. The same status again changes nothing.
 *
 * @throws Refusal INVALID; NOT_FOUND there is no such member of the live program; NOT_ALLOWED no way
 *   leads from one status to the other, with the status that is
 */
export async function setMemberStatus(
  db: Database,
  input: z.input<typeof change>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Member> {
  const { memberId, status, reason } = parseInput(change, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const member = await lockMember(tx, memberId);
    if (!member || member.sandbox !== viewer.sandbox) {
      throw new Refusal('NOT_FOUND', 'There is no such member.', ['memberId']);
    }
    const before = member.status;
    if (before === status) return member;
    if (status === 'PROVISIONAL' || !allowed[before].includes(status)) {
      const message = `A membership that is ${before} does not become ${status}.`;
      throw new Refusal('NOT_ALLOWED', message, ['status'], { subject: before });
    }
    await tx.update(Member, { id: memberId }, { status });
    await recordAct(tx, viewer, {
      action: 'setMemberStatus',
      subject: { type: 'Member', id: memberId },
      reason,
      before: { status: before },
      after: { status },
      at,
    });
    await emit(tx, { type: eventOf[status], memberId, payload: { memberId }, occurredAt: at });
    return Object.assign(member, { status });
  });
}
