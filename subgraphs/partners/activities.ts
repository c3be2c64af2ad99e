import { Big } from 'big.js';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { accruePoints } from '../../ledger/index.ts';
import { dayOf, daysBetween, weekTimeOf } from '../../platform/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { claimKey, hashOf, repeated } from '../../platform/idempotency.ts';
import { key, money, parseInput } from '../../platform/input.ts';
import {
  type MemberRef,
  consentingMembers,
  memberRef,
  resolveMember,
} from '../../platform/members.ts';
import { emit } from '../../platform/outbox.ts';
import { type Viewer, requirePartner } from '../../platform/viewer.ts';
import { validOn } from './contracts.ts';
import { type Earned, earn } from './earning.ts';
import { Activity, Contract, Partner, RuleSet } from './entities.ts';
import { memberSnapshot, readProgram } from './members.ts';
import { validAt } from './rule-sets.ts';

const purchase = z.object({
  member: memberRef,
  kind: z.literal('PURCHASE'),
  reference: key,
  occurredAt: z.date(),
  amount: money.nullish().transform((amount, context) => {
    // Without the zeros that say nothing, which PostgreSQL would keep in part: the first answer is
    // the repeated one too.
    if (amount) return { ...amount, amount: new Big(amount.amount).toFixed() };
    context.addIssue({ code: 'custom', message: 'is needed for a purchase' });
    return z.NEVER;
  }),
});
type Purchase = z.output<typeof purchase>;

export type RecordActivity = z.input<typeof purchase>;

/** The reference is the key of repetition. */
const keyPath = ['reference'];
const keyColumns: (keyof Activity)[] = ['partnerId', 'sandbox', 'reference'];
const aheadMs = 5 * 60 * 1_000;
const pointsMax = 10n ** 12n;

/** The partner that reports, as its token says. */
interface Caller {
  partnerId: string;
  sandbox: boolean;
}

/**
 * Records what a member did with the calling partner, and posts the points that it earns: all or
 * nothing. The same reference again gives the first activity and posts nothing, whatever has changed
 * since: consent, rules, the partner's status.
 *
 * @throws Refusal INVALID; IDEMPOTENCY_MISMATCH the reference is another activity's, whose id is in
 *   the details; PARTNER_INACTIVE; NOT_FOUND no such member for this partner; CONSENT_REQUIRED the
 *   member consented to it, but not to EARN; MEMBER_INACTIVE
 */
export async function recordActivity(
  db: Database,
  input: RecordActivity,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Activity> {
  const caller = { partnerId: requirePartner(viewer), sandbox: viewer.sandbox };
  const reported = parseInput(purchase, input);
  const inputHash = hashOf(reported);
  return transaction(db, async (tx) => {
    const natural = { ...caller, reference: reported.reference };
    const first = await tx.findOneBy(Activity, natural);
    if (first) return repeated(first, inputHash, keyPath);

    const at = await clock.now(tx);
    const { partner, memberId, contract, ruleSet, earned } = await judge(tx, caller, reported, at);
    const activity = tx.create(Activity, {
      id: randomUUID(),
      ...natural,
      memberId,
      inputHash,
      kind: reported.kind,
      status: 'POSTED',
      ...reported.amount,
      points: earned.points,
      issuePrice: contract.issuePrice,
      contractVersion: contract.version,
      ruleSetVersion: ruleSet.version,
      explanation: earned.lines,
      occurredAt: reported.occurredAt,
      postedAt: at,
    });
    if (!(await claimKey(tx, Activity, activity, { unique: keyColumns, path: keyPath }))) {
      return repeated(await tx.findOneByOrFail(Activity, natural), inputHash, keyPath);
    }
    await post(tx, activity, partner);
    return activity;
  });
}

interface Judged {
  partner: Partner;
  memberId: string;
  contract: Contract;
  ruleSet: RuleSet;
  earned: Earned;
}

/** Whether the activity may be posted, and what it earns. Changes nothing. */
async function judge(tx: Database, caller: Caller, reported: Purchase, at: Date): Promise<Judged> {
  const partner = await tx.findOneBy(Partner, { id: caller.partnerId });
  if (partner?.status !== 'LIVE') {
    throw new Refusal('PARTNER_INACTIVE', 'This partner is not live.');
  }
  const memberId = await requireEarner(tx, caller, reported.member);
  const member = await memberSnapshot(tx, memberId);
  if (member.status !== 'ACTIVE') {
    throw new Refusal('MEMBER_INACTIVE', 'This member cannot earn now.', ['member']);
  }
  const { timeZone } = await readProgram(tx);
  const contract = await requireContract(tx, partner.id, { at, reported, timeZone });
  const { occurredAt, amount } = reported;
  const ruleSet = await tx.findOneBy(RuleSet, { partnerId: partner.id, ...validAt(occurredAt) });
  if (!ruleSet) throw invalid('No earn rules were valid then.', ['occurredAt']);
  if (amount.currency !== contract.currency) {
    throw invalid(`Amounts are in ${contract.currency}.`, ['amount', 'currency']);
  }
  const { kind, reference } = reported;
  const facts = { kind, reference, occurredAt, ...weekTimeOf(occurredAt, timeZone), ...amount };
  const earned = earn({ activity: facts, member, partner }, ruleSet);
  if (earned.points > pointsMax) throw invalid('This earns more than 10^12 points.', ['amount']);
  return { partner, memberId, contract, ruleSet, earned };
}

/** The id of the member, who let the partner report what earns. */
async function requireEarner(tx: Database, caller: Caller, ref: MemberRef): Promise<string> {
  const memberId = await resolveMember(tx, ref, caller);
  if (memberId) {
    if ((await consentingMembers(tx, caller, [memberId], 'EARN')).has(memberId)) return memberId;
    if ((await consentingMembers(tx, caller, [memberId], null)).has(memberId)) {
      const message = 'The member has not consented to earn here.';
      throw new Refusal('CONSENT_REQUIRED', message, ['member'], { subject: 'EARN' });
    }
  }
  // Denied looks the same as absent: a partner cannot find out who is a member.
  throw new Refusal('NOT_FOUND', 'This partner knows no such member.', ['member']);
}

/** The contract of the day, in whose window the activity lies. */
async function requireContract(
  tx: Database,
  partnerId: string,
  { at, reported, timeZone }: { at: Date; reported: Purchase; timeZone: string },
): Promise<Contract> {
  const { occurredAt } = reported;
  if (occurredAt.getTime() > at.getTime() + aheadMs) {
    throw invalid('This has not happened yet.', ['occurredAt']);
  }
  const day = dayOf(occurredAt, timeZone);
  const contract = await tx.findOneBy(Contract, { partnerId, ...validOn(day) });
  if (!contract) throw invalid('No contract was valid that day.', ['occurredAt']);
  if (daysBetween(day, dayOf(at, timeZone)) > contract.backdateDays) {
    throw invalid(`This is more than ${contract.backdateDays} days ago.`, ['occurredAt']);
  }
  return contract;
}

function invalid(message: string, path: string[]): Refusal {
  return new Refusal('INVALID', message, path);
}

/** Moves the points of a new activity, if it has any, and tells of it. */
async function post(tx: Database, activity: Activity, partner: Partner): Promise<void> {
  const { id: activityId, memberId, partnerId, points } = activity;
  if (points > 0n) {
    await accruePoints(tx, {
      memberId,
      key: activityId,
      points,
      issuerId: partnerId,
      issuePrice: activity.issuePrice,
      source: { kind: 'activity', id: activityId },
      description: `Purchase at ${partner.name}`,
      effectiveAt: activity.occurredAt,
      at: activity.postedAt,
    });
  }
  await emit(tx, {
    type: 'activity.posted',
    memberId,
    partnerId,
    payload: { activityId },
    occurredAt: activity.postedAt,
  });
}

/** What was paid. */
export function amountOf({ amount, currency }: Activity) {
  return moneyOf(new Big(amount), currency);
}

/** What the points cost the partner. */
export function costOf({ points, issuePrice, currency }: Activity) {
  return moneyOf(new Big(issuePrice).times(points.toString()), currency);
}

/** Exact, with two decimals or more. */
function moneyOf(exact: Big, currency: string) {
  const decimals = exact.toFixed().split('.')[1]?.length ?? 0;
  return { amount: exact.toFixed(Math.max(2, decimals)), currency };
}
