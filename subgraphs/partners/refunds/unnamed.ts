import { randomUUID } from 'node:crypto';
import { Big } from 'big.js';
import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, columnsOf, insertAll, rows } from '../../../platform/database.ts';
import { Refusal, badInput, orRefusal } from '../../../platform/errors.ts';
import { hashOf, repeated } from '../../../platform/idempotency.ts';
import { key, parseInput } from '../../../platform/input.ts';
import { memberRef, resolveMembers } from '../../../platform/members.ts';
import { activitiesMax } from '../activities/activities.ts';
import { Activity } from '../activities/entities.ts';
import { activityKinds } from '../activities/particulars.ts';
import type { Reporter } from '../activities/reports.ts';
import { lockEarning } from '../earning/usage.ts';
import { Overtaken } from '../overtaken.ts';
import { Refund, RefundPart } from './entities.ts';
import { TakeBack, untilStill } from './postings.ts';
import { keyColumns, returnedMoney } from './refunds.ts';
import { restOf, shareOf } from './shares.ts';

const unnamedInput = z.object({
  member: memberRef,
  kind: z.enum(activityKinds),
  reference: key,
  occurredAt: z.date(),
  amount: returnedMoney,
});

export type RefundUnnamed = z.input<typeof unnamedInput>;

/** What became of a return: what it took, now or before, or why it was refused. */
export type Refunded = { refund: Refund; points: bigint; isNew: boolean } | Refusal;

/** A return, checked. */
interface Return extends z.output<typeof unnamedInput> {
  inputHash: string;
}

/** Of a member's activities the newest so many are looked at for each return. */
const lookedAtMax = 1_000;

/**
 * Refunds of which a partner only knows whose they are and how much: each takes back what its amount
 * earned, from the member’s newest activities of the kind that had happened before it and are not wholly
 * refunded, from as many of them as it needs. All in one transaction, and each whole or not at all; one after
 * the other, in the input's order. The same reference again gives the first answer and takes nothing.
 *
 * What may be refused: INVALID, with what is left of those activities as limit where it is more; NOT_FOUND
 * the partner has no such activity of such a member; IDEMPOTENCY_MISMATCH; IN_PROGRESS, for all, others hold
 * the same rows for too long.
 *
 * @returns what became of each input, in their order
 * @throws GraphQLError BAD_USER_INPUT more than 500
 */
export async function refundUnnamed(
  db: Database,
  inputs: readonly RefundUnnamed[],
  { reporter, clock }: { reporter: Reporter; clock: Clock },
): Promise<Refunded[]> {
  if (inputs.length > activitiesMax) {
    throw badInput(`One call refunds ${activitiesMax} times at most.`);
  }
  const read = inputs.map((input) => orRefusal(() => readReturn(input)));
  const returns = read.filter((each) => !(each instanceof Refusal)) as Return[];
  if (returns.length === 0) return read as Refusal[];
  const work = (tx: Database) => refundAll(tx, returns, { reporter, clock });
  const answers = await untilStill(db, work).catch((error: unknown) => {
    if (error instanceof Refusal) return error;
    throw error;
  });
  return read.map((each) => {
    if (each instanceof Refusal) return each;
    return answers instanceof Refusal ? answers : answers.get(each)!;
  });
}

/** @throws Refusal INVALID */
function readReturn(input: RefundUnnamed): Return {
  const asked = parseInput(unnamedInput, input);
  return { ...asked, inputHash: hashOf(asked) };
}

async function refundAll(
  tx: Database,
  returns: Return[],
  { reporter, clock }: { reporter: Reporter; clock: Clock },
): Promise<Map<Return, Refunded>> {
  const { partnerId, sandbox } = reporter;
  const by = { partnerId, sandbox };
  const members = await resolveMembers(
    tx,
    returns.map(({ member }) => ({ ref: member, by })),
  );
  const owners = new Map(returns.map((each, index) => [each, members[index] ?? null]));
  const known = members.filter((each) => each !== null);
  await lockEarning(
    tx,
    known.map((memberId) => ({ memberId, partnerId })),
  );
  const first = await findRefunds(tx, returns, by);
  const fresh = returns.filter(({ reference }) => !first.has(reference));
  const at = await clock.now(tx);
  const purchases = await findReturnable(tx, fresh, { owners, by, at });
  const takeBack = new TakeBack();
  const answers = new Map<Return, Refunded>();
  const claimed: Refund[] = [];
  for (const each of fresh) {
    const { reference, inputHash, occurredAt } = each;
    if (first.has(reference)) continue;
    const id = randomUUID();
    const refund: Refund = { id, ...by, reference, inputHash, occurredAt, postedAt: at };
    const points = orRefusal(() => {
      const own = purchases.get(owners.get(each) ?? '') ?? [];
      return take(takeBack, own, { refund, asked: each });
    });
    if (points instanceof Refusal) {
      answers.set(each, points);
      continue;
    }
    first.set(reference, { refund, points });
    claimed.push(refund);
    answers.set(each, { refund, points, isNew: true });
  }
  await claim(tx, claimed);
  await takeBack.post(tx);
  for (const each of returns) {
    if (answers.has(each)) continue;
    const { refund, points } = first.get(each.reference)!;
    const again = () => repeated(refund, each.inputHash, ['reference']);
    const answer = orRefusal(again);
    answers.set(each, answer instanceof Refusal ? answer : { refund, points, isNew: false });
  }
  return answers;
}

/** Inserts the returns' rows. @throws Overtaken another call has used a reference since */
async function claim(tx: Database, refunds: Refund[]): Promise<void> {
  if (refunds.length === 0) return;
  // An order that all batches share.
  const inOrder = refunds
    .map((each) => Object.assign(new Refund(), each))
    .sort((a, b) => (a.reference < b.reference ? -1 : 1));
  const inserted = await insertAll(tx, Refund, inOrder, keyColumns);
  if (inserted.length < refunds.length) throw new Overtaken();
}

/**
 * Takes a return from a member's activities, the newest first. @returns the points
 *
 * @throws Refusal NOT_FOUND; INVALID: then nothing was taken
 */
function take(
  takeBack: TakeBack,
  own: readonly Activity[],
  { refund, asked }: { refund: Refund; asked: Return },
): bigint {
  const { kind, amount, occurredAt } = asked;
  const open = own.filter(
    (each) =>
      each.kind === kind &&
      each.currency === amount.currency &&
      each.occurredAt < occurredAt &&
      restOf(each).gt(0),
  );
  if (open.length === 0) {
    // Denied looks the same as absent: a partner cannot find out who is a member.
    const message = 'This partner has nothing of such a member that could be refunded.';
    throw new Refusal('NOT_FOUND', message, ['member']);
  }
  const rest = open.reduce((sum, each) => sum.plus(restOf(each)), new Big(0));
  let left = new Big(amount.amount);
  if (left.gt(rest)) {
    const message = `No more than ${rest.toFixed()} is left to return.`;
    throw new Refusal('INVALID', message, ['amount', 'amount'], { limit: rest.toFixed() });
  }
  let points = 0n;
  for (const activity of open) {
    if (left.eq(0)) break;
    const part = left.lt(restOf(activity)) ? left : restOf(activity);
    const share = shareOf(activity, { amount: part.toFixed() });
    takeBack.add(refund, activity, share);
    points += share.points;
    left = left.minus(part);
  }
  return points;
}

/** The refunds that have these references already, and what each has taken back. */
async function findRefunds(
  tx: Database,
  returns: Return[],
  { partnerId, sandbox }: Pick<Reporter, 'partnerId' | 'sandbox'>,
): Promise<Map<string, { refund: Refund; points: bigint }>> {
  const references = returns.map(({ reference }) => reference);
  const refunds = await tx
    .createQueryBuilder(Refund, 'r')
    .where('r.partnerId = :partnerId AND r.sandbox = :sandbox', { partnerId, sandbox })
    .andWhere('r.reference = ANY (:references::text[])', { references })
    .getMany();
  const parts = await tx
    .createQueryBuilder(RefundPart, 'p')
    .where('p.refundId = ANY (:ids::uuid[])', { ids: refunds.map(({ id }) => id) })
    .getMany();
  const points = new Map<string, bigint>();
  for (const part of parts) {
    points.set(part.refundId, (points.get(part.refundId) ?? 0n) + part.points);
  }
  return new Map(
    refunds.map((refund) => [refund.reference, { refund, points: points.get(refund.id) ?? 0n }]),
  );
}

/**
 * The activities that returns may take from, by member, the newest first: for each return as many as all
 * of its member's together need.
 */
async function findReturnable(
  tx: Database,
  returns: Return[],
  {
    owners,
    by: { partnerId, sandbox },
    at,
  }: {
    owners: ReadonlyMap<Return, string | null>;
    by: Pick<Reporter, 'partnerId' | 'sandbox'>;
    at: Date;
  },
): Promise<Map<string, Activity[]>> {
  const asked = returns.flatMap((each) => {
    const memberId = owners.get(each);
    const { kind, occurredAt, amount } = each;
    return memberId ? [{ memberId, kind, occurredAt, ...amount }] : [];
  });
  const found = await rows<Activity>(
    tx,
    `WITH asked AS (
       SELECT DISTINCT "memberId" AS member_id, kind, currency, "occurredAt" AS until,
              sum(amount) OVER (PARTITION BY "memberId", kind, currency) AS amount
       FROM jsonb_to_recordset($1) AS q
         ("memberId" uuid, kind text, currency text, amount numeric, "occurredAt" timestamptz)
     ), newest AS (
       SELECT n.id, asked.amount AS needed,
              sum(n.rest) OVER (PARTITION BY asked.member_id, asked.kind, asked.currency, asked.until
                ORDER BY n.occurred_at DESC, n.id DESC) - n.rest AS before
       FROM asked CROSS JOIN LATERAL (
         SELECT o.id, o.occurred_at, o.amount - o.refunded_amount AS rest FROM partners.activity o
         WHERE o.member_id = asked.member_id AND o.partner_id = $2 AND o.sandbox = $3
           AND o.kind = asked.kind AND o.currency = asked.currency AND o.occurred_at < asked.until
           AND o.status <> 'REFUNDED' AND o.amount > o.refunded_amount
           AND (o.confirm_by IS NULL OR o.confirmed_at IS NOT NULL OR o.confirm_by > $5)
         ORDER BY o.occurred_at DESC, o.id DESC LIMIT $4) n)
     SELECT ${columnsOf(tx, Activity, 'a')} FROM partners.activity a
     WHERE a.id IN (SELECT id FROM newest WHERE before < needed)
     ORDER BY a.occurred_at DESC, a.id DESC`,
    [JSON.stringify(asked), partnerId, sandbox, lookedAtMax, at],
  );
  const byMember = new Map<string, Activity[]>();
  for (const activity of found) {
    const own = byMember.get(activity.memberId);
    if (own) own.push(activity);
    else byMember.set(activity.memberId, [activity]);
  }
  return byMember;
}
