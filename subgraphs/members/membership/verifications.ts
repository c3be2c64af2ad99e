import { randomUUID } from 'node:crypto';
import { MoreThan } from 'typeorm';
import type { Clock } from '../../../platform/clock.ts';
import { codeHash, newCode } from '../../../platform/codes.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { Message } from '../../../platform/mail.ts';
import { Member, Verification } from './entities.ts';
import { emailKeyOf } from './members.ts';

const lifetimeMs = 15 * 60_000;
const triesMax = 5;
const mailsMax = 5;
const mailsWindowMs = 60 * 60_000;

/** What the code will end. */
type Purpose = Pick<
  Verification,
  'displayName' | 'locale' | 'marketingOptIn' | 'changesMemberId' | 'referrerId'
>;

/** What an address is told: with a code, or that it has a membership already. */
interface Messages {
  code: (to: string, code: string) => Message;
  known: (to: string) => Message;
}

/** What a caller is told of a code: enough for `verifyEmail`, and nothing of the address. */
export interface Issued {
  verificationId: string;
  expiresAt: Date;
}

/**
 * Makes a code for an address, or tells its owner of the membership that it already has. The caller
 * learns nothing of the address: the answer, and the work done for it, are the same either way, and
 * also where the address had its 5 mails of the hour and gets no other.
 *
 * @returns what to answer, and what to mail after the commit
 */
export async function issueVerification(
  tx: Database,
  { email, messages, ...purpose }: Purpose & { email: string; messages: Messages },
  clock: Clock,
): Promise<{ issued: Issued; message: Message | null }> {
  const emailKey = emailKeyOf(email);
  const verificationId = randomUUID();
  const code = newCode();
  // Parallel calls would all find room for one more mail.
  await lockAddress(tx, emailKey);
  const at = await clock.now(tx);
  const expiresAt = new Date(at.getTime() + lifetimeMs);
  const since = new Date(at.getTime() - mailsWindowMs);
  const recent = { emailKey, mailed: true, createdAt: MoreThan(since) };
  const mailed = (await tx.countBy(Verification, recent)) < mailsMax;
  const isKnown = await tx.existsBy(Member, { emailKey });
  await tx.insert(Verification, {
    ...purpose,
    id: verificationId,
    email,
    emailKey,
    codeHash: mailed && !isKnown ? codeHash(verificationId, code) : null,
    mailed,
    createdAt: at,
    expiresAt,
  });
  const message = isKnown ? messages.known(email) : messages.code(email, code);
  return { issued: { verificationId, expiresAt }, message: mailed ? message : null };
}

/** One transaction at a time for each address; who needs the member's row as well takes that first. */
export async function lockAddress(tx: Database, emailKey: string): Promise<void> {
  await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`enrol ${emailKey}`]);
}

/**
 * Counts a try before its code is judged, in one statement of its own: no refusal takes it back,
 * and parallel tries cannot share a count. One that is used answers again, and counts on: it is no
 * place to guess codes at.
 *
 * @throws Refusal NOT_FOUND no such verification; EXPIRED; LIMIT_REACHED
 */
export async function countTry(db: Database, id: string, at: Date): Promise<Verification> {
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
    'Too many codes were tried: ask for another.',
    ['verificationId'],
    { limit: String(triesMax) },
  );
}
