import { lastActivityOf } from '../../../ledger/index.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { isSteppedUp } from '../../../platform/viewer.ts';
import { Program } from '../program/entities.ts';
import type { Act, Decision, Finding } from './acts.ts';
import { RiskAct, type RiskLimits } from './entities.ts';
import { riskLimits } from './limits.ts';
import { type Totals, exceeded, totalsOf } from './velocity.ts';

const dayMs = 86_400_000;
/** Members that a search for rings visits at most. */
const ringMembersMax = 500;

interface Judgement {
  decision: Decision;
  /** Codes of the rules that led to the decision, the heaviest first. */
  reasons: string[];
  /** What the member is told, where it is not to be done now. */
  refusal: Refusal | null;
  /** Until when it would be looked at. */
  reviewDueAt: Date;
}

/**
 * Judges what a member is about to do by the program's limits. What may be done, now or after a look,
 * counts against them from then on.
 *
 * The limits are exact under load because the caller has locked the member's row: two acts of one
 * member are judged one after the other, and the second sees the first.
 *
 * @returns DENY before STEP_UP before HOLD_FOR_REVIEW before ALLOW: nobody looks at what the member has
 *   not confirmed
 */
export async function judge(tx: Database, act: Act): Promise<Judgement> {
  const limits = await riskLimits(tx);
  const { timeZone } = await tx.findOneByOrFail(Program, { id: limits.programId });
  const totals = await totalsOf(tx, act, timeZone);
  const plain = [
    ...newAccount(act, limits),
    ...exceeded(act, totals, limits, timeZone),
    ...largeAmount(act, totals, limits),
  ];
  // What is odd does not matter where the act is refused anyway.
  const findings = plain.length > 0 ? plain : await oddBehaviour(tx, act, totals, limits);
  const decision =
    (['DENY', 'STEP_UP', 'HOLD_FOR_REVIEW'] as const).find((each) =>
      findings.some((finding) => finding.decision === each),
    ) ?? 'ALLOW';
  if (decision === 'ALLOW' || decision === 'HOLD_FOR_REVIEW') {
    const { id, action, member, points, receiverId, at } = act;
    await tx.insert(RiskAct, { id, action, memberId: member.id, points, receiverId, actedAt: at });
  }
  const decisive = findings.filter((finding) => finding.decision === decision);
  return {
    decision,
    reasons: decisive.map(({ reason }) => reason),
    refusal: decisive[0]?.refusal ?? null,
    reviewDueAt: new Date(act.at.getTime() + limits.reviewHours * 3_600_000),
  };
}

/** Lets an act that was undone count no more. */
export async function forgetAct(tx: Database, id: string): Promise<void> {
  await tx.delete(RiskAct, { id });
}

/** Accounts that were made for a day's fraud do not wait for two weeks. */
function newAccount({ member, at }: Act, { newAccountDays }: RiskLimits): Finding[] {
  const retryAt = new Date(member.joinedAt.getTime() + newAccountDays * dayMs);
  if (at >= retryAt) return [];
  const reason = 'NEW_ACCOUNT';
  const message = `This can be done ${newAccountDays} days after joining.`;
  const refusal = new Refusal('NOT_ALLOWED', message, [], { retryAt, subject: reason });
  return [{ reason, decision: 'DENY', refusal }];
}

/** By the day's sum, or a large amount would go through in small ones. */
function largeAmount(
  { points, steppedUpAt, at }: Act,
  { day }: Totals,
  { stepUpFrom }: RiskLimits,
): Finding[] {
  if (day.points + points < stepUpFrom || isSteppedUp({ steppedUpAt }, at)) return [];
  const reason = 'LARGE_AMOUNT';
  const refusal = new Refusal('STEP_UP_REQUIRED', 'Sign in again, with a second factor.', [], {
    limit: String(stepUpFrom),
    subject: reason,
  });
  return [{ reason, decision: 'STEP_UP', refusal }];
}

/** What honest members seldom do, though they may: only a person can tell. */
async function oddBehaviour(
  tx: Database,
  { member, currency, receiverId, at }: Act,
  { receivers }: Totals,
  { receiversPer30Days, dormantDays }: RiskLimits,
): Promise<Finding[]> {
  if (!receiverId) return [];
  const reasons: string[] = [];
  if (await closesRing(tx, member.id, receiverId, at)) reasons.push('RING');
  if (new Set([...receivers, receiverId]).size > receiversPer30Days) {
    reasons.push('MANY_RECEIVERS');
  }
  const account = { memberId: member.id, currency };
  const activeAt = (await lastActivityOf(tx, account)) ?? member.joinedAt;
  if (at.getTime() - activeAt.getTime() > dormantDays * dayMs) reasons.push('DORMANT_ACCOUNT');
  return reasons.map((reason) => ({ reason, decision: 'HOLD_FOR_REVIEW', refusal: null }));
}

/**
 * Whether points that the receiver gave away within 30 days came to the giver by way of others: a ring
 * of three or more. Two who give to one another are none.
 */
async function closesRing(
  tx: Database,
  giverId: string,
  receiverId: string,
  at: Date,
): Promise<boolean> {
  const [found] = await rows<{ closes: boolean }>(
    tx,
    // UNION visits each member once, and the LIMIT ends the search.
    `WITH RECURSIVE reached (id) AS (
       SELECT receiver_id FROM members.risk_act
       WHERE member_id = $2 AND action = 'TRANSFER' AND acted_at > $3 AND receiver_id <> $1
       UNION
       SELECT a.receiver_id
       FROM reached r
       JOIN members.risk_act a ON a.member_id = r.id AND a.action = 'TRANSFER' AND a.acted_at > $3
       WHERE r.id NOT IN ($1, $2))
     SELECT EXISTS (
       SELECT FROM (SELECT id FROM reached LIMIT $4) AS visited WHERE id = $1) AS closes`,
    [giverId, receiverId, new Date(at.getTime() - 30 * dayMs), ringMembersMax],
  );
  return found!.closes;
}
