import { randomUUID, timingSafeEqual } from 'node:crypto';
import { IsNull, MoreThan } from 'typeorm';
import type { Clock } from '../platform/clock.ts';
import { newCode, newToken } from '../platform/codes.ts';
import { type Database, rows, transaction } from '../platform/database.ts';
import { Refusal } from '../platform/errors.ts';
import type { Mail, Message } from '../platform/mail.ts';
import type { Asker } from './askers.ts';
import { SignInCode } from './entities.ts';
import { hashOf } from './hashes.ts';

const lifetimeMs = 10 * 60_000;
const triesMax = 5;
/** Mails of an hour to one address: for one asker, and for all those together who are strangers to it. */
const askersMailsMax = 5;
const strangersMailsMax = 10;
const mailsWindowMs = 60 * 60_000;
/** One of 10^8, so that whoever asks and guesses all year round, from anywhere, hardly meets one. */
const codeDigits = 8;

/** What a sign-in goes by. */
export interface ProofMeans {
  clock: Clock;
  /** Keys the hashes of codes: whoever has the database alone cannot try them. */
  hashKey: Buffer;
}

/**
 * Mails a code, and a link that does the same, to whoever signs in with this address: known or not,
 * the work and the answer are the same. Where the address had the hour's mails it gets no other, and
 * those that it has stay good. A browser in which somebody signed in with it before has mails of its own:
 * strangers cannot use them up.
 *
 * @param interaction the sign-in, in which alone the code is good
 * @param linkOf the link's address, by its token
 */
export async function sendCode(
  db: Database,
  { email, interaction, ...from }: { email: string; interaction: string } & Asker,
  { clock, hashKey, mail, linkOf }: ProofMeans & { mail: Mail; linkOf: (token: string) => string },
): Promise<void> {
  const emailKey = email.toLowerCase();
  const id = randomUUID();
  const code = newCode(codeDigits);
  const token = newToken();
  const isMailed = await transaction(db, async (tx) => {
    // One at a time for each address, or parallel calls would all find room for one more mail.
    await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `sign in ${emailKey}`,
    ]);
    const at = await clock.now(tx);
    const isMailed = await hasRoom(tx, { emailKey, at, ...from });
    await tx.insert(SignInCode, {
      id,
      interaction,
      email,
      emailKey,
      ...from,
      codeHash: isMailed ? hashOf(hashKey, id, code) : null,
      linkHash: isMailed ? hashOf(hashKey, id, token) : null,
      createdAt: at,
      expiresAt: new Date(at.getTime() + lifetimeMs),
    });
    return isMailed;
  });
  if (isMailed) mail.send(messageTo(email, code, linkOf(`${id}.${token}`)));
}

/** Whether the address may get one more mail for who asks. */
async function hasRoom(
  tx: Database,
  { emailKey, at, asker, known }: { emailKey: string; at: Date } & Asker,
): Promise<boolean> {
  const [mailed] = await rows<{ asker: number; strangers: number }>(
    tx,
    `SELECT count(*) FILTER (WHERE asker = $2)::integer AS asker,
            count(*) FILTER (WHERE NOT known)::integer AS strangers
     FROM identity.sign_in_code
     WHERE email_key = $1 AND created_at > $3 AND code_hash IS NOT NULL`,
    [emailKey, asker, new Date(at.getTime() - mailsWindowMs)],
  );
  const { asker: own, strangers } = mailed!;
  return own < askersMailsMax && (known || strangers < strangersMailsMax);
}

// Nothing that the caller wrote stands in a mail, or strangers could send their words with it.
function messageTo(to: string, code: string, link: string): Message {
  return {
    to,
    subject: 'Your code',
    text: `${code} is your code to sign in. It is good for 10 minutes.\n\nOr open this page in the browser in which you asked for it:\n\n${link}\n\nIf you did not ask for it, ignore this mail, and give the code to nobody.\n`,
  };
}

/**
 * Proves the address by the code of a sign-in's last mail, once.
 *
 * @param db not a transaction: a wrong try counts even though it is refused
 * @throws Refusal INVALID a wrong code; EXPIRED after 10 minutes, or it was used; LIMIT_REACHED five
 *   codes were tried
 */
export async function proveByCode(
  db: Database,
  { interaction, code }: { interaction: string; code: string },
  { clock, hashKey }: ProofMeans,
): Promise<void> {
  const at = await clock.now(db);
  const tried = await countTry(db, interaction, at);
  const given = hashOf(hashKey, tried.id, code.replaceAll(/\s/g, ''));
  if (!tried.codeHash || !timingSafeEqual(tried.codeHash, given)) {
    throw new Refusal('INVALID', 'This is not the code from the e-mail.', ['code']);
  }
  await prove(db, tried.id, at);
}

/**
 * Proves the address by the link, once, in the browser that asked for it.
 *
 * @throws Refusal EXPIRED it is not of this sign-in, was used, or is over
 */
export async function proveByLink(
  db: Database,
  { interaction, token }: { interaction: string; token: string },
  { clock, hashKey }: ProofMeans,
): Promise<void> {
  const [id = '', secret = ''] = token.split('.', 2);
  const sent = await db.findOneBy(SignInCode, {
    interaction,
    linkHash: hashOf(hashKey, id, secret),
  });
  const at = await clock.now(db);
  if (!sent || sent.expiresAt <= at) throw used();
  await prove(db, sent.id, at);
}

/** The address that was proved in a sign-in, for 10 minutes; null where none was. */
export async function provedEmail(
  db: Database,
  interaction: string,
  { clock }: ProofMeans,
): Promise<string | null> {
  const at = await clock.now(db);
  const proved = await db.findOne(SignInCode, {
    where: { interaction, provedAt: MoreThan(new Date(at.getTime() - lifetimeMs)) },
    order: { provedAt: 'DESC' },
  });
  return proved?.email ?? null;
}

/**
 * Counts a try before its code is judged, in one statement of its own: no refusal takes it back, and
 * parallel tries cannot share a count.
 */
async function countTry(db: Database, interaction: string, at: Date): Promise<SignInCode> {
  const last = await db
    .createQueryBuilder(SignInCode, 'sent')
    .where({ interaction })
    // Where a mail did not go out any more, those that did stay good.
    .orderBy('sent.code_hash IS NULL')
    .addOrderBy('sent.created_at', 'DESC')
    .limit(1)
    .getOne();
  if (!last) throw used();
  const counted = await db
    .createQueryBuilder()
    .update(SignInCode)
    .set({ attempts: () => 'attempts + 1' })
    .where('id = :id AND attempts < :triesMax AND expires_at > :at AND proved_at IS NULL', {
      id: last.id,
      triesMax,
      at,
    })
    .execute();
  if (counted.affected === 1) return last;
  if (last.expiresAt <= at || last.provedAt) throw used();
  throw new Refusal('LIMIT_REACHED', 'Too many codes were tried: ask for another.', ['code']);
}

/** Of two that come at once with the right code, one proves the address. */
async function prove(db: Database, id: string, at: Date): Promise<void> {
  const proved = await db.update(SignInCode, { id, provedAt: IsNull() }, { provedAt: at });
  if (proved.affected !== 1) throw used();
}

function used(): Refusal {
  return new Refusal('EXPIRED', 'This code was used, or is over: ask for another.', ['code']);
}
