/** Who brought whom. What is given for it, and when, is in sql/72-referrals.sql. */
import { createHash, randomUUID } from 'node:crypto';
import { MoreThanOrEqual, Not } from 'typeorm';
import { dayOf, startOfDay } from '../../../platform/calendar.ts';
import { type Database, insertOnce } from '../../../platform/database.ts';
import { emit } from '../../../platform/outbox.ts';
import { Member } from '../membership/entities.ts';
import { lockMember } from '../membership/members.ts';
import { Program } from '../program/entities.ts';
import { Referral } from './entities.ts';
import { referralRules } from './rules.ts';

interface Joined {
  /** Made in this transaction. */
  friend: Member;
  referrerId: string;
  at: Date;
}

/**
 * Keeps who brought a new member. What is odd about it keeps nobody from joining, and nobody is told: the
 * referral is refused, and nothing comes of it.
 */
export async function recordReferral(
  tx: Database,
  { friend, referrerId, at }: Joined,
): Promise<void> {
  // One at a time for each referrer, or parallel joins would all find room for one more.
  const referrer = await lockMember(tx, referrerId);
  if (referrer?.status !== 'ACTIVE') return;
  const referral = tx.create(Referral, {
    id: randomUUID(),
    referrerId,
    friendId: friend.id,
    mailboxHash: createHash('sha256').update(mailboxOf(friend.emailKey!)).digest(),
    status: 'JOINED',
    refusedFor: null,
    joinedAt: at,
    lookAt: at,
    rewardedAt: null,
    referrerPoints: 0n,
    friendPoints: 0n,
  });
  const refusedFor = await reasonAgainst(tx, friend, referrer, at);
  // The mailbox may have been brought before, under another spelling of its address.
  if (refusedFor || !(await insertOnce(tx, Referral, referral))) {
    const refused = { status: 'REFUSED', refusedFor: refusedFor ?? 'SAME_PERSON' } as const;
    await tx.insert(Referral, Object.assign(referral, refused));
    return;
  }
  const payload = { referralId: referral.id };
  await emit(tx, { type: 'referral.joined', memberId: referrerId, payload, occurredAt: at });
}

/** @param referrer locked */
async function reasonAgainst(
  tx: Database,
  friend: Member,
  referrer: Member,
  at: Date,
): Promise<Referral['refusedFor']> {
  const mailbox = mailboxOf(friend.emailKey!);
  // The referrer's own, or that of somebody who is a member already.
  if (
    mailbox === mailboxOf(referrer.emailKey!) ||
    (await tx.existsBy(Member, { emailKey: mailbox, id: Not(friend.id) }))
  ) {
    return 'SAME_PERSON';
  }
  const { programId, joinsPerDay } = await referralRules(tx);
  const { timeZone } = await tx.findOneByOrFail(Program, { id: programId });
  const today = startOfDay(dayOf(at, timeZone), timeZone);
  const ofToday = { referrerId: referrer.id, joinedAt: MoreThanOrEqual(today) };
  return (await tx.countBy(Referral, ofToday)) >= joinsPerDay ? 'TOO_MANY' : null;
}

/** Where points in the name lead to the same mailbox, too. */
const withoutPoints = new Set(['gmail.com', 'googlemail.com']);

/** The mailbox that an address leads to: what follows a plus is the owner's to choose. */
export function mailboxOf(emailKey: string): string {
  const at = emailKey.lastIndexOf('@');
  const domain = emailKey.slice(at + 1);
  const name = emailKey.slice(0, at).replace(/(?!^)\+.*$/, '');
  if (!withoutPoints.has(domain)) return `${name}@${domain}`;
  return `${name.replaceAll('.', '')}@gmail.com`;
}
