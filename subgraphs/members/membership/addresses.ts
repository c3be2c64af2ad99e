import { MoreThan } from 'typeorm';
import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { email, parseInput } from '../../../platform/input.ts';
import type { Mail, Message } from '../../../platform/mail.ts';
import { emit } from '../../../platform/outbox.ts';
import { type Viewer, requireSteppedUp } from '../../../platform/viewer.ts';
import { Member, Verification } from './entities.ts';
import { emailKeyOf, lockActive } from './members.ts';
import { type Issued, issueVerification, lockAddress } from './verifications.ts';

const change = z.object({ email });
const changesMax = 5;
const changesWindowMs = 60 * 60_000;

interface Changer extends Pick<Viewer, 'steppedUpAt'> {
  memberId: string;
  clock: Clock;
  mail: Mail;
}

/**
 * Starts a change of the member's address: sends a code to the new one, and tells the old one. The
 * member learns nothing of an address that others have: its owner is told by mail.
 *
 * @param mail takes both messages over after the commit
 * @returns what `verifyEmail` needs besides the code
 * @throws Refusal INVALID what is no address, or is the member's already; STEP_UP_REQUIRED: who has the
 *   address has the account; MEMBER_INACTIVE; LIMIT_REACHED five changes were asked for within an hour
 */
export async function changeEmail(
  db: Database,
  input: z.input<typeof change>,
  { memberId, steppedUpAt, clock, mail }: Changer,
): Promise<Issued> {
  const { email: address } = parseInput(change, input);
  const { issued, message, old } = await transaction(db, async (tx) => {
    // One at a time for each member, or parallel calls would all find room for one more.
    const member = await lockActive(tx, memberId);
    if (member.emailKey === emailKeyOf(address)) {
      throw new Refusal('INVALID', 'This is the address already.', ['email']);
    }
    const at = await clock.now(tx);
    requireSteppedUp({ steppedUpAt }, at);
    await requireRoom(tx, memberId, at);
    const { displayName, locale, marketingOptIn } = member;
    const messages = { code: codeMessage, known: knownMessage };
    const purpose = {
      displayName,
      locale,
      marketingOptIn,
      changesMemberId: memberId,
      referrerId: null,
    };
    const made = await issueVerification(tx, { ...purpose, email: address, messages }, clock);
    return { ...made, old: member.email! };
  });
  if (message) mail.send(message);
  mail.send(oldMessage(old));
  return issued;
}

async function requireRoom(tx: Database, memberId: string, at: Date): Promise<void> {
  const since = new Date(at.getTime() - changesWindowMs);
  const asked = await tx.find(Verification, {
    where: { changesMemberId: memberId, createdAt: MoreThan(since) },
    order: { createdAt: 'ASC' },
  });
  if (asked.length < changesMax) return;
  const retryAt = new Date(asked.at(-changesMax)!.createdAt.getTime() + changesWindowMs);
  throw new Refusal('LIMIT_REACHED', 'Too many changes were asked for.', ['email'], {
    limit: String(changesMax),
    retryAt,
  });
}

function codeMessage(to: string, code: string): Message {
  return {
    to,
    subject: 'Your code',
    text: `${code} is your code. It makes this the address of your membership, and is good for 15 minutes.\n\nIf you did not ask for it, ignore this mail.\n`,
  };
}

function knownMessage(to: string): Message {
  return {
    to,
    subject: 'You are a member already',
    text: 'Someone asked to move a membership to this address, which has one already. Nothing was changed.\n',
  };
}

function oldMessage(to: string): Message {
  return {
    to,
    subject: 'Your address is about to change',
    text: 'You asked to move your membership to another address. It moves as soon as that address is confirmed.\n\nIf it was not you, write to us at once: someone is signed in as you.\n',
  };
}

/**
 * Ends a change of address: the new one is proven by the code.
 *
 * @throws Refusal CONFLICT the address has another membership by now; MEMBER_INACTIVE
 */
export async function endChange(
  tx: Database,
  { id, email, emailKey, changesMemberId, usedAt }: Verification,
  at: Date,
): Promise<Member> {
  const memberId = changesMemberId!;
  if (usedAt) return tx.findOneByOrFail(Member, { id: memberId });
  const member = await lockActive(tx, memberId);
  // Of two that end with one address, the second sees what the first did.
  await lockAddress(tx, emailKey);
  const holder = await tx.findOneBy(Member, { emailKey });
  if (holder && holder.id !== memberId) {
    throw new Refusal('CONFLICT', 'This address has another membership by now.');
  }
  const changes = { email, emailKey, emailVerifiedAt: at };
  await tx.update(Member, { id: memberId }, changes);
  await tx.update(Verification, { id }, { usedAt: at, memberId });
  await emit(tx, { type: 'member.changed', memberId, payload: { memberId }, occurredAt: at });
  return Object.assign(member, changes);
}
