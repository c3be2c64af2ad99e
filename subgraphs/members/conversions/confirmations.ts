/** How a conversion ends that the other program was asked about. */
import { randomUUID } from 'node:crypto';
import {
  type EndConversion,
  confirmConversion as confirmInLedger,
  conversionsOf,
  reverseConversion,
} from '../../../ledger/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import { type Viewer, requirePartner } from '../../../platform/viewer.ts';
import { lockMembers } from '../membership/members.ts';
import { forgetAct } from '../risk/judgement.ts';
import { Conversion } from './entities.ts';

interface Asked {
  viewer: Viewer;
  clock: Clock;
}

/**
 * Lets the points of a conversion arrive: the program has taken them. Again: nothing.
 *
 * @throws Refusal INVALID; NOT_FOUND also where another partner is asked; CONFLICT it was refused, or not
 *   confirmed in time; LIMIT_REACHED the balance would be more than a balance can be
 */
export function confirmConversion(
  db: Database,
  input: { id: string },
  asked: Asked,
): Promise<Conversion> {
  return end(db, input.id, asked, 'POSTED', async (tx, request) => {
    await confirmInLedger(tx, request);
    return 'conversion.completed';
  });
}

/**
 * Gives the points of a conversion back: the program does not take them. Again: nothing. They count
 * against no limit then.
 *
 * @throws Refusal as `confirmConversion`; CONFLICT it was confirmed
 */
export function refuseConversion(
  db: Database,
  input: { id: string },
  asked: Asked,
): Promise<Conversion> {
  return end(db, input.id, asked, 'REVERSED', async (tx, request) => {
    await reverseConversion(tx, request);
    await forgetAct(tx, request.conversionId);
    return 'conversion.reversed';
  });
}

/** @param work ends it in the ledger, and gives the event's type */
async function end(
  db: Database,
  given: string,
  { viewer, clock }: Asked,
  wanted: 'POSTED' | 'REVERSED',
  work: (tx: Database, request: EndConversion) => Promise<string>,
): Promise<Conversion> {
  const conversionId = parseInput(id, given, ['id']);
  const programId = requirePartner(viewer);
  return transaction(db, async (tx) => {
    const conversion = await tx.findOneBy(Conversion, { id: conversionId, programId });
    const [member] = conversion ? await lockMembers(tx, [conversion.memberId]) : [];
    if (!conversion || member!.sandbox !== viewer.sandbox) {
      throw new Refusal('NOT_FOUND', 'There is no such conversion.', ['id']);
    }
    const { memberId } = conversion;
    // Before the instant is read: the worker, which closes what is late, leaves it to us from here on.
    await tx.findOne(Conversion, {
      where: { id: conversionId },
      lock: { mode: 'for_no_key_update' },
    });
    const at = await clock.now(tx);
    const [inLedger] = await conversionsOf(tx, [{ memberId, conversionId }], at);
    const { status, from } = inLedger!;
    if (status === wanted) return conversion;
    if (status !== 'PENDING') {
      throw new Refusal('CONFLICT', 'The conversion has been confirmed or reversed.', ['id']);
    }
    const type = await work(tx, {
      memberId,
      conversionId,
      key: randomUUID(),
      currency: from,
      source: { kind: 'conversion', id: conversionId },
      description: 'Into another currency',
      at,
    });
    await tx.update(Conversion, { id: conversionId }, { closed: true });
    const payload = { conversionId };
    await emit(tx, { type, memberId, partnerId: programId, payload, occurredAt: at });
    return conversion;
  });
}
