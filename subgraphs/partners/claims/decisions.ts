import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import { startOfDay } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, note, parseInput } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import { type Viewer, isOwn } from '../../../platform/viewer.ts';
import { recordActivities } from '../activities/activities.ts';
import { lockEarning } from '../earning/usage.ts';
import { readProgram } from '../program.ts';
import { Overtaken } from '../overtaken.ts';
import { untilStill } from '../refunds/postings.ts';
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
 *   that the activity itself has to be recorded; IN_PROGRESS; and whatever recording it is refused for
 */
export async function decideClaim(
  db: Database,
  input: DecideClaim,
  { viewer, clock }: Facts,
): Promise<Claim> {
  const { id: claimId, grant, reason } = parseInput(decision, input);
  return untilStill(db, async (tx) => {
    const claim = await lockOwn(tx, claimId, viewer);
    const status = grant ? 'GRANTED' : 'REJECTED';
    if (claim.status === status) return claim;
    if (claim.status !== 'OPEN') {
      const details = { subject: claim.status };
      throw new Refusal('CONFLICT', 'This claim was decided otherwise.', ['grant'], details);
    }
    const at = await clock.now(tx);
    const decided = {
      status,
      decidedAt: at,
      decidedBecause: reason,
      activityId: grant ? await activityFor(tx, claim, { at, clock }) : null,
    } as const;
    // Last, as merges do it: they have the member and the accounts first. Not where it is another member's by
    // now, or an activity that came in has granted it.
    const still = { id: claim.id, memberId: claim.memberId, status: 'OPEN' } as const;
    const { affected } = await tx.update(Claim, still, decided);
    if (affected === 0) throw new Overtaken();
    tx.merge(Claim, claim, decided);
    await tell(tx, claim, viewer);
    return claim;
  });
}

/**
 * A claim, once what its member earns there is locked: those who decide take turns, with each other and with
 * refunds. What is another's, or in the other half of the world, is not there.
 *
 * @throws Refusal NOT_FOUND
 */
async function lockOwn(tx: Database, claimId: string, viewer: Viewer): Promise<Claim> {
  const unlocked = await tx.findOneBy(Claim, { id: claimId });
  if (unlocked && isOwn(viewer, unlocked.partnerId) && !viewer.sandbox) {
    await lockEarning(tx, [unlocked]);
    const claim = await tx.findOneBy(Claim, { id: claimId });
    if (claim?.memberId === unlocked.memberId) return claim;
    if (claim) throw new Overtaken();
  }
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
