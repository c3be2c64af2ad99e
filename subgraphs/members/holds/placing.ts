import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { holdPoints as holdInLedger, sharedCurrencyIn } from '../../../ledger/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { claimKey, hashOf, repeated } from '../../../platform/idempotency.ts';
import { key, parseInput, points } from '../../../platform/input.ts';
import {
  type Asking,
  type MemberRef,
  consentingMembers,
  memberRef,
  resolveMember,
} from '../../../platform/members.ts';
import { judgeSpending, orHoldBack } from '../../../platform/spending.ts';
import { Member } from '../membership/entities.ts';
import { tell } from './acts.ts';
import { Hold } from './entities.ts';
import { payable, priceOf, requireRedeeming } from './prices.ts';

const secondsUsual = 900;
/** A till settles at once, a hotel when the guest leaves. */
const secondsMax = 7 * 24 * 60 * 60;

const holdPointsInput = z
  .object({
    member: memberRef,
    points: points.nullish(),
    amount: payable.nullish(),
    reference: key,
    idempotencyKey: key,
    expiresIn: z
      .int()
      .min(1, 'must be 1 or more')
      .nullish()
      .transform((seconds) => Math.min(seconds ?? secondsUsual, secondsMax)),
  })
  .refine((asked) => (asked.points == null) !== (asked.amount == null), {
    message: 'either this or an amount is given',
    path: ['points'],
  });

export type HoldPoints = z.input<typeof holdPointsInput>;

/** A partner's till, or another of its clients. */
export interface Till {
  by: Asking;
  clock: Clock;
}

/**
 * Sets a member's points aside for a partner: so many, or as many as cover an amount at the partner's
 * rate of today, which is fixed with it.
 *
 * The same reference again gives the first hold, as it stands now. It is looked up before the member
 * is: what the member showed at the till may be good no more. A refused call leaves no trace.
 *
 * @throws Refusal INVALID; PARTNER_INACTIVE; NOT_ALLOWED the partner's contract lets no points be
 *   redeemed; NOT_FOUND no member whom the partner may know; MEMBER_INACTIVE; CONSENT_REQUIRED the
 *   member has not consented to SPEND; INSUFFICIENT_POINTS with what is available and required;
 *   LIMIT_REACHED, NOT_ALLOWED and UNDER_REVIEW as `judgeSpending` and `orHoldBack`;
 *   IDEMPOTENCY_MISMATCH the reference or the key was used with another input; IN_PROGRESS
 */
export async function holdPoints(db: Database, input: HoldPoints, till: Till): Promise<Hold> {
  const asked = parseInput(holdPointsInput, input);
  return orHoldBack(db, () => place(db, asked, till));
}

async function place(
  db: Database,
  { idempotencyKey, ...request }: z.output<typeof holdPointsInput>,
  { by, clock }: Till,
): Promise<Hold> {
  const keys: Keys = { ...by, reference: request.reference, idempotencyKey };
  const inputHash = hashOf(request);
  return transaction(db, async (tx) => {
    const first = await findFirst(tx, keys, inputHash);
    if (first) return first;

    const at = await clock.now(tx);
    const { name, rate } = await requireRedeeming(tx, by, at);
    const price = priceOf(request, rate);
    const memberId = await requireSpender(tx, request.member, by);
    const hold = tx.create(Hold, {
      id: randomUUID(),
      memberId,
      ...keys,
      inputHash,
      ...price,
      currency: rate.currency,
      redemptionRate: rate.rate,
      status: 'ACTIVE',
      capturedPoints: 0n,
      refundedPoints: 0n,
      createdAt: at,
      expiresAt: new Date(at.getTime() + request.expiresIn * 1_000),
    });
    if (!(await claimKey(tx, Hold, hold))) return (await findFirst(tx, keys, inputHash))!;
    await judgeSpending(tx, {
      action: 'HOLD',
      id: hold.id,
      memberId,
      partnerId: by.partnerId,
      points: hold.points,
      // Not the whole input: who shows a token shows another one when it is asked for again.
      request: `${request.reference} ${hold.points}`,
      steppedUp: false,
      at,
    });
    await holdInLedger(tx, {
      memberId,
      key: hold.id,
      currency: sharedCurrencyIn(by),
      points: hold.points,
      partnerId: by.partnerId,
      description: `Set aside at ${name}`,
      expiresAt: hold.expiresAt,
      at,
    });
    await tell(tx, hold, 'hold.placed', at);
    return hold;
  });
}

type Keys = Pick<Hold, 'partnerId' | 'sandbox' | 'reference' | 'idempotencyKey'>;

/** The hold that one of the keys names: the reference decides, being the partner's own. */
async function findFirst(tx: Database, keys: Keys, inputHash: string): Promise<Hold | null> {
  const { reference, idempotencyKey, ...by } = keys;
  const named = await tx.findOneBy(Hold, { ...by, reference });
  if (named) return repeated(named, inputHash, ['reference']);
  const keyed = await tx.findOneBy(Hold, { ...by, idempotencyKey });
  return keyed && repeated(keyed, inputHash);
}

/** The member whom a partner names, who lets it spend the points. @returns the id */
async function requireSpender(tx: Database, ref: MemberRef, by: Asking): Promise<string> {
  const memberId = await resolveMember(tx, ref, by);
  const asked = memberId === null ? [] : [{ memberId, by }];
  const [known] = await consentingMembers(tx, asked, null);
  if (!known) {
    // Denied looks the same as absent: a partner cannot find out who is a member.
    throw new Refusal('NOT_FOUND', 'This partner knows no such member.', ['member']);
  }
  const { status } = await tx.findOneByOrFail(Member, { id: known.memberId });
  if (status !== 'ACTIVE') {
    throw new Refusal('MEMBER_INACTIVE', 'This member cannot spend points now.', ['member']);
  }
  if ((await consentingMembers(tx, asked, 'SPEND')).size === 0) {
    const message = 'The member has not consented to spend points here.';
    throw new Refusal('CONSENT_REQUIRED', message, ['member'], { subject: 'SPEND' });
  }
  return known.memberId;
}
