import { IsNull } from 'typeorm';
import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import { isCode } from '../../../platform/codes.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { email, id, parseInput, title } from '../../../platform/input.ts';
import type { Mail, Message } from '../../../platform/mail.ts';
import { emit } from '../../../platform/outbox.ts';
import { countInvited, findReferrer, referralCode } from '../referrals/codes.ts';
import { recordReferral } from '../referrals/referrals.ts';
import { endChange } from './addresses.ts';
import { Member, Verification } from './entities.ts';
import { insertMember, lockMember, plainName } from './members.ts';
import { locale } from './profiles.ts';
import { type Issued, countTry, issueVerification, lockAddress } from './verifications.ts';

const enrolment = z.object({
  email,
  displayName: title.nullish(),
  locale: locale.nullish(),
  referralCode: referralCode.nullish(),
  marketingOptIn: z.boolean().nullish(),
});

/**
 * Starts an enrolment: sends a code to the address, or tells its owner of the membership that it
 * already has, as `issueVerification` does. A referral code that is nobody's is left aside: the answer is
 * the same.
 *
 * @param mail takes the code over after the commit
 * @returns what `verifyEmail` needs besides the code
 * @throws Refusal INVALID with the path of the field at fault
 */
export async function enrolMember(
  db: Database,
  input: z.input<typeof enrolment>,
  { clock, mail }: { clock: Clock; mail: Mail },
): Promise<Issued> {
  const enrolled = parseInput(enrolment, input);
  const asked = {
    email: enrolled.email,
    displayName: enrolled.displayName ?? null,
    locale: enrolled.locale ?? 'en',
    marketingOptIn: enrolled.marketingOptIn ?? false,
    changesMemberId: null,
    messages: { code: codeMessage, known: knownMessage },
  };
  const { issued, message } = await transaction(db, async (tx) => {
    const { referralCode: code } = enrolled;
    const referrerId = code == null ? null : await findReferrer(tx, code);
    const made = await issueVerification(tx, { ...asked, referrerId }, clock);
    if (code != null) await countInvited(tx, { ...made.issued, referrerId });
    return made;
  });
  if (message) mail.send(message);
  return issued;
}

// Nothing that the caller wrote stands in a mail, or strangers could send their words with it.
function codeMessage(to: string, code: string): Message {
  return {
    to,
    subject: 'Your code',
    text: `${code} is your code. It ends your enrolment, and is good for 15 minutes.\n\nIf you did not ask for it, ignore this mail.\n`,
  };
}

function knownMessage(to: string): Message {
  return {
    to,
    subject: 'You are a member already',
    text: 'Someone asked to enrol this address, which has a membership already: sign in with it.\n\nIf it was not you, ignore this mail.\n',
  };
}

const attempt = z.object({
  verificationId: id,
  code: z.string().regex(/^\d{6}$/, 'has 6 digits'),
});

/**
 * Ends an enrolment with the code from the e-mail: the address's owner becomes a member, brought by whoever's
 * referral code it was begun with. Or ends a
 * change of address: it is the member's from now on.
 *
 * The same right code again, while it is good, gives the same member. Where two enrolments of one
 * address end, the second finds the member that the first made.
 *
 * @param db not a transaction: a wrong try counts even though it is refused
 * @throws Refusal NOT_FOUND no such verification; EXPIRED after 15 minutes; INVALID a wrong code, or
 *   what is none; LIMIT_REACHED five codes were tried; of a change, CONFLICT the address has another
 *   membership by now, MEMBER_INACTIVE
 */
export async function verifyEmail(
  db: Database,
  input: z.input<typeof attempt>,
  { clock }: { clock: Clock },
): Promise<Member> {
  const { verificationId, code } = parseInput(attempt, input);
  const at = await clock.now(db);
  const verification = await countTry(db, verificationId, at);
  if (!isCode(verification.codeHash, verificationId, code)) {
    throw new Refusal('INVALID', 'This is not the code from the e-mail.', ['code']);
  }
  const end = verification.changesMemberId ? endChange : endEnrolment;
  return transaction(db, (tx) => end(tx, verification, at));
}

/** Parallel calls meet in the address's one member: one of them makes it, the others find it. */
async function endEnrolment(tx: Database, verification: Verification, at: Date): Promise<Member> {
  const { id, email, emailKey, locale, marketingOptIn, referrerId, memberId } = verification;
  if (memberId) return tx.findOneByOrFail(Member, { id: memberId });
  // Members before addresses, by all.
  if (referrerId) await lockMember(tx, referrerId);
  // Another member may be moving to the address.
  await lockAddress(tx, emailKey);
  const { member, isNew } = await insertMember(tx, {
    displayName: verification.displayName ?? plainName(),
    email,
    emailVerifiedAt: at,
    locale,
    marketingOptIn,
    joinedAt: at,
  });
  await tx.update(Verification, { id, usedAt: IsNull() }, { usedAt: at, memberId: member.id });
  if (isNew) {
    await emit(tx, {
      type: 'member.enrolled',
      memberId: member.id,
      payload: { memberId: member.id },
      occurredAt: at,
    });
    if (referrerId) await recordReferral(tx, { friend: member, referrerId, at });
  }
  return member;
}
