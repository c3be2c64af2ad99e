import { createHash, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { IsNull, MoreThan } from 'typeorm';
import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { email, id, parseInput, title } from '../../../platform/input.ts';
import type { Mail, Message } from '../../../platform/mail.ts';
import { emit } from '../../../platform/outbox.ts';
import { Member, Verification } from './entities.ts';
import { emailKeyOf, insertMember } from './members.ts';

const lifetimeMs = 15 * 60_000;
const triesMax = 5;
const mailsMax = 5;
const mailsWindowMs = 60 * 60_000;

const enrolment = z.object({
  email,
  displayName: title.nullish(),
  locale: z
    .string()
    .max(35, 'has 35 characters at most')
    .refine(isLocale, 'is no BCP 47 language tag')
    .nullish(),
  marketingOptIn: z.boolean().nullish(),
});

/**
 * Starts an enrolment: sends a code to the address, or tells its owner of the membership that it
 * already has. The caller learns nothing of the address: the answer, and the work done for it, are
 * the same either way, and also where the address had its 5 mails of the hour and gets no other.
 *
 * @param mail takes the code over after the commit
 * @returns what `verifyEmail` needs besides the code
 * @throws Refusal INVALID with the path of the field at fault
 */
export async function enrolMember(
  db: Database,
  input: z.input<typeof enrolment>,
  { clock, mail }: { clock: Clock; mail: Mail },
): Promise<{ verificationId: string; expiresAt: Date }> {
  const { email: address, displayName, locale, marketingOptIn } = parseInput(enrolment, input);
  const emailKey = emailKeyOf(address);
  const verificationId = randomUUID();
  const code = String(randomInt(1_000_000)).padStart(6, '0');

  const { isKnown, mailed, expiresAt } = await transaction(db, async (tx) => {
    // One at a time for each address, or parallel calls would all find room for one more mail.
    await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`enrol ${emailKey}`]);
    const at = await clock.now(tx);
    const expiresAt = new Date(at.getTime() + lifetimeMs);
    const since = new Date(at.getTime() - mailsWindowMs);
    const recent = { emailKey, mailed: true, createdAt: MoreThan(since) };
    const mailed = (await tx.countBy(Verification, recent)) < mailsMax;
    const isKnown = await tx.existsBy(Member, { emailKey });
    await tx.insert(Verification, {
      id: verificationId,
      email: address,
      emailKey,
      codeHash: mailed && !isKnown ? hashOf(verificationId, code) : null,
      mailed,
      displayName: displayName ?? null,
      locale: Intl.getCanonicalLocales(locale ?? 'en')[0]!,
      marketingOptIn: marketingOptIn ?? false,
      createdAt: at,
      expiresAt,
    });
    return { isKnown, mailed, expiresAt };
  });
  if (mailed) mail.send(isKnown ? knownMessage(address) : codeMessage(address, code));
  return { verificationId, expiresAt };
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
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

function hashOf(verificationId: string, code: string): Buffer {
  return createHash('sha256').update(`${verificationId}:${code}`).digest();
}

const attempt = z.object({
  verificationId: id,
  code: z.string().regex(/^\d{6}$/, 'has 6 digits'),
});

/**
 * Ends an enrolment with the code from the e-mail: the address's owner becomes a member.
 *
 * The same right code again, while it is good, gives the same member. Where two enrolments of one
 * address end, the second finds the member that the first made.
 *
 * @param db not a transaction: a wrong try counts even though it is refused
 * @throws Refusal NOT_FOUND no such verification; EXPIRED after 15 minutes; INVALID a wrong code, or
 *   what is none; LIMIT_REACHED five codes were tried
 */
export async function verifyEmail(
  db: Database,
  input: z.input<typeof attempt>,
  { clock }: { clock: Clock },
): Promise<Member> {
  const { verificationId, code } = parseInput(attempt, input);
  const at = await clock.now(db);
  const verification = await countTry(db, verificationId, at);
  if (!isCodeOf(verification, code)) {
    throw new Refusal('INVALID', 'This is not the code from the e-mail.', ['code']);
  }
  return transaction(db, (tx) => endEnrolment(tx, verification, at));
}

/**
 * Counts a try before its code is judged, in one statement of its own: no refusal takes it back,
 * and parallel tries cannot share a count. One that is used answers again, and counts on: it is no
 * place to guess codes at.
 */
async function countTry(db: Database, id: string, at: Date): Promise<Verification> {
  const counted = await db
    .createQueryBuilder()
    .update(Verification)
    .set({ attempts: () => 'attempts + 1' })
    .where('id = :id AND attempts < :triesMax AND expires_at > :at', {
      id,
      triesMax,
      at,
    })
    .execute();
  const verification = await db.findOneBy(Verification, { id });
  if (!verification) {
    throw new Refusal('NOT_FOUND', 'There is no such verification.', ['verificationId']);
  }
  if (counted.affected === 1) return verification;
  if (verification.expiresAt <= at) {
    throw new Refusal('EXPIRED', 'The code was good for 15 minutes.', ['verificationId']);
  }
  throw new Refusal(
    'LIMIT_REACHED',
    'Too many codes were tried: enrol again.',
    ['verificationId'],
    {
      limit: String(triesMax),
    },
  );
}

function isCodeOf({ id, codeHash }: Verification, code: string): boolean {
  return codeHash !== null && timingSafeEqual(codeHash, hashOf(id, code));
}

/** Parallel calls meet in the address's one member: one of them makes it, the others find it. */
async function endEnrolment(tx: Database, verification: Verification, at: Date): Promise<Member> {
  const { id, email, locale, marketingOptIn, memberId } = verification;
  if (memberId) return tx.findOneByOrFail(Member, { id: memberId });
  const displayName = verification.displayName ?? `Member ${randomInt(1_000, 10_000)}`;
  const { member, isNew } = await insertMember(tx, {
    displayName,
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
  }
  return member;
}
