import { randomUUID } from 'node:crypto';
import { type FindOptionsWhere, IsNull, MoreThan } from 'typeorm';
import { z } from 'zod';
import { newToken, tokenHash } from '../../../platform/codes.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { email, id, parseInput } from '../../../platform/input.ts';
import type { Mail, Message } from '../../../platform/mail.ts';
import { emit } from '../../../platform/outbox.ts';
import { emailKeyOf } from '../membership/members.ts';
import { type Household, HouseholdInvitation } from './entities.ts';
import type { Acting } from './households.ts';
import { type Seats, lockActiveMember, lockOwnHousehold, placesIn, seatsOf } from './places.ts';

const dayMs = 24 * 60 * 60_000;
const lifetimeDays = 14;
/** By one member, to whomever. */
const invitationsOfDayMax = 20;
/** To one address, from whomever. */
const mailsOfDayMax = 5;

const invitation = z.object({ email });

/** The owner who invites, and what that needs. */
export interface Inviting extends Acting {
  mail: Mail;
  limits: Seats;
}

/**
 * Invites an address into the owner's household by e-mail; an earlier invitation of the address ends.
 * Answer and work are the same whether it is a member's or not, and also where it had its 5 mails of
 * the day and gets no other.
 *
 * @param mail takes the invitation over after the commit
 * @throws Refusal INVALID it is no address, or the owner's own; MEMBER_INACTIVE; NOT_FOUND the caller is
 *   in no household; NOT_ALLOWED they do not own it; LIMIT_REACHED it has all the members that it may
 *   have, invited ones included (`limit`), or the caller invited 20 times today (`retryAt`)
 */
export async function inviteToHousehold(
  db: Database,
  input: z.input<typeof invitation>,
  { memberId, clock, mail, limits }: Inviting,
): Promise<Household> {
  const { email: address } = parseInput(invitation, input);
  const emailKey = emailKeyOf(address);
  const token = newToken();

  const { household, message } = await transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const owner = await lockActiveMember(tx, memberId);
    const household = await lockOwnHousehold(tx, memberId);
    if (owner.emailKey === emailKey) {
      throw new Refusal('INVALID', 'email: is your own.', ['email']);
    }
    const invited = await openInvitations(tx, household.id, at);
    const earlier = invited.find((each) => each.emailKey === emailKey);
    if (!earlier) await requireRoom(tx, household, invited.length, limits);
    await requireQuiet(tx, memberId, at);
    const mailed = await mayMail(tx, emailKey, at);
    // Without a new mail, the one that the address has stays good.
    if (earlier && !mailed) return { household, message: null };

    if (earlier) await tx.update(HouseholdInvitation, { id: earlier.id }, { endedAt: at });
    const { id } = await insertInvitation(tx, {
      householdId: household.id,
      invitedBy: memberId,
      email: address,
      emailKey,
      tokenHash: tokenHash(token),
      mailed,
      createdAt: at,
    });
    await emit(tx, {
      type: 'household.invited',
      memberId,
      payload: { householdId: household.id, invitationId: id },
      occurredAt: at,
    });
    // An active member has an address.
    return {
      household,
      message: mailed ? messageOf(address, owner.email!, household.kind, token) : null,
    };
  });
  if (message) mail.send(message);
  return household;
}

type NewInvitation = Omit<HouseholdInvitation, 'id' | 'expiresAt' | 'acceptedBy' | 'endedAt'>;

async function insertInvitation(tx: Database, values: NewInvitation): Promise<HouseholdInvitation> {
  const made = tx.create(HouseholdInvitation, {
    ...values,
    id: randomUUID(),
    expiresAt: new Date(values.createdAt.getTime() + lifetimeDays * dayMs),
    acceptedBy: null,
    endedAt: null,
  });
  await tx.insert(HouseholdInvitation, made);
  return made;
}

/** Invitations of the household that can be accepted, the first first. */
function openInvitations(
  tx: Database,
  householdId: string,
  at: Date,
): Promise<HouseholdInvitation[]> {
  return tx.find(HouseholdInvitation, {
    where: { ...isOpen(at), householdId },
    order: { createdAt: 'ASC', id: 'ASC' },
  });
}

/** What invitations must be to be accepted at the instant. */
export function isOpen(at: Date): FindOptionsWhere<HouseholdInvitation> {
  return { endedAt: IsNull(), expiresAt: MoreThan(at) };
}

/**
 * Every seat is a member's or an invitation's.
 *
 * @throws Refusal LIMIT_REACHED none is left
 */
export async function requireRoom(
  tx: Database,
  household: Household,
  invited: number,
  limits: Seats,
): Promise<void> {
  const max = seatsOf(household, limits);
  if ((await placesIn(tx, household.id)).length + invited < max) return;
  throw new Refusal('LIMIT_REACHED', `It has ${max} members at most.`, [], {
    limit: String(max),
  });
}

/** @throws Refusal LIMIT_REACHED the member has sent all invitations of a day */
async function requireQuiet(tx: Database, memberId: string, at: Date): Promise<void> {
  const [sent] = await rows<{ count: number; first: Date | null }>(
    tx,
    `SELECT count(*)::integer AS count, min(created_at) AS first
     FROM members.household_invitation WHERE invited_by = $1 AND created_at > $2`,
    [memberId, new Date(at.getTime() - dayMs)],
  );
  const { count, first } = sent!;
  if (count < invitationsOfDayMax) return;
  throw new Refusal('LIMIT_REACHED', 'Too many invitations were sent today.', ['email'], {
    limit: String(invitationsOfDayMax),
    retryAt: new Date(first!.getTime() + dayMs),
  });
}

/** Whether the address gets one more mail. One caller at a time, or all would find room for the last. */
async function mayMail(tx: Database, emailKey: string, at: Date): Promise<boolean> {
  await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`invite ${emailKey}`]);
  const since = new Date(at.getTime() - dayMs);
  const recent = { emailKey, mailed: true, createdAt: MoreThan(since) };
  return (await tx.countBy(HouseholdInvitation, recent)) < mailsOfDayMax;
}

// Of the caller's words only the address that is verified as theirs stands in it, or strangers could
// send what they like with it. Longer lines would be broken on their way, and what is to be copied, too.
function messageOf(to: string, from: string, kind: Household['kind'], token: string): Message {
  const { subject, what, after } = wordsOf[kind];
  return {
    to,
    subject,
    text: `${from}
invites you to ${what}

Your invitation: ${token}

Sign in with this address, or enrol it first, and join the household
with the invitation. It is for you alone, and good for ${lifetimeDays} days. From
then on ${after}

If you do not know who invites you, ignore this mail.
`,
  };
}

const wordsOf = {
  FAMILY: {
    subject: 'An invitation to a household',
    what: `a household, whose members keep their own points and
spend them together.`,
    after: `the others may spend your points and you theirs, until you
switch it off or leave.`,
  },
  BUSINESS: {
    subject: 'An invitation to a business account',
    what: `the household of a business, whose people earn into one
balance.`,
    after: `those whom its owner lets may spend your points for the
business, until you switch it off or leave. You take along what is
left of them.`,
  },
} as const;

const withdrawal = z.object({ id });

/**
 * Ends an invitation of the owner's household. One that has ended is left alone.
 *
 * @throws Refusal INVALID `id` is none; NOT_FOUND the caller is in no household, or it has no such
 *   invitation; NOT_ALLOWED they do not own it
 */
export async function withdrawInvitation(
  db: Database,
  input: z.input<typeof withdrawal>,
  { memberId, clock }: Acting,
): Promise<Household> {
  const { id: invitationId } = parseInput(withdrawal, input);
  return transaction(db, async (tx) => {
    const household = await lockOwnHousehold(tx, memberId);
    const wanted = { id: invitationId, householdId: household.id };
    if (!(await tx.existsBy(HouseholdInvitation, wanted))) {
      throw new Refusal('NOT_FOUND', 'The household has no such invitation.', ['id']);
    }
    const at = await clock.now(tx);
    await tx.update(HouseholdInvitation, { ...wanted, endedAt: IsNull() }, { endedAt: at });
    return household;
  });
}

/** `a***@example.com`: enough to know it by for who wrote it. */
export function masked(address: string): string {
  const at = address.lastIndexOf('@');
  return `${String.fromCodePoint(address.codePointAt(0)!)}***${address.slice(at)}`;
}
