import { Big } from 'big.js';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { addDays, dayOf, daysBetween } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { claimKey as takeKey, hashOf, repeated } from '../../../platform/idempotency.ts';
import { id, key, money, note, parseInput } from '../../../platform/input.ts';
import { consentingMembers, requireActiveMember } from '../../../platform/members.ts';
import { emit } from '../../../platform/outbox.ts';
import { Partner } from '../brands/entities.ts';
import { validOn } from '../contracts/contracts.ts';
import { Contract } from '../contracts/entities.ts';
import { readProgram } from '../program.ts';
import { Claim } from './entities.ts';
import { findAnswer } from './matching.ts';

/** Claims that a member may have open at a time. */
const openMax = 20;
/** Days in which a claim is to be decided. */
const decisionDays = 30;

const claimInput = z
  .object({
    partnerId: id,
    occurredOn: z.iso
      .date('is no day')
      .refine((day) => day >= '1970-01-01', 'must be in 1970 or later'),
    reference: key.nullish(),
    amount: money
      .extend({ currency: z.string().regex(/^[A-Z]{3}$/, 'is no ISO 4217 code') })
      .refine(({ amount }) => new Big(amount).gt(0), {
        path: ['amount'],
        message: 'must be more than 0',
      })
      .transform(({ amount, currency }) => ({ amount: new Big(amount).toFixed(), currency }))
      .nullish(),
    note: note.nullish(),
  })
  .refine(({ reference, amount }) => reference != null || amount != null, {
    path: ['reference'],
    message: 'or an amount is needed',
  });

export type ClaimMissingPoints = z.input<typeof claimInput>;

/**
 * Says that an activity of the member with a partner earned nothing. The same claim again, by partner,
 * day and reference, or amount where there is no reference, gives the first one as it stands now.
 *
 * @throws Refusal INVALID also for a day to come, or longer ago than the contract lets members claim;
 *   NOT_FOUND no such partner that is LIVE; MEMBER_INACTIVE, or NOT_ALLOWED to a member of the sandbox;
 *   CONSENT_REQUIRED the member does not let the partner record activities; CONFLICT the activity is
 *   there, its id in the details; LIMIT_REACHED too many are open; IDEMPOTENCY_MISMATCH the same was
 *   claimed with something else
 */
export async function claimMissingPoints(
  db: Database,
  input: ClaimMissingPoints,
  { memberId, clock }: { memberId: string; clock: Clock },
): Promise<Claim> {
  const asked = parseInput(claimInput, input);
  const { partnerId, occurredOn } = asked;
  const named = { memberId, claimKey: keyOf(asked) };
  const inputHash = hashOf(asked);
  return transaction(db, async (tx) => {
    await keepOthersOut(tx, memberId);
    const first = await tx.findOneBy(Claim, named);
    if (first) return repeated(first, inputHash, ['reference']);

    await requireActiveMember(tx, memberId);
    const at = await clock.now(tx);
    const { timeZone } = await readProgram(tx);
    const today = dayOf(at, timeZone);
    await requireConsent(tx, memberId, await requireLive(tx, partnerId));
    await requireWindow(tx, asked, today);
    await requireRoom(tx, memberId);
    const claim = tx.create(Claim, {
      id: randomUUID(),
      partnerId,
      ...named,
      inputHash,
      status: 'OPEN',
      occurredOn,
      reference: asked.reference ?? null,
      amount: asked.amount?.amount ?? null,
      currency: asked.amount?.currency ?? null,
      note: asked.note ?? null,
      createdAt: at,
      decideBy: addDays(today, decisionDays),
      decidedAt: null,
      decidedBecause: null,
      activityId: null,
    });
    const subject = await findAnswer(tx, claim, timeZone);
    if (subject) {
      throw new Refusal('CONFLICT', 'This activity is there already.', ['reference'], { subject });
    }
    await takeKey(tx, Claim, claim, { unique: ['memberId', 'claimKey'], path: ['reference'] });
    await emit(tx, {
      type: 'claim.opened',
      memberId,
      partnerId,
      payload: { claimId: claim.id },
      occurredAt: at,
    });
    return claim;
  });
}

type Asked = z.output<typeof claimInput>;

function keyOf({ partnerId, occurredOn, reference, amount }: Asked): string {
  const what = reference == null ? `${amount!.amount} ${amount!.currency}` : `# ${reference}`;
  return `${partnerId} ${occurredOn} ${what}`;
}

/** Whatever else claims for the member waits: the open ones are counted. */
async function keepOthersOut(tx: Database, memberId: string): Promise<void> {
  await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`claim ${memberId}`]);
}

async function requireLive(tx: Database, partnerId: string): Promise<string> {
  if (await tx.existsBy(Partner, { id: partnerId, status: 'LIVE' })) return partnerId;
  throw new Refusal('NOT_FOUND', 'There is no such partner.', ['partnerId']);
}

/** Without it, nothing could be recorded to grant the claim. */
async function requireConsent(tx: Database, memberId: string, partnerId: string): Promise<void> {
  const asked = { memberId, by: { partnerId, sandbox: false } };
  if ((await consentingMembers(tx, [asked], 'EARN')).size > 0) return;
  const message = 'Let the partner record what you do there first.';
  throw new Refusal('CONSENT_REQUIRED', message, ['partnerId'], { subject: 'EARN' });
}

async function requireWindow(
  tx: Database,
  { partnerId, occurredOn }: Asked,
  today: string,
): Promise<void> {
  const invalid = (message: string, details: { limit?: string } = {}) =>
    new Refusal('INVALID', message, ['occurredOn'], details);
  if (occurredOn > today) throw invalid('This day is yet to come.');
  const contract = await tx.findOneBy(Contract, { partnerId, ...validOn(occurredOn) });
  if (!contract) throw invalid('The partner took no part that day.');
  const { claimWindowDays } = contract;
  if (daysBetween(occurredOn, today) > claimWindowDays) {
    throw invalid(`This is more than ${claimWindowDays} days ago.`, {
      limit: String(claimWindowDays),
    });
  }
}

async function requireRoom(tx: Database, memberId: string): Promise<void> {
  if ((await tx.countBy(Claim, { memberId, status: 'OPEN' })) < openMax) return;
  throw new Refusal('LIMIT_REACHED', 'Too many of your claims are open.', [], {
    limit: String(openMax),
  });
}
