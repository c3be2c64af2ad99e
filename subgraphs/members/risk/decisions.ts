import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, note, parseInput } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { lockMember } from '../membership/members.ts';
import { allowTransfer, denyTransfer, lockHeldTransfer } from '../transfers/reviews.ts';
import { standing } from './cases.ts';
import { RiskCase } from './entities.ts';

const decisionInput = z.object({ id, allow: z.boolean(), reason: note });

/**
 * Decides something that was held back. A transfer that is allowed is carried out; otherwise its points are
 * free again. Of a redemption or a hold nothing was kept but the request, which is asked for again.
 *
 * Once: the same decision again, of the same person for the same reason, gives the first answer. Of two
 * that decide at once, the second finds it decided.
 *
 * @throws Refusal INVALID; NOT_FOUND; CONFLICT it was decided otherwise; EXPIRED nobody decided in time;
 *   where it is allowed MEMBER_INACTIVE one of the members is not active any more, INSUFFICIENT_POINTS
 *   what was set aside has expired or paid a debt: then it can still be denied
 */
export async function decideRiskCase(
  db: Database,
  input: z.input<typeof decisionInput>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<RiskCase> {
  const decision = parseInput(decisionInput, input);
  return transaction(db, async (tx) => {
    const unlocked = await tx.findOneBy(RiskCase, { id: decision.id });
    if (!unlocked) throw new Refusal('NOT_FOUND', 'There is no such case.', ['id']);
    // Its members first, as everywhere: the case is locked after them.
    const held =
      unlocked.action === 'TRANSFER' ? await lockHeldTransfer(tx, unlocked.subjectId) : null;
    if (!held) await lockMember(tx, unlocked.memberId);
    const found = await tx.findOneOrFail(RiskCase, {
      where: { id: decision.id },
      lock: { mode: 'pessimistic_write' },
    });
    const at = await clock.now(tx);
    const { id: riskCase, memberId, status: before } = standing(found, at);
    if (before === 'EXPIRED') {
      throw new Refusal('EXPIRED', 'Nobody decided this in time.', ['id']);
    }
    const decided = {
      status: decision.allow ? ('ALLOWED' as const) : ('DENIED' as const),
      decidedBy: viewer.subject ?? viewer.audience,
      decidedBecause: decision.reason,
    };
    if (before !== 'OPEN') return repeatedDecision(found, decided);
    await tx.update(RiskCase, { id: riskCase }, decided);
    if (held) await (decision.allow ? allowTransfer(tx, held, at) : denyTransfer(tx, held, at));
    else await tellSpender(tx, found, decided.status, at);
    await recordAct(tx, viewer, {
      action: 'decideRiskCase',
      subject: { type: 'Member', id: memberId },
      reason: decision.reason,
      before: { riskCase, status: before },
      after: { riskCase, status: decided.status },
      at,
    });
    return Object.assign(found, decided);
  });
}

/** Tells who asked, member or till, that they may ask again, or need not. */
function tellSpender(
  tx: Database,
  { id: riskCaseId, action, memberId, partnerId }: RiskCase,
  status: 'ALLOWED' | 'DENIED',
  occurredAt: Date,
): Promise<void> {
  const type = `spending.${status.toLowerCase()}`;
  const to = { memberId, ...(partnerId && { partnerId }) };
  return emit(tx, { type, ...to, payload: { riskCaseId, action }, occurredAt });
}

type Decided = Pick<RiskCase, 'status' | 'decidedBy' | 'decidedBecause'>;

function repeatedDecision(first: RiskCase, wanted: Decided): RiskCase {
  const { status, decidedBy, decidedBecause } = wanted;
  const isSame =
    first.status === status &&
    first.decidedBy === decidedBy &&
    first.decidedBecause === decidedBecause;
  if (isSame) return first;
  throw new Refusal('CONFLICT', 'This case has been decided.', ['id']);
}
