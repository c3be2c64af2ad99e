import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import { dayOf } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, note, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { readProgram } from '../program.ts';
import type { Partner } from './entities.ts';
import { lockPartner } from './partners.ts';

const termination = z.object({ id, on: z.iso.date('is no day'), reason: note });

export type TerminatePartner = z.input<typeof termination>;

/**
 * Ends a brand's part in the coalition from a day on, for good: nothing that happens from that day on
 * earns, and it is absent from then on, with its rewards and its clients. Members keep their points. Until
 * the day another one may be named; the same again, or once it has left: the same answer, and the reason
 * stays.
 *
 * @throws Refusal INVALID also for a day that is over; NOT_FOUND
 */
export async function terminatePartner(
  db: Database,
  input: TerminatePartner,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Partner> {
  const { id: partnerId, on, reason } = parseInput(termination, input);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['id']);
    if (partner.status === 'TERMINATED' || partner.terminatesOn === on) return partner;
    const at = await clock.now(tx);
    const today = dayOf(at, (await readProgram(tx)).timeZone);
    if (on < today) throw new Refusal('INVALID', 'This day is over.', ['on']);
    const before = { status: partner.status, terminatesOn: partner.terminatesOn };
    // The worker does it when another day comes.
    const after = {
      status: on === today ? ('TERMINATED' as const) : partner.status,
      terminatesOn: on,
    };
    await recordAct(tx, viewer, {
      action: 'terminatePartner',
      subject: { type: 'Partner', id: partner.id },
      reason,
      before,
      after,
      at,
    });
    return tx.save(Object.assign(partner, after, { terminatedBecause: reason }));
  });
}
