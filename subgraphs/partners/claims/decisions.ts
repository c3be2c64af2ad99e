import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import { startOfDay } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, note, parseInput } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import { type Viewer, isOwn } from '../../../platform/viewer.ts';
import { recordActivities } from '../activities/activities.ts';
import { readProgram } from '../program.ts';
import { Claim } from './entities.ts';
import { findAnswer } from './matching.ts';

const decision = z.object({ id, grant: z.boolean(), reason: note });

export type DecideClaim = z.input<typeof decision>;

interface Facts {
  viewer: Viewer;
  clock: Clock;
}

/**
 * Grants a claim or rejects it, for good. It is granted with the activity that answers it, where there
 * is one by now; otherwise a purchase of the claim's amount is recorded, as if the partner had reported
 * it, however long ago it was. The same decision again gives the claim as it stands.
 *
 * @throws Refusal INVALID; NOT_FOUND also for another partner's; CONFLICT it was decided otherwise, or
 *   its reference is another activity's, whose id is in the details; NOT_ALLOWED it names no amount, so
 *   that the activity itself has to be recorded; and whatever recording it is refused for
 */
export async function decideClaim(
  db: Database,
  input: DecideClaim,
  { viewer, clock }: Facts,
): Promise<Claim> {
  const { id: claimId, grant, reason } = parseInput(decision, input);
  return transaction(db, async (tx) => {
    const claim = await lockClaim(tx, claimId, viewer);
    const status = grant ? 'GRANTED' : 'REJECTED';
    if (claim.status === status) return claim;
    if (claim.status !== 'OPEN') {
      const details = { subject: claim.status };
      throw new Refusal('CONFLICT', 'This claim was decided otherwise.', ['grant'], details);
    }
    const at = await clock.now(tx);
    // Before anything is recorded: what is decided is not open to be granted by it.
    const decided = { status, decidedAt: at, decidedBecause: reason } as const;
    await tx.update(Claim, { id: claim.id }, decided);
    Object.assign(claim, decided);
    if (grant) claim.activityId = await activityFor(tx, claim, { at, clock });
    await tell(tx, claim, viewer);
    return tx.save(claim);
  });
}

/** What is another's, or in the other half of the world, is not there. */
async function lockClaim(tx: Database, claimId: string, viewer: Viewer): Promise<Claim> {
  const lock = { mode: 'for_no_key_update' } as const;
  const claim = await tx.findOne(Claim, { where: { id: claimId }, lock });
  if (claim && isOwn(viewer, claim.partnerId) && !viewer.sandbox) return claim;
  throw new Refusal('NOT_FOUND', 'There is no such claim.', ['id']);
}

/** The activity that answers the claim: one that is there, or one that is recorded now. @returns its id */
async function activityFor(
  tx: Database,
  claim: Claim,
  { at, clock }: { at: Date; clock: Clock },
): Promise<string> {
  const { timeZone } = await readProgram(tx);
  const answer = await findAnswer(tx, claim, timeZone);
  if (answer) return answer;
  const { id: claimId, memberId, partnerId, reference, amount, currency } = claim;
  if (amount === null || currency === null) {
    const message = 'It names no amount: record the activity under its reference, which grants it.';
    throw new Refusal('NOT_ALLOWED', message, ['grant']);
  }
  const { recorded } = await recordActivities(
    tx,
    [
      {
        member: { id: memberId },
        kind: 'PURCHASE',
        reference: reference ?? `CLAIM-${claimId}`,
        occurredAt: noonOf(claim.occurredOn, timeZone, at),
        amount: { amount, currency },
      },
    ],
    { reporter: { partnerId, sandbox: false, backdates: true, grantsClaim: true }, clock },
  );
  const [activity] = recorded;
  if (!(activity instanceof Refusal)) return activity!.activity.id;
  // Others may have recorded it since it was looked for.
  const since = await findAnswer(tx, claim, timeZone);
  if (since) return since;
  const { code, message, details } = activity;
  if (code !== 'IDEMPOTENCY_MISMATCH') throw new Refusal(code, message, ['id'], details);
  throw new Refusal('CONFLICT', 'Another activity has its reference.', ['id'], details);
}

/** A claim knows the day only: the middle of it, and no instant to come. */
function noonOf(day: string, timeZone: string, at: Date): Date {
  const noon = new Date(startOfDay(day, timeZone).getTime() + 12 * 60 * 60 * 1_000);
  return noon < at ? noon : at;
}

async function tell(tx: Database, claim: Claim, viewer: Viewer): Promise<void> {
  const { id: claimId, memberId, partnerId, status, activityId, decidedBecause } = claim;
  const at = claim.decidedAt!;
  await emit(tx, {
    type: status === 'GRANTED' ? 'claim.granted' : 'claim.rejected',
    memberId,
    partnerId,
    payload: { claimId, ...(activityId && { activityId }) },
    occurredAt: at,
  });
  // Under the member: with them goes what was said of them.
  await recordAct(tx, viewer, {
    action: 'decideClaim',
    subject: { type: 'Member', id: memberId },
    reason: decidedBecause,
    before: { status: 'OPEN' },
    after: { claimId, status, activityId },
    at,
  });
}
