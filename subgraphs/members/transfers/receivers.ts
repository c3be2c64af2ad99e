/** Whom points go to, and what somebody learns who only asks. */
import { randomUUID } from 'node:crypto';
import { balancesOf, sharedCurrency } from '../../../ledger/index.ts';
import { addDays, dayOf, startOfDay } from '../../../platform/calendar.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { type MemberRef, resolveMember } from '../../../platform/members.ts';
import { Member } from '../membership/entities.ts';
import { Program } from '../program/entities.ts';
import { RiskAct } from '../risk/entities.ts';
import { forgetAct, judge } from '../risk/judgement.ts';
import { riskLimits } from '../risk/limits.ts';

/**
 * The member to whom a member wants to give; null whether there is none or they may not be seen.
 *
 * @throws Refusal INVALID it is the giver
 */
export async function findReceiver(
  tx: Database,
  to: MemberRef,
  memberId: string,
): Promise<string | null> {
  const { sandbox } = await tx.findOneByOrFail(Member, { id: memberId });
  const receiverId = await resolveMember(tx, to, { partnerId: null, sandbox });
  if (receiverId === memberId) throw new Refusal('INVALID', 'to: is the giver.', ['to']);
  return receiverId;
}

/**
 * Lets nobody try one address after another: once a member has named all strangers of a day, they give to
 * whom they gave before. A stranger who is a member is refused the same, or the refusal would tell.
 *
 * @param receiverId null where nobody is there
 * @throws Refusal LIMIT_REACHED, with `limit` and `retryAt`
 */
export async function requireKnowing(
  tx: Database,
  memberId: string,
  receiverId: string | null,
  at: Date,
): Promise<void> {
  const { programId, unknownReceiversPerDay: limit } = await riskLimits(tx);
  const { timeZone } = await tx.findOneByOrFail(Program, { id: programId });
  const today = dayOf(at, timeZone);
  const [asked] = await rows<{ unknown: bigint; isKnown: boolean }>(
    tx,
    `SELECT count(*) FILTER (WHERE action = 'UNKNOWN_RECEIVER' AND acted_at >= $3) AS unknown,
            coalesce(bool_or(action = 'TRANSFER' AND receiver_id = $2), false) AS "isKnown"
     FROM members.risk_act WHERE member_id = $1 AND action IN ('TRANSFER', 'UNKNOWN_RECEIVER')`,
    [memberId, receiverId, startOfDay(today, timeZone)],
  );
  if (asked!.unknown < limit || asked!.isKnown) return;
  throw new Refusal('LIMIT_REACHED', 'You named too many who are no members.', ['to'], {
    limit: String(limit),
    subject: 'UNKNOWN_RECEIVERS_PER_DAY',
    retryAt: startOfDay(addDays(today, 1), timeZone),
  });
}

interface Attempt {
  giver: Member;
  steppedUpAt: Date | null;
  points: bigint;
  at: Date;
}

/**
 * Refuses a transfer to nobody, after the same looks as one to a member, and counts it. The giver is locked.
 *
 * @returns what is thrown once it is counted: NOT_FOUND
 * @throws Refusal what would keep the giver from giving so much to anybody
 */
export async function refuseUnknown(
  tx: Database,
  { giver, steppedUpAt, points, at }: Attempt,
): Promise<Refusal> {
  const id = randomUUID();
  const act = { id, member: giver, points, steppedUpAt, at, receiverId: null };
  const { refusal } = await judge(tx, { ...act, action: 'TRANSFER', currency: sharedCurrency });
  if (refusal) throw refusal;
  await forgetAct(tx, id);
  const [balance] = await balancesOf(tx, [{ memberId: giver.id }], at);
  const { available } = balance!;
  if (available < points) {
    const message = 'The balance is too low.';
    throw new Refusal('INSUFFICIENT_POINTS', message, [], { available, required: points });
  }
  const counted = { id, action: 'UNKNOWN_RECEIVER', memberId: giver.id, points } as const;
  await tx.insert(RiskAct, { ...counted, receiverId: null, actedAt: at });
  return new Refusal('NOT_FOUND', 'There is no such member.', ['to']);
}
